"""Results below or above a limit ("<0.05", ">200"): never dropped in silence (ISO 13528:2022, 5.5.3 and E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import log_ndtr

from intercomp.errors import Degenerate, InputError, NotConverged
from intercomp.inputs import FloatArray, as_centred, as_values
from intercomp.robust import RobustEstimate, algorithm_a

_BELOW, _ABOVE = ("<", "≤", "＜"), (">", "≥", "＞")
_STEPS = 200


@dataclass(frozen=True, slots=True)
class MaximumLikelihood:
    """Mean and standard deviation of a normal distribution seen through limits, with standard uncertainties."""

    mean: float
    sd: float
    u_mean: float
    u_sd: float
    iterations: int
    method: str = "maximum likelihood, normal"


@dataclass(frozen=True, slots=True)
class Censored:
    """A round with results beyond limits: the three treatments of the standard side by side, and what was censored.

    as_stated  the sign ignored, "<0.05" taken as 0.05     deleted  the censored results left out
    halved     "<0.05" taken as 0.025, ">200" as 200        likelihood  None where too little was quantified
    rows_below, rows_above  which rows (from 1) were censored; no score belongs to them
    """

    as_stated: RobustEstimate
    deleted: RobustEstimate | None
    halved: RobustEstimate
    likelihood: MaximumLikelihood | None
    n: int
    rows_below: tuple[int, ...]
    rows_above: tuple[int, ...]
    edition: str = "ISO 13528:2022"


def censored(x: Sequence[Any]) -> Censored:
    """Evaluate results of which some are only known to lie below or above a limit (ISO 13528:2022, 5.5.3, E.1).

    x  results as written, "12.1", "<0.05", ">200", or numbers, shape (p,), p ≥ 2, any unit

    The spread between the treatments is what the limits cost; the likelihood uses all that is known. InputError on
    what is neither a number nor a limit.
    """
    bare, side = parse_limits(x)
    values = as_values(bare, minimum=2)
    known = side == 0
    return Censored(
        as_stated=algorithm_a(bare),
        deleted=algorithm_a([b for b, k in zip(bare, known, strict=True) if k]) if known.sum() > 1 else None,
        halved=algorithm_a(np.where(side < 0, 0.5 * values, values)),
        likelihood=_likelihood_or_none(bare, side),
        n=values.size,
        rows_below=tuple(int(row) + 1 for row in np.flatnonzero(side < 0)),
        rows_above=tuple(int(row) + 1 for row in np.flatnonzero(side > 0)),
    )


def parse_limits(x: Sequence[Any]) -> tuple[list[Any], np.ndarray]:
    """Split results into what stands behind the sign, and the side: −1 below a limit, +1 above one, 0 quantified."""
    if isinstance(x, str):
        raise InputError("x", "one text is not a list of results", "give the results as separate entries")
    bare, side = [], np.zeros(len(x), dtype=np.int64)
    for row, value in enumerate(x):
        text = value.strip() if isinstance(value, str) else ""
        side[row] = -1 if text.startswith(_BELOW) else 1 if text.startswith(_ABOVE) else 0
        bare.append(text[1:].lstrip("=").strip() if side[row] else value)
    return bare, side


def _likelihood_or_none(bare: list[Any], side: np.ndarray) -> MaximumLikelihood | None:
    try:
        return censored_likelihood(bare, side)
    except Degenerate:
        return None


def censored_likelihood(x: Any, side: Any) -> MaximumLikelihood:
    """Maximum-likelihood mean and standard deviation of normal results of which some lie beyond limits (Tobit).

        ℓ(μ, σ) = Σ log φ((x − μ)/σ)/σ + Σ_below log Φ((c − μ)/σ) + Σ_above log Φ((μ − c)/σ)

    x     results or limits, shape (p,), any unit
    side  −1 where x is a limit the result lies below, +1 where above, 0 where it is the result

    ℓ is concave in (μ/σ, 1/σ), so Newton's method with halving finds the only maximum; u from the information matrix.
    Not robust: a wild result pulls it as it pulls the mean. Degenerate with fewer than two different results known;
    NotConverged (with the last estimate) otherwise.
    """
    data, sides = as_centred(x, minimum=2), np.asarray(side)
    if sides.shape != data.deviations.shape or not np.isin(sides, (-1, 0, 1)).all():
        raise InputError("side", "not −1, 0 or +1 for every result", "give one side per result")
    known = data.deviations[sides == 0]
    if known.size < 2 or np.ptp(known) == 0:
        raise Degenerate("likelihood: fewer than two different results are quantified")
    scale = float(known.std(ddof=1))
    y = data.deviations / scale
    theta, steps = _maximised(y, sides, np.array([known.mean() / scale, 1.0]))
    return _back(theta, y, sides, scale, data.origin, steps)


def _maximised(y: FloatArray, side: np.ndarray, theta: FloatArray) -> tuple[FloatArray, int]:
    value, slope, bend = _log_likelihood(theta, y, side)
    for step in range(1, _STEPS + 1):
        move = np.linalg.solve(bend, slope)
        size = 1.0
        while True:
            tried = theta - size * move
            if tried[1] > 0 and _log_likelihood(tried, y, side)[0] >= value - 1e-12 * abs(value):
                break
            size *= 0.5
            if size < 1e-12:
                return theta, step
        theta = tried
        value, slope, bend = _log_likelihood(theta, y, side)
        if float(np.abs(size * move).max()) <= 1e-13 * float(np.abs(theta).max()):
            return theta, step
    raise NotConverged("likelihood: no maximum within 200 steps", theta)


def _log_likelihood(theta: FloatArray, y: FloatArray, side: np.ndarray) -> tuple[float, FloatArray, FloatArray]:
    """ℓ, its gradient and Hessian in (η, τ) = (μ/σ, 1/σ)."""
    eta, tau = theta
    known, beyond, sign = y[side == 0], y[side != 0], -side[side != 0]
    q, t = tau * known - eta, sign * (tau * beyond - eta)
    tail = log_ndtr(t)
    ratio = np.exp(-0.5 * t * t - 0.5 * np.log(2 * np.pi) - tail)
    curve = -ratio * (t + ratio)
    value = known.size * np.log(tau) - 0.5 * float(q @ q) + float(tail.sum())
    slope = np.array(
        [q.sum() - (ratio * sign).sum(), known.size / tau - q @ known + (ratio * sign * beyond).sum()], dtype=np.float64
    )
    cross = float(known.sum() - (curve * beyond).sum())
    bend = np.array(
        [
            [-known.size + curve.sum(), cross],
            [cross, -known.size / tau**2 - known @ known + (curve * beyond**2).sum()],
        ]
    )
    return float(value), slope, bend


def _back(
    theta: FloatArray, y: FloatArray, side: np.ndarray, scale: float, origin: float, steps: int
) -> MaximumLikelihood:
    """From (η, τ) to (μ, σ) in the unit of the results, the covariance carried over by the Jacobian."""
    eta, tau = theta
    covariance = np.linalg.inv(-_log_likelihood(theta, y, side)[2])
    jacobian = np.array([[1 / tau, -eta / tau**2], [0.0, -1 / tau**2]])
    u = scale * np.sqrt(np.diag(jacobian @ covariance @ jacobian.T))
    return MaximumLikelihood(float(scale * eta / tau) + origin, float(scale / tau), float(u[0]), float(u[1]), steps)
