"""Precision by robust methods, where outliers are drawn in instead of being tested and left out (ISO 5725-5, clause 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.algorithm_s import algorithm_s
from intercomp.cells import as_cells
from intercomp.errors import InputError
from intercomp.precision.levels import figures
from intercomp.robust import algorithm_a


@dataclass(frozen=True, slots=True, eq=False)
class RobustPrecision:
    """Robust precision: floats for one level, arrays (levels,) for many.

    m and s_x by Algorithm A on the cell means, s_r by Algorithm S on the cell standard deviations · s_L² = s_x² -
    s_r²/n (0 if negative), s_R² = s_r² + s_L² · status_m, status_s_r how the two algorithms ended.
    """

    p: Any
    n: int
    m: Any
    s_x: Any
    s_r: Any
    s_L: Any
    s_R: Any
    status_m: Any
    status_s_r: Any
    method: str = "algorithms A and S"
    edition: str = "ISO 5725-5:1998; ISO 13528:2022"


def robust_precision(cells: Any) -> RobustPrecision:
    """Repeatability and reproducibility that a few outlying laboratories cannot spoil; nothing is left out.

    cells: (laboratories × n) of one level or (levels × laboratories × n), every laboratory present with n ≥ 2
    replicates, in the unit of measurement; an absent laboratory may be NaN throughout. Raises InputError on unequal
    numbers of replicates. ISO 5725-5:1998, clause 6.
    """
    taken = as_cells(cells)
    level, width = figures(taken.deviations), taken.deviations.shape[2]
    if width < 2 or np.any((level.n > 0) & (level.n < width)):
        raise InputError("cells", "unequal numbers of replicates", "give n ≥ 2 to each laboratory, or use `precision`")
    location = algorithm_a(level.means)
    scale = algorithm_s(np.sqrt(level.variances), nu=width - 1)
    s_l = np.sqrt(np.maximum(0.0, location.sd**2 - scale.sd**2 / width))
    shaped = taken.shaped
    return RobustPrecision(
        p=shaped(level.p.astype(np.int64)),
        n=width,
        m=shaped(location.mean + taken.origins),
        s_x=shaped(location.sd),
        s_r=shaped(scale.sd),
        s_L=shaped(s_l),
        s_R=shaped(np.sqrt(scale.sd**2 + s_l**2)),
        status_m=shaped(location.status),
        status_s_r=shaped(scale.status),
    )
