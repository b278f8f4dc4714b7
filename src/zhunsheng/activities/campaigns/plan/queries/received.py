"""The tasks that reach an authority from a campaign above it, and what an institution acknowledged of tasks."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign, Receipt, Task
from zhunsheng.activities.campaigns.plan.queries.receipts import DOWNWARDS, day_of
from zhunsheng.activities.campaigns.plan.queries.tasks import OF_AUTHORITIES
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.people.jurisdiction import lies_within

SHOWN = ("published", "closed")


def set_to_authorities() -> QuerySet[Task]:
    """The tasks of published campaigns that authorities have, in the order of their days."""
    found = Task.objects.filter(role__in=OF_AUTHORITIES, campaign__state__in=SHOWN)
    return found.select_related("campaign__authority", "stage", "point__meeting").order_by("due_on", "set_at", "pk")


def authorities() -> QuerySet[Institution]:
    """All that stand and have a level."""
    return standing().filter(kind=Institution.Kind.AUTHORITY).exclude(level="").order_by("region_code", "pk")


def below(campaign: Campaign, authority: Institution) -> bool:
    """Whether an authority stands below the one that runs a campaign, within its area."""
    above = DOWNWARDS[: DOWNWARDS.index(authority.level)] if authority.level in DOWNWARDS else ()
    area = campaign.region_code
    return campaign.authority.level in above and (
        not area or lies_within(authority.region_code, area, day_of(campaign))
    )  # fmt: skip


def reaches(task: Task, authority: Institution) -> bool:
    """Whether a task is set to an authority: it stands below the one that runs the campaign, within its area and the task's."""
    if not below(task.campaign, authority):
        return False
    return not task.region_code or lies_within(authority.region_code, task.region_code, day_of(task.campaign))


def received_by(authority: Institution, among: QuerySet[Task] | None = None) -> list[Task]:
    """The tasks that an authority has; one query, for those of one level are some dozen a year."""
    return [one for one in (set_to_authorities() if among is None else among) if reaches(one, authority)]


@dataclass(frozen=True, slots=True)
class Given:
    """What an institution acknowledged of a task, with who and when."""

    read: Receipt | None = None
    done: Receipt | None = None

    @property
    def standing(self) -> str:
        """unread, read or done; what is done needs no receipt."""
        return "done" if self.done else "read" if self.read else "unread"


def acknowledged(tasks: Collection[Task], institution: UUID) -> dict[UUID, Given]:
    """Task → what an institution acknowledged of it; one query."""
    rows = Receipt.objects.filter(task__in=tasks, institution=institution).select_related("by")
    receipts = {(one.task_id, one.kind): one for one in rows}
    return {one.pk: Given(receipts.get((one.pk, "read")), receipts.get((one.pk, "done"))) for one in tasks}
