"""How many are late with a task, each by the days of its region."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant, Receipt, Task
from zhunsheng.activities.campaigns.plan.queries.days import TaskDays
from zhunsheng.activities.campaigns.plan.queries.receipts import Receipts, by_region, day_of, in_region
from zhunsheng.activities.campaigns.plan.queries.tasks import OF_AUTHORITIES


def late_for(
    campaign: Campaign, tasks: Sequence[Task], counts: Mapping[UUID, Receipts], *, on: date, seen: Q | None = None
) -> dict[UUID, int]:
    """Task → how many have not done it though its last day in their region is over; four queries for as many tasks as there are.

    `counts` are the receipts of these tasks in the same view; `seen` narrows to regions, behind `region_code`.
    """
    days = TaskDays(tasks)
    found = {one.pk: counts[one.pk].of - counts[one.pk].done if on > one.due_on else 0 for one in tasks}
    if apart := [one for one in tasks if days.own.of(one.stage_id)]:
        asked, done = by_region(campaign, seen), _done_by_region(campaign, apart)
        for task in apart:
            found[task.pk] = sum(
                n - done.get((task.pk, code), 0)
                for code, n in asked[task.role in OF_AUTHORITIES].items()
                if on > days.of(task, code) and in_region(code, task.region_code, day_of(campaign))
            )
    return found


def _done_by_region(campaign: Campaign, tasks: Sequence[Task]) -> dict[tuple[UUID, str], int]:
    """Task and region code → how many did it; where a laboratory was enrolled, not where it is now."""
    part = Participant.objects.filter(campaign=campaign, institution=OuterRef("institution"))
    code = Coalesce(Subquery(part.values("region_code")[:1]), "institution__region_code")
    rows = Receipt.objects.filter(task__in=tasks, kind="done").order_by().annotate(code=code)
    return {(task, at): n for task, at, n in rows.values_list("task", "code").annotate(n=Count("pk"))}
