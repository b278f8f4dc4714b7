"""Suspicions as the authority settles them: what was found where, the rows behind it, what an honest laboratory may answer."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.screen import access, actions
from zhunsheng.activities.campaigns.screen.models import Suspicion
from zhunsheng.activities.campaigns.screen.queries.suspicions import log_names, rows_behind
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY, RULES, shown
from zhunsheng.activities.campaigns.screen.rules.settling import ScreenRefused
from zhunsheng.activities.campaigns.screen.states import SUSPICION
from zhunsheng.faces import told
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import key_of
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.rulebook.queries import pack
from zhunsheng.registry.rulebook.rules.parts import Basis

SORTS = {"institution": "institution__name_zh", "rule": "code", "rows": "rows", "day": "opened_on"}


def ask(one: Suspicion, text: str, actor: User, at: datetime) -> None:
    """Put it to the laboratory, and tell its people so."""
    with transaction.atomic():
        actions.ask(one, question=text, actor=actor, at=at)
        told.asked(one, at=at)


SETTLE: dict[str, Callable[[Suspicion, str, Any, Any], None]] = {
    "ask": ask,
    "explain": lambda one, text, actor, at: actions.explain(one, reason=text, actor=actor, at=at),
    "take_up": lambda one, text, actor, at: actions.take_up(one, reason=text, actor=actor, at=at),
}
FIRST_ROWS = 100
SHEET_ROWS = 1_000_000
"""A sheet holds little more."""
COLUMNS: tuple[Text, ...] = (
    t("Class", "类别"), t("Rule", "规则"), t("About", "内容"), t("Institution", "机构"), t("Code", "统一社会信用代码"),
    t("Rows", "行数"), t("From", "自"), t("Until", "至"), t("State", "状态"),
)  # fmt: skip


@only("authority")
@require_GET
def suspicions(request: VisitedRequest) -> HttpResponse:
    """The suspicions within reach, by rule, institution and state; `format=xlsx` or `csv` gives the same rows as a file."""
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found)
    chosen = key_of(request.GET.get("screen", ""))
    screen = access.screens_of(request.visitor).filter(pk=chosen).first() if chosen else None
    return render(request, "office/screens/suspicions.html", {
        "page": page_of(request, found), "words": words_of(request), "rule": request.GET.get("rule", ""), "RULES": RULES,
        "state": request.GET.get("state", ""), "SUSPICION": SUSPICION, "BY_KEY": BY_KEY, "screen": screen,
        "sort": order_of(request, SORTS, "institution"),
    })  # fmt: skip


def asked_for(request: VisitedRequest) -> QuerySet[Suspicion]:
    found = access.suspicions_seen_by(request.visitor).select_related("institution", "screen")
    if said := words_of(request):
        named = Q(institution__name_zh__icontains=said) | Q(institution__name_en__icontains=said)
        found = found.filter(named | Q(institution__uscc__startswith=said.upper()))
    if (rule := request.GET.get("rule", "")) in BY_KEY:
        found = found.filter(rule=rule)
    if (state := request.GET.get("state", "")) in SUSPICION.states:
        found = found.filter(state=state)
    if screen := key_of(request.GET.get("screen", "")):
        found = found.filter(screen=screen)
    sort = order_of(request, SORTS, "institution")
    minus = "-" if sort.startswith("-") else ""
    return found.order_by(minus + SORTS[sort.removeprefix("-")], "screen", "number")


def export(kind: str, found: QuerySet[Suspicion]) -> HttpResponse:
    rows: Iterator[list[CellValue]] = (
        [
            one.code, str(BY_KEY[one.rule].name), str(one.title), str(one.institution.name), one.institution.uscc or "", one.rows,
            one.opened_on.isoformat(), one.ended_on.isoformat(), str(SUSPICION.states[one.state].name),
        ]
        for one in found.iterator(chunk_size=1000)
    )  # fmt: skip
    return table_file(
        kind,
        "suspicions",
        t("Suspicions", "疑点"),
        COLUMNS,
        rows,
        widths=[8, 36, 40, 40, 22, 8, 12, 12, 16],
        most=WHOLE,
    )


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One suspicion with its rows, the article of those days, the innocent explanations, and what was said."""
    seen = access.suspicions_seen_by(request.visitor).select_related("institution", "screen__authority")
    found = get_object_or_404(seen, pk=pk)
    if kind := file_asked(request):
        return export_rows(kind, found)
    shown = {
        "one": found, "rule": BY_KEY[found.rule], "rows": rows_of(found, most=FIRST_ROWS), "SUSPICION": SUSPICION,
        "bases": bases_of(found), "statements": found.statements.select_related("by__person"), "mine": mine(request, found),
    }  # fmt: skip
    return render(request, "office/screens/suspicion.html", shown)


def mine(request: VisitedRequest, found: Suspicion) -> bool:
    """Is it of a screen of the authority that the visitor acts for?"""
    return found.screen.authority_id == institution_of(request, "authority").pk


def bases_of(found: Suspicion) -> tuple[Basis, ...]:
    """The articles of the days of the acts; none where no rule of those days names the class."""
    try:
        return pack(found.pack).consequence(found.code)
    except LookupError:
        return ()


def rows_of(
    found: Suspicion, *, most: int | None = None, to_laboratory: bool = False
) -> list[tuple[str, int | None, list[Text]]]:
    """The rows behind it: file, row in the file, what it shows; a row of the registers has neither."""
    files = log_names(found.screen)
    rows = rows_behind(found, most=most).select("log", "row", "values").iter_rows()
    rule = BY_KEY[found.rule]
    return [
        ("" if log is None else files[log], row, shown(rule, values, to_laboratory=to_laboratory))
        for log, row, values in rows
    ]


def export_rows(kind: str, found: Suspicion, *, to_laboratory: bool = False) -> HttpResponse:
    """All rows behind it as a file; for the laboratory without the file, which holds others' rows, too."""
    heads = list(BY_KEY[found.rule].columns)
    rows = rows_of(found, most=SHEET_ROWS, to_laboratory=to_laboratory)
    filed = [] if to_laboratory else [t("File", "文件"), t("Row", "行")]
    table: Iterator[list[CellValue]] = (
        [*map(str, values), *([] if to_laboratory else [file, row])] for file, row, values in rows
    )
    columns, title = [*heads, *filed], Text(en=found.code, zh=found.code)
    name, widths = f"{found.code}-{found.number}", [22] * len(columns)
    return table_file(kind, name, title, columns, table, widths=widths, most=SHEET_ROWS)


@only("authority")
@require_POST
def settle(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Put it to the laboratory, settle it as explained, or take it up; with words each time."""
    seen = access.suspicions_seen_by(request.visitor).filter(screen__authority=institution_of(request, "authority"))
    found, verb = get_object_or_404(seen, pk=pk), request.POST.get("verb", "")
    if verb not in SETTLE:
        raise Http404
    try:
        SETTLE[verb](found, request.POST.get("text", ""), actor_of(request), timezone.now())
        messages.success(request, str(SUSPICION.states[found.state].name))
    except (ScreenRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("office_suspicion", found.pk)
