"""The verbs at and after the release: set the days that a round gives, open its cases, settle what a corrigendum mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.proficiency.follow.models import Case, CaseRow, Closing, Terms
from zhunsheng.activities.proficiency.follow.queries import days_of
from zhunsheng.activities.proficiency.follow.rules.answers import check_days
from zhunsheng.activities.proficiency.follow.rules.faults import Fault, Known, faults_of, what_follows
from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused, check_released
from zhunsheng.activities.proficiency.follow.states import CASE
from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round
from zhunsheng.activities.proficiency.queries import document, issued_evaluation
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.append_only import AppendOnly

BATCH = 300
SETTLED = t("The corrigendum leaves no unsatisfactory result.", "更正后已无不满意结果。")


@dataclass(slots=True)
class Opened:
    """The cases that an act touched, by what became of them."""

    opened: list[Case] = field(default_factory=list)
    reopened: list[Case] = field(default_factory=list)
    renewed: list[Case] = field(default_factory=list)
    resolved: list[Case] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.opened or self.reopened or self.renewed or self.resolved)


@transaction.atomic
def set_terms(round_: Round, *, answer_days: int, appeal_days: int, actor: User, at: datetime) -> None:
    """Set how many working days the round gives. Raises FollowRefused after the release: laboratories count on them."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    if held.state in ("released", "cancelled"):
        raise FollowRefused(t("After the release the days stay as they were.", "发布后期限不再更改。"))
    check_days(answer_days=answer_days, appeal_days=appeal_days)
    before = days_of(held, on=timezone.localdate(at))
    given = {"answer_days": answer_days, "appeal_days": appeal_days}
    Terms.objects.update_or_create(round=held, defaults=given)
    journal.record(
        "set_follow_up_days", actor=actor, at=at, subject=f"round:{held.pk}",
        before={"answer_days": before.answer, "appeal_days": before.appeal}, after=given,
    )  # fmt: skip


@transaction.atomic
def open_cases(round_: Round, *, actor: User | None, at: datetime) -> Opened:
    """A case for every laboratory with something at fault by the evaluation that was issued last; done again, it does nothing.

    After a corrigendum, a case of which nothing is left at fault is settled, and one that is closed opens again by a fault that it
    did not have. A constant number of queries for each 300 cases. Raises FollowRefused before the release.
    """
    held = Round.objects.select_for_update().get(pk=round_.pk)
    check_released(held.state)
    issued = issued_evaluation(held)
    assert issued is not None  # a released round has one
    faults = faults_of(document(issued))
    parts = {one.code: one for one in Participation.objects.filter(round=held).order_by("code")}
    sorted_out = _sorted_out(held, issued, faults, parts, at)
    if not sorted_out:
        return sorted_out
    covers = _write(held, issued, sorted_out, faults, parts, at)
    journal.record(
        "open_cases", actor=actor, at=at, subject=f"round:{held.pk}", covers=covers,
        after={"evaluation": issued.version, "opened": len(sorted_out.opened), "reopened": len(sorted_out.reopened),
               "renewed": len(sorted_out.renewed), "settled": len(sorted_out.resolved)},
    )  # fmt: skip
    return sorted_out


def _sorted_out(
    round_: Round, issued: Evaluation, faults: dict[str, list[Fault]], parts: dict[str, Participation], at: datetime
) -> Opened:
    """What becomes of each laboratory's case; nothing is written yet."""
    found, due = Opened(), _due(round_, at)
    known = {case.participation_id: case for case in Case.objects.filter(round=round_)}
    positions = _positions(known.values())
    lists = {"reopen": found.reopened, "renew": found.renewed, "resolve": found.resolved}
    for code, part in parts.items():
        case = known.get(part.pk)
        was = Known(case.state, positions.get(case, frozenset())) if case else None
        same = case is not None and case.evaluation_id == issued.pk
        then = what_follows(was, faults.get(code, []), same_evaluation=same)
        if then == "open":
            found.opened.append(Case(round=round_, participation=part, evaluation=issued, opened_at=at, **due))
        elif then and case:
            case.evaluation = issued
            lists[then].append(case)
    for case in found.reopened:
        case.due_on, case.warnings = due["due_on"], due["warnings"]
    return found


def _due(round_: Round, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    calendar = working_calendar(today, date(today.year + 1, 12, 31))
    last = calendar.add(today, days_of(round_, on=today).answer)
    told = [{"en": one.en, "zh": one.zh} for one in calendar.warnings(today, last)]
    return {"opened_on": today, "due_on": last, "warnings": told}


def _positions(cases: Iterable[Case]) -> dict[Case, frozenset[int]]:
    """The places of what was ever at fault in each case."""
    by_key = {case.pk: case for case in cases}
    found: dict[Case, set[int]] = {}
    round_keys = {case.round_id for case in by_key.values()}
    rows = CaseRow.objects.filter(case__round__in=round_keys).values_list("case_id", "measurand__position")
    for key, position in rows:
        found.setdefault(by_key[key], set()).add(position)
    return {case: frozenset(places) for case, places in found.items()}


def _write(
    round_: Round, issued: Evaluation, found: Opened, faults: dict[str, list[Fault]], parts: dict[str, Participation], at: datetime
) -> list[AppendOnly]:  # fmt: skip
    """Write the cases, their rows and their endings; what the journal vouches for."""
    Case.objects.bulk_create(found.opened, batch_size=BATCH)
    _move("resolve", found.resolved)
    _move("reopen", found.reopened)
    touched = [*found.resolved, *found.reopened, *found.renewed]
    Case.objects.bulk_update(touched, ["evaluation", "due_on", "warnings"], batch_size=100)
    measurands = {one.position: one for one in round_.measurands.all()}
    codes = {part.pk: code for code, part in parts.items()}
    rows = [
        CaseRow(
            case=case, evaluation=issued, measurand=measurands[one.position], result=one.result[:60],
            score_kind=one.score_kind, score=one.score, signal=one.signal,
        )
        for case in (*found.opened, *found.reopened, *found.renewed)
        for one in faults[codes[case.participation_id]]
    ]  # fmt: skip
    ends = [Closing(case=case, verb="resolve", reason=SETTLED.both(), at=at) for case in found.resolved]
    return [*CaseRow.objects.bulk_create(rows, batch_size=BATCH), *Closing.objects.bulk_create(ends, batch_size=BATCH)]


def _move(verb: str, cases: Sequence[Case]) -> None:
    """The transition for many cases, each from a state in which it may start."""
    step = CASE.transitions[verb]
    for first in range(0, len(cases), BATCH):
        keys = [case.pk for case in cases[first : first + BATCH]]
        moved = Case.objects.filter(pk__in=keys, state__in=step.sources).update(state=step.target)
        if moved != len(keys):
            raise FollowRefused(t("A case has moved on meanwhile. Do it once more.", "有处理单的状态已改变，请重试。"))
