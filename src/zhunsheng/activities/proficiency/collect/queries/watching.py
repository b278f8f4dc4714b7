"""How far the collection of a round is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from zhunsheng.activities.proficiency.collect.models import Submission
from zhunsheng.activities.proficiency.models import Participation, Round


@dataclass(frozen=True, slots=True)
class Counts:
    """How many participants stand where: `participants` = `nothing` + `draft` + `submitted` + `approved`; `late` are among them."""

    participants: int
    draft: int
    submitted: int
    approved: int
    late: int

    @property
    def nothing(self) -> int:
        return self.participants - self.draft - self.submitted - self.approved

    @property
    def all_approved(self) -> bool:
        return 0 < self.participants == self.approved


def counts_of(round_: Round) -> Counts:
    """The counts of a round, one query."""
    states = {state: Count("pk", filter=Q(submission__state=state)) for state in ("draft", "submitted", "approved")}
    found = Participation.objects.filter(round=round_).aggregate(
        participants=Count("pk"), late=Count("pk", filter=Q(submission__late=True)), **states
    )
    return Counts(**found)


def watched(round_: Round) -> QuerySet[Participation]:
    """The participants by code, each with where its results stand and how many rows it has."""
    return (
        Participation.objects.filter(round=round_)
        .annotate(
            state=F("submission__state"), late=F("submission__late"), saved_at=F("submission__saved_at"),
            submitted_at=F("submission__submitted_at"), approved_at=F("submission__approved_at"),
            open_until=F("submission__open_until"), late_reason=F("submission__late_reason"),
            rows=Count("submission__values"),
        )
        .order_by("code")
    )  # fmt: skip


def taken(round_: Round, states: Iterable[str]) -> QuerySet[Submission]:
    """The submissions that become results, in the order of the codes."""
    found = Submission.objects.filter(participation__round=round_, state__in=list(states))
    return found.select_related("participation").order_by("participation__code")
