"""What every institution has not shown yet, late or not: for the clocks, which ask of the whole register at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.management.queries.records import asked_on, records_known
from zhunsheng.registry.management.queries.rollup import HEAD, approved_on
from zhunsheng.registry.management.rules.requirements import Due


@dataclass(frozen=True, slots=True)
class Lacking:
    """An institution with what it has still to show."""

    institution: UUID
    name: Text
    region_code: str
    dues: Sequence[Due]


def lacking(dues: Sequence[Due], as_of: date, *, where: Collection[UUID] | None = None) -> Iterator[Lacking]:
    """Each institution, everywhere or of some entries, with what applies to it and has no record; nothing of who lacks nothing.

    One query a distinct day, one for the records, one for the names: sets are compared here, since fifty thousand
    institutions times some dues are few enough for memory and too many for a question each.
    """
    asked = asked_of(dues, as_of, where)
    made = heads_with(dues, as_of, where)
    lacks = {
        head: todo
        for head in set().union(*asked.values())
        if (todo := [due for due in dues if head in asked[asked_on(due, as_of)] and head not in made[due.key]])
    }
    wanted = standing().order_by("pk").values_list("pk", "name_zh", "name_en", "region_code")
    for pk, zh, en, region_code in wanted if where is None else wanted.filter(pk__in=where):
        if pk in lacks:
            yield Lacking(pk, Text(en=en or zh, zh=zh), region_code, lacks[pk])


def asked_of(dues: Collection[Due], as_of: date, where: Collection[UUID] | None) -> dict[date, set[UUID]]:
    """For each day on which an approval must hold, the laboratories that held one."""
    laboratories = standing().filter(kind=Institution.Kind.LABORATORY).order_by()
    if where is not None:
        laboratories = laboratories.filter(pk__in=where)
    days = {asked_on(due, as_of) for due in dues}
    return {day: set(laboratories.filter(approved_on(day, as_of)).values_list("pk", flat=True)) for day in days}


def heads_with(dues: Collection[Due], as_of: date, where: Collection[UUID] | None) -> dict[tuple[str, str], set[UUID]]:
    """For each thing due, the institutions that have a record of it."""
    found: dict[tuple[str, str], set[UUID]] = {due.key: set() for due in dues}
    rows = records_known(as_of).filter(period__in={due.period.key for due in dues}).order_by()
    if where is not None:
        rows = rows.filter(institution__in=where)
    for kind, period, head in rows.values_list("kind", "period", HEAD):
        if (kind, period) in found:
            found[kind, period].add(head)
    return found
