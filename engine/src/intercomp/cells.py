"""Cells: replicate results in groups (laboratories × replicates, items × replicates), one level or many at once.

Ragged lists become one NaN-padded array (levels, groups, replicates); written numbers are centred exactly, level by
level, before they become binary. Levels, groups and replicates are counted from 1 in messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_centred

Words = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Deviations (levels, groups, replicates), NaN where there is no result, from each level's `origins`."""

    deviations: FloatArray
    origins: FloatArray
    single: bool

    @property
    def present(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.deviations)

    def shaped(self, per_level: NDArray[Any]) -> Any:
        """The figure of the one level as a Python scalar (or its row of the table), or the array of all levels."""
        if not self.single:
            return per_level
        return per_level[0].item() if per_level.ndim == 1 else per_level[0]


def as_cells(x: Any, name: str = "cells", *, words: Words = ("level", "laboratory")) -> Cells:
    """Take cells as (groups × replicates) for one level or (levels × groups × replicates) for many.

    Arrays may hold NaN (or be masked) where a result is missing; lists may be ragged. InputError on anything that is
    not a number and on the wrong depth.
    """
    if isinstance(x, np.ma.MaskedArray):
        x = np.ma.filled(x.astype(np.float64), np.nan)
    if isinstance(x, np.ndarray) and x.dtype.kind in "iuf":
        return _from_array(x, name, words)
    nested = x.tolist() if isinstance(x, np.ndarray) else x
    depth = _depth(nested)
    if depth not in (2, 3):
        mend = f"give a list of replicates for each {words[1]}, or a list of those for each {words[0]}"
        raise InputError(name, f"lists {depth} deep", mend)
    return _from_lists([nested] if depth == 2 else nested, name, words, single=depth == 2)


def _from_array(x: NDArray[Any], name: str, words: Words) -> Cells:
    if x.ndim not in (2, 3) or x.size == 0:
        problem = "no result" if x.size == 0 else f"{x.ndim} dimensions"
        raise InputError(name, problem, f"give {words[1]}s × replicates, or {words[0]}s × {words[1]}s × replicates")
    values = x.astype(np.float64, copy=False)
    values = values if x.ndim == 3 else values[None]
    _refuse_infinities(values, name, words)
    # any value of the level serves as origin; taking one keeps spread far from zero exact
    origins = np.fmax.reduce(values, axis=(1, 2))
    origins = np.where(np.isnan(origins), 0.0, origins)
    return Cells(values - origins[:, None, None], origins, x.ndim == 2)


def _refuse_infinities(values: FloatArray, name: str, words: Words) -> None:
    if not np.isinf(values).any():
        return
    level, group, replicate = (int(i) + 1 for i in np.argwhere(np.isinf(values))[0])
    place = f"{name}, {words[0]} {level}, {words[1]} {group}"
    raise InputError(place, "an infinity is not a result", "leave it out or correct it", row=replicate)


def _depth(nested: Any) -> int:
    """Levels of nesting down to the first entry that is no list; empty lists count as one level."""
    if not isinstance(nested, (list, tuple, np.ndarray)):
        return 0
    return 1 + max((_depth(part) for part in nested), default=0)


def _from_lists(levels: Any, name: str, words: Words, *, single: bool) -> Cells:
    groups = max(len(level) for level in levels)
    replicates = max((len(_replicates(cell)) for level in levels for cell in level), default=0)
    if groups == 0 or replicates == 0:
        raise InputError(name, "no result", f"give at least two {words[1]}s with results")
    values = np.full((len(levels), groups, replicates), np.nan)
    origins = np.zeros(len(levels))
    for j, level in enumerate(levels):
        place = name if single else f"{name}, {words[0]} {j + 1}"
        origins[j] = _fill(values[j], level, place, words[1])
    return Cells(values, origins, single)


def _replicates(cell: Any) -> Any:
    return cell if isinstance(cell, (list, tuple, np.ndarray)) else [cell]


def _fill(table: FloatArray, level: Any, place: str, group: str) -> float:
    """Write one level's deviations into its padded table; the origin they are measured from."""
    where = [
        (i, r, value)
        for i, cell in enumerate(level)
        for r, value in enumerate(_replicates(cell))
        if not is_missing(value)
    ]
    if not where:
        return 0.0
    try:
        centred = as_centred([value for _, _, value in where], place)
    except InputError as error:
        if error.row is None:
            raise
        i, r, _ = where[error.row - 1]
        raise InputError(f"{place}, {group} {i + 1}", error.problem, error.mend, row=r + 1) from error
    table[[i for i, _, _ in where], [r for _, r, _ in where]] = centred.deviations
    return centred.origin


def is_missing(value: Any) -> bool:
    """None, NaN and empty text stand for a result that was not reported."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return isinstance(value, (float, Decimal, np.floating)) and bool(value != value)


def majority_of(n: NDArray[Any]) -> int:
    """The number of replicates most cells have, of those with two or more; of equally frequent ones the smallest.

    The tests that need one n for all cells take it (ISO 5725-2:1994, 7.3.3.2); the smallest is the cautious one.
    """
    values, counts = np.unique(n[n > 1], return_counts=True)
    return int(values[counts.argmax()]) if values.size else 0
