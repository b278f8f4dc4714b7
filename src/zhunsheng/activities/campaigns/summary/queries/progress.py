"""Who finished what: how far the institutions of each place came, stage by stage."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from zhunsheng.activities.campaigns.plan.models import Campaign, Commitment, Participant
from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.activities.campaigns.summary.rules.visits import Problem, Visit

HANDED_IN = Q(selfcheck__submitted_at__isnull=False) & ~Q(selfcheck__state="returned")


@dataclass(slots=True)
class Progress:
    """Counts of institutions of a place, and of what was found at them."""

    enrolled: int = 0
    committed: int = 0
    handed_in: int = 0
    without_a_problem: int = 0
    """handed in without one problem: a fact to look at, no merit"""
    inspected: int = 0
    with_problem: int = 0
    """inspected, and a nonconformity was found"""
    finished: int = 0
    """of these, whoever had put right every one of them"""
    findings: int = 0
    decided: int = 0
    put_right: int = 0
    """findings whose rectification was accepted"""


def by_place(
    campaign: Campaign, participants: QuerySet[Participant], visits: Sequence[Visit], *, digits: int
) -> dict[str, Progress]:
    """First digits of the region code → how far its institutions are; two queries."""
    found: dict[str, Progress] = defaultdict(Progress)
    rows = participants.order_by().annotate(
        place=Left(F("region_code"), digits), has=Exists(Commitment.objects.filter(participant=OuterRef("pk")))
    )
    for place, *counts in rows.values_list("place").annotate(
        enrolled=Count("pk"), committed=Count("pk", filter=Q(has=True)), handed_in=Count("pk", filter=HANDED_IN),
        zero=Count("pk", filter=HANDED_IN & Q(selfcheck__problems=0)),
    ):  # fmt: skip
        found[place] = Progress(*counts)
    _add_visits(found, visits, put_right(campaign) if visits else set(), digits)
    return dict(sorted(found.items()))


def _add_visits(found: dict[str, Progress], visits: Sequence[Visit], right: Collection[UUID], digits: int) -> None:
    by_institution: dict[tuple[str, UUID], list[Problem]] = defaultdict(list)
    for visit in visits:
        by_institution[visit.region_code[:digits], visit.institution] += visit.nonconformities
    for (place, _), problems in by_institution.items():
        row, done = found[place], sum(one.finding in right for one in problems)
        row.inspected += 1
        row.with_problem += bool(problems)
        row.finished += bool(problems) and done == len(problems)
        row.findings += len(problems)
        row.decided += sum(one.decided for one in problems)
        row.put_right += done


def put_right(campaign: Campaign) -> set[UUID]:
    """The findings of a campaign whose rectification stands as accepted; one that is looked at again does not stand meanwhile."""
    accepted = Rectification.objects.filter(
        state__in=("accepted", "effective"), finding__inspection__campaign=campaign, finding__inspection__state="signed"
    )
    return set(accepted.order_by().values_list("finding", flat=True))


def total(rows: dict[str, Progress]) -> Progress:
    """All places together."""
    names = Progress.__slots__
    return Progress(**{name: sum(getattr(row, name) for row in rows.values()) for name in names})
