"""The decision chain of ISO 5725-2: which cells are outliers, told step by step as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.cells import Cells, as_cells, majority_of
from intercomp.inputs import FloatArray
from intercomp.precision.critical import mandel_h_critical, mandel_k_critical
from intercomp.precision.estimates import EDITION, LeftOut, Precision, estimate, leave_out, names
from intercomp.precision.levels import Levels, figures
from intercomp.precision.outliers import (
    OUTLIER,
    STRAGGLER,
    OutlierTest,
    Side,
    cochran_test,
    grubbs_double_test,
    grubbs_test,
    not_applicable,
)

_SIDES: tuple[Side, Side] = ("high", "low")


@dataclass(frozen=True, slots=True)
class Step:
    """One test of the chain at one level: the laboratories it pointed at, the test itself, and what was done."""

    level: str
    laboratories: tuple[str, ...]
    test: OutlierTest
    action: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A cell whose Mandel statistic exceeds its critical value (1 %: outlier-like, 5 %: straggler-like)."""

    level: str
    laboratory: str
    statistic: str
    value: float
    critical_5: float
    critical_1: float
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class Scrutiny:
    """The chain (`steps`), Mandel's flags on all data, precision `before` it and the `precision` it ends with."""

    steps: tuple[Step, ...]
    flags: tuple[Flag, ...]
    before: Precision
    precision: Precision
    left_out: tuple[LeftOut, ...]
    method: str = "Cochran, Grubbs single, Grubbs double; outliers (1 %) left out, stragglers (5 %) kept"
    edition: str = EDITION


def scrutinise(
    cells: Any,
    *,
    laboratories: Sequence[str] | None = None,
    levels: Sequence[str] | None = None,
    exclude: Mapping[str, Sequence[str]] | None = None,
    repeat_cochran: bool = True,
) -> Scrutiny:
    """Run the outlier tests of ISO 5725-2 level by level and estimate precision from the cells that stay.

    Per level: Cochran's test on the cell spreads (repeated after an outlier unless `repeat_cochran` is False), then
    Grubbs' single tests on the cell means, high and low, an outlier being left out before the other side is tested;
    only where neither finds one, the double tests. An outlier (beyond 1 %) is left out, a straggler (beyond 5 %)
    stays, marked. The statistician may overrule: call `precision` with `exclude`. cells, names and errors as there.
    ISO 5725-2:1994 (kept in 2019), 7.3.1 to 7.3.4.
    """
    taken = as_cells(cells)
    rows = names(levels, taken.deviations.shape[0], "levels")
    columns = names(laboratories, taken.deviations.shape[1], "laboratories")
    given = leave_out(taken, rows, columns, exclude or {})
    before = estimate(taken, given)
    kept = Cells(taken.deviations.copy(), taken.origins, taken.single)
    chain = [_Level(level, columns, table, repeat_cochran) for level, table in zip(rows, kept.deviations, strict=True)]
    steps = tuple(step for level in chain for step in level.steps())
    left_out = given + tuple(
        LeftOut(step.level, name, f"{step.test.test} at 1 %")
        for step in steps
        if step.action == "left out"
        for name in step.laboratories
    )
    flags = tuple(_mandel_flags(figures(taken.deviations), rows, columns))
    return Scrutiny(steps, flags, before, estimate(kept, left_out), left_out)


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """One level on its way through the chain; an outlier's cell is blanked in `table` (in place) when it is found."""

    name: str
    columns: list[str]
    table: FloatArray
    repeat_cochran: bool

    def steps(self) -> Iterator[Step]:
        again = True
        while again:
            step = self._taken(*_cochran(self.table))
            yield step
            again = self.repeat_cochran and step.action == "left out"
        singles = [self._taken(*_grubbs(self.table, side)) for side in self._farther_side_first()]
        yield from singles
        if all(step.action == "kept" for step in singles):
            yield from (self._taken(*_grubbs_double(self.table, side)) for side in _SIDES)

    def _farther_side_first(self) -> tuple[Side, Side]:
        high, low = (_grubbs(self.table, side)[1].statistic or 0.0 for side in _SIDES)
        return ("low", "high") if low > high else _SIDES

    def _taken(self, cells: NDArray[np.intp], test: OutlierTest) -> Step:
        pointed = cells[[row - 1 for row in test.rows]]
        out = test.verdict == "outlier"
        if out:
            self.table[pointed] = np.nan
        told = tuple(self.columns[i] for i in pointed)
        return Step(self.name, told, test, "left out" if out else "kept")


def _cochran(table: FloatArray) -> tuple[NDArray[np.intp], OutlierTest]:
    n = (~np.isnan(table)).sum(axis=1)
    cells = np.flatnonzero(n > 1)
    if not cells.size:
        return cells, not_applicable("cochran", 0, None, "no replicates")
    return cells, cochran_test(np.nanstd(table[cells], axis=1, ddof=1), majority_of(n))


def _means(table: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    cells = np.flatnonzero(~np.isnan(table).all(axis=1))
    return cells, np.nanmean(table[cells], axis=1)


def _grubbs(table: FloatArray, side: Side) -> tuple[NDArray[np.intp], OutlierTest]:
    cells, means = _means(table)
    if not cells.size:
        return cells, not_applicable(f"grubbs-{side}", 0, None, "no results")
    return cells, grubbs_test(means, side)


def _grubbs_double(table: FloatArray, side: Side) -> tuple[NDArray[np.intp], OutlierTest]:
    cells, means = _means(table)
    if not cells.size:
        return cells, not_applicable(f"grubbs-{side}-2", 0, None, "no results")
    return cells, grubbs_double_test(means, side)


def _mandel_flags(level: Levels, rows: list[str], columns: list[str]) -> Iterator[Flag]:
    for j, name in enumerate(rows):
        p, n = int(level.p[j]), level.n[j]
        if p > 2:
            limits = mandel_h_critical(p, STRAGGLER), mandel_h_critical(p, OUTLIER)
            yield from _flags(name, columns, "h", level.h[j], limits)
        if (q := int((n > 1).sum())) > 1:
            limits = mandel_k_critical(q, majority_of(n), STRAGGLER), mandel_k_critical(q, majority_of(n), OUTLIER)
            yield from _flags(name, columns, "k", level.k[j], limits)


def _flags(
    level: str, columns: list[str], statistic: str, values: FloatArray, limits: tuple[float, float]
) -> Iterator[Flag]:
    for i in np.flatnonzero(np.abs(values) > limits[0]):
        value = float(values[i])
        verdict = "outlier" if abs(value) > limits[1] else "straggler"
        yield Flag(level, columns[i], statistic, value, *limits, verdict)
