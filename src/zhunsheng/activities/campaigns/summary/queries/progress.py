"""Who finished what: how far the institutions of each place came, stage by stage."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from zhunsheng.activities.campaigns.plan.models import Commitment, Participant
from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.activities.campaigns.summary.rules.visits import Visit

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
    findings: int = 0
    decided: int = 0
    put_right: int = 0
    """findings whose rectification was accepted"""


def by_place(participants: QuerySet[Participant], visits: Sequence[Visit], *, digits: int) -> dict[str, Progress]:
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
    _add_visits(found, visits, digits)
    return dict(sorted(found.items()))


def _add_visits(found: dict[str, Progress], visits: Sequence[Visit], digits: int) -> None:
    for place, _ in sorted({(one.region_code[:digits], one.institution) for one in visits}, key=str):
        found[place].inspected += 1
    right = _put_right(visits)
    for visit in visits:
        row = found[visit.region_code[:digits]]
        row.findings += len(visit.nonconformities)
        row.decided += sum(one.decided for one in visit.nonconformities)
        row.put_right += sum(one.finding in right for one in visit.nonconformities)


def _put_right(visits: Sequence[Visit]) -> set[UUID]:
    """The findings of these visits whose rectification stands as accepted."""
    if not visits:
        return set()
    accepted = Rectification.objects.filter(
        state__in=("accepted", "effective"), finding__inspection__in=[one.inspection for one in visits]
    )
    return set(accepted.order_by().values_list("finding", flat=True))


def total(rows: dict[str, Progress]) -> Progress:
    """All places together."""
    names = Progress.__slots__
    return Progress(**{name: sum(getattr(row, name) for row in rows.values()) for name in names})
