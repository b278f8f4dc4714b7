"""Homogeneity of proficiency test items (ISO 13528, annex B) and of reference material units (ISO Guide 35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from intercomp.anova import Anova, analyse
from intercomp.cells import Cells, as_cells, majority_of
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast

_ITEM = ("measurand", "item")
_TABLE_B1 = {
    7: (2.10, 1.43), 8: (2.01, 1.25), 9: (1.94, 1.11), 10: (1.88, 1.01), 11: (1.83, 0.93), 12: (1.79, 0.86),
    13: (1.75, 0.80), 14: (1.72, 0.75), 15: (1.69, 0.71), 16: (1.67, 0.68), 17: (1.64, 0.64), 18: (1.62, 0.62),
    19: (1.60, 0.59), 20: (1.59, 0.57),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Homogeneity:
    """Homogeneity of g items: floats for one measurand, arrays (measurands,) for many.

    s_x sd of item means, s_w within items, s_s between items · f, f_crit (5 %), p of the analysis of variance ·
    cochran_C with its 5 % and 1 % critical values and the item (from 1) it points at · limit = 0.3 σ_pt, sufficient ·
    c of the expanded criterion, sqrt_c, sufficient_expanded · sigma_pt_expanded = √(σ_pt² + s_s²), for use when the
    items are not sufficient (B.3) · verdict in words. Without σ_pt the criteria are NaN and the verdict "no criterion".
    """

    g: Any
    m: Any
    mean: Any
    s_x: Any
    s_w: Any
    s_s: Any
    f: Any
    f_crit: Any
    p: Any
    cochran_C: Any
    cochran_critical_5: Any
    cochran_critical_1: Any
    cochran_item: Any
    sigma_pt: Any
    limit: Any
    sufficient: Any
    factor_1: Any
    factor_2: Any
    c: Any
    sqrt_c: Any
    sufficient_expanded: Any
    sigma_pt_expanded: Any
    verdict: Any
    status: Any
    left_out: tuple[tuple[int, str], ...]
    method: str
    edition: str = "ISO 13528:2022"


def homogeneity(
    items: Any,
    sigma_pt: Any = None,
    *,
    factors: Literal["exact", "printed"] = "exact",
    leave_out: Sequence[int] = (),
) -> Homogeneity:
    """Assess the homogeneity of proficiency test items from replicate measurements of g of them.

    s_s² = max(0, (MS_between - MS_within)/m); sufficient when s_s ≤ 0.3 σ_pt, by the expanded criterion when s_s ≤ √c,
    c = F1 (0.3 σ_pt)² + F2 s_w², F1 = χ²_0.95(g-1)/(g-1), F2 = (F_0.95(g-1, g(m-1)) - 1)/m. items: (items ×
    replicates) or (measurands × items × replicates), ragged or NaN-padded; sigma_pt: one or (measurands,), same unit.
    `factors="printed"` takes F1, F2 as rounded in Table B.1 (m = 2, g 7 to 20). Look at cochran_C first: an item whose
    replicates disagree may be named in `leave_out` (from 1) if a cause was found; it is then listed in `left_out`.
    Raises InputError on data that are no numbers, σ_pt ≤ 0, and fewer than two items or replicates.
    ISO 13528:2022, B.2 and B.3.
    """
    cells = as_cells(items, "items", words=_ITEM)
    left_out = _left_out(cells, leave_out)
    table = analyse(Cells(cells.deviations, cells.origins, single=False))
    _demand_design(table)
    sigma = _as_sigma(sigma_pt, len(cells.origins))
    return _homogeneity(cells, table, sigma, factors, left_out)


def _left_out(cells: Cells, leave_out: Sequence[int]) -> tuple[tuple[int, str], ...]:
    for item in leave_out:
        if not 1 <= item <= cells.deviations.shape[1]:
            raise InputError("leave_out", f"there is no item {item}", f"name items 1 to {cells.deviations.shape[1]}")
        cells.deviations[:, item - 1] = np.nan
    return tuple((item, "left out by the analyst") for item in leave_out)


def _demand_design(table: Anova) -> None:
    for j, (g, df) in enumerate(zip(table.g, table.df_within, strict=True)):
        if g < 2 or df < 1:
            problem = "fewer than two items" if g < 2 else "no item was measured twice"
            raise InputError("items", problem, "give at least two items with two replicates each", measurand=j + 1)


def _as_sigma(sigma_pt: Any, measurands: int) -> FloatArray:
    if sigma_pt is None:
        return np.full(measurands, np.nan)
    sigma = np.atleast_1d(as_broadcast(sigma_pt, "sigma_pt"))
    if sigma.shape not in ((1,), (measurands,)):
        raise InputError("sigma_pt", f"{sigma.size} values for {measurands} measurands", "give one, or one for each")
    if (bad := np.flatnonzero(~(sigma > 0))).size:
        raise InputError("sigma_pt", f"{sigma[bad[0]]:g} is no standard deviation", "give one greater than zero")
    return np.broadcast_to(sigma, measurands)


def _homogeneity(
    cells: Cells, table: Anova, sigma: FloatArray, factors: str, left_out: tuple[tuple[int, str], ...]
) -> Homogeneity:
    shaped, m = cells.shaped, table.n_typical
    s_s = np.sqrt(np.maximum(0.0, (table.ms_between - table.ms_within) / m))
    factor_1, factor_2 = _factors(table.g, m, table.df_within, factors)
    c = factor_1 * (0.3 * sigma) ** 2 + factor_2 * table.ms_within
    cochran = _cochran(cells.deviations)
    return Homogeneity(
        g=shaped(table.g),
        m=shaped(m),
        mean=shaped(table.mean),
        s_x=shaped(np.nanstd(table.group_means - cells.origins[:, None], axis=1, ddof=1)),
        s_w=shaped(table.s),
        s_s=shaped(s_s),
        f=shaped(table.f),
        f_crit=shaped(np.asarray(scipy.stats.f.isf(0.05, table.df_between, table.df_within))),
        p=shaped(table.p),
        cochran_C=shaped(cochran[0]),
        cochran_critical_5=shaped(cochran[1]),
        cochran_critical_1=shaped(cochran[2]),
        cochran_item=shaped(cochran[3]),
        sigma_pt=shaped(sigma),
        limit=shaped(0.3 * sigma),
        sufficient=shaped(s_s <= 0.3 * sigma),
        factor_1=shaped(factor_1),
        factor_2=shaped(factor_2),
        c=shaped(c),
        sqrt_c=shaped(np.sqrt(c)),
        sufficient_expanded=shaped(s_s <= np.sqrt(c)),
        sigma_pt_expanded=shaped(np.sqrt(sigma**2 + s_s**2)),
        verdict=shaped(_verdict(s_s, sigma, c)),
        status=shaped(table.status),
        left_out=left_out,
        method=f"analysis of variance, {factors} factors",
    )


def _verdict(s_s: FloatArray, sigma: FloatArray, c: FloatArray) -> NDArray[np.str_]:
    cases = np.array([np.isnan(sigma), s_s <= 0.3 * sigma, s_s <= np.sqrt(c), np.ones(s_s.shape, dtype=bool)])
    told = np.array(["no criterion", "sufficient", "sufficient by the expanded criterion", "not sufficient"])
    return told[cases.argmax(axis=0)]


def homogeneity_factors(g: Any, m: Any = 2) -> tuple[FloatArray, FloatArray]:
    """Factors F1 and F2 of the expanded criterion for g items of m replicates, arrays of the shape of g.

    F1 = χ²_0.95(g-1)/(g-1), F2 = (F_0.95(g-1, g(m-1)) - 1)/m. Raises InputError for g < 2 or m < 2.
    ISO 13528:2022, B.2.3, Table B.1 (there m = 2).
    """
    g, m = np.asarray(g, dtype=np.float64), np.asarray(m, dtype=np.float64)
    if np.any(g < 2) or np.any(m < 2):
        raise InputError("g and m", "fewer than two items or replicates", "give at least two of each")
    return _factors(g, m, g * (m - 1), "exact")


def _factors(g: Any, m: Any, df_within: Any, factors: str) -> tuple[FloatArray, FloatArray]:
    if factors not in ("exact", "printed"):
        raise InputError("factors", f"{factors!r} is unknown", 'give "exact" or "printed"')
    if factors == "exact":
        return scipy.stats.chi2.isf(0.05, g - 1) / (g - 1), (scipy.stats.f.isf(0.05, g - 1, df_within) - 1) / m
    if any(int(items) not in _TABLE_B1 for items in g) or np.any(m != 2):
        raise InputError("factors", "Table B.1 has g from 7 to 20 and m = 2 only", 'give factors="exact"')
    printed = np.array([_TABLE_B1[int(items)] for items in g])
    return printed[:, 0], printed[:, 1]


def _cochran(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.int64]]:
    """C, its 5 % and 1 % critical values for the majority's number of replicates, and the item with the largest s."""
    n = (~np.isnan(x)).sum(axis=2)
    squares = np.nan_to_num(x - np.nanmean(np.where(n[:, :, None] > 0, x, 0.0), axis=2)[:, :, None])
    variances = (squares**2).sum(axis=2) / np.maximum(n - 1, 1)
    total, p = variances.sum(axis=1), (n > 1).sum(axis=1)
    majority = np.array([majority_of(row) for row in n])
    with np.errstate(invalid="ignore", divide="ignore"):
        c = np.where(total > 0, variances.max(axis=1) / total, np.nan)
        limits = [
            1 / (1 + (p - 1) / scipy.stats.f.isf(alpha / p, majority - 1, (p - 1) * (majority - 1)))
            for alpha in (0.05, 0.01)
        ]
    return c, limits[0], limits[1], variances.argmax(axis=1) + 1


