"""Of whom a task asks something, and who has read it or done it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant, Receipt, Task
from zhunsheng.activities.campaigns.plan.queries.tasks import OF_AUTHORITIES
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.states import Level
from zhunsheng.registry.people.jurisdiction import lies_within
from zhunsheng.registry.regions.queries import within

DOWNWARDS = (Level.NATIONAL, Level.PROVINCIAL, Level.PREFECTURE, Level.COUNTY)


@dataclass(frozen=True, slots=True)
class Receipts:
    """How many read a task and did it, of how many that it is set to."""

    read: int
    done: int
    of: int


def day_of(campaign: Campaign) -> date:
    """The day by which the regions of a campaign are read."""
    return localdate(campaign.published_at) if campaign.published_at else campaign.opens_on


def authorities_under(campaign: Campaign) -> QuerySet[Institution]:
    """The authorities of the campaign's area below the one that runs it: those beside and above it may sit in the same town."""
    level = campaign.authority.level
    below = DOWNWARDS[DOWNWARDS.index(level) + 1 :] if level in DOWNWARDS else ()
    found = standing().filter(kind=Institution.Kind.AUTHORITY, level__in=below)
    return found.filter(within(campaign.region_code, day_of(campaign))) if campaign.region_code else found


def asked_by(task: Task, seen: Q | None = None) -> QuerySet[Any]:
    """The institutions to which a task is set, with `read_at`, `done_at` and `asked_in`, the region by which they are asked.

    `seen` narrows it to regions, behind `region_code`.
    """
    campaign = task.campaign
    here = within(task.region_code, day_of(campaign)) if task.region_code else Q()
    here &= seen if seen is not None else Q()
    part = Participant.objects.filter(here, campaign=campaign)
    found: QuerySet[Any] = (
        authorities_under(campaign).filter(here).annotate(asked_in=F("region_code"))
        if task.role in OF_AUTHORITIES
        else Institution.objects.filter(pk__in=part.order_by().values("institution")).annotate(
            asked_in=Subquery(part.filter(institution=OuterRef("pk")).values("region_code")[:1])
        )
    )
    return found.annotate(read_at=_at(task, "read"), done_at=_at(task, "done"))


def _at(task: Task, kind: str) -> Subquery:
    return Subquery(Receipt.objects.filter(task=task, kind=kind, institution=OuterRef("pk")).values("at")[:1])


def receipts_for(
    campaign: Campaign, tasks: Sequence[Task], seen: Q | None = None, seen_institutions: Q | None = None
) -> dict[UUID, Receipts]:
    """Task → its receipts; three queries for as many tasks as there are.

    `seen` and `seen_institutions` narrow it to regions, behind `region_code` and `institution__region_code`.
    """
    given = Receipt.objects.filter(seen_institutions or Q(), task__in=tasks).order_by().values_list("task")
    counts = {
        task: (read, done)
        for task, read, done in given.annotate(
            read=Count("pk", filter=Q(kind="read")), done=Count("pk", filter=Q(kind="done"))
        )
    }
    asked = by_region(campaign, seen)
    day = day_of(campaign)
    return {
        one.pk: Receipts(*counts.get(one.pk, (0, 0)), _in(one.region_code, asked[one.role in OF_AUTHORITIES], day))
        for one in tasks
    }


def by_region(campaign: Campaign, seen: Q | None = None) -> dict[bool, dict[str, int]]:
    """Whether authorities are asked → region code → how many there are to be asked; two queries."""
    asked: dict[bool, QuerySet[Any]] = {
        True: authorities_under(campaign).filter(seen or Q()),
        False: Participant.objects.filter(seen or Q(), campaign=campaign),
    }
    return {
        key: dict(things.order_by().values_list("region_code").annotate(n=Count("pk"))) for key, things in asked.items()
    }


def in_region(code: str, region_code: str, day: date) -> bool:
    """Whether a region lies within the one to which a task is set; a task of no region is set to all."""
    return not region_code or lies_within(code, region_code, day)


def _in(region_code: str, numbers: Mapping[str, int], day: date) -> int:
    """How many of a region, by the codes of all."""
    return sum(n for code, n in numbers.items() if in_region(code, region_code, day))
