"""The data in the package, read once."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from zhunsheng.foundation.bilingual import Text

FILE = Path(__file__).parent / "data" / "regions.csv"
Level = Literal["province", "prefecture", "county"]


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Region:
    """A region under one name, from when to when (both days count; no last day: to this day)."""

    code: str
    name: Text
    level: Level
    parent: str
    """the code of what it lies in; empty for a province"""
    valid_from: date
    valid_to: date | None
    successors: tuple[str, ...]
    """where a code that ended went on; none while it lives on, under whatever name, and none where it is not known"""
    basis: str
    """how the successors were found (`tools/regions/README.md`)"""
    latitude: float
    longitude: float
    located: Level
    """what the coordinates are of: the region, or what it lies in"""

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def timelines() -> Mapping[str, tuple[Region, ...]]:
    """Code → the regions that bore it, in time."""
    found: dict[str, list[Region]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["code"], []).append(_region(row))
    return {code: tuple(regions) for code, regions in found.items()}


def _region(row: dict[str, str]) -> Region:
    return Region(
        code=row["code"], name=Text(en=row["name_en"], zh=row["name_zh"]), level=row["level"],  # type: ignore[arg-type]
        parent=row["parent"], valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        successors=tuple(row["successors"].split(";")) if row["successors"] else (), basis=row["basis"],
        latitude=float(row["latitude"]), longitude=float(row["longitude"]), located=row["located"],  # type: ignore[arg-type]
    )  # fmt: skip


def next_of(one: Region) -> tuple[Region, ...]:
    """What a region that ended went on as: under its own code by another name, or under others."""
    if one.valid_to is None:
        return ()
    day = one.valid_to + timedelta(days=1)
    following = (new for code in (one.code, *one.successors) for new in timelines()[code])
    return tuple(new for new in following if new.covers(day))


@cache
def previous() -> Mapping[Region, tuple[Region, ...]]:
    """Region → those that went on in it."""
    found: dict[Region, list[Region]] = {}
    for old in (one for regions in timelines().values() for one in regions):
        for new in next_of(old):
            found.setdefault(new, []).append(old)
    return {new: tuple(old) for new, old in found.items()}


@cache
def members() -> Mapping[str, tuple[str, ...]]:
    """Code → the codes that ever lay directly in it; under the empty code the provinces."""
    found: dict[str, set[str]] = {}
    for code, regions in timelines().items():
        for one in regions:
            found.setdefault(one.parent, set()).add(code)
    return {parent: tuple(sorted(codes)) for parent, codes in found.items()}
