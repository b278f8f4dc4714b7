"""The figures of every level at once: one way for complete cells, one for cells with gaps; they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intercomp.inputs import FloatArray

_STATUSES = np.array(
    [
        "fewer than two laboratories",
        "no replicates",
        "no spread within laboratories",
        "no spread between laboratories",
        "computed",
    ]
)


@dataclass(slots=True)
class Levels:
    """Arrays (levels,) or (levels, laboratories), in deviations from each level's origin; see `Precision`."""

    p: FloatArray
    total: FloatArray
    m: FloatArray
    s_r: FloatArray
    s_l: FloatArray
    s_xbar: FloatArray
    n: FloatArray
    means: FloatArray
    variances: FloatArray
    h: FloatArray
    k: FloatArray
    cochran: FloatArray
    extremes: tuple[FloatArray, FloatArray]

    @property
    def status(self) -> NDArray[np.str_]:
        if np.minimum.reduce(self.s_r * self.s_xbar) > 0:
            return np.full(self.p.shape, "computed")
        one, none = self.p < 2, self.total == self.p
        problems = np.array([one, none, self.s_r == 0, self.s_xbar == 0, np.ones_like(one)])
        return _STATUSES[problems.argmax(axis=0)]


def figures(x: FloatArray) -> Levels:
    """The figures of levels × laboratories × replicates, NaN where there is no result."""
    # below this a deviation is rounding of the arithmetic, not spread
    noise = 8 * np.finfo(np.float64).eps * np.fmax.reduce(np.abs(x), axis=(1, 2), initial=0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return with_gaps(x, noise) if np.isnan(x).any() else complete(x, noise)


def complete(x: FloatArray, noise: FloatArray) -> Levels:
    """Every laboratory gave the same number of replicates at every level (7.4.5.5)."""
    levels, p, n = x.shape
    means = x @ np.full(n, 1 / n)
    within = x - means[:, :, None]
    squares = np.einsum("ijk,ijk->ij", within, within)
    pooled, floor = np.add.reduce(squares, axis=1), p * noise * noise
    if (quiet := pooled <= n * floor).any():
        squares[quiet] = pooled[quiet] = 0.0
    m = np.add.reduce(means, axis=1) / p
    d = means - m[:, None]
    between = np.einsum("ij,ij->i", d, d) / np.float64(p - 1)
    between *= between * (p - 1) > floor
    repeatability = pooled / np.float64(p * (n - 1))
    variances, s_xbar = squares / np.float64(n - 1), np.sqrt(between)
    return Levels(
        p=np.full(levels, float(p)),
        total=np.full(levels, float(n * p)),
        m=m,
        s_r=np.sqrt(repeatability),
        s_l=np.sqrt(np.maximum(0.0, between - repeatability / n)),
        s_xbar=s_xbar,
        n=np.full(means.shape, float(n)),
        means=means,
        variances=variances,
        h=d / np.where(between > 0, s_xbar, np.nan)[:, None],
        k=np.sqrt(variances / repeatability[:, None]),
        cochran=np.maximum.reduce(squares, axis=1) / pooled,
        extremes=_grubbs(d, None, s_xbar, np.float64(p)),
    )


def with_gaps(x: FloatArray, noise: FloatArray) -> Levels:
    """Unequal numbers of replicates, empty cells (7.4.5.2 to 7.4.5.4)."""
    present = ~np.isnan(x)
    n = present.sum(axis=2, dtype=np.float64)
    means = np.where(present, x, 0.0).sum(axis=2) / n
    squares = (np.where(present, x - means[:, :, None], 0.0) ** 2).sum(axis=2)
    squares = _without_noise(squares, n * noise[:, None] ** 2)
    taken, p, total = n > 0, (n > 0).sum(axis=1, dtype=np.float64), n.sum(axis=1)
    m = np.where(taken, n * means, 0.0).sum(axis=1) / total
    departures = np.where(taken, means - m[:, None], 0.0)
    repeatability = squares.sum(axis=1) / (total - p)
    between = (n * departures**2).sum(axis=1) / (p - 1)
    typical_n = (total - (n * n).sum(axis=1) / total) / (p - 1)
    d = np.where(taken, means - (np.where(taken, means, 0.0).sum(axis=1) / p)[:, None], 0.0)
    s_xbar = np.sqrt(_without_noise((d * d).sum(axis=1), p * noise**2) / np.where(p > 1, p - 1, np.nan))
    variances = np.where(n > 1, squares / (n - 1), np.nan)
    scale = np.where(s_xbar > 0, np.sqrt((departures**2).sum(axis=1) / (p - 1)), np.nan)
    mean_variance = np.nansum(variances, axis=1) / (n > 1).sum(axis=1)
    return Levels(
        p=p,
        total=total,
        m=m,
        s_r=np.sqrt(repeatability),
        s_l=np.sqrt(np.maximum(0.0, (between - repeatability) / typical_n)),
        s_xbar=s_xbar,
        n=n,
        means=means,
        variances=variances,
        h=np.where(taken, departures / scale[:, None], np.nan),
        k=np.sqrt(variances / mean_variance[:, None]),
        cochran=np.fmax.reduce(variances, axis=1) / np.nansum(variances, axis=1),
        extremes=_grubbs(d, taken, s_xbar, p),
    )


def _without_noise(squares: FloatArray, floor: FloatArray) -> FloatArray:
    return squares * (squares > floor)


def _grubbs(
    d: FloatArray, taken: NDArray[np.bool_] | None, sd: FloatArray, p: FloatArray | np.float64
) -> tuple[FloatArray, FloatArray]:
    """Single and double Grubbs statistics of the (high, low) side of d, the deviations from the mean of cell means."""
    first, second = _two_farthest(d, taken)
    known = np.where(sd > 0, sd, np.nan)
    total, pair = known * known * (p - 1), first + second
    rest = total - first * first - second * second - pair * pair / (p - 2)
    return -first / known, np.maximum(rest, 0.0) / (total if np.all(p > 3) else np.where(p > 3, total, np.nan))


def _two_farthest(d: FloatArray, taken: NDArray[np.bool_] | None) -> tuple[FloatArray, FloatArray]:
    """Farthest and second farthest deviation of the (high, low) side, the high side with its sign turned."""
    if taken is None:
        ordered, second = np.sort(d, axis=1), min(1, d.shape[1] - 1)
        return np.array((-ordered[:, -1], ordered[:, 0])), np.array((-ordered[:, -1 - second], ordered[:, second]))
    # an absent laboratory stands beyond both ends, where it is never among the farthest two
    sides = np.sort(np.where(taken, np.array((-d, d)), np.inf), axis=2)
    return sides[:, :, 0], sides[:, :, min(1, d.shape[1] - 1)]
