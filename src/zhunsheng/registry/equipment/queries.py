"""The questions asked of equipment: in date on a day? one serial number in two institutions?"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import SOON, Plate, may_be_one, state_on
from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.models import Institution


@dataclass(frozen=True, slots=True)
class OnDay:
    """An instrument on a day: the calibration that covers it, else the last there was, and what follows."""

    covering: Calibration | None
    latest: Calibration | None
    state: str

    @property
    def in_date(self) -> bool:
        return self.state in ("in_date", "due_soon")


def in_date(instruments: Collection[Instrument], on: date, *, known_on: date) -> dict[UUID, OnDay]:
    """How each instrument stands on a day, as known on a day; one query for all."""
    by_instrument: dict[UUID, list[Calibration]] = defaultdict(list)
    rows = Calibration.objects.filter(known(known_on), instrument__in=instruments, valid_from__lte=on)
    for row in rows.order_by("-valid_to", "-pk"):
        by_instrument[row.instrument_id].append(row)
    return {one.pk: _on_day(one, by_instrument.get(one.pk, []), on) for one in instruments}


def _on_day(instrument: Instrument, calibrations: list[Calibration], on: date) -> OnDay:
    latest = calibrations[0] if calibrations else None
    covering = latest if latest and latest.valid_to >= on else None
    state = state_on(
        on, valid_to=covering.valid_to if covering else None, latest=latest.valid_to if latest else None,
        retired_on=instrument.retired_on,
    )  # fmt: skip
    return OnDay(covering, latest, state)


def standing_so(instruments: QuerySet[Instrument], state: str, on: date, *, known_on: date) -> QuerySet[Instrument]:
    """The instruments that stand so on a day, as known on a day; the same answer as `in_date`, asked of the database."""
    mine = Calibration.objects.filter(known(known_on), instrument=OuterRef("pk"), valid_from__lte=on)
    retired = Q(retired_on__lt=on)
    if state == "retired":
        return instruments.filter(retired)
    used = instruments.exclude(retired_on__isnull=False, retired_on__lt=on)
    covered, later = Exists(mine.filter(holding(on))), Exists(mine.filter(valid_to__gte=on + SOON))
    wanted = {
        "in_date": Q(later),
        "due_soon": Q(covered) & ~Q(later),
        "out_of_date": Q(Exists(mine)) & ~Q(covered),
        "never": ~Q(Exists(mine)),
    }
    return used.filter(wanted[state])


@dataclass(frozen=True, slots=True)
class SharedSerial:
    """Two instruments of two institutions that may be one."""

    serial_key: str
    one: Instrument
    other: Instrument


def shared_serials(on: date, *, within: QuerySet[Institution] | None = None) -> list[SharedSerial]:
    """Instruments in use on a day whose serial number two institutions have; two queries, whatever the size of the register.

    Entries merged into one institution are one; `within` keeps to numbers that one of these institutions has. Plates that name
    different manufacturers are different instruments, see `rules.may_be_one`.
    """
    used = Instrument.objects.exclude(serial_key="").exclude(retired_on__isnull=False, retired_on__lt=on)
    asked = (
        used.filter(serial_key__in=used.filter(of_heads(within)).values("serial_key")) if within is not None else used
    )
    keys = (
        asked.order_by()
        .values("serial_key")
        .annotate(places=Count(Coalesce("institution__merged_into", "institution"), distinct=True))
        .filter(places__gt=1)
    )
    rows = used.filter(serial_key__in=list(keys.values_list("serial_key", flat=True)))
    return _pairs(rows.select_related("institution__merged_into").order_by("serial_key", "pk"))


def _pairs(rows: QuerySet[Instrument]) -> list[SharedSerial]:
    by_key: dict[str, list[Instrument]] = defaultdict(list)
    for row in rows:
        by_key[row.serial_key].append(row)
    return [
        SharedSerial(key, one, other)
        for key, held in by_key.items()
        for one, other in combinations(held, 2)
        if head(one) != head(other) and may_be_one(plate(one), plate(other))
    ]


def head(instrument: Instrument) -> UUID:
    return instrument.institution.merged_into_id or instrument.institution_id


def plate(instrument: Instrument) -> Plate:
    return Plate(instrument.serial, instrument.manufacturer, instrument.name_zh)
