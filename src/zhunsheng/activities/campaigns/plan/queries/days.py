"""The last day of a stage, or of a task of a stage, in a region: that of the smallest region around it that has days of its own."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.plan.models import RegionalDays, Stage, Task
from zhunsheng.registry.people.jurisdiction import lies_within


class OwnDays:
    """The days that regions have of their own, by key of the stage; one query."""

    def __init__(self, rows: QuerySet[RegionalDays]) -> None:
        self.regional: dict[int, list[RegionalDays]] = {}
        for one in rows.select_related("stage__campaign"):
            self.regional.setdefault(one.stage_id, []).append(one)
        self.known: dict[tuple[int, str, str], date | None] = {}

    def of(self, stage: int | None) -> list[RegionalDays]:
        """The rows of a stage."""
        return self.regional.get(stage, []) if stage is not None else []

    def last(self, stage: int | None, region_code: str, below: str = "") -> date | None:
        """The last day of a stage in a region where it, or a region around it, has own days; `below`: only regions inside that one."""
        if stage is None or stage not in self.regional:
            return None
        asked = (stage, region_code, below)
        if asked not in self.known:
            self.known[asked] = self._find(stage, region_code, below)
        return self.known[asked]

    def _find(self, stage: int, region_code: str, below: str) -> date | None:
        on = self.regional[stage][0].stage.campaign.opens_on
        here = [one for one in self.regional[stage] if lies_within(region_code, one.region_code, on)]
        if below:
            here = [one for one in here if one.region_code != below and lies_within(one.region_code, below, on)]
        smallest = max(here, key=lambda one: len(one.region_code.rstrip("0")), default=None)
        return smallest.ends_on if smallest else None


class LastDays:
    """The last day of stages in any region; where no region around it has own days, that of the plan. One query."""

    def __init__(self, stages: Iterable[Stage]) -> None:
        self.own = OwnDays(RegionalDays.objects.filter(stage__in={one.pk for one in stages}))

    def of(self, stage: Stage, region_code: str) -> date:
        """The last day of a stage in a region."""
        return self.own.last(stage.pk, region_code) or stage.ends_on

    def all_of(self, stage: Stage) -> set[date]:
        """Every last day that a stage has anywhere."""
        return {stage.ends_on, *(one.ends_on for one in self.own.of(stage.pk))}


class TaskDays:
    """The last day of tasks in any region; one query.

    A task of a stage is due with the stage where a region has own days for it; elsewhere, and where it was set for that very
    region, on its own day.
    """

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.own = OwnDays(RegionalDays.objects.filter(stage__in={one.stage_id for one in tasks if one.stage_id}))

    def of(self, task: Task, region_code: str) -> date:
        """The last day of a task in a region."""
        return self.own.last(task.stage_id, region_code, below=task.region_code) or task.due_on

    def all_of(self, task: Task) -> set[date]:
        """Every last day that a task may have anywhere."""
        return {task.due_on, *(one.ends_on for one in self.own.of(task.stage_id))}
