"""What follows a released round: its cases and appeals as lists, by code; names only where the visitor coordinates it."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.proficiency.access import identities_visible_to, rounds_coordinated_by
from zhunsheng.activities.proficiency.follow.access import appeals_evaluated_by, cases_evaluated_by
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases, set_terms
from zhunsheng.activities.proficiency.follow.models import Appeal, Case, CaseRow
from zhunsheng.activities.proficiency.follow.queries import (
    WAITS_FOR_LABORATORY,
    cases_to_open,
    counted,
    days_of,
    open_appeals,
    rows_of_all,
)
from zhunsheng.activities.proficiency.follow.rules.answers import MOST_DAYS
from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused
from zhunsheng.activities.proficiency.follow.states import APPEAL, CASE
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import identities
from zhunsheng.activities.proficiency.states import SIGNALS
from zhunsheng.faces.evaluations import Names
from zhunsheng.faces.exports import CHUNK, WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import evaluated, mine
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.messages.actions import chunks
from zhunsheng.foundation.statechart import NotAllowedNow

REFUSALS = (FollowRefused, NotAllowedNow)
SORTS = {"code": "participation__code", "state": "state", "due": "due_on"}
APPEAL_SORTS = {"number": "number", "code": "participation__code", "state": "state", "filed": "at"}
CASE_HEADS: tuple[Text, ...] = (
    t("Code", "代码"), t("Laboratory", "实验室"), t("State", "状态"), t("Answer due", "答复期限"), t("Opened", "启动日期"),
    t("At fault", "不满意项目"),
)  # fmt: skip
APPEAL_HEADS: tuple[Text, ...] = (
    t("No.", "序号"), t("Code", "代码"), t("Laboratory", "实验室"), t("Against", "申诉对象"), t("State", "状态"),
    t("Filed", "提出时间"),
)  # fmt: skip
EVERY = t("all measurands", "全部被测量")


class DaysForm(forms.Form):
    """How many working days the round gives."""

    answer_days = forms.IntegerField(
        label=words("Working days for an answer", "答复期限（工作日）"), min_value=1, max_value=MOST_DAYS
    )
    appeal_days = forms.IntegerField(
        label=words("Working days for an appeal", "申诉期限（工作日）"), min_value=1, max_value=MOST_DAYS
    )


@only("evaluator")
@require_GET
def follow(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The cases of a round, or (`show=appeals`) its appeals; `format=xlsx` or `csv` gives those shown."""
    round_ = evaluated(request, pk)
    coordinates = rounds_coordinated_by(request.visitor).filter(pk=pk).exists()
    names = identities(identities_visible_to(request.visitor, round_)) if coordinates else {}
    appeals = request.GET.get("show") == "appeals"
    found = appeals_asked(request, round_) if appeals else cases_asked(request, round_, names)
    if kind := file_asked(request):
        return appeals_file(kind, found, names) if appeals else cases_file(kind, found, names)
    page = page_of(request, found)
    days = days_of(round_, on=request.today)
    shown = {
        "round": round_, "steps": steps_of(round_), "rooms": rooms_of(round_, coordinates=coordinates), "names": names,
        "coordinates": coordinates, "page": page, "show": "appeals" if appeals else "cases", "words": words_of(request),
        "state": request.GET.get("state", ""), "sort": order_of(request, APPEAL_SORTS if appeals else SORTS, sort_of(appeals)),
        "counts": counted(cases_evaluated_by(request.visitor).filter(round=round_), request.today),
        "open_appeals": open_appeals(round_), "CASE": CASE, "APPEAL": APPEAL, "today": request.today, "days": days,
        "rows": {} if appeals else rows_of_all(page.object_list), "to_open": cases_to_open(round_), "EVERY": EVERY,
        "form": DaysForm(initial={"answer_days": days.answer, "appeal_days": days.appeal}), "WAITS": WAITS_FOR_LABORATORY,
    }  # fmt: skip
    return render(request, "office/rounds/follow.html", shown)


def sort_of(appeals: bool) -> str:
    return "number" if appeals else "due"


