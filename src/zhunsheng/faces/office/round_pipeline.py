"""Where the participants of every round are, from enrolment to release, with numbers that add up; and the same of one round."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.activities.proficiency.watch.queries.pipeline import Flow, flows_of
from zhunsheng.activities.proficiency.watch.rules.pipeline import LEAVING, STEPS, Step, summed
from zhunsheng.faces.days import told_in
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_rooms import rooms_of
from zhunsheng.faces.office.round_rooms import steps_of as states_of
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import days_left
from zhunsheng.foundation.spreadsheets import CellValue

ONLY: dict[str, Text] = {"overdue": t("overdue", "逾期"), "differs": t("numbers that do not add up", "数目不符")}


@dataclass(frozen=True, slots=True)
class Row:
    """One round as the list shows it; `left`: working days until its next step was to be done."""

    flow: Flow
    left: int | None
    overdue: bool

    @property
    def at(self) -> dict[str, Step]:
        return {one.key: one for one in self.flow.steps}

    @property
    def came(self) -> int:
        return self.flow.steps[0].came

    @property
    def differs(self) -> Text | None:
        return in_words(self.flow.differs)


def in_words(differs: Mapping[str, int]) -> Text | None:
    """Which steps do not add up, and by how much."""
    said = [t("{s}: {n}", "{s}：{n}", s=STEPS[key], n=f"{n:+d}") for key, n in differs.items()]
    return join(said, en="; ", zh="；") if said else None


SORTS: Mapping[str, Callable[[Row], Any]] = {
    "number": lambda row: row.flow.round.number,
    "performed_on": lambda row: row.flow.round.performed_on,
    "participants": lambda row: row.came,
    "due": lambda row: (row.left is None, row.left or 0),
}
HEADS: tuple[Text, ...] = (
    t("Number", "编号"), t("Title", "名称"), t("State", "状态"), *STEPS.values(),
    *(t("left: {w}", "离开：{w}", w=words) for words in LEAVING.values()),
    t("Next step by", "下一步截止"), t("Working days left", "剩余工作日"), t("Does not add up", "数目不符"),
)  # fmt: skip
STEP_HEADS: tuple[Text, ...] = (
    t("Step", "环节"), t("Came in", "进入"), t("Went on", "转入下一环节"), t("Still here", "停留"), t("Left", "离开"),
    t("Why they left", "离开原因"), t("Difference", "差额"),
)  # fmt: skip


@only("provider")
@require_GET
def pipeline(request: VisitedRequest) -> HttpResponse:
    """The rounds that the visitor coordinates, as the address asks for them; `format=xlsx` or `csv` gives the same rows as a file."""
    found, warnings = listed(request)
    if kind := file_asked(request):
        title = t("Rounds step by step", "轮次流程")
        return table_file(kind, "pipeline", title, HEADS, map(line_of, found), most=WHOLE)
    shown = {
        "page": page_of(request, found), "total": summed([row.flow.steps for row in found]), "sort": order_of(request, SORTS, "due"),
        "words": words_of(request), "state": state_of(request), "only": only_of(request), "ONLY": ONLY, "STEPS": STEPS,
        "LEAVING": LEAVING, "told_in": told_in, "days_left": days_left, "warnings": warnings, "why": why,
        "any": rounds_coordinated_by(request.visitor).exists(), "wrong": [row for row in found if row.flow.differs][:25],
    }  # fmt: skip
    return render(request, "office/rounds/pipelines.html", shown)


@only("provider")
@require_GET
def of_round(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The steps of one round, each with who came, went, left and why."""
    round_ = get_object_or_404(rounds_coordinated_by(request.visitor), pk=pk)
    flows = flows_of(Round.objects.filter(pk=round_.pk))
    (row,), warnings = rows_of(request, flows)
    if kind := file_asked(request):
        steps = [step_line(one) for one in row.flow.steps]
        return table_file(kind, "pipeline", t("Step by step", "流程"), STEP_HEADS, steps)
    shown = {
        "round": row.flow.round, "row": row, "steps": states_of(row.flow.round), "rooms": rooms_of(row.flow.round),
        "STEPS": STEPS, "told_in": told_in, "days_left": days_left, "warnings": warnings, "why": why,
    }  # fmt: skip
    return render(request, "office/rounds/pipeline.html", shown)


def state_of(request: VisitedRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in ROUND.states else ""


def only_of(request: VisitedRequest) -> str:
    asked = request.GET.get("only", "")
    return asked if asked in ONLY else ""


def listed(request: VisitedRequest) -> tuple[list[Row], list[Text]]:
    """The rows that the address asks for, in its order, and what to know of the working days."""
    rounds = rounds_coordinated_by(request.visitor)
    if said := words_of(request):
        rounds = rounds.filter(Q(number__icontains=said) | Q(title_zh__icontains=said) | Q(title_en__icontains=said))
    if state := state_of(request):
        rounds = rounds.filter(state=state)
    rows, warnings = rows_of(request, flows_of(rounds.order_by("number", "pk")))
    asked = only_of(request)
    rows = [row for row in rows if asked != "overdue" or row.overdue]
    rows = [row for row in rows if asked != "differs" or row.flow.differs]
    sort = order_of(request, SORTS, "due")
    return sorted(rows, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-")), warnings


def rows_of(request: VisitedRequest, flows: Sequence[Flow]) -> tuple[list[Row], list[Text]]:
    """Each flow with its working days; one question for the days off of all."""
    days = [flow.due_on for flow in flows if flow.due_on]
    first, last = min([request.today, *days]), max([request.today, *days])
    calendar, now = working_calendar(first, last), timezone.now()
    rows = [
        Row(
            flow,
            calendar.between(request.today, flow.due_on) if flow.due_on else None,
            bool(flow.due and flow.due < now),
        )
        for flow in flows
    ]
    return rows, calendar.warnings(first, last) if days else []


def why(step: Step) -> Text:
    """Who left at a step, by reason."""
    return join((t("{w} {n}", "{w} {n}", w=LEAVING[key], n=n) for key, n in step.left.items()), en=", ", zh="，")


def line_of(row: Row) -> list[CellValue]:
    round_, at = row.flow.round, row.at
    left = {why: sum(step.left.get(why, 0) for step in row.flow.steps) for why in LEAVING}
    due = told_in(row.flow.due, round_.plan.zone) if row.flow.due else ""
    counts: Iterable[CellValue] = [at[key].came if key in at else "" for key in STEPS]
    return [
        round_.number, str(round_.title), str(ROUND.states[round_.state].name), *counts, *left.values(), str(due),
        "" if row.left is None else row.left, str(row.differs or ""),
    ]  # fmt: skip


def step_line(step: Step) -> list[CellValue]:
    return [str(STEPS[step.key]), step.came, step.went, step.here, step.out, str(why(step)), step.difference]
