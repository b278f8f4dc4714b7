"""The between-laboratory variance τ² of a measurement comparison, for many measurands at once.

Every function takes deviations d from a value of the data themselves, the squared uncertainties u2 (infinite where a
laboratory gave no result, so that its weight is zero) and n, the number of results of each measurand; all as arrays
(measurands, laboratories) and (measurands,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intercomp.errors import NotConverged
from intercomp.inputs import FloatArray

_EPS = float(np.finfo(np.float64).eps)
_STEPS = 300
_GRID = np.concatenate([[0.0], np.geomspace(1e-8, 1.0, 65)])


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Weighted least squares at one τ²: weights w, their sum W, the mean (as a deviation), residuals r, Q = Σ w r²."""

    w: FloatArray
    W: FloatArray
    mean: FloatArray
    r: FloatArray
    Q: FloatArray


def weigh(d: FloatArray, u2: FloatArray, tau2: FloatArray) -> Weighted:
    """The weighted mean at weights w = 1/(u² + τ²)."""
    w = 1.0 / (u2 + tau2[..., None])
    total = w.sum(-1)
    mean = (w * d).sum(-1) / total
    r = d - mean[..., None]
    return Weighted(w, total, mean, r, (w * r * r).sum(-1))


def dersimonian_laird_tau2(d: FloatArray, u2: FloatArray, n: FloatArray) -> FloatArray:
    """τ² = max(0, (Q − (n − 1)) / (Σw − Σw²/Σw)) with w = 1/u² (DerSimonian and Laird 1986)."""
    at = weigh(d, u2, np.zeros(len(d)))
    return np.maximum(0.0, (at.Q - (n - 1)) / excess_per_tau2(at))


def excess_per_tau2(at: Weighted) -> FloatArray:
    """Σw − Σw²/Σw, what Q grows by per unit of τ²; as Σ w (1 − w/Σw), exact also where one weight dwarfs the rest."""
    share = at.w / at.W[..., None]
    heaviest = np.arange(share.shape[-1]) == share.argmax(-1)[..., None]
    rest = np.where(heaviest, np.where(heaviest, 0.0, share).sum(-1)[..., None], 1 - share)
    return (at.w * rest).sum(-1)


def mandel_paule_tau2(d: FloatArray, u2: FloatArray, n: FloatArray) -> FloatArray:
    """The root of Q(τ²) = n − 1, or 0 where Q(0) ≤ n − 1 (Paule and Mandel 1982).

    Q is convex and falls in τ², and Q(τ²) ≥ S/(max u² + τ²) with S the unweighted sum of squares, so Newton's method
    from max(0, S/(n − 1) − max u²) climbs to the root without ever passing it: a step below zero, and with it a false
    τ² = 0, cannot happen.
    """
    present = np.isfinite(u2)
    tau2 = np.maximum(0.0, _sum_of_squares(d, present, n) / (n - 1) - np.where(present, u2, 0.0).max(-1))
    for _ in range(_STEPS):
        at = weigh(d, u2, tau2)
        excess = at.Q - (n - 1)
        slope = ((at.w * at.r) ** 2).sum(-1)
        step = np.where(excess > 0, excess / np.where(slope > 0, slope, 1.0), 0.0)
        tau2 = tau2 + step
        if np.all(step <= 4 * _EPS * n * tau2):
            return tau2
    raise NotConverged(f"Mandel-Paule did not settle in {_STEPS} Newton steps", tau2)


def reml_tau2(d: FloatArray, u2: FloatArray, n: FloatArray) -> FloatArray:
    """The τ² ≥ 0 with the highest restricted likelihood (Patterson and Thompson 1971).

    The likelihood may have several maxima: a grid over (0, 4 R²], R the range of the results, finds the highest, and
    Newton's method kept inside the two neighbouring grid points finishes it.
    """
    present = np.isfinite(u2)
    low, high = (np.where(present, d, fill) for fill in (np.inf, -np.inf))
    top = 4 * (high.max(-1) - low.min(-1)) ** 2
    grid = top[:, None] * _GRID
    likelihood = np.stack([_restricted_likelihood(d, u2, grid[:, g]) for g in range(_GRID.size)], -1)
    best = likelihood.argmax(-1)
    rows = np.arange(len(d))
    left, right = grid[rows, np.maximum(best - 1, 0)], grid[rows, np.minimum(best + 1, _GRID.size - 1)]
    return _score_root(d, u2, left, grid[rows, best], right)


def _restricted_likelihood(d: FloatArray, u2: FloatArray, tau2: FloatArray) -> FloatArray:
    at = weigh(d, u2, tau2)
    logs = np.log(np.where(at.w > 0, at.w, 1.0)).sum(-1)
    return 0.5 * (logs - np.log(at.W) - at.Q)


def _score_root(d: FloatArray, u2: FloatArray, left: FloatArray, tau2: FloatArray, right: FloatArray) -> FloatArray:
    """The zero of the restricted score between left and right, or 0 where the score is negative there.

    τ² is settled to the rounding of u² + τ²: what is smaller than that beside the smallest u² is 0.
    """
    finest = 8 * _EPS * u2.min(-1)
    for _ in range(_STEPS):
        score, information = _score(weigh(d, u2, tau2))
        left, right = np.where(score > 0, tau2, left), np.where(score <= 0, tau2, right)
        newer = tau2 + score / np.where(information > 0, information, np.nan)
        newer = np.where((newer > left) & (newer < right), newer, 0.5 * (left + right))
        newer = np.where((tau2 == 0) & (score <= 0), 0.0, newer)
        done = np.abs(newer - tau2) <= finest + 8 * _EPS * newer
        tau2 = newer
        if done.all():
            return np.where(tau2 <= 2 * finest, 0.0, tau2)
    raise NotConverged(f"REML did not settle in {_STEPS} steps", tau2)


def _score(at: Weighted) -> tuple[FloatArray, FloatArray]:
    """The restricted score and the observed information, minus its derivative (positive near a maximum)."""
    w2, w3 = (at.w**2).sum(-1), (at.w**3).sum(-1)
    score = 0.5 * ((at.w**2 * at.r**2).sum(-1) - at.W + w2 / at.W)
    bend = (at.w**3 * at.r**2).sum(-1) - (at.w**2 * at.r).sum(-1) ** 2 / at.W
    return score, bend - 0.5 * w2 + w3 / at.W - 0.5 * (w2 / at.W) ** 2


def _sum_of_squares(d: FloatArray, present: FloatArray, n: FloatArray) -> FloatArray:
    mean = np.where(present, d, 0.0).sum(-1) / n
    return np.where(present, (d - mean[:, None]) ** 2, 0.0).sum(-1)