@dataclass(frozen=True, slots=True, eq=False)
class HomogeneityGuide35:
    """Between-unit variation of a reference material: floats for one property, arrays (properties,) for many.

    ms_between, ms_within, f, p · s_bb = √max(0, (MS_b - MS_w)/n) · u_bb_star, the inhomogeneity that the method's
    repeatability could hide · u_hom, the larger of the two · s_wb = √MS_within.
    """

    g: Any
    n: Any
    mean: Any
    ms_between: Any
    ms_within: Any
    f: Any
    p: Any
    s_wb: Any
    s_bb: Any
    u_bb_star: Any
    u_hom: Any
    status: Any
    method: str = "one-way analysis of variance"
    edition: str = "ISO Guide 35:2017, 7.7"


def homogeneity_guide35(units: Any) -> HomogeneityGuide35:
    """Standard deviation between units of a reference material, and what its homogeneity study could have missed.

    s_bb² = max(0, (MS_between - MS_within)/n), u*_bb = √(MS_within/n) (2/ν_within)^(1/4). units: (units × replicates)
    or (properties × units × replicates), ragged or NaN-padded. Raises InputError on data that are no numbers and fewer
    than two units or replicates. ISO Guide 35:2017, 7.7; Linsinger et al., Accred. Qual. Assur. 6 (2001) 20.
    """
    cells = as_cells(units, "units", words=("property", "unit"))
    table, shaped = analyse(Cells(cells.deviations, cells.origins, single=False)), cells.shaped
    _demand_design(table)
    s_bb = np.sqrt(np.maximum(0.0, (table.ms_between - table.ms_within) / table.n_typical))
    hidden = np.sqrt(table.ms_within / table.n_typical) * (2 / table.df_within) ** 0.25
    return HomogeneityGuide35(
        g=shaped(table.g),
        n=shaped(table.n_typical),
        mean=shaped(table.mean),
        ms_between=shaped(table.ms_between),
        ms_within=shaped(table.ms_within),
        f=shaped(table.f),
        p=shaped(table.p),
        s_wb=shaped(table.s),
        s_bb=shaped(s_bb),
        u_bb_star=shaped(hidden),
        u_hom=shaped(np.maximum(s_bb, hidden)),
        status=shaped(table.status),
    )
