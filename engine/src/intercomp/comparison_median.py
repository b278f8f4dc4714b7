"""The median and the weighted median of a measurement comparison, each with the exact distribution of its estimator.

The estimator is looked at as a function of independent X_j ~ N(x_j, u_j²); its distribution comes from counting, not
from simulation (JCGM 101 would propagate the same distributions by Monte Carlo).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from scipy import special

from intercomp.consensus import as_rows
from intercomp.errors import InputError
from intercomp.inputs import FloatArray

_GAUSS_NODES, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(16)
_MARKS = np.array(
    [-9.0, -5.0, -2.5, 0.0, 2.5, 5.0, 9.0]
)  # in u; beyond 9 u a normal distribution holds less than 1e-18
_WIDEST_HALF = 12  # subset sums are listed for halves of at most so many results
_REPLICATES = 100_000
_TIE = 1e-12
_FAINTEST = 1e-15
_BLOCK = 1 << 20


Distribution = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonMedian:
    """value ± u with its interval: the mean and SD of the estimator's distribution; `of_results`, the plain estimate.

    u_error is the Monte Carlo error of u, 0 where the distribution is exact.
    """

    value: float
    u: float
    lwr: float
    upr: float
    level: float
    of_results: float
    weights: FloatArray
    n: int
    method: str
    u_error: float = 0.0


def comparison_median(x: Any, u: Any, *, level: float = 0.95) -> ComparisonMedian:
    """Median of independent N(x_j, u_j²): its mean, SD and interval, exact; x, u 1-D; procedure B of Cox.

    For odd n, P(median ≤ t) = P(at least (n + 1)/2 of the X_j ≤ t), a Poisson-binomial probability; for even n the
    distribution of the mean of the two middle order statistics. O(n²) per point.
    InputError: u ≤ 0, fewer than 2 results. Source: Cox, Metrologia 39 (2002) 589, section 5 and appendix C.
    """
    d, u_, origin = _single(x, u)
    if d.size % 2:
        distribution = _order_statistic(d, u_, (d.size + 1) // 2)
        moments = _moments(distribution, d, u_)
    else:
        distribution, moments = _even_median(d, u_)
    told = _told(distribution, moments, level)
    of_results = origin + float(np.median(d))
    weights = np.full(d.size, 1 / d.size)
    return ComparisonMedian(
        origin + told[0], told[1], origin + told[2], origin + told[3], level, of_results, weights, d.size,
        "median (Cox 2002, procedure B), exact",
    )  # fmt: skip


def weighted_median(x: Any, u: Any, *, level: float = 0.95, seed: int = 0) -> ComparisonMedian:
    """Weighted median, weights 1/u²: the x at which the weights of the smaller results reach one half; x, u 1-D.

    Where the weights below are exactly one half, the mean of the two middle results. value is that estimate; u and the
    interval are those of the weighted median of N(x_j, u_j²): exact up to 24 results, unless subsets of the weights can
    tie at one half (then 10⁵ replicates with their error, the same for the same seed).
    InputError: u ≤ 0, fewer than 2 results. Source: Edgeworth 1887; NIST Decision Tree manual 2024, 5.2.
    """
    d, u_, origin = _single(x, u)
    w = u_**-2 / (u_**-2).sum()
    value = origin + float(_weighted_medians(d[None, :], w)[0])
    halves = _Halves.of(w) if d.size <= 2 * _WIDEST_HALF else None
    if halves is None or halves.tied:
        told, error, how = _simulated(d, u_, w, level, seed)
    else:
        distribution = halves.distribution(d, u_)
        told, error, how = _told(distribution, _moments(distribution, d, u_), level), 0.0, "exact"
    return ComparisonMedian(
        value, told[1], origin + told[2], origin + told[3], level, value, w, d.size, f"weighted median, {how}", error
    )


def _single(x: Any, u: Any) -> tuple[FloatArray, FloatArray, float]:
    rows = as_rows(x, u)
    if rows.batch.form != "one":
        raise InputError("x", "many measurands", "give one measurand at a time")
    return rows.d[0], np.sqrt(rows.u2[0]), float(rows.origin[0])


def _told(distribution: Distribution, moments: tuple[float, float], level: float) -> tuple[float, float, float, float]:
    mean, spread = moments
    lwr, upr = (_quantile(distribution, p, mean, spread) for p in (0.5 - level / 2, 0.5 + level / 2))
    return mean, spread, lwr, upr


def _quantile(distribution: Distribution, level: float, mean: float, spread: float) -> float:
    """By bracketing: the standard deviation of a median bounds its quantiles (Cantelli's inequality)."""
    reach = spread * (1.0 / min(level, 1 - level)) ** 0.5
    miss = lambda t: float(distribution(np.array([t]))[0]) - level  # noqa: E731
    return float(scipy.optimize.brentq(miss, mean - reach, mean + reach, xtol=1e-13 * spread, rtol=1e-14))


def _moments(distribution: Distribution, d: FloatArray, u: FloatArray) -> tuple[float, float]:
    """E(T) = b − ∫F and var(T) = (b − E)² − 2∫F (t − E) over all of [a, b], by Gauss's rule panel by panel."""
    edges = _edges(d, u)
    t, dt = _gauss(edges)
    b = edges[-1]
    mass = dt * distribution(t)
    mean = float(b - mass.sum())
    return mean, float(np.sqrt((b - mean) ** 2 - 2 * mass @ (t - mean)))


def _edges(centres: FloatArray, u: FloatArray) -> FloatArray:
    """Panel edges about each centre as its own uncertainty asks, no two closer than the smallest."""
    marks = (centres[:, None] + u[:, None] * _MARKS).ravel()
    finest = float(u.min())
    edges: FloatArray = np.unique(np.round(marks / finest)) * finest
    return edges


def _gauss(edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights on the panels between the edges (last axis)."""
    half = 0.5 * np.diff(edges)
    t = (0.5 * (edges[..., 1:] + edges[..., :-1]))[..., None] + half[..., None] * _GAUSS_NODES
    shape = (*edges.shape[:-1], -1)
    return t.reshape(shape), (half[..., None] * _GAUSS_WEIGHTS).reshape(shape)


def _counts(p: FloatArray, q: FloatArray) -> FloatArray:
    """Coefficients of Π (q_j + p_j z), j along the last axis: with q = 1 − p the probabilities of 0, 1, … n successes."""
    found = np.zeros((p.shape[-1] + 1, *p.shape[:-1]))
    found[0] = 1.0
    for j in range(p.shape[-1]):
        found[1 : j + 2] = found[1 : j + 2] * q[..., j] + found[: j + 1] * p[..., j]
        found[0] *= q[..., j]
    return found


def _slopes(p: FloatArray, q: FloatArray, dp: FloatArray) -> FloatArray:
    """The derivatives of those coefficients where every p_j changes by dp_j, carried along by the product rule."""
    found, slope = np.zeros((2, p.shape[-1] + 1, *p.shape[:-1]))
    found[0] = 1.0
    for j in range(p.shape[-1]):
        here = slice(1, j + 2)
        slope[here] = slope[here] * q[..., j] + slope[: j + 1] * p[..., j] + found[: j + 1] * dp[..., j]
        slope[0] *= q[..., j]
        found[here] = found[here] * q[..., j] + found[: j + 1] * p[..., j]
        found[0] *= q[..., j]
    return slope


def _order_statistic(d: FloatArray, u: FloatArray, rank: int) -> Distribution:
    """P(at least `rank` of the X_j ≤ t)."""

    def distribution(t: FloatArray) -> FloatArray:
        z = (t[:, None] - d) / u
        reached: FloatArray = _counts(special.ndtr(z), special.ndtr(-z))[rank:].sum(0)
        return reached

    return distribution


def _even_median(d: FloatArray, u: FloatArray) -> tuple[Distribution, tuple[float, float]]:
    """The mean of the middle order statistics A ≤ B, from G(a, b) = P(A ≤ a, B > b) = P(exactly n/2 ≤ a, none in (a, b]).

    P(mean > t) = P(A > t) + ∫₀ ∂G/∂a (t − s, t + s) ds;  var = (var A + var B)/2 − E(B − A)²/4 + (E A − E B)²/4.
    """
    half = d.size // 2
    lower, upper = _order_statistic(d, u, half), _order_statistic(d, u, half + 1)
    (mean_a, sd_a), (mean_b, sd_b) = _moments(lower, d, u), _moments(upper, d, u)
    variance = (sd_a**2 + sd_b**2) / 2 - _mean_square_gap(d, u) / 4 + (mean_a - mean_b) ** 2 / 4

    def distribution(t: FloatArray) -> FloatArray:
        return lower(t) - np.array([_pulled_up(point, d, u) for point in t])

    return distribution, (0.5 * (mean_a + mean_b), float(np.sqrt(variance)))


def _mean_square_gap(d: FloatArray, u: FloatArray) -> float:
    """E(B − A)² = 2 ∫∫_{a<b} P(A ≤ a, B > b) da db; for each a the panels of b begin at a.

    The integrand is below P(A ≤ a) and P(B > b), which leave only the panels where the middle results may lie.
    """
    edges = _edges(d, u)
    low = int((_order_statistic(d, u, d.size // 2)(edges) < _FAINTEST).sum())
    high = int((1 - _order_statistic(d, u, d.size // 2 + 1)(edges) > _FAINTEST).sum())
    edges = edges[max(low - 1, 0) : high + 1]
    a, da = _gauss(edges)
    total = 0.0
    for block in np.array_split(np.arange(a.size), max(1, a.size**2 * d.size // _BLOCK)):
        b, db = _gauss(np.maximum(edges, a[block, None]))
        above = special.ndtr(-(b[..., None] - d) / u)
        below = np.broadcast_to(special.ndtr((a[block, None] - d) / u)[:, None, :], above.shape)
        total += float(da[block] @ (_counts(below, above)[d.size // 2] * db).sum(1))
    return 2 * total


def _pulled_up(t: float, d: FloatArray, u: FloatArray) -> float:
    """P(A ≤ t, (A + B)/2 > t)."""
    s, ds = _gauss(np.unique(np.maximum(_edges(np.concatenate([t - d, d - t]), np.concatenate([u, u])), 0.0)))
    low = (t - s[:, None] - d) / u
    density = np.exp(-0.5 * low**2) / (np.sqrt(2 * np.pi) * u)
    above = special.ndtr(-(t + s[:, None] - d) / u)
    return float(ds @ _slopes(special.ndtr(low), above, density)[d.size // 2])


@dataclass(frozen=True, slots=True, eq=False)
class _Halves:
    """Subsets of two halves of the results; for each one of the left, the first of the right that lifts it to one half."""

    cut: int
    order: Any
    first: Any
    tied: bool

    @classmethod
    def of(cls, w: FloatArray) -> _Halves:
        cut = w.size // 2
        weight_left, weight_right = _sums(w[:cut]), _sums(w[cut:])
        order = np.argsort(weight_right, kind="stable")
        enough = 0.5 - weight_left
        first = np.searchsorted(weight_right[order], enough)
        beside = np.clip(np.stack([first - 1, first]), 0, order.size - 1)
        tied = bool(np.any(np.abs(weight_right[order][beside] - enough) <= _TIE))
        return cls(cut, order, first, tied)

    def distribution(self, d: FloatArray, u: FloatArray) -> Distribution:
        """P(the weights of the results ≤ t reach one half), by adding the pairs of subsets that do."""

        def of_block(t: FloatArray) -> FloatArray:
            below = special.ndtr((t[:, None] - d) / u)
            left, right = _chances(below[:, : self.cut]), _chances(below[:, self.cut :])[:, self.order]
            from_here = np.zeros((t.size, self.order.size + 1))
            from_here[:, :-1] = np.cumsum(right[:, ::-1], axis=1)[:, ::-1]
            reached: FloatArray = (left * from_here[:, self.first]).sum(1)
            return reached

        def distribution(t: FloatArray) -> FloatArray:
            parts = np.array_split(t, max(1, t.size * self.order.size // _BLOCK))
            return np.concatenate([of_block(part) for part in parts])

        return distribution


def _sums(w: FloatArray) -> FloatArray:
    sums = np.zeros(1)
    for weight in w:
        sums = np.concatenate([sums, sums + weight])
    return sums


def _chances(below: FloatArray) -> FloatArray:
    """Probability of each subset (in the order of `_sums`) being the one that lies below."""
    chances = np.ones((len(below), 1))
    for p in below.T[:, :, None]:
        chances = np.concatenate([chances * (1 - p), chances * p], axis=1)
    return chances


def _weighted_medians(x: FloatArray, w: FloatArray) -> FloatArray:
    order = np.argsort(x, axis=1, kind="stable")
    ordered, upto = np.take_along_axis(x, order, 1), np.cumsum(w[order], axis=1)
    lower, upper = (upto < 0.5 - _TIE).sum(1), (upto <= 0.5 + _TIE).sum(1)
    rows = np.arange(len(x))
    middle: FloatArray = 0.5 * (ordered[rows, lower] + ordered[rows, np.minimum(upper, x.shape[1] - 1)])
    return middle


def _simulated(
    d: FloatArray, u: FloatArray, w: FloatArray, level: float, seed: int
) -> tuple[tuple[float, float, float, float], float, str]:
    random = np.random.Generator(np.random.SFC64(seed))
    medians = _weighted_medians(d + u * random.standard_normal((_REPLICATES, d.size)), w)
    deviation = medians - medians.mean()
    spread = float(np.sqrt((deviation**2).mean()))
    kurtosis = float((deviation**4).mean()) / spread**4
    lwr, upr = np.quantile(medians, [0.5 - level / 2, 0.5 + level / 2])
    error = spread * ((kurtosis - 1) / (4 * _REPLICATES)) ** 0.5
    told = (float(medians.mean()), spread, float(lwr), float(upr))
    return told, error, f"{_REPLICATES} replicates, seed {seed}"
