"""The split-level experiment: two similar materials at each level instead of replicates (ISO 5725-5, clause 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.cells import as_cells
from intercomp.errors import InputError
from intercomp.inputs import FloatArray
from intercomp.precision.outliers import OutlierTest, grubbs_double_test, grubbs_test


@dataclass(frozen=True, slots=True, eq=False)
class SplitLevel:
    """Precision from split levels: floats for one level, arrays (levels,) or (levels, laboratories) for many.

    mean_difference D̄ and mean m of the cell averages · s_D, s_y their standard deviations · s_r = s_D/√2,
    s_R² = s_y² + s_r²/2, s_L² = s_R² - s_r² (0 if negative, `s_R` then equals s_r) · h_difference, h_average.
    """

    p: Any
    m: Any
    mean_difference: Any
    s_D: Any
    s_y: Any
    s_r: Any
    s_L: Any
    s_R: Any
    h_difference: FloatArray
    h_average: FloatArray
    outlier_tests: tuple[OutlierTest, ...] | tuple[tuple[OutlierTest, ...], ...]
    left_out: tuple[tuple[int, int], ...]
    method: str = "split level"
    edition: str = "ISO 5725-5:1998"


def split_level(pairs: Any) -> SplitLevel:
    """Repeatability and reproducibility from one result on each of two similar materials a and b.

    s_r = s_D/√2 with D = a - b; s_R² = s_y² + s_r²/2 with y = (a + b)/2, never below s_r². pairs: (laboratories × 2)
    of one level or (levels × laboratories × 2), in the unit of measurement; a pair with a gap takes no part and is
    listed in `left_out` as (level, laboratory), from 1. `outlier_tests`: Grubbs on D, then on y, high, low, double.
    Raises InputError on other shapes and fewer than three pairs. ISO 5725-5:1998, 4.1 to 4.6.
    """
    cells = as_cells(pairs, "pairs")
    x = cells.deviations
    if x.shape[2] != 2:
        raise InputError("pairs", f"{x.shape[2]} results to a laboratory", "give one on material a and one on b")
    whole = ~np.isnan(x).any(axis=2)
    _demand_three(whole.sum(axis=1))
    difference = np.where(whole, x[:, :, 0] - x[:, :, 1], np.nan)
    average = np.where(whole, (x[:, :, 0] + x[:, :, 1]) / 2, np.nan)
    # differences of decimal results that agree in print may not agree in binary: that is no spread
    noise = 8 * np.finfo(np.float64).eps * np.nanmax(np.abs(x), axis=(1, 2))
    middle = np.nanmean(difference, axis=1)[:, None]
    difference = np.where(np.abs(difference - middle) < noise[:, None], middle, difference)
    return _split_level(cells.shaped, cells.origins, difference, average)


def _demand_three(pairs: Any) -> None:
    if (short := np.flatnonzero(pairs < 3)).size:
        j = int(short[0])
        raise InputError(f"pairs, level {j + 1}", f"{pairs[j]} whole pairs", "give at least three")


def _split_level(shaped: Any, origins: FloatArray, difference: FloatArray, average: FloatArray) -> SplitLevel:
    s_d, s_y = (np.nanstd(values, axis=1, ddof=1) for values in (difference, average))
    s_r = s_d / np.sqrt(2)
    s_l = np.sqrt(np.maximum(0.0, s_y**2 - s_r**2 / 2))
    tests = tuple(_tests(d, y) for d, y in zip(difference, average, strict=True))
    gaps = np.argwhere(np.isnan(difference)) + 1
    return SplitLevel(
        p=shaped((~np.isnan(difference)).sum(axis=1)),
        m=shaped(np.nanmean(average, axis=1) + origins),
        mean_difference=shaped(np.nanmean(difference, axis=1)),
        s_D=shaped(s_d),
        s_y=shaped(s_y),
        s_r=shaped(s_r),
        s_L=shaped(s_l),
        s_R=shaped(np.sqrt(s_r**2 + s_l**2)),
        h_difference=shaped(_h(difference, s_d)),
        h_average=shaped(_h(average, s_y)),
        outlier_tests=tests if len(tests) > 1 else tests[0],
        left_out=tuple((int(level), int(laboratory)) for level, laboratory in gaps),
    )


def _h(values: FloatArray, sd: FloatArray) -> FloatArray:
    """Consistency statistic (4.5); NaN where all laboratories agree."""
    return (values - np.nanmean(values, axis=1)[:, None]) / np.where(sd > 0, sd, np.nan)[:, None]


def _tests(difference: FloatArray, average: FloatArray) -> tuple[OutlierTest, ...]:
    found = []
    for values in (difference, average):
        kept = values[~np.isnan(values)]
        found += [grubbs_test(kept, "high"), grubbs_test(kept, "low")]
        found += [grubbs_double_test(kept, "high"), grubbs_double_test(kept, "low")]
    return tuple(found)
