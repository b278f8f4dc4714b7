"""Stability of proficiency test items over a round, after transport, and of reference materials over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from intercomp.cells import Cells, as_cells
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast, as_scalar, as_values

_ITEM = ("measurand", "item")


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Two sets of items compared: floats for one measurand, arrays (measurands,) for many.

    mean_1, mean_2 with u_1, u_2 = s_x/√g (NaN for one item) · difference = |mean_1 - mean_2| · criterion = 0.3 σ_pt,
    stable · criterion_expanded = 0.3 σ_pt + 2√(u_1² + u_2²), stable_expanded, for use when the means are uncertain.
    """

    mean_1: Any
    mean_2: Any
    u_1: Any
    u_2: Any
    difference: Any
    criterion: Any
    stable: Any
    criterion_expanded: Any
    stable_expanded: Any
    verdict: Any
    method: str
    edition: str = "ISO 13528:2022"


def stability(homogeneity_items: Any, stability_items: Any, sigma_pt: Any) -> Stability:
    """Compare the items measured at the homogeneity check with items measured at the end of the round.

    Stable when |ȳ_1 - ȳ_2| ≤ 0.3 σ_pt. items: (items × replicates) or (measurands × items × replicates), ragged or
    NaN-padded; sigma_pt: one or (measurands,), same unit. Raises InputError on data that are no numbers, unequal
    numbers of measurands and σ_pt ≤ 0. ISO 13528:2022, B.5.
    """
    return _compare(homogeneity_items, stability_items, sigma_pt, ("homogeneity_items", "stability_items"), "stability")


def transport(held_items: Any, shipped_items: Any, sigma_pt: Any) -> Stability:
    """Compare items that stayed with items that travelled under the conditions of transport.

    Shapes, criterion and errors as in `stability`; mean_1 is that of the items held back. ISO 13528:2022, B.6.
    """
    return _compare(held_items, shipped_items, sigma_pt, ("held_items", "shipped_items"), "transport")


def _compare(first: Any, second: Any, sigma_pt: Any, arguments: tuple[str, str], method: str) -> Stability:
    a, b = (as_cells(x, name, words=_ITEM) for x, name in zip((first, second), arguments, strict=True))
    if len(a.origins) != len(b.origins):
        problem = f"{len(a.origins)} and {len(b.origins)} measurands"
        raise InputError(" and ".join(arguments), problem, "give both sets for the same measurands")
    limit = 0.3 * _sigma(sigma_pt, len(a.origins))
    (mean_1, u_1), (mean_2, u_2) = (_mean_of_items(*pair) for pair in zip((a, b), arguments, strict=True))
    # the common part of the origins goes first, so that two means far from zero keep their difference
    difference = np.abs((a.origins - b.origins) + (mean_1 - mean_2))
    expanded = limit + 2 * np.sqrt(u_1**2 + u_2**2)
    shaped = a.shaped
    return Stability(
        mean_1=shaped(mean_1 + a.origins),
        mean_2=shaped(mean_2 + b.origins),
        u_1=shaped(u_1),
        u_2=shaped(u_2),
        difference=shaped(difference),
        criterion=shaped(limit),
        stable=shaped(difference <= limit),
        criterion_expanded=shaped(expanded),
        stable_expanded=shaped(difference <= expanded),
        verdict=shaped(_verdict(difference, limit, expanded)),
        method=method,
    )


def _sigma(sigma_pt: Any, measurands: int) -> FloatArray:
    sigma = np.atleast_1d(as_broadcast(sigma_pt, "sigma_pt"))
    if sigma.shape not in ((1,), (measurands,)):
        raise InputError("sigma_pt", f"{sigma.size} values for {measurands} measurands", "give one, or one for each")
    if not np.all(sigma > 0):
        raise InputError("sigma_pt", "a standard deviation of zero or less", "give one greater than zero")
    return np.broadcast_to(sigma, measurands)


def _mean_of_items(cells: Cells, argument: str) -> tuple[FloatArray, FloatArray]:
    """Mean of the item means and its standard uncertainty s_x/√g, as deviations from the origins."""
    present = cells.present
    n = present.sum(axis=2)
    g = (n > 0).sum(axis=1)
    if (empty := np.flatnonzero(g == 0)).size:
        raise InputError(argument, "no result", "give at least one item", measurand=int(empty[0]) + 1)
    means = np.where(present, cells.deviations, 0.0).sum(axis=2) / np.maximum(n, 1)
    mean = means.sum(axis=1) / g
    squares = (np.where(n > 0, means - mean[:, None], 0.0) ** 2).sum(axis=1)
    return mean, np.sqrt(squares / np.where(g > 1, g - 1, np.nan) / g)


