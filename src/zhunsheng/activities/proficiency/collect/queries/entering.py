"""What one laboratory is asked for and what it has entered so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhunsheng.activities.proficiency.collect.models import Receipt, Submission, Value
from zhunsheng.activities.proficiency.collect.rules.checking import Asked, number_of
from zhunsheng.activities.proficiency.collect.rules.given import Given
from zhunsheng.activities.proficiency.collect.rules.late import Deadline
from zhunsheng.activities.proficiency.models import Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.plan.rules.planning import LatePolicy

REPLICATES = 2
"""Rows that the table has for each measurand, if no more were entered."""


def asked_of(round_: Round) -> list[Asked]:
    """What every participant is asked for, in the order of the round; two queries."""
    found = (
        RoundMeasurand.objects.filter(round=round_)
        .select_related("parameter")
        .order_by("position")
        .prefetch_related("allowed__method")
    )
    return [_asked(round_, one) for one in found]


def _asked(round_: Round, one: RoundMeasurand) -> Asked:
    return Asked(
        one.pk, one.name, one.item, one.unit, one.step, sigma=number_of(one.sigma or round_.sigma),
        methods=tuple(held.method.number for held in one.allowed.all()), called=one.parameter.name if one.parameter else None,
    )  # fmt: skip


def submission_of(participation: Participation) -> Submission | None:
    """What there is of a participant's results, with the persons who acted."""
    found = Submission.objects.filter(participation=participation)
    return found.select_related("submitted_by", "approved_by").first()


def values_of(submission: Submission | None) -> list[Value]:
    """The rows in the order of the round, each with who wrote it."""
    if submission is None:
        return []
    return list(submission.values.select_related("by").order_by("measurand__position", "replicate"))


def deadline_of(plan: Plan, submission: Submission | None = None) -> Deadline:
    """Until when this participant's results are taken."""
    return Deadline(plan.results_until, LatePolicy(**plan.late), submission.open_until if submission else None)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: what is asked for and what is given, empty where nothing is."""

    asked: Asked
    given: Given
    first: bool

    @property
    def name(self) -> str:
        return f"{self.given.measurand}-{self.given.replicate}"


def lines_of(asked: Sequence[Asked], given: Iterable[Given], *, at_least: int = REPLICATES) -> list[Line]:
    """All rows of the table, replicates below each other."""
    of = {one.key: one for one in given}
    most = max([at_least, *(replicate for _, replicate in of)])
    return [
        Line(one, of.get((one.measurand, r)) or Given(one.measurand, r), r == 1) for one in asked for r in range(1, most + 1)
    ]  # fmt: skip


def receipts_of(submission: Submission) -> list[Receipt]:
    """The receipts of a submission, newest first."""
    return list(submission.receipts.order_by("-version"))
