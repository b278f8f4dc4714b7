"""What the codes of GB/T 2260 mean on a day; pure."""

from datetime import date
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.regions.shipped import Level, Point, Region, members, next_of, previous, timelines

KM_RADIUS = 6371.0088
"""Mean radius of the earth, (2a + b)/3 of WGS 84."""
DAYS_KEPT = 64

__all__ = [
    "KM_RADIUS", "Level", "Point", "Region", "children", "codes_within", "distance_km", "living", "name_of",
    "near", "path_of", "place_of", "prepare", "provinces", "region", "successors_of",
]  # fmt: skip


def region(code: str, on: date) -> Region | None:
    """The region of that code on that day; after its end the last that bore it; None before the first, or of no such code."""
    begun = [one for one in timelines().get(code, ()) if one.valid_from <= on]
    return begun[-1] if begun else None


def path_of(code: str, on: date) -> list[Region]:
    """From the province down to the region of a code on a day; empty for a code of which nothing is known."""
    found: list[Region] = []
    here = region(code, on)
    while here is not None:
        found.insert(0, here)
        here = region(here.parent, min(on, here.valid_to or on))
    return found


def name_of(code: str, on: date) -> Text:
    """The full name on a day: 浙江省杭州市西湖区, Xihu District, Hangzhou, Zhejiang.

    A code of which nothing is known on that day (before the first list, a typing mistake) is its own name.
    """
    if not (path := path_of(code, on)):
        return Text(en=code, zh=code)
    return Text(en=", ".join(one.name.en for one in reversed(path)), zh="".join(one.name.zh for one in path))


def provinces(on: date) -> list[Region]:
    """Those of a day, in the order of the codes."""
    return _living("", on)


def children(code: str, on: date) -> list[Region]:
    """What lay directly in a region on a day, in the order of the codes."""
    return _living(code, on)


def _living(parent: str, on: date) -> list[Region]:
    candidates = (region(code, on) for code in members().get(parent, ()))
    return [one for one in candidates if one is not None and one.covers(on) and one.parent == parent]


def successors_of(code: str, on: date) -> frozenset[str]:
    """The codes in force on a day for the place that a code, old or new, stands for.

    The code itself if it is in force; else where it went on (successors of successors), or, if it came later, what it
    was made of. Empty where the data do not tell.
    """
    return _went_on(on).get(code, frozenset())


@lru_cache(maxsize=DAYS_KEPT)
def _went_on(on: date) -> dict[str, frozenset[str]]:
    return {code: frozenset(_follow(region(code, on) or rows[0], on)) for code, rows in timelines().items()}


def _follow(here: Region, on: date) -> set[str]:
    """Codes in force on a day to which a region leads, onward in time or back.

    From region to region, not from code to code: 449003 was Haikou in 1986 and Panyu in 1992.
    """
    if here.covers(on):
        return {here.code}
    onward = next_of(here) if here.valid_from <= on else previous().get(here, ())
    return {found for one in onward for found in _follow(one, on)}


@lru_cache(maxsize=DAYS_KEPT * 8)
def codes_within(code: str, on: date) -> tuple[tuple[str, ...], frozenset[str]]:
    """Every code, old or new, whose place lies within a region on a day, as (beginnings, whole codes).

    A beginning stands for all codes that begin so, listed or not (development zones have codes of their own); it is given
    only where no listed code that begins so lies elsewhere. 5102 is not within Sichuan any more: Chongqing left it in 1997.
    The region is that into which the code leads on that day.
    """
    roots = successors_of(code, on) or frozenset({code})
    above = _above(on)
    inside = {
        one for one, there in _went_on(on).items() if one in roots or any(not roots.isdisjoint(above[c]) for c in there)
    }
    outside = {one for one, there in _went_on(on).items() if there and one not in inside}
    mixed = {one[:digits] for one in outside for digits in (2, 4)}
    beginnings: list[str] = []
    for start in sorted({one[:digits] for one in inside for digits in (2, 4)} - mixed, key=len):
        if not start.startswith(tuple(beginnings)) and _whole(start, roots):
            beginnings.append(start)
    return tuple(sorted(beginnings)), frozenset(one for one in inside if not one.startswith(tuple(beginnings)))


@lru_cache(maxsize=DAYS_KEPT)
def _above(on: date) -> dict[str, frozenset[str]]:
    """For each code in force on a day, itself and what it lies in: asked once a day, since every reach asks it of every code."""
    return {one.code: frozenset(up.code for up in path_of(one.code, on)) for one in living(on)}


def prepare(on: date) -> None:
    """Work out what every question about a day begins with, so that the first visitor of a day or a worker does not wait."""
    previous()
    members()
    _went_on(on)
    _above(on)


def _whole(start: str, roots: frozenset[str]) -> bool:
    """Whether one of the regions, or one that ended in it, is all that begins so: 3301 stands for 330100, not for a county."""
    return start.ljust(6, "0") in timelines() or any(one.startswith(start) and one.endswith("00") for one in roots)


def place_of(code: str, on: date) -> Point | None:
    """Where a code lies; of a code that is not listed, where what it begins with lies (330171 → 330100)."""
    for one in (code, code[:4] + "00", code[:2] + "0000"):
        if (found := region(one, on) or next(iter(timelines().get(one, ())), None)) is not None:
            return found.point
    return None


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in km: 2R·asin√(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), the haversine formula."""
    phi_a, phi_b = radians(a.latitude), radians(b.latitude)
    half = sin((phi_b - phi_a) / 2) ** 2 + cos(phi_a) * cos(phi_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * KM_RADIUS * asin(min(1.0, sqrt(half)))


def near(where: str | Point, km: float, on: date) -> list[tuple[Region, float]]:
    """Counties in force on a day, and prefectures without counties, whose point is within a distance, nearest first."""
    centre = place_of(where, on) if isinstance(where, str) else where
    if centre is None:
        return []
    parents = {one.parent for one in living(on)}
    lowest = [one for one in living(on) if one.level == "county" or one.code not in parents]
    measured = ((one, distance_km(centre, one.point)) for one in lowest)
    return sorted(((one, far) for one, far in measured if far <= km), key=lambda pair: (pair[1], pair[0].code))


@lru_cache(maxsize=DAYS_KEPT)
def living(on: date) -> tuple[Region, ...]:
    """Every region in force on a day."""
    candidates = (region(code, on) for code in timelines())
    return tuple(one for one in candidates if one is not None and one.covers(on))
