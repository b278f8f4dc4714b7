"""Algorithm S: the robust pooled value of standard deviations or ranges (ISO 13528:2022, C.4; ISO 5725-5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from scipy.special import gammaincinv

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_batch
from intercomp.ordered import Index, Ordered, ordered_blocks

_TABLE_C1 = {
    1: (1.645, 1.097),
    2: (1.517, 1.054),
    3: (1.444, 1.039),
    4: (1.395, 1.032),
    5: (1.359, 1.027),
    6: (1.332, 1.024),
    7: (1.310, 1.021),
    8: (1.292, 1.019),
    9: (1.277, 1.018),
    10: (1.264, 1.017),
}
_STEPS = 200


@dataclass(frozen=True, slots=True)
class RobustScale:
    """Pooled scale w* of one measurand (floats) or many (arrays).

    status: "converged" · "degenerate" (w* = 0) · "not-converged" · "too-few" (no value; NaN)
    """

    sd: Any
    n: Any
    nu: int
    eta: float
    xi: float
    iterations: Any
    status: Any
    method: str = "algorithm-s"
    edition: str = "ISO 13528:2022"


def algorithm_s_factors(nu: Any) -> tuple[FloatArray, FloatArray]:
    """Limit factor η and adjustment ξ of Algorithm S for ν degrees of freedom, exactly (ISO 13528:2022, Table C.1).

        η² = χ²₀.₉(ν)/ν,  ξ² = 1/(F_{χ²(ν+2)}(ν η²) + 0.1 η²)

    nu  ν ≥ 1, any shape → two arrays of that shape. The printed third decimals are off by up to a unit.
    """
    degrees = np.asarray(nu, dtype=np.float64)
    if np.any(degrees < 1):
        raise InputError("nu", "below one degree of freedom", "give the replicates of a laboratory less one")
    square = 2 * gammaincinv(degrees / 2, 0.9) / degrees
    return np.sqrt(square), 1 / np.sqrt(scipy.stats.chi2.cdf(degrees * square, degrees + 2) + 0.1 * square)


def algorithm_s(w: Any, nu: int, *, factors: Literal["printed", "exact"] = "exact") -> RobustScale:
    """Robust pooled standard deviation w* by Algorithm S (ISO 13528:2022, C.4.1; ISO 5725-5:1998, 6.2).

    Values above η w* are drawn in to it and w* = ξ √(Σ w²/p), to rest. With n_U values drawn in that is in closed form

        w*² = ξ² Σ_I w² / (p − ξ² η² n_U).

    w        standard deviations ≥ 0 of the laboratories (of duplicates: range/√2), shape (p,), (m, p) or ragged
    nu       degrees of freedom of each, replicates − 1 (1 for duplicates)
    factors  "exact", or "printed": three decimals of Table C.1, ν ≤ 10

    InputError on a negative value, no value or ν < 1; w* = 0 is the status "degenerate".
    """
    eta, xi = _factors(nu, factors)
    batch = as_batch(w, "w", minimum=1)
    m = batch.measurands
    sd, n, steps, status = np.full(m, np.nan), np.zeros(m, int), np.zeros(m, int), np.full(m, "", "<U13")
    for members, rows in ordered_blocks(batch):
        sd[members], steps[members], status[members] = _solve(rows, eta, xi)
        n[members] = rows.n
    shaped = batch.shaped
    return RobustScale(shaped(sd), shaped(n), nu, eta, xi, shaped(steps), shaped(status))


def _factors(nu: int, factors: str) -> tuple[float, float]:
    if factors == "printed":
        if nu not in _TABLE_C1:
            raise InputError("nu", f"{nu} is not in Table C.1", 'give 1 to 10, or factors="exact"')
        return _TABLE_C1[nu]
    eta, xi = algorithm_s_factors(nu)
    return float(eta), float(xi)


def _solve(rows: Ordered, eta: float, xi: float) -> tuple[FloatArray, Index, np.ndarray]:
    w = np.maximum(rows.deviations + rows.centre[:, None], 0.0) if _checked(rows) else rows.deviations
    squares = np.concatenate([np.zeros((len(w), 1)), np.cumsum(np.where(np.isnan(w), 0.0, w) ** 2, axis=1)], axis=1)
    n = rows.n
    scale, steps, done = rows.median() + rows.centre, np.zeros(n.size, int), n == 0
    for step in range(1, _STEPS + 1):
        inside = np.count_nonzero(w <= (eta * scale)[:, None], axis=1)
        room = n - (xi * eta) ** 2 * (n - inside)
        held = np.take_along_axis(squares, inside[:, None], 1)[:, 0]
        jump = xi * np.sqrt(held / np.where(room > 0, room, 1.0))
        plain = xi * np.sqrt((held + (n - inside) * (eta * scale) ** 2) / np.maximum(n, 1))
        after = np.where(room > 0, jump, plain)
        same = np.count_nonzero(w <= (eta * after)[:, None], axis=1) == inside
        rests = ~done & (room > 0) & (same | (np.abs(after - scale) <= 1e-13 * after))
        steps[~done] = step
        scale = np.where(done, scale, after)
        done |= rests
        if done.all():
            break
    status = np.select([n == 0, ~done, scale == 0], ["too-few", "not-converged", "degenerate"], default="converged")
    return np.where(n == 0, np.nan, scale), steps, status


def _checked(rows: Ordered) -> bool:
    lowest = rows.at(np.zeros_like(rows.n)) + rows.centre
    if np.any(lowest < -1e-12 * np.abs(rows.centre)):
        raise InputError("w", "a standard deviation or range below zero", "give its size")
    return True
