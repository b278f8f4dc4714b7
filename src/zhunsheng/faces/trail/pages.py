"""The pages of the trail: the acts that a visitor may see, one of them, and the proof that it is in the log."""

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import day_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers.histories import COLUMNS
from zhunsheng.faces.templating import moment
from zhunsheng.faces.trail.access import acts_visible_to, may_read
from zhunsheng.faces.trail.actors import NOBODY, actors_of
from zhunsheng.faces.trail.masked import sides, withheld, without_identity
from zhunsheng.faces.trail.words import SUBJECTS, VERBS, subject_in_words, verb_in_words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.journal.queries import receipt_of, with_places
from zhunsheng.registry.people.queries import Visitor

View = Callable[..., HttpResponse]
MOST_EXPORTED = 5000
HEADS: tuple[Text, ...] = (
    t("Number", "编号"), t("When", "时间"), t("Act", "操作"), t("On what", "对象"), t("Its key", "对象标识"),
    t("By whom", "操作人"), t("Reason", "理由"), t("Place in the log", "日志位次"),
)  # fmt: skip


def readers_only(view: View) -> View:
    """To whoever may read no trail, the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read(request.visitor):  # type: ignore[attr-defined]
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


@readers_only
@require_GET
def acts(request: VisitedRequest) -> HttpResponse:
    """The acts, newest first, by verb, kind of subject, day, and words of the reason or the subject."""
    visible = acts_visible_to(request.visitor)
    if kind := file_asked(request):
        return export(kind, with_places(asked_for(request, visible)), request.visitor)
    page = page_of(request, with_places(asked_for(request, visible)))
    verbs = sorted(set(visible.order_by().values_list("verb", flat=True).distinct()))
    return render(
        request,
        "trail/acts.html",
        {
            "page": page, "actors": actors_of(page.object_list, request.visitor), "words": words_of(request), "verbs": verbs,
            "verb": request.GET.get("verb", ""), "kinds": SUBJECTS, "kind": kind_of(request), "on": day_of(request),
            "verb_in_words": verb_in_words, "subject_in_words": subject_in_words, "any": bool(verbs),
        },
    )  # fmt: skip


def kind_of(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in SUBJECTS else ""


def asked_for(request: VisitedRequest, visible: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of the visible acts those that the address asks for."""
    if verb := request.GET.get("verb", "").replace("\x00", "")[:64]:
        visible = visible.filter(verb=verb)
    if kind := kind_of(request):
        visible = visible.filter(subject__startswith=f"{kind}:")
    if on := day_of(request):
        begun = timezone.make_aware(datetime.combine(on, time.min))
        visible = visible.filter(at__gte=begun, at__lt=begun + timedelta(days=1))
    if words := words_of(request):
        found = [verb for verb, name in VERBS.items() if words.lower() in name.en.lower() or words in name.zh]
        visible = (
            visible.filter(reason__icontains=words)
            | visible.filter(subject__icontains=words)
            | visible.filter(verb__in=found)
        )
    return visible


def export(kind: str, found: QuerySet[Entry], visitor: Visitor) -> HttpResponse:
    """The same acts as a file, the newest of them."""
    entries = list(found[:MOST_EXPORTED])
    actors = actors_of(entries, visitor)
    rows = [
        [
            one.pk, moment(one.at), str(verb_in_words(one.verb)), str(subject_in_words(one.subject)), one.subject.partition(":")[2],
            str(actors.get(one.actor_id, NOBODY)), one.reason, "" if one.place is None else one.place,  # type: ignore[attr-defined]
        ]
        for one in entries
    ]  # fmt: skip
    widths = [10, 24, 28, 16, 38, 28, 40, 12]
    return table_file(kind, "acts", t("Trail of acts", "操作记录"), HEADS, rows, widths=widths)


@readers_only
@require_GET
def act(request: VisitedRequest, pk: int) -> HttpResponse:
    """One act: what was before and after, and where it stands in the log."""
    entry = get_object_or_404(with_places(acts_visible_to(request.visitor)), pk=pk)
    before, after = sides(entry)
    if closed := withheld(entry, request.visitor):
        before, after = without_identity(before), without_identity(after)
    return render(
        request,
        "trail/act.html",
        {
            "act": entry, "actor": actors_of([entry], request.visitor).get(entry.actor_id, NOBODY),
            "command": f"zhunsheng journal check act-{entry.pk}.json --trust signing-key.pub.pem", "verb": verb_in_words(entry.verb),
            "subject": subject_in_words(entry.subject),
            "changes": changes(before, after), "closed": closed,
        },
    )  # fmt: skip


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Text, str, str]]:
    """The columns that have a name for readers and differ."""
    found = []
    for name, words in COLUMNS.items():
        then, now = before.get(name), after.get(name)
        if then != now and (name in before or name in after):
            found.append((words, _shown(then), _shown(now)))
    return found


def _shown(value: Any) -> str:
    return "—" if value in (None, "", []) else "、".join(map(str, value)) if isinstance(value, list) else str(value)


@readers_only
@require_GET
def proof(request: VisitedRequest, pk: int) -> HttpResponse:
    """The proof that an act is in the log, as a file that is checked without this site; nothing yet while it waits.

    Nor for whoever may not read all of the act: a proof holds every word of it.
    """
    entry = get_object_or_404(acts_visible_to(request.visitor), pk=pk)
    given = None if withheld(entry, request.visitor) else receipt_of(entry)
    if given is None:
        raise Http404
    return download(json.dumps(given, ensure_ascii=False, indent=2).encode(), f"act-{pk}.json")
