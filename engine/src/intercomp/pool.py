"""The linear opinion pool: the mixture of what the laboratories say, with its exact distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.consensus import as_degrees, as_rows
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_values
from intercomp.quadrature import quantiles

_TWO_SIGMA = float(special.ndtr(2.0))


@dataclass(frozen=True, slots=True, eq=False)
class LinearPool:
    """Mean (value), SD (u, None where a ν ≤ 2 leaves none), median and interval of the mixture; the weights sum to 1."""

    value: float
    u: float | None
    median: float
    lwr: float
    upr: float
    level: float
    weights: FloatArray
    n: int
    nu: FloatArray
    status: str
    method: str = "linear pool, exact mixture"


def linear_pool(x: Any, u: Any, nu: Any = None, *, weights: Any = None, level: float = 0.95) -> LinearPool:
    """Mixture Σ w_j F_j, F_j normal or Student's t_ν about x_j, scaled so that its SD is u_j; mean Σ w x.

    u² = Σ w (u² + (x − mean)²). A t with ν ≤ 2 has no SD: it is scaled so that x ± 2u holds 95.45 %, and the pool has
    quantiles but no u. With ν = 1 the pool has no mean either: its median stands for it. x, u, nu, weights: 1-D.
    InputError: u ≤ 0, ν ≤ 0, weights negative or all 0. Source: Stone 1961; NIST Consensus Builder manual 2020, 6.3.
    """
    rows = as_rows(x, u, minimum=1)
    if rows.batch.form != "one":
        raise InputError("x", "many measurands", "pool one measurand at a time")
    d, s = rows.d[0], np.sqrt(rows.u2[0])
    degrees = as_degrees(nu, d.size)
    w = _weights(weights, d.size)
    mean = float(w @ d)
    spread = float(np.sqrt(w @ (s**2 + (d - mean) ** 2)))
    levels = np.array([0.5 - level / 2, 0.5, 0.5 + level / 2])
    scale = _scales(s, degrees)
    points = quantiles(
        lambda y: _mixture(y, d, scale, degrees, w), levels, mean + spread * special.ndtri(levels), spread
    )
    lwr, median, upr = (float(rows.origin[0] + point) for point in points)
    value = float(rows.origin[0]) + mean if np.all(degrees[w > 0] > 1) else median
    finite = bool(np.all(degrees[w > 0] > 2))
    status = "exact" if finite else f"ν ≤ 2 in row {int(np.flatnonzero(degrees <= 2)[0]) + 1}: no standard deviation"
    return LinearPool(value, spread if finite else None, median, lwr, upr, level, w, d.size, degrees, status)


def _mixture(
    y: FloatArray, d: FloatArray, scale: FloatArray, nu: FloatArray, w: FloatArray
) -> tuple[FloatArray, FloatArray]:
    z = (y[:, None] - d) / scale
    known = np.isinf(nu)
    v = np.where(known, 1.0, nu)
    log_t = special.gammaln((v + 1) / 2) - special.gammaln(v / 2) - 0.5 * np.log(np.pi * v)
    density_t = np.exp(log_t - 0.5 * (v + 1) * np.log1p(z**2 / v))
    density = np.where(known, np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi), density_t)
    return np.where(known, special.ndtr(z), special.stdtr(v, z)) @ w, (density / scale) @ w


def _scales(u: FloatArray, nu: FloatArray) -> FloatArray:
    ratio = np.ones(nu.size)
    wide, narrow = np.isfinite(nu) & (nu > 2), nu <= 2
    ratio[wide] = np.sqrt((nu[wide] - 2) / nu[wide])
    ratio[narrow] = 2 / special.stdtrit(nu[narrow], _TWO_SIGMA)
    return u * ratio


def _weights(weights: Any, n: int) -> FloatArray:
    if weights is None:
        return np.full(n, 1 / n)
    w = as_values(weights, "weights")
    if w.size != n or np.any(w < 0) or not w.sum() > 0:
        raise InputError("weights", "they are not one weight ≥ 0 per result", f"give {n}, not all zero")
    return w / w.sum()
