"""Who has not signed, read or done what a campaign asks, over all institutions at once."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.activities.campaigns.plan.models import (
    Campaign,
    Commitment,
    Participant,
    Receipt,
    Task,
)
from zhunsheng.activities.campaigns.plan.queries.receipts import day_of
from zhunsheng.activities.campaigns.plan.queries.received import authorities, reaches
from zhunsheng.activities.campaigns.plan.queries.tasks import OF_AUTHORITIES
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.people.jurisdiction import lies_within

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """An institution that has not done something yet: the entry that stands for it, and where it was when it was enrolled."""

    part: UUID | None
    """as which participant; none for an authority"""
    institution: UUID
    name: Text
    region_code: str

    @property
    def key(self) -> UUID:
        """One for each that is asked."""
        return self.part or self.institution


def unsigned(campaigns: Collection[Campaign], where: Collection[UUID] | None) -> Iterator[tuple[UUID, Waiting]]:
    """Campaign and participant, for whom nobody signed the commitment; one query."""
    among = Participant.objects.filter(
        ~Exists(Commitment.objects.filter(participant=OuterRef("pk"))), campaign__in=campaigns
    )
    if where is not None:
        among = among.filter(institution__in=where)
    head = "institution__merged_into"
    rows = among.order_by("region_code", "pk").values_list(
        "campaign", "pk", Coalesce(head, "institution"), Coalesce(f"{head}__name_zh", "institution__name_zh"),
        Coalesce(f"{head}__name_en", "institution__name_en"), "region_code",
    )  # fmt: skip
    for campaign, part, institution, zh, en, code in rows.iterator(chunk_size=CHUNK):
        yield campaign, Waiting(part, institution, Text(en=en, zh=zh), code)


def tasks_under_way() -> QuerySet[Task]:
    """The tasks of campaigns that are under way."""
    found = Task.objects.filter(campaign__state="published").select_related("campaign__authority")
    return found.order_by("due_on", "set_at", "pk")


def waiting_for(
    tasks: Iterable[Task], kinds: tuple[str, ...], where: Collection[UUID] | None
) -> Iterator[tuple[Task, Waiting]]:
    """Tasks with the institutions that gave no receipt of these kinds; three queries for as many as there are."""
    given = {one.pk: one for one in tasks}
    if not given:
        return
    yield from _laboratories({key: one for key, one in given.items() if one.role not in OF_AUTHORITIES}, kinds, where)
    yield from _authorities([one for one in given.values() if one.role in OF_AUTHORITIES], kinds, where)


def _laboratories(
    tasks: dict[UUID, Task], kinds: tuple[str, ...], where: Collection[UUID] | None
) -> Iterator[tuple[Task, Waiting]]:
    part = "campaign__participants"
    among = Task.objects.filter(pk__in=tasks).annotate(
        part=F(f"{part}__pk"), place=F(f"{part}__institution"), code=F(f"{part}__region_code"),
        head=Coalesce(f"{part}__institution__merged_into", f"{part}__institution"),
        zh=Coalesce(f"{part}__institution__merged_into__name_zh", f"{part}__institution__name_zh"),
        en=Coalesce(f"{part}__institution__merged_into__name_en", f"{part}__institution__name_en"),
    )  # fmt: skip
    receipts = Receipt.objects.filter(task=OuterRef("pk"), institution=OuterRef("place"), kind__in=kinds)
    among = among.filter(~Exists(receipts), part__isnull=False)
    if where is not None:
        among = among.filter(place__in=where)
    rows = among.order_by("due_on", "set_at", "pk", "code", "part").values_list(
        "pk", "part", "head", "zh", "en", "code"
    )
    inside: dict[tuple[UUID, str], bool] = {}
    for key, part_key, head, zh, en, code in rows.iterator(chunk_size=CHUNK):
        task = tasks[key]
        if (key, code) not in inside:
            inside[key, code] = not task.region_code or lies_within(code, task.region_code, day_of(task.campaign))
        if inside[key, code]:
            yield task, Waiting(part_key, head, Text(en=en, zh=zh), code)


def _authorities(
    tasks: list[Task], kinds: tuple[str, ...], where: Collection[UUID] | None
) -> Iterator[tuple[Task, Waiting]]:
    if not tasks:
        return
    places = authorities()
    if where is not None:
        places = places.filter(pk__in=where)
    done = Receipt.objects.filter(task__in=tasks, kind__in=kinds).values_list("task", "institution")
    given, among = set(done), list(places)
    for task in tasks:
        for one in among:
            if (task.pk, one.pk) not in given and reaches(task, one):
                yield task, Waiting(None, one.pk, one.name, one.region_code)
