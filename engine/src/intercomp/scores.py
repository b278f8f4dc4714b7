"""Performance scores and their signals (ISO 13528:2022, clause 9).

Scores work result by result on any shape. Beside a 2-D table of results (one row a measurand) a 1-D x_pt, σ_pt or
u(x_pt) holds one value per measurand. NaN in a table of results, or in the uncertainties of the laboratories, means
that there is none: the score is NaN there and its signal is empty.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast, exact_difference

WARNING_ABOVE, ACTION_FROM = 2.0, 3.0
NEGLIGIBLE_SHARE = 0.3
ON_THE_BOUNDARY = 1e-9  # binary rounding of decimal results must not turn a score of 2.0 into a warning signal


def z(x: Any, x_pt: Any, sigma_pt: Any) -> FloatArray:
    """z score, (x − x_pt)/σ_pt (ISO 13528:2022, 9.4.1).

    x results, x_pt and sigma_pt (> 0) in one unit, shapes as the module says → same shape as x, dimensionless.
    """
    results = as_broadcast(x, "x")
    return _difference(x, x_pt, results) / _beside(sigma_pt, "sigma_pt", results, positive=True)


def z_prime(x: Any, x_pt: Any, sigma_pt: Any, u_xpt: Any) -> FloatArray:
    """z′ score, (x − x_pt)/√(σ_pt² + u²(x_pt)), for u(x_pt) that is not negligible (ISO 13528:2022, 9.5.1).

    x, x_pt, sigma_pt (> 0), u_xpt (≥ 0) in one unit, shapes as the module says → same shape as x.
    """
    results = as_broadcast(x, "x")
    spread = np.hypot(
        _beside(sigma_pt, "sigma_pt", results, positive=True), _beside(u_xpt, "u_xpt", results, zero=True)
    )
    return _difference(x, x_pt, results) / spread


def zeta(x: Any, u: Any, x_pt: Any, u_xpt: Any) -> FloatArray:
    """ζ score, (x − x_pt)/√(u²(x) + u²(x_pt)), with standard uncertainties (ISO 13528:2022, 9.6.1).

    x, x_pt and u (> 0, NaN or None where a laboratory gave none), u_xpt (≥ 0) in one unit → same shape as x.
    """
    results = as_broadcast(x, "x")
    spread = np.hypot(_given(u, "u", results), _beside(u_xpt, "u_xpt", results, zero=True))
    return _difference(x, x_pt, results) / spread


def e_n(x: Any, U: Any, x_pt: Any, U_xpt: Any) -> FloatArray:
    """E_n score, (x − x_pt)/√(U²(x) + U²(x_pt)), with expanded uncertainties, 95 %, k = 2 (ISO 13528:2022, 9.7.1).

    x, x_pt and U (> 0, NaN or None where a laboratory gave none), U_xpt (≥ 0) in one unit → same shape as x.
    |E_n| < 1 agrees.
    """
    results = as_broadcast(x, "x")
    spread = np.hypot(_given(U, "U", results), _beside(U_xpt, "U_xpt", results, zero=True))
    return _difference(x, x_pt, results) / spread


def signals(score: Any) -> NDArray[np.str_]:
    """ "acceptable" for |score| ≤ 2, "warning" between 2 and 3, "action" for |score| ≥ 3 (ISO 13528:2022, 9.4.2).

    score  z, z′ or ζ, any shape → same shape; "" where the score is NaN. Both boundaries are taken with a tolerance
    of 1e-9, since binary arithmetic cannot keep a quotient of decimal results exactly at 2.
    """
    size = np.abs(np.asarray(score, dtype=np.float64))
    conditions = [size <= WARNING_ABOVE + ON_THE_BOUNDARY, size >= ACTION_FROM - ON_THE_BOUNDARY, ~np.isnan(size)]
    return np.select(conditions, ["acceptable", "action", "warning"], default="")


def u_is_negligible(u_xpt: Any, sigma_pt: Any) -> Any:
    """Whether u(x_pt) < 0.3 σ_pt, so that z may be used instead of z′ (ISO 13528:2022, 9.2.1, formula (10)).

    Both in one unit → bool, or an array of them for arrays.
    """
    u, sigma = as_broadcast(u_xpt, "u_xpt"), as_broadcast(sigma_pt, "sigma_pt")
    negligible = u < NEGLIGIBLE_SHARE * sigma
    return bool(negligible) if negligible.ndim == 0 else negligible


def score_for(u_xpt: Any, sigma_pt: Any) -> Any:
    """Which score the round calls for: "z" while u(x_pt) < 0.3 σ_pt, else "z_prime" (ISO 13528:2022, 9.2.1, 9.5.1).

    Both in one unit → str, or an array of them for arrays.
    """
    negligible = u_is_negligible(u_xpt, sigma_pt)
    chosen = np.where(negligible, "z", "z_prime")
    return str(chosen) if chosen.ndim == 0 else chosen


def deviation(x: Any, x_pt: Any) -> FloatArray:
    """Difference D = x − x_pt in the unit of the results (ISO 13528:2022, 9.3.1); shapes as the module says."""
    results = as_broadcast(x, "x")
    return _difference(x, x_pt, results)


def deviation_percent(x: Any, x_pt: Any) -> FloatArray:
    """Relative difference D% = 100 (x − x_pt)/x_pt (ISO 13528:2022, 9.3.2); InputError on x_pt = 0."""
    results = as_broadcast(x, "x")
    reference = _beside(x_pt, "x_pt", results)
    if np.any(reference == 0):
        raise InputError("x_pt", "zero has no per cent", "use D or a score")
    return 100.0 * _difference(x, x_pt, results) / reference


def p_a(x: Any, x_pt: Any, allowed_error: Any) -> FloatArray:
    """Difference in per cent of the allowed error, P_A = 100 (x − x_pt)/δ_E (ISO 13528:2022, 9.3.6).

    x, x_pt, allowed_error δ_E > 0 in one unit, shapes as the module says; |P_A| ≤ 100 is within what is allowed.
    """
    results = as_broadcast(x, "x")
    return 100.0 * _difference(x, x_pt, results) / _beside(allowed_error, "allowed_error", results, positive=True)


def rsz(scores: Any) -> FloatArray:
    """Rescaled sum of z scores, Σz/√m, standard normal if all measurands are in control (ISO 13528:2022, 9.9; IUPAC 2006).

    scores  shape (m, p): one row a measurand; NaN where there is none → (p,), NaN for a laboratory without scores.
    Opposite deviations cancel; a sum of scores hides the measurand that fails, so it never replaces the scores.
    """
    table, m = _combined(scores)
    return np.where(m > 0, np.nansum(table, axis=0) / np.sqrt(np.maximum(m, 1)), np.nan)


def ssz(scores: Any) -> tuple[FloatArray, FloatArray]:
    """Sum of squared z scores and the χ²(m) probability of one as large (ISO 13528:2022, 9.9; IUPAC 2006).

    scores  shape (m, p): one row a measurand; NaN where there is none → two arrays (p,), NaN without scores.
    """
    table, m = _combined(scores)
    total = np.where(m > 0, np.nansum(table**2, axis=0), np.nan)
    return total, np.where(m > 0, chdtrc(np.maximum(m, 1), np.nan_to_num(total)), np.nan)


def _combined(scores: Any) -> tuple[FloatArray, NDArray[np.int64]]:
    table = as_broadcast(scores, "scores")
    if table.ndim != 2:
        raise InputError("scores", f"{table.ndim} dimensions", "give one row per measurand, one column per laboratory")
    return table, np.count_nonzero(~np.isnan(table), axis=0)


def uncertainty_flags(u: Any, u_min: Any, u_max: Any) -> NDArray[np.str_]:
    """Screening of reported uncertainties: "a" u_min ≤ u ≤ u_max, "b" u < u_min, "c" u > u_max (ISO 13528:2022, 9.8).

    u      uncertainties of the laboratories (> 0, NaN where none was given), any shape, the same kind as the limits
    u_min  as a rule u(x_pt): hardly any laboratory measures better than the assigned value is known
    u_max  as a rule 1.5 s*

    → same shape, "" where none was given. Table E.6 of the standard compares the expanded uncertainties with these
    limits although 9.8 speaks of standard ones: pass U to reproduce it, u to follow the text.
    """
    given = _given(u, "u", as_broadcast(np.nan_to_num(np.asarray(u, dtype=np.float64)), "u"))
    low, high = as_broadcast(u_min, "u_min"), as_broadcast(u_max, "u_max")
    return np.select([np.isnan(given), given < low, given > high], ["", "b", "c"], default="a")


def _difference(x: Any, x_pt: Any, results: FloatArray) -> FloatArray:
    """x − x_pt; of written numbers it is exact, so that a far origin blurs nothing."""
    reference = _beside(x_pt, "x_pt", results)
    exact = exact_difference(x, x_pt, ("x", "x_pt"))
    return results - reference if exact is None else exact


def _beside(value: Any, name: str, results: FloatArray, *, positive: bool = False, zero: bool = False) -> FloatArray:
    """A parameter in a shape that broadcasts against the results, with its sign checked."""
    array = as_broadcast(value, name)
    wrong = array <= 0 if positive else array < 0 if zero else np.zeros(array.shape, bool)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 1 if array.ndim else None
        mend = "give a number greater than zero" if positive else "give zero or more"
        raise InputError(name, f"{array[wrong][0]:g} is no spread of results", mend, row=row)
    if array.ndim == 1 and results.ndim == 2:
        array = array[:, None]
    _fits(array, name, results)
    return array


def _fits(array: FloatArray, name: str, results: FloatArray) -> None:
    try:
        np.broadcast_shapes(array.shape, results.shape)
    except ValueError as error:
        told = f"shape {array.shape} beside results of shape {results.shape}"
        raise InputError(name, told, "give one value, one per result, or one per row of a table") from error


def _given(u: Any, name: str, results: FloatArray) -> FloatArray:
    """Uncertainties of the laboratories, NaN where none was given; never zero or negative."""
    array = np.asarray(u)
    if array.dtype.kind == "O":
        array = np.array([np.nan if value is None else float(as_broadcast(value, name)) for value in array.ravel()])
        array = array.reshape(np.shape(u))
    given = ~np.isnan(array) if array.dtype.kind == "f" else np.ones(array.shape, bool)
    checked = _beside(np.where(given, array, 1.0) if not given.all() else array, name, results, positive=True)
    blank = ~given if checked.shape == given.shape else ~given[..., None]
    return np.where(blank, np.nan, checked)
