"""Where a campaign stands in a region: its stages with their days and gates, its tasks with their receipts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign, Gate, Meeting, Receipt, RegionalDays, Stage, Task
from zhunsheng.activities.campaigns.plan.rules.gates import Count as Counted
from zhunsheng.activities.campaigns.plan.rules.gates import Side, is_met
from zhunsheng.registry import regions


@dataclass(frozen=True, slots=True)
class Door:
    """One gate of a stage: whether what it asks for is done, and how it was passed, if it was."""

    side: Side
    met: bool
    count: Counted | None
    passed: Gate | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage in a region."""

    stage: Stage
    starts_on: date
    ends_on: date
    of_region: bool
    """whether the region has days of its own"""
    entry: Door
    exit: Door

    def late(self, on: date) -> bool:
        """Its last day is over and nobody left it."""
        return on > self.ends_on and self.exit.passed is None


def stages_in(campaign: Campaign, region_code: str, counts: Mapping[str, Counted]) -> list[Standing]:
    """The stages of a campaign as a region has them. `counts`: key of a stage → what its exit gate counted there; three queries."""
    stages = list(campaign.stages.all())
    days = _days(stages, region_code, campaign.opens_on)
    passed = {(one.stage_id, one.side): one for one in Gate.objects.filter(stage__in=stages, region_code=region_code)}
    found: list[Standing] = []
    left = True
    for stage in stages:
        own = days.get(stage.pk)
        count = counts.get(stage.key)
        entry = Door("entry", is_met("entry", previous_left=left, count=None), None, passed.get((stage.pk, "entry")))
        way_out = Door("exit", is_met("exit", previous_left=left, count=count), count, passed.get((stage.pk, "exit")))
        starts, ends = (own.starts_on, own.ends_on) if own else (stage.starts_on, stage.ends_on)
        found.append(Standing(stage, starts, ends, own is not None, entry, way_out))
        left = way_out.passed is not None
    return found


def _days(stages: Sequence[Stage], region_code: str, on: date) -> dict[int, RegionalDays]:
    """Stage → the days of the smallest region that holds this one and has days of its own."""
    if not region_code:
        return {}
    above = [one.code for one in regions.path_of(region_code, on)] or [region_code]
    rows = RegionalDays.objects.filter(stage__in=stages, region_code__in=[*above, region_code])
    rank = {code: place for place, code in enumerate([*above, region_code])}
    found: dict[int, RegionalDays] = {}
    for one in sorted(rows, key=lambda row: (len(row.region_code.rstrip("0")), rank[row.region_code])):
        found[one.stage_id] = one
    return found


def regional_days(campaign: Campaign) -> QuerySet[RegionalDays]:
    """All days that regions have of their own."""
    rows = RegionalDays.objects.filter(stage__campaign=campaign).select_related("stage")
    return rows.order_by("region_code", "stage__position")


def tasks_with_receipts(campaign: Campaign) -> QuerySet[Any]:
    """The tasks with how many institutions read them and did them."""
    counted = campaign.tasks.select_related("stage", "point__meeting").annotate(
        read=Count("receipts", filter=Q(receipts__kind="read")), done=Count("receipts", filter=Q(receipts__kind="done"))
    )
    return counted.order_by("due_on", "set_at", "pk")


def receipts_of(tasks: Iterable[Task], institution: UUID) -> dict[UUID, set[str]]:
    """Task → what an institution acknowledged of it."""
    found: dict[UUID, set[str]] = {}
    for task, kind in Receipt.objects.filter(task__in=list(tasks), institution=institution).values_list("task", "kind"):
        found.setdefault(task, set()).add(kind)
    return found


def meetings_of(campaign: Campaign) -> QuerySet[Meeting]:
    """The meetings with their points and the tasks that came of them."""
    return campaign.meetings.prefetch_related("points__tasks").order_by("-held_on", "-entered_at")


def gates_of(campaign: Campaign) -> QuerySet[Gate]:
    """The gates that were passed, the last first."""
    return Gate.objects.filter(stage__campaign=campaign).select_related("stage").order_by("-opened_at", "-pk")
