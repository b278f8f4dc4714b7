"""Repeatability and reproducibility of a measurement method from a precision experiment (ISO 5725-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.cells import Cells, as_cells
from intercomp.errors import InputError
from intercomp.inputs import FloatArray
from intercomp.precision.levels import figures

EDITION = "ISO 5725-2:2019"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell that did not take part, and why: the analyst's word or the name of the test that found it."""

    level: str
    laboratory: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """Precision of a method, level by level: floats for one level, arrays (levels,) or (levels, laboratories) for many.

    p laboratories, n results · m general mean · s_r, s_L, s_R repeatability, between-laboratory and reproducibility
    standard deviation · s_xbar standard deviation of the cell means · h, k Mandel's statistics, cell by cell ·
    cochran_C, grubbs_high, grubbs_low single-outlier statistics · grubbs_high_2, grubbs_low_2 ratios of the double
    test. A figure that cannot be computed is NaN and `status` says why.
    """

    p: Any
    n: Any
    m: Any
    s_r: Any
    s_L: Any
    s_R: Any
    s_xbar: Any
    cell_n: NDArray[np.int64]
    cell_means: FloatArray
    cell_sds: FloatArray
    h: FloatArray
    k: FloatArray
    cochran_C: Any
    grubbs_high: Any
    grubbs_low: Any
    grubbs_high_2: Any
    grubbs_low_2: Any
    status: Any
    left_out: tuple[LeftOut, ...] = ()
    method: str = "one-way analysis of variance by level"
    edition: str = EDITION

    @property
    def r(self) -> Any:
        """Repeatability limit, 2.8 s_r (ISO 5725-6:1994, 4.1.4)."""
        return 2.8 * self.s_r

    @property
    def R(self) -> Any:
        """Reproducibility limit, 2.8 s_R (ISO 5725-6:1994, 4.1.4)."""
        return 2.8 * self.s_R


def precision(
    cells: Any,
    *,
    laboratories: Sequence[str] | None = None,
    levels: Sequence[str] | None = None,
    exclude: Mapping[str, Sequence[str]] | None = None,
) -> Precision:
    """Repeatability and reproducibility standard deviations of a method, with the consistency statistics.

    s_r² = Σ(n_i - 1)s_i² / Σ(n_i - 1), s_L² = max(0, (s_d² - s_r²)/n̄), s_R² = s_r² + s_L² ≥ s_r², with
    s_d² = Σ n_i(ȳ_i - m)²/(p - 1) and n̄ = (N - Σ n_i²/N)/(p - 1); h and k of Mandel, C of Cochran, Grubbs' statistics.
    cells: (laboratories × replicates) of one level or (levels × laboratories × replicates), ragged lists or NaN-padded
    arrays, in the unit of measurement. `exclude` names the laboratories to leave out of each level ("1", "2", … unless
    `laboratories` and `levels` give names). No critical values: see `scrutinise`. Raises InputError on data that are
    no numbers and on unknown names. ISO 5725-2:1994 (kept in 2019), 7.3.1 to 7.4.5.
    """
    taken = as_cells(cells)
    if exclude is None and laboratories is None and levels is None:
        return estimate(taken)
    levels_told = names(levels, taken.deviations.shape[0], "levels")
    laboratories_told = names(laboratories, taken.deviations.shape[1], "laboratories")
    return estimate(taken, leave_out(taken, levels_told, laboratories_told, exclude or {}))


def leave_out(
    cells: Cells, levels: list[str], laboratories: list[str], exclude: Mapping[str, Sequence[str]]
) -> tuple[LeftOut, ...]:
    """Blank the named cells (in place) and say so."""
    told = []
    for level, outs in exclude.items():
        for laboratory in outs:
            place = position(levels, str(level), "exclude"), position(laboratories, str(laboratory), "exclude")
            cells.deviations[place] = np.nan
            told.append(LeftOut(str(level), str(laboratory), "excluded by the analyst"))
    return tuple(told)


def names(given: Sequence[str] | None, count: int, argument: str) -> list[str]:
    """The names given, or "1", "2", …; InputError unless there is one for each."""
    if given is None:
        return [str(i + 1) for i in range(count)]
    if len(given) != count or len(set(map(str, given))) != count:
        raise InputError(argument, f"{len(set(given))} different names for {count}", "give one different name for each")
    return [str(name) for name in given]


def position(known: list[str], name: str, argument: str) -> int:
    if name not in known:
        raise InputError(argument, f"{name!r} is not among {', '.join(known)}", "name one of them")
    return known.index(name)


def estimate(cells: Cells, left_out: tuple[LeftOut, ...] = ()) -> Precision:
    """The figures of `precision` from cells already taken in."""
    level, shaped = figures(cells.deviations), cells.shaped
    (high, low), (high_2, low_2) = level.extremes
    return Precision(
        p=shaped(level.p.astype(np.int64)),
        n=shaped(level.total.astype(np.int64)),
        m=shaped(level.m + cells.origins),
        s_r=shaped(level.s_r),
        s_L=shaped(level.s_l),
        s_R=shaped(np.sqrt(level.s_r * level.s_r + level.s_l * level.s_l)),
        s_xbar=shaped(level.s_xbar),
        cell_n=shaped(level.n.astype(np.int64)),
        cell_means=shaped(level.means + cells.origins[:, None]),
        cell_sds=shaped(np.sqrt(level.variances)),
        h=shaped(level.h),
        k=shaped(level.k),
        cochran_C=shaped(level.cochran),
        grubbs_high=shaped(high),
        grubbs_low=shaped(low),
        grubbs_high_2=shaped(high_2),
        grubbs_low_2=shaped(low_2),
        status=shaped(level.status),
        left_out=left_out,
    )
