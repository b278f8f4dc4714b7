"""Performance scores and their signals (ISO 13528:2022, clause 9).

Scores work result by result on any shape. Beside a 2-D table of results (one row a measurand) a 1-D x_pt, σ_pt or
u(x_pt) holds one value per measurand. NaN in a table of results, or in the uncertainties of the laboratories, means
that there is none: the score is NaN there and its signal is empty.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast

WARNING_ABOVE, ACTION_FROM = 2.0, 3.0
NEGLIGIBLE_SHARE = 0.3
_ON_THE_BOUNDARY = 1e-9  # binary rounding of decimal results must not turn a score of 2.0 into a warning signal


def z(x: Any, x_pt: Any, sigma_pt: Any) -> FloatArray:
    """z score, (x − x_pt)/σ_pt (ISO 13528:2022, 9.4.1).

    x results, x_pt and sigma_pt (> 0) in one unit, shapes as the module says → same shape as x, dimensionless.
    """
    results = as_broadcast(x, "x")
    return (results - _beside(x_pt, "x_pt", results)) / _beside(sigma_pt, "sigma_pt", results, positive=True)


def z_prime(x: Any, x_pt: Any, sigma_pt: Any, u_xpt: Any) -> FloatArray:
    """z′ score, (x − x_pt)/√(σ_pt² + u²(x_pt)), for u(x_pt) that is not negligible (ISO 13528:2022, 9.5.1).

    x, x_pt, sigma_pt (> 0), u_xpt (≥ 0) in one unit, shapes as the module says → same shape as x.
    """
    results = as_broadcast(x, "x")
    spread = np.hypot(
        _beside(sigma_pt, "sigma_pt", results, positive=True), _beside(u_xpt, "u_xpt", results, zero=True)
    )
    return (results - _beside(x_pt, "x_pt", results)) / spread


def zeta(x: Any, u: Any, x_pt: Any, u_xpt: Any) -> FloatArray:
    """ζ score, (x − x_pt)/√(u²(x) + u²(x_pt)), with standard uncertainties (ISO 13528:2022, 9.6.1).

    x, x_pt and u (> 0, NaN or None where a laboratory gave none), u_xpt (≥ 0) in one unit → same shape as x.
    """
    results = as_broadcast(x, "x")
    spread = np.hypot(_given(u, "u", results), _beside(u_xpt, "u_xpt", results, zero=True))
    return (results - _beside(x_pt, "x_pt", results)) / spread


def e_n(x: Any, U: Any, x_pt: Any, U_xpt: Any) -> FloatArray:
    """E_n score, (x − x_pt)/√(U²(x) + U²(x_pt)), with expanded uncertainties, 95 %, k = 2 (ISO 13528:2022, 9.7.1).

    x, x_pt and U (> 0, NaN or None where a laboratory gave none), U_xpt (≥ 0) in one unit → same shape as x.
    |E_n| < 1 agrees.
    """
    results = as_broadcast(x, "x")
    spread = np.hypot(_given(U, "U", results), _beside(U_xpt, "U_xpt", results, zero=True))
    return (results - _beside(x_pt, "x_pt", results)) / spread


def signals(score: Any) -> NDArray[np.str_]:
    """ "acceptable" for |score| ≤ 2, "warning" between 2 and 3, "action" for |score| ≥ 3 (ISO 13528:2022, 9.4.2).

    score  z, z′ or ζ, any shape → same shape; "" where the score is NaN. Both boundaries are taken with a tolerance
    of 1e-9, since binary arithmetic cannot keep a quotient of decimal results exactly at 2.
    """
    size = np.abs(np.asarray(score, dtype=np.float64))
    conditions = [size <= WARNING_ABOVE + _ON_THE_BOUNDARY, size >= ACTION_FROM - _ON_THE_BOUNDARY, ~np.isnan(size)]
    return np.select(conditions, ["acceptable", "action", "warning"], default="")


def u_is_negligible(u_xpt: Any, sigma_pt: Any) -> Any:
    """Whether u(x_pt) < 0.3 σ_pt, so that z may be used instead of z′ (ISO 13528:2022, 9.2.1, formula (10)).

    Both in one unit → bool, or an array of them for arrays.
    """
    u, sigma = as_broadcast(u_xpt, "u_xpt"), as_broadcast(sigma_pt, "sigma_pt")
    negligible = u < NEGLIGIBLE_SHARE * sigma
    return bool(negligible) if negligible.ndim == 0 else negligible


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