def cases_asked(request: VisitedRequest, round_: Round, names: Names) -> QuerySet[Any]:
    """The cases that the address asks for; a name is searched only where it may be seen."""
    found = cases_evaluated_by(request.visitor).filter(round=round_).select_related("participation")
    if said := words_of(request):
        found = found.filter(by_code_or_name(said, names))
    if (state := request.GET.get("state", "")) in CASE.states:
        found = found.filter(state=state)
    elif state == "late":
        found = found.filter(state__in=WAITS_FOR_LABORATORY, due_on__lt=request.today)
    return in_order(found, SORTS, order_of(request, SORTS, "due"))


def appeals_asked(request: VisitedRequest, round_: Round) -> QuerySet[Any]:
    """The appeals that the address asks for, without their grounds."""
    found = appeals_evaluated_by(request.visitor).filter(round=round_).select_related("participation", "measurand")
    if said := words_of(request):
        found = found.filter(participation__code__icontains=said)
    if (state := request.GET.get("state", "")) in APPEAL.states:
        found = found.filter(state=state)
    return in_order(found, APPEAL_SORTS, order_of(request, APPEAL_SORTS, "number"))


def by_code_or_name(said: str, names: Names) -> Q:
    wanted = said.casefold()
    codes = [code for code, (name, _) in names.items() if wanted in name.en.casefold() or wanted in name.zh.casefold()]
    return Q(participation__code__icontains=said) | Q(participation__code__in=codes[:500])


def in_order(found: QuerySet[Any], sorts: dict[str, str], sort: str) -> QuerySet[Any]:
    return found.order_by(
        ("-" if sort.startswith("-") else "") + sorts[sort.removeprefix("-")], "participation__code", "pk"
    )


def cases_file(kind: str, found: QuerySet[Case], names: Names) -> HttpResponse:
    title, widths = t("Unsatisfactory results", "不满意结果处理"), [12, 40, 24, 14, 14, 60]
    return table_file(kind, "cases", title, CASE_HEADS, case_lines(found, names), widths=widths, most=WHOLE)


def case_lines(found: QuerySet[Case], names: Names) -> Iterator[list[str]]:
    for some in chunks(found.iterator(chunk_size=CHUNK)):
        rows = rows_of_all(some)
        for one in some:
            code = one.participation.code
            yield [
                code, name_in(names, code), str(CASE.states[one.state].name), one.due_on.isoformat(), one.opened_on.isoformat(),
                "; ".join(said_of(row) for row in rows.get(one.pk, [])),
            ]  # fmt: skip


def name_in(names: Names, code: str) -> str:
    return str(names[code][0]) if code in names else ""


def said_of(row: CaseRow) -> str:
    """A measurand at fault in a few words."""
    name = str(row.measurand.parameter.name) if row.measurand.parameter else row.measurand.name
    if row.score is None:
        return f"{name} {row.result} {t('not scored', '未评分')}"
    return f"{name} {row.score_kind} = {row.score:.2f} {SIGNALS[row.signal]}"


def appeals_file(kind: str, found: QuerySet[Appeal], names: Names) -> HttpResponse:
    rows = (
        [str(one.number), one.participation.code, name_in(names, one.participation.code), against(one),
         str(APPEAL.states[one.state].name), timezone.localtime(one.at).isoformat(" ", "minutes")]
        for one in found.iterator(chunk_size=CHUNK)
    )  # fmt: skip
    return table_file(
        kind, "appeals", t("Appeals", "申诉"), APPEAL_HEADS, rows, widths=[8, 12, 40, 30, 18, 24], most=WHOLE
    )


def against(one: Appeal) -> str:
    return one.measurand.name if one.measurand else str(EVERY)


@only("provider")
@require_POST
def open_now(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Open the cases of what was issued last: the release does so by itself, a round of before does not."""
    round_ = mine(request, pk)
    try:
        made = open_cases(round_, actor=actor_of(request), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        said = t("{n} cases were opened.", "已启动 {n} 项处理。", n=len(made.opened) + len(made.reopened))
        messages.success(request, str(said))
    return redirect("office_round_follow", pk)


@only("provider")
@require_POST
def set_days(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Set how many working days the round gives."""
    round_, form = mine(request, pk), DaysForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(t("Give whole numbers of working days.", "请填写整数工作日。")))
        return redirect("office_round_follow", pk)
    try:
        set_terms(round_, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("The days are set.", "期限已设置。")))
    return redirect("office_round_follow", pk)
