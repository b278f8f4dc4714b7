"""The instruments that a file may mean, institution by institution: those of the register and those that rows above enter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q

from zhunsheng.foundation.imports.register import Given
from zhunsheng.registry.equipment.finding import called
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import Mark, mark


@dataclass
class Held:
    """An instrument: its mark, how it is called, the row of the register if it is there, and which row of the file said what of it."""

    mark: Mark
    told: str
    row: Instrument | None = None
    said: dict[str, tuple[str, int]] = field(default_factory=dict)


class Shelf:
    """The instruments of one institution by key, found by their numbers without looking at each."""

    def __init__(self) -> None:
        self.all: dict[str, Held] = {}
        self.by_number: dict[tuple[str, str], set[str]] = defaultdict(set)

    def put(self, key: str, held: Held) -> None:
        self.all[key] = held
        for number in numbers_of(held.mark):
            self.by_number[number].add(key)

    def near(self, asked: Mark) -> dict[str, Mark]:
        """The marks that share a number with the one asked for, zeros at the start not counted."""
        keys = sorted({key for number in numbers_of(asked) for key in self.by_number.get(number, ())})
        return {key: self.all[key].mark for key in keys}


def numbers_of(one: Mark) -> list[tuple[str, str]]:
    found = [("serial", one.serial.lstrip("0")), ("inventory", one.inventory)]
    return [number for number in found if number[1]]


class Shelves(defaultdict[UUID, Shelf]):
    """Shelf by institution; kept for the whole file, so that its rows know those above them."""

    def __init__(self) -> None:
        super().__init__(Shelf)

    def fill(self, rows: Sequence[Given], families: Mapping[UUID, Sequence[UUID]]) -> None:
        """Put there what the register holds under the numbers of the rows, in two queries."""
        head_of = {key: head for head, keys in families.items() for key in keys}
        standing = Prefetch("calibrations", Calibration.objects.filter(superseded_at=None), to_attr="standing")
        found = Instrument.objects.filter(bearing([mark_of(row) for row in rows]), institution__in=head_of)
        for one in found.order_by("pk").prefetch_related(standing):
            shelf = self[head_of[one.institution_id]]
            if str(one.pk) not in shelf.all:
                shelf.put(str(one.pk), Held(one.mark, called(one), one))


def mark_of(row: Given) -> Mark:
    return mark(*(row.text(name) for name in ("serial", "manufacturer", "model", "inventory_number")))


def bearing(marks: Sequence[Mark]) -> Q:
    """Instruments with one of the numbers; where one is of digits alone, those with zeros at the start, too."""
    serials, own = {one.serial for one in marks} - {""}, {one.inventory for one in marks} - {""}
    wanted = Q(serial_key__in=serials) | Q(inventory_key__in=own)
    return wanted | Q(serial_key__startswith="0") if any(one.isdecimal() for one in serials) else wanted
