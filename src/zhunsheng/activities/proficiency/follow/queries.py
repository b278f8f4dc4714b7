"""The questions asked of cases, retests and appeals; a constant number of queries each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from zhunsheng.activities.proficiency.follow.models import Answer, Appeal, Case, CaseRow, Terms
from zhunsheng.activities.proficiency.follow.rules.answers import ANSWER_DAYS
from zhunsheng.activities.proficiency.follow.rules.appeals import Window, received_at, window
from zhunsheng.activities.proficiency.models import Correction, Evaluation, Participation, Round
from zhunsheng.activities.proficiency.queries import issued_evaluation
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.rulebook.queries import clock

WAITS_FOR_LABORATORY = ("open", "returned", "failed")


@dataclass(frozen=True, slots=True)
class Days:
    """The working days that a round gives."""

    answer: int
    appeal: int


def days_of(round_: Round, *, on: date) -> Days:
    """What the round set, else the usual ones: for an appeal, what the regulation gives on a day."""
    held = Terms.objects.filter(round=round_).first()
    return Days(held.answer_days, held.appeal_days) if held else usual_days(on)


def usual_days(on: date) -> Days:
    return Days(ANSWER_DAYS, clock("proficiency_appeal", on=on).value)


def zone_of(round_: Round) -> tzinfo:
    """The zone in which the days of a round are told: its own, else that of the site."""
    return ZoneInfo(round_.plan.zone) if hasattr(round_, "plan") else timezone.get_default_timezone()


def window_of(participation: Participation, *, on: date) -> Window | None:
    """Until when a laboratory may appeal against its results in a round; none before the release."""
    round_ = participation.round
    if round_.released_at is None:
        return None
    begun = received_at(round_.released_at, _changed_codes(round_), participation.code)
    first = begun.astimezone(zone_of(round_)).date()
    calendar = working_calendar(first, date(first.year + 1, 12, 31))
    return window(begun, days_of(round_, on=on).appeal, calendar, zone_of(round_))


def _changed_codes(round_: Round) -> list[tuple[datetime, set[str]]]:
    found = Correction.objects.filter(evaluation__round=round_).values_list("at", "changes")
    return [(at, {one["laboratory"] for one in changes}) for at, changes in found]


def rows_of(case: Case) -> list[CaseRow]:
    """The measurands at fault in a case by the evaluation that counts now."""
    return rows_of_all([case]).get(case.pk, [])


def rows_of_all(cases: Iterable[Case]) -> dict[UUID, list[CaseRow]]:
    """The measurands at fault of many cases; one query."""
    counting = {case.pk: case.evaluation_id for case in cases}
    rows = CaseRow.objects.filter(case__in=list(counting)).select_related("measurand__parameter", "measurand__matrix")
    found: dict[UUID, list[CaseRow]] = {}
    for row in rows.order_by("measurand__position"):
        if counting[row.case_id] == row.evaluation_id:
            found.setdefault(row.case_id, []).append(row)
    return found


def answers_of(case: Case) -> list[Answer]:
    """The answers, oldest first, with who wrote them, their files and what was said of them."""
    found = case.answers.select_related("by__person", "review__by__person").prefetch_related("files__attachment")
    return list(found.order_by("number"))


def answerers_of(case: Case) -> set[int]:
    """Who ever answered."""
    return set(case.answers.values_list("by_id", flat=True))


def counted(cases: QuerySet[Case], today: date) -> dict[str, int]:
    """How many stand where, and how many wait for their laboratory past their day ("late"); one query."""
    late = Q(state__in=WAITS_FOR_LABORATORY, due_on__lt=today)
    rows = cases.order_by().values("state").annotate(n=Count("pk"), late=Count("pk", filter=late))
    found = {row["state"]: row["n"] for row in rows}
    return {**found, "late": sum(row["late"] for row in rows)}


def open_appeals(round_: Round) -> int:
    """How many appeals against a round are to be decided."""
    return Appeal.objects.filter(round=round_, state="open").count()


def who_acted(round_: Round) -> set[int]:
    """Who evaluated, released or corrected a round: they decide no appeal against it."""
    evaluated = Evaluation.objects.filter(round=round_).values_list("made_by_id", flat=True)
    corrected = Correction.objects.filter(evaluation__round=round_).values_list("by_id", flat=True)
    released = Entry.objects.filter(subject=f"round:{round_.pk}", verb="release_round").values_list(
        "actor_id", flat=True
    )
    return {who for some in (evaluated, corrected, released) for who in some if who is not None}


def corrigendum_after(appeal: Appeal) -> Correction | None:
    """The corrigendum that an appeal which was upheld has led to, if it is issued: the first after the decision."""
    if appeal.state != "upheld":
        return None
    found = Correction.objects.filter(evaluation__round=appeal.round_id, at__gte=appeal.decision.at)
    return found.order_by("number").first()


def cases_to_open(round_: Round) -> bool:
    """Has nobody opened the cases of the evaluation that stands? Cases of a round released before there were any, say."""
    issued = issued_evaluation(round_)
    if issued is None or round_.state != "released":
        return False
    opened = (
        Entry.objects.filter(subject=f"round:{round_.pk}", verb="open_cases")
        .order_by("-pk")
        .values_list("at", flat=True)
    )
    newest = issued.reports.order_by("made_at").values_list("made_at", flat=True).first()
    last = opened.first()
    return last is None or (newest is not None and last < newest)
