"""The rulebook for anyone: what was in force on a day, article by article, what a finding leads to, what changed between days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import day_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.rulebook import queries
from zhunsheng.registry.rulebook.rules.differences import differences
from zhunsheng.registry.rulebook.rules.packs import RulePack
from zhunsheng.registry.rulebook.rules.parts import Article, FindingClass, Measure, Regulation, Version
from zhunsheng.registry.rulebook.states import CERTAINTIES, IN_DOUBT, KINDS

LONGEST_ID = 600
COLUMNS: tuple[Text, ...] = (
    t("Regulation", "法规"), t("Version", "版本"), t("In force from", "施行日期"), t("Number", "条款"),
    t("Paraphrase, not the wording", "释义（非法规原文）"), t("Certainty", "依据来源"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks about: a day, or the very pack that a finding stored."""

    day: date
    pack: RulePack
    stored: bool
    bad_day: bool
    unknown_pack: bool


def asked_for(request: VisitedRequest) -> Asked:
    day = day_of(request)
    on, bad = day or request.today, day is None and bool(request.GET.get("on"))
    given = request.GET.get("pack", "")[:LONGEST_ID]
    try:
        stored = queries.pack(given) if given else None
    except LookupError:
        return Asked(on, queries.rules_on(on), stored=False, bad_day=bad, unknown_pack=True)
    return Asked(on, stored or queries.rules_on(on), stored=stored is not None, bad_day=bad, unknown_pack=False)


def shown(asked: Asked, **more: Any) -> dict[str, Any]:
    """What every page of the rulebook speaks of."""
    book = queries.book()
    return {
        "asked": asked, "day": asked.day, "pack": asked.pack, "book": book, "change_days": book.change_days(),
        "CERTAINTIES": CERTAINTIES, "IN_DOUBT": IN_DOUBT, "KINDS": KINDS, **more,
    }  # fmt: skip


@require_GET
def rules(request: VisitedRequest) -> HttpResponse:
    """The regulations in force on a day; with words, what in them speaks of it; `format=xlsx` or `csv` gives the articles as a file."""
    asked, words = asked_for(request), words_of(request)
    found = list(articles_with(asked.pack, words))
    if kind := file_asked(request):
        return export(kind, found)
    return render(
        request,
        "public/rulebook.html",
        shown(
            asked, words=words, articles=found, classes=classes_with(words), measures=measures_with(asked.pack, words)
        ),
    )


def says(words: str, *texts: Text) -> bool:
    """Do these words stand in any of the texts, in either language?"""
    return any(words.casefold() in f"{one.en}\n{one.zh}".casefold() for one in texts)


def articles_with(pack: RulePack, words: str) -> Iterator[tuple[Version, Article]]:
    for version in pack.versions:
        named = says(words, version.regulation.name, version.regulation.number)
        yield from ((version, a) for a in version.articles if named or says(words, a.paraphrase, a.cited))


def classes_with(words: str) -> list[FindingClass]:
    found = queries.book().classes.values()
    return [one for one in found if words.upper() == one.code or says(words, one.name, one.evidence)]


def measures_with(pack: RulePack, words: str) -> list[Measure]:
    return [one for one in pack.measures if says(words, one.name)]


def export(kind: str, found: list[tuple[Version, Article]]) -> HttpResponse:
    rows = [
        [str(v.regulation.title), str(v.label), v.valid_from.isoformat(), str(a.cited), str(a.paraphrase), str(CERTAINTIES[a.certainty])]
        for v, a in found
    ]  # fmt: skip
    return table_file(
        kind, "rulebook", t("Rulebook", "法规库"), COLUMNS, rows, widths=[48, 28, 14, 16, 90, 24], most=WHOLE
    )


@require_GET
def regulation(request: VisitedRequest, regulation: str) -> HttpResponse:
    """One regulation on a day: its articles, clocks and findings; and all its versions."""
    asked, one = asked_for(request), regulation_or_404(regulation)
    version = next((v for v in asked.pack.versions if v.regulation == one), None)
    versions = queries.book().versions_of(one.id)
    return render(request, "public/regulation.html", shown(asked, regulation=one, held=version, versions=versions))


def regulation_or_404(key: str) -> Regulation:
    for one in queries.book().regulations:
        if one.id == key:
            return one
    raise Http404


@require_GET
def findings(request: VisitedRequest) -> HttpResponse:
    """The classes of what a check may find, with what each rests on and leads to on a day."""
    asked = asked_for(request)
    bases = {
        code: [v.findings[code] for v in asked.pack.versions if code in v.findings] for code in queries.book().classes
    }
    return render(request, "public/findings.html", shown(asked, bases=bases))


@require_GET
def changes(request: VisitedRequest) -> HttpResponse:
    """What is not the same on two days; without days, the last change before today."""
    first, last = days_of(request, request.today)
    book = queries.book()
    found = differences(book.on(first), book.on(last), book.classes)
    bad = [name for name in ("from", "to") if request.GET.get(name) and day_of(request, name) is None]
    return render(
        request, "public/rule_changes.html", shown(asked_for(request), first=first, last=last, changes=found, bad=bad)
    )


def days_of(request: HttpRequest, today: date) -> tuple[date, date]:
    past = [day for day in queries.book().change_days() if day <= today]
    before = date.fromordinal(past[-1].toordinal() - 1) if past else today
    first, last = day_of(request, "from") or before, day_of(request, "to") or today
    return min(first, last), max(first, last)
