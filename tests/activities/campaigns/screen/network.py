"""A made-up network of laboratories: what the registers hold of them, as frames and through the verbs."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from zhunsheng.activities.campaigns.screen.rules.registers import FOREVER, SHAPES, Registers
from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.rules.uscc import organisation_check_character, uscc_check_character

FIRST = date(2026, 3, 2)
"""A Monday; the logs begin here."""
LONG_AGO = date(2022, 1, 4)
FIELDS = ("food", "feed", "textiles")
ITEMS_A_FIELD = 6
MANUAL = 5
"""The last item of each field is titrated by hand: no instrument, no run."""


@dataclass(frozen=True)
class Item:
    """Something that can be tested: its place in the catalogue, its words, its method."""

    number: int
    field: str
    parameter: str
    matrix: str
    method: str
    by_hand: bool


def items() -> list[Item]:
    return [
        Item(
            f * ITEMS_A_FIELD + n,
            code,
            f"示例参数{f}{n}",
            f"示例{code}样品",
            f"GB {5000 + 100 * f + n}.1-2020",
            n == MANUAL,
        )
        for f, code in enumerate(FIELDS)
        for n in range(ITEMS_A_FIELD)
    ]


ITEMS = items()


def code(number: int) -> str:
    """A unified social credit code with the right check characters."""
    body = f"{number:08d}"
    first = "91330100" + body + organisation_check_character(body)
    return first + uscc_check_character(first)


@dataclass
class Instrument:
    serial: str
    item: Item
    calibrated: list[tuple[date, date]]
    site: str = "一号楼"


@dataclass
class Worker:
    name: str
    identity: str
    fields: tuple[str, ...] = ()
    """fields for which the worker may sign"""
    from_: date = LONG_AGO
    to: date | None = None


@dataclass
class Laboratory:
    """What the registers hold of one laboratory."""

    number: int
    uscc: str
    name: str
    fields: tuple[str, ...]
    analysts: list[Worker]
    signatories: list[Worker]
    instruments: list[Instrument]
    scope: list[tuple[Item, date, date | None]]
    certificate: tuple[date, date] = (LONG_AGO, LONG_AGO + timedelta(days=6 * 365))
    samples_a_day: int = 4

    @property
    def items(self) -> list[Item]:
        return [item for item, _, _ in self.scope]

    def instrument_of(self, item: Item) -> Instrument | None:
        return next((one for one in self.instruments if one.item == item), None)


@dataclass
class Network:
    laboratories: list[Laboratory]
    withdrawn: dict[str, tuple[date, str]] = field(default_factory=dict)
    """method → from which day its standard is superseded, and by what"""
    suspended: list[tuple[int, Item, date, str]] = field(default_factory=list)
    double_posts: list[tuple[int, int, str]] = field(default_factory=list)
    shared: list[tuple[int, int, str]] = field(default_factory=list)


def network(seed: int, laboratories: int = 12) -> Network:
    """Honest laboratories of one to three fields, each with analysts, signatories, instruments and a scope."""
    chance = random.Random(seed)
    return Network([laboratory(number, chance) for number in range(laboratories)])


def laboratory(number: int, chance: random.Random) -> Laboratory:
    fields = tuple(sorted(chance.sample(FIELDS, chance.choice([1, 1, 2, 3]))))
    mine = [item for item in ITEMS if item.field in fields]
    return Laboratory(
        number,
        code(number),
        f"示例检验检测机构{number}",
        fields,
        [worker(number, f"检测员{number}-{n}") for n in range(chance.choice([3, 4, 12]))],
        [worker(number, f"签字人{number}-{f}", (f,)) for f in fields],
        [
            Instrument(f"SN{number:04d}{item.number:02d}", item, calibrations(chance))
            for item in mine
            if not item.by_hand
        ],
        [(item, LONG_AGO, None) for item in mine],
        samples_a_day=chance.choice([2, 4, 6]),
    )


def worker(number: int, name: str, fields: tuple[str, ...] = ()) -> Worker:
    return Worker(name, hashlib.sha256(f"{number} {name}".encode()).hexdigest(), fields)


def calibrations(chance: random.Random) -> list[tuple[date, date]]:
    """A year each, without a gap; for some the next begins while the logs run."""
    begun = FIRST - timedelta(days=chance.randrange(20, 360))
    return [(begun, begun + timedelta(days=364)), (begun + timedelta(days=365), begun + timedelta(days=729))]


def registers(net: Network) -> Registers:
    """What a screen would fetch from the registers, made without a database; an institution's number is its place here."""
    labs = net.laboratories
    return Registers(
        institutions=frame("institutions", ((one.uscc, one.number) for one in labs)),
        scope=frame(
            "scope",
            (
                (one.number, i.number, FIELDS.index(i.field), i.number, a, b or FOREVER)
                for one in labs
                for i, a, b in one.scope
            ),
        ),
        instruments=frame(
            "instruments", ((one.number, serial_key(each.serial)) for one in labs for each in one.instruments)
        ),
        calibrations=frame(
            "calibrations",
            (
                (one.number, serial_key(each.serial), *span)
                for one in labs
                for each in one.instruments
                for span in each.calibrated
            ),
        ),
        people=frame(
            "people",
            ((one.number, each.name, each.identity) for one in labs for each in one.analysts + one.signatories),
        ),
        authorisations=frame(
            "authorisations",
            (
                (one.number, each.name, f, each.from_, each.to or FOREVER)
                for one in labs
                for each in one.signatories
                for f in each.fields
            ),
        ),
        certificates=frame("certificates", ((one.number, *one.certificate) for one in labs)),
        standards=frame(
            "standards",
            (
                (i.number, i.method, net.withdrawn[i.method][0], FOREVER, net.withdrawn[i.method][1])
                for i in ITEMS
                if i.method in net.withdrawn
            ),
        ),
        suspended=frame(
            "suspended",
            ((lab, i.number, FIELDS.index(i.field), day, FOREVER, which) for lab, i, day, which in net.suspended),
        ),
        above=frame("above", ((n, n) for n in range(len(FIELDS)))),
        fields=frame("fields", enumerate(FIELDS)),
        double_posts=frame(
            "double_posts",
            (
                (lab, name, labs[other].name, FIRST, FOREVER)
                for one, two, name in net.double_posts
                for lab, other in ((one, two), (two, one))
            ),
        ),
        shared_serials=frame(
            "shared_serials",
            (
                (lab, serial, labs[other].name, FIRST)
                for one, two, serial in net.shared
                for lab, other in ((one, two), (two, one))
            ),
        ),
        parameters={same(i.parameter): i.number for i in ITEMS},
        matrices={same(i.matrix): FIELDS.index(i.field) for i in ITEMS},
        methods={normal_method(i.method): i.number for i in ITEMS},
        names={one.number: one.name for one in labs},
    )


def frame(name: str, rows: Any) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(SHAPES[name]), orient="row")


def by_number(net: Network) -> Mapping[int, Laboratory]:
    return {one.number: one for one in net.laboratories}
