"""Where what can be tested: which items have no capable laboratory within a distance, and which are crowded (整合资源).

"Capable" here is what the registers say of a day: an active scope line and a certificate, both covering it. Evidence is not
public and is not counted; it is asked about one laboratory at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Count
from django.db.models.functions import Coalesce

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.institutions.queries.searching import certified_on
from zhunsheng.registry.regions import KM_RADIUS, Region, path_of, region, successors_of
from zhunsheng.registry.regions.shipped import timelines
from zhunsheng.registry.scopes.models import ScopeLine

FloatArray = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One item in one part of the country: who is where, and how far the nearest is."""

    parameter_id: int
    matrix_id: int
    laboratories: int
    """capable ones in the part looked at, each once a place"""
    by_place: Mapping[str, int]
    gaps: tuple[tuple[Region, float | None], ...]
    """places without a capable laboratory within the distance, with the distance to the nearest in km (None: there is none)"""
    most_within: int
    """the most laboratories that any place has within the distance"""


@lru_cache(maxsize=8)
def places(on: date) -> tuple[Region, ...]:
    """The prefectures of a day, the municipalities, and the counties directly under a province."""
    living = [one for code in timelines() if (one := region(code, on)) is not None and one.covers(on)]
    divided = {one.parent for one in living if one.level == "prefecture"}
    found = [one for one in living if one.level == "prefecture"]
    found += [one for one in living if one.level == "province" and one.code not in divided]
    found += [one for one in living if one.level == "county" and one.parent in divided and _is_province(one.parent)]
    return tuple(sorted(found, key=lambda one: one.code))


def _is_province(code: str) -> bool:
    return code.endswith("0000")


@lru_cache(maxsize=8192)
def place_code(code: str, on: date) -> str | None:
    """The place that a code, old or new, lies in on a day; None where the data do not tell."""
    known_places = {one.code for one in places(on)}
    for living in sorted(successors_of(code, on)) or (code[:4] + "00",):
        for one in reversed(path_of(living, on)):
            if one.code in known_places:
                return one.code
    return None


@lru_cache(maxsize=8)
def distances(on: date) -> FloatArray:
    """Great-circle distances in km between all places of a day, (places × places); the formula of `regions.distance_km`."""
    degrees = np.array([(one.latitude, one.longitude) for one in places(on)])
    phi, lam = np.radians(degrees).T
    half = np.sin((phi[:, None] - phi) / 2) ** 2
    half += np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    return np.asarray(2 * KM_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def counted(on: date, known_on: date, **wanted: Any) -> dict[tuple[int, int], dict[str, int]]:
    """For each (parameter, matrix) the number of capable institutions by the code of where they test; one query.

    `wanted` are lookups on scope lines, like matrix__field="food" or parameter=7. An institution counts once a place, entries
    found to be the same institution once.
    """
    certified = certified_on(on, known_on=known_on, path="institution")
    rows = (
        ScopeLine.objects.filter(holding(on), known(known_on), certified, status="active", **wanted)
        .order_by()
        .values_list("parameter", "matrix", "region_code")
        .annotate(n=Count(Coalesce("institution__merged_into", "institution"), distinct=True))
    )
    found: dict[tuple[int, int], dict[str, int]] = {}
    for parameter, matrix, code, n in rows:
        found.setdefault((parameter, matrix), {})[code] = n
    return found


def by_place(counts: Mapping[str, int], on: date) -> dict[str, int]:
    """Numbers by code folded into numbers by place."""
    folded: dict[str, int] = {}
    for code, n in counts.items():
        if (place := place_code(code, on)) is not None:
            folded[place] = folded.get(place, 0) + n
    return folded


def coverage(
    counts: Mapping[tuple[int, int], Mapping[str, int]], *, on: date, km: float, within: Sequence[str] = ()
) -> list[Coverage]:
    """Gaps and crowds of each item, for the places whose code begins with one of `within` (none: the whole country).

    Laboratories beyond the border count for those near it: the distance is what matters to a client.
    """
    where = places(on)
    position = {one.code: n for n, one in enumerate(where)}
    looked_at = [n for n, one in enumerate(where) if not within or one.code.startswith(tuple(within))]
    far = distances(on)[looked_at]
    folded = {item: by_place(codes, on) for item, codes in counts.items()}
    table = np.zeros((len(folded), len(where)))
    for row, numbers in zip(table, folded.values(), strict=True):
        for code, n in numbers.items():
            row[position[code]] = n
    reach = table @ (far <= km).T
    found = []
    for (item, numbers), row, near in zip(folded.items(), table, reach, strict=True):
        nearest = np.where(row > 0, far, np.inf).min(axis=1) if len(looked_at) else np.empty(0)
        found.append(
            Coverage(
                parameter_id=item[0], matrix_id=item[1], laboratories=int(row[looked_at].sum()),
                by_place=numbers,
                gaps=tuple(
                    (where[looked_at[i]], float(nearest[i]) if np.isfinite(nearest[i]) else None)
                    for i in np.flatnonzero(near == 0)
                ),
                most_within=int(near.max(initial=0)),
            )
        )  # fmt: skip
    return found
