"""How much of what the rules ask was made, over many institutions: one definition, summed in the database.

Planned: an institution that holds a mandatory approval at the end of the period (or today while it runs) counts once for
each thing due. Made: it has a record of that kind and period, in time if its first was made by the due day. The share is
made / planned. A merged entry counts as the entry that it was merged into.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, DateField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, Substr

from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.records import approvals, asked_on, records_known
from zhunsheng.registry.management.rules.requirements import Due


@dataclass(frozen=True, slots=True)
class Share:
    """Planned, made, and made in time; numbers of institutions times things due."""

    planned: int
    made: int
    in_time: int

    @property
    def late(self) -> int:
        return self.made - self.in_time

    @property
    def missing(self) -> int:
        return self.planned - self.made

    @property
    def of_planned(self) -> float | None:
        """Made / planned; None where nothing was planned."""
        return self.made / self.planned if self.planned else None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.planned + other.planned, self.made + other.made, self.in_time + other.in_time)


def by_due(institutions: QuerySet[Institution], dues: Sequence[Due], as_of: date) -> list[tuple[Due, Share]]:
    """The share of each thing due over these institutions."""
    return shares(institutions, dues, as_of, digits=2)[0]


def by_area(institutions: QuerySet[Institution], dues: Sequence[Due], as_of: date, *, digits: int) -> dict[str, Share]:
    """The share of everything due together, by the first digits of the region code."""
    return shares(institutions, dues, as_of, digits=digits)[1]


def shares(
    institutions: QuerySet[Institution], dues: Sequence[Due], as_of: date, *, digits: int
) -> tuple[list[tuple[Due, Share]], dict[str, Share]]:
    """The share of each thing due, and that of each area: the records are read once for both.

    One query a distinct day and one for the records. An institution lies in one area, so what is counted there adds up.
    """
    planned = {
        day: planned_on(day, institutions, as_of, digits=digits) for day in {asked_on(due, as_of) for due in dues}
    }
    each = {due.key: Share(sum(planned[asked_on(due, as_of)].values()), 0, 0) for due in dues}
    areas: dict[str, Share] = {}
    for due in dues:
        for area, n in planned[asked_on(due, as_of)].items():
            areas[area] = areas.get(area, Share(0, 0, 0)) + Share(n, 0, 0)
    region = Coalesce("institution__merged_into__region_code", "institution__region_code")
    rows = made(institutions, dues, as_of).annotate(area=Substr(region, 1, digits))
    for area, kind, period, n, in_time in rows.values_list("area", "kind", "period").annotate(**counted(dues)):
        each[kind, period] += Share(0, n, in_time)
        areas[area] = areas.get(area, Share(0, 0, 0)) + Share(0, n, in_time)
    return [(due, each[due.key]) for due in dues], dict(sorted(areas.items()))


def planned_on(day: date, institutions: QuerySet[Institution], as_of: date, *, digits: int) -> dict[str, int]:
    """How many institutions of each area hold a mandatory approval on a day."""
    asked = institutions.filter(approved_on(day, as_of)).order_by().values_list(Substr("region_code", 1, digits))
    return dict(asked.annotate(n=Count("pk")))


HEAD = Coalesce("institution__merged_into_id", "institution_id")
"""Whose a row is: the entry that stands for the institution."""


def approved_on(day: date, as_of: date, path: str = "pk") -> Q:
    """Institutions (behind `path`) that hold a mandatory approval on a day, under their own entry or one merged into them.

    One list for all, never a question per institution: nearly no entry is merged, and a database that counts the values of
    `merged_into` then believes that asking by it finds every row.
    """
    held = approvals(as_of).filter(valid_from__lte=day, valid_to__gte=day)
    return Q(**{f"{path}__in": held.annotate(head=HEAD).order_by().values("head")})


def made(institutions: QuerySet[Institution], dues: Collection[Due], as_of: date) -> QuerySet[ManagementRecord]:
    """The records that count: of these institutions, of these things due, where the requirement applies."""
    applies = Q(pk__in=())
    for day in {asked_on(due, as_of) for due in dues}:
        of_day = Q(pk__in=())
        for due in dues:
            if asked_on(due, as_of) == day:
                of_day |= Q(kind=due.requirement.key, period=due.period.key)
        applies |= of_day & approved_on(day, as_of, "head")
    heads = institutions.order_by().values("pk")
    family = Institution.objects.filter(Q(pk__in=heads) | Q(merged_into__in=heads)).order_by().values("pk")
    return records_known(as_of).filter(institution__in=family).annotate(head=HEAD).filter(applies).order_by()


def counted(dues: Collection[Due]) -> dict[str, Any]:
    """Institutions with a record, and with one that was made by the due day."""
    due_on = Case(
        *(When(kind=due.requirement.key, period=due.period.key, then=Value(due.due_on)) for due in dues),
        output_field=DateField(),
    )
    return {
        "n_made": Count("head", distinct=True),
        "n_in_time": Count("head", distinct=True, filter=Q(held_on__lte=due_on)),
    }


def with_something_missing(
    institutions: QuerySet[Institution], dues: Collection[Due], as_of: date
) -> QuerySet[Institution]:
    """Those of the institutions to which something applies that they did not make."""
    lacking = Q(pk__in=())
    for day in {asked_on(due, as_of) for due in dues}:
        applying = [due for due in dues if asked_on(due, as_of) == day]
        lacking |= approved_on(day, as_of) & ~Q(pk__in=heads_with_all(applying, as_of))
    return institutions.filter(lacking)


def heads_with_all(dues: Collection[Due], as_of: date) -> QuerySet[ManagementRecord, Any]:
    """The institutions that have a record of each of the things due: the records are read once for all of them."""
    asked = Q(pk__in=())
    for due in dues:
        asked |= Q(kind=due.requirement.key, period=due.period.key)
    of_one = Concat("kind", Value("|"), "period", output_field=CharField())
    counted = records_known(as_of).filter(asked).annotate(head=HEAD).order_by().values("head")
    return counted.annotate(n=Count(of_one, distinct=True)).filter(n=len(dues)).values("head")