def _verdict(difference: FloatArray, limit: FloatArray, expanded: FloatArray) -> NDArray[np.str_]:
    cases = np.array([difference <= limit, difference <= expanded, np.ones(limit.shape, dtype=bool)])
    return np.array(["stable", "stable within the uncertainty of the means", "not stable"])[cases.argmax(axis=0)]


@dataclass(frozen=True, slots=True, eq=False)
class StabilityTrend:
    """Straight line through stability data: floats for one property, arrays (properties,) for many.

    slope, intercept with se_slope, se_intercept · s residual standard deviation with df = n - 2 · t = slope/se_slope
    and its two-sided p · significant at 5 % · u_lts = se_slope · t_cert, if t_cert was given.
    """

    n: Any
    slope: Any
    se_slope: Any
    intercept: Any
    se_intercept: Any
    s: Any
    df: Any
    t: Any
    p: Any
    significant: Any
    u_lts: Any
    status: Any
    method: str = "linear regression on time"
    edition: str = "ISO Guide 35:2017, B.3"


def stability_trend(times: Any, values: Any, *, t_cert: Any = None) -> StabilityTrend:
    """Trend of a reference material's property over time, and the uncertainty of its long-term stability.

    Least squares line; without a significant trend u_lts = s(b_1) · t_cert. times: (n,) in any unit; values: (n,), or
    (properties × n) with NaN where there is none; t_cert in the unit of times. Raises InputError on data that are no
    numbers, unequal lengths and fewer than three points. ISO Guide 35:2017, 8.7 and B.3.
    """
    t, y = as_values(times, "times", minimum=3), as_broadcast(values, "values")
    if y.shape[-1:] != t.shape or y.ndim > 2:
        raise InputError("times and values", f"{t.size} times for values of shape {y.shape}", "give one time per value")
    table = np.atleast_2d(y)
    _demand_points(t, table)
    horizon = None if t_cert is None else as_scalar(t_cert, "t_cert", positive=True)
    fit = _regress(t, table, horizon)
    return StabilityTrend(**{name: column[0].item() if y.ndim == 1 else column for name, column in fit.items()})


def _demand_points(t: FloatArray, table: FloatArray) -> None:
    for j, row in enumerate(~np.isnan(table)):
        if row.sum() < 3 or np.ptp(t[row]) == 0:
            raise InputError("values", "fewer than three points in time", "give more", measurand=j + 1)


def _regress(t: FloatArray, y: FloatArray, horizon: float | None) -> dict[str, Any]:
    present = ~np.isnan(y)
    n = present.sum(axis=1)
    origin = np.fmax.reduce(y, axis=1)
    centred_t = np.where(present, t - (np.where(present, t, 0.0).sum(axis=1) / n)[:, None], 0.0)
    mean_t = (np.where(present, t, 0.0).sum(axis=1)) / n
    shifted = np.where(present, y - origin[:, None], 0.0)
    mean_y = shifted.sum(axis=1) / n
    centred_y = np.where(present, shifted - mean_y[:, None], 0.0)
    sxx = (centred_t**2).sum(axis=1)
    slope = (centred_t * centred_y).sum(axis=1) / sxx
    residuals = centred_y - slope[:, None] * centred_t
    noise = 8 * np.finfo(np.float64).eps * np.abs(centred_y).max(axis=1)
    s = np.sqrt((residuals**2).sum(axis=1) / (n - 2)) * (np.abs(residuals).max(axis=1) > noise)
    se = s / np.sqrt(sxx)
    ratio = np.where(se > 0, slope / np.where(se > 0, se, 1.0), np.nan)
    p = 2 * scipy.stats.t.sf(np.abs(ratio), n - 2)
    return {
        "n": n,
        "slope": slope,
        "se_slope": se,
        "intercept": origin + mean_y - slope * mean_t,
        "se_intercept": s * np.sqrt(1 / n + mean_t**2 / sxx),
        "s": s,
        "df": n - 2,
        "t": ratio,
        "p": p,
        "significant": np.where(s > 0, p < 0.05, slope != 0),
        "u_lts": np.full(n.shape, np.nan) if horizon is None else se * horizon,
        "status": np.where(s > 0, "computed", "points on a line"),
    }
