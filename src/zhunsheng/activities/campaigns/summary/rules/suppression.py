"""Small counts: what of several tables may be shown so that nobody can compute a count that singles somebody out; pure.

A count from 1 to k − 1 institutions is shown as "<k" (primary suppression). A count that, with the sums that are shown, would give
such a one away is withheld as well (secondary suppression), the smallest first, until bounds drawn from every sum leave each small
count at least two values. The reader is taken to know these rules: what is withheld is known to be at least k. Source of the terms:
A. Hundepool et al., Statistical Disclosure Control (Wiley 2012), chapter 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

FEW, WITHHELD = "few", "withheld"
Shown = int | str
"""A count, `FEW` or `WITHHELD`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, and of how many institutions it tells: the same where institutions are counted."""

    value: int
    units: int
    told: bool = True
    """False: stands in no table, as how many did not; it must not be computable all the same"""
    headline: bool = False
    """withheld only where nothing else protects what must be"""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total that is the sum of its parts, as everybody knows."""

    total: str
    parts: tuple[str, ...]


Bounds = dict[str, tuple[float, float]]


def suppressed(cells: Mapping[str, Cell], sums: Sequence[Sum], below: int) -> dict[str, Shown]:
    """Each told count as it may be shown."""
    primary = {key for key, cell in cells.items() if 0 < cell.units < below}
    hidden, stuck = set(primary), set[str]()
    while exposed := sorted((single := _exposed(cells, sums, hidden, below)) & primary - stuck):
        if (also := _next_to_hide(exposed[0], single, cells, sums, hidden)) is None:
            stuck.add(exposed[0])
        else:
            hidden.add(also)
    return {key: _shown(cell, below) if key in hidden else cell.value for key, cell in cells.items() if cell.told}


def _shown(cell: Cell, below: int) -> Shown:
    return FEW if 0 < cell.value < below else WITHHELD


def _exposed(cells: Mapping[str, Cell], sums: Sequence[Sum], hidden: set[str], below: int) -> set[str]:
    """Whatever is not shown and the sums leave one value."""
    bounds = _tightened(cells, sums, hidden, below)
    return {key for key, cell in cells.items() if (key in hidden or not cell.told) and bounds[key][0] == bounds[key][1]}


def _next_to_hide(
    key: str, single: set[str], cells: Mapping[str, Cell], sums: Sequence[Sum], hidden: set[str]
) -> str | None:
    """What is shown in a sum with it, or with what else could be computed there and so leads to it; None where nothing is."""
    reached, todo = {key}, [key]
    while todo:
        here = todo.pop(0)
        near = {each for one in sums if here in (one.total, *one.parts) for each in (one.total, *one.parts)} - reached
        if shown := [each for each in near if each not in hidden and cells[each].told and cells[each].value]:
            return min(shown, key=lambda each: _dearness(each, here, cells, sums))
        reached |= near
        todo += sorted(near & single)
    return None


def _dearness(key: str, beside: str, cells: Mapping[str, Cell], sums: Sequence[Sum]) -> tuple[bool, bool, int, str]:
    """What is hidden first: what nobody comes for, a part rather than a total, the smallest."""
    is_total = any(one.total == key and beside in one.parts for one in sums)
    return cells[key].headline, is_total, cells[key].value, key


def _tightened(cells: Mapping[str, Cell], sums: Sequence[Sum], hidden: set[str], below: int) -> Bounds:
    """What a reader can say of every count: from, to; drawn from the sums until nothing narrows any more."""
    bounds = {
        key: _known(cell, below) if key in hidden or not cell.told else (cell.value, cell.value) for key, cell in cells.items()
    }  # fmt: skip
    open_sums = [one for one in sums if any(bounds[key][0] < bounds[key][1] for key in (one.total, *one.parts))]
    narrowed = True
    while narrowed:
        narrowed = sum(_narrow(one, bounds) for one in open_sums) > 0
    return bounds


def _known(cell: Cell, below: int) -> tuple[float, float]:
    """What the mark says before anything is computed; of what stands in no table nothing."""
    if not cell.told or not cell.value:
        return 0, inf
    return (1, below - 1) if cell.value < below else (below, inf)


def _narrow(one: Sum, bounds: Bounds) -> bool:
    """Narrow what one sum says of its members; whether it did."""
    low, high = sum(bounds[key][0] for key in one.parts), sum(bounds[key][1] for key in one.parts)
    changed = _within(bounds, one.total, low, high)
    total = bounds[one.total]
    for key in one.parts:
        mine = bounds[key]
        others = low - mine[0], sum(bounds[other][1] for other in one.parts if other != key)
        changed |= _within(bounds, key, total[0] - others[1], total[1] - others[0])
        low += bounds[key][0] - mine[0]
    return changed


def _within(bounds: Bounds, key: str, low: float, high: float) -> bool:
    before = bounds[key]
    bounds[key] = max(before[0], low), min(before[1], high)
    return bounds[key] != before
