"""Where what can be tested: which items have no capable laboratory within a distance, and which are crowded (整合资源).

"Capable" here is what the registers say of a day: an active scope line and a certificate, both covering it. Evidence is not
public and is not counted; it is asked about one laboratory at a time. What nobody tests is listed with the rest (`untested`):
it is the widest gap.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.catalogue.models import Parameter
from zhunsheng.registry.catalogue.queries import relatives
from zhunsheng.registry.institutions.queries.searching import certified_on
from zhunsheng.registry.regions import KM_RADIUS, Region, path_of, region, successors_of
from zhunsheng.registry.regions.shipped import timelines
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.substances.queries import items_listed

Pair = tuple[int, int]
"""The keys of a parameter and a matrix."""
FloatArray = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One item in one part of the country: who is where, and how far the nearest is."""

    parameter_id: int
    matrix_id: int | None
    """None: in no matrix, the parameter is tested nowhere"""
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


def counted(on: date, known_on: date, **wanted: Any) -> dict[Pair, dict[str, int]]:
    """For each (parameter, matrix) the number of capable institutions by the place where they test; two queries.

    `wanted` are lookups on scope lines, like matrix__field="food" or parameter=7. An institution counts once a place, whichever
    counties of it its sites lie in; entries found to be the same institution count once.
    """
    certified = certified_on(on, known_on=known_on, path="institution")
    lines = ScopeLine.objects.filter(holding(on), known(known_on), certified, status="active", **wanted).order_by()
    lines = lines.annotate(head=Coalesce("institution__merged_into", "institution"))
    found: dict[Pair, dict[str, int]] = {}
    for parameter, matrix, code, n in lines.values_list("parameter", "matrix", "region_code").annotate(
        n=Count("head", distinct=True)
    ):
        _add(found.setdefault((parameter, matrix), {}), place_code(code, on), n)
    for pair, place, n in _counted_again(lines, on):
        _add(found[pair], place, -n)
    return found


def _add(counts: dict[str, int], place: str | None, n: int) -> None:
    if place is not None:
        counts[place] = counts.get(place, 0) + n


def _counted_again(lines: QuerySet[Any], on: date) -> Iterator[tuple[Pair, str | None, int]]:
    """How often an institution was counted too much in a place: with sites in n of its codes n − 1 times; few have several."""
    scattered = lines.values("head").annotate(codes=Count("region_code", distinct=True)).filter(codes__gt=1)
    rows = lines.filter(head__in=scattered.values("head")).values_list("parameter", "matrix", "head", "region_code")
    codes = Counter(
        (parameter, matrix, head, place_code(code, on)) for parameter, matrix, head, code in rows.distinct()
    )
    for (parameter, matrix, _, place), n in codes.items():
        if n > 1:
            yield (parameter, matrix), place, n - 1


def untested(field: str, tested: Collection[Pair], *, known_on: date) -> list[tuple[int, int | None]]:
    """What nobody tests of a field, but the registers name: a constant number of queries.

    Items that a scope line known on the day ever named; substances of the national list with the foods it names, unless a
    wider or narrower food is tested; parameters of the catalogue that no line names at all (their matrix is None).
    """
    named = ScopeLine.objects.filter(known(known_on), matrix__field=field).order_by()
    gone = set(named.values_list("parameter", "matrix").distinct()) - set(tested)
    near = relatives()
    listed = {(p, m) for p, m in items_listed(field) if not any((p, other) in tested for other in near[m])} - gone
    somewhere = Exists(ScopeLine.objects.filter(known(known_on), parameter=OuterRef("pk")))
    nowhere = set(Parameter.objects.filter(~somewhere).order_by().values_list("pk", flat=True)) - {p for p, _ in listed}
    return [*sorted(gone | listed), *((key, None) for key in sorted(nowhere))]


def coverage(
    counts: Mapping[Pair, Mapping[str, int]], *, on: date, km: float, within: Sequence[str] = (),
    nobody: Sequence[tuple[int, int | None]] = (),
) -> list[Coverage]:  # fmt: skip
    """Gaps and crowds of each item, for the places whose code begins with one of `within` (none: the whole country).

    `nobody` are items without a laboratory anywhere: every place is a gap. Laboratories beyond the border count for those near
    it: the distance is what matters to a client.
    """
    where = places(on)
    position = {one.code: n for n, one in enumerate(where)}
    looked_at = [n for n, one in enumerate(where) if not within or one.code.startswith(tuple(within))]
    far = distances(on)[looked_at]
    table = np.zeros((len(counts), len(where)))
    for row, numbers in zip(table, counts.values(), strict=True):
        for code, n in numbers.items():
            row[position[code]] = n
    reach = table @ (far <= km).T
    found = []
    for (item, numbers), row, near in zip(counts.items(), table, reach, strict=True):
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
    everywhere = tuple((where[n], None) for n in looked_at)
    return found + [Coverage(p, m, laboratories=0, by_place={}, gaps=everywhere, most_within=0) for p, m in nobody]
