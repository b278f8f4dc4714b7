"""How different honest pairs of laboratories are: the yardstick of T3, taken from the group itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from intercomp.inputs import FloatArray

_LEVELS = (0.10, 0.25, 0.50)
_DF_GRID = np.geomspace(2.0, 2000.0, 120)


@dataclass(frozen=True, slots=True, eq=False)
class PairPrior:
    """Variance of an honest pair, in units of sigma_r²: scale · df/χ²(df); `nodes`, `weights` integrate over it.

    `scale` is free of rounding, `total_scale` includes it.
    """

    scale: float
    total_scale: float
    df: float
    nodes: FloatArray
    weights: FloatArray


def fit_pair_variances(mean_square: FloatArray, items: NDArray[np.int64], rounding: float) -> PairPrior:
    """Fit scale and df to the lower quantiles of the mean squared differences, deaf to few colluders and outliers.

    Mean squares of K items follow scale · F(K, df). K is the median number of common items; `rounding` is the variance
    that rounding of both results adds.
    """
    k = float(np.median(items))
    observed = np.log(np.maximum(np.quantile(mean_square, _LEVELS), 1e-300))
    expected = np.log(scipy.stats.f.ppf(np.array(_LEVELS), k, _DF_GRID[:, None]))
    shift = (observed - expected).mean(axis=1)
    misfit = ((observed - expected - shift[:, None]) ** 2).sum(axis=1)
    best = int(misfit.argmin())
    total = float(np.exp(shift[best]))
    scale = max(total - rounding, 0.1 * total)
    nodes, weights = _nodes(scale, float(_DF_GRID[best]))
    return PairPrior(scale, total, float(_DF_GRID[best]), nodes, weights)


def _nodes(scale: float, df: float, count: int = 160) -> tuple[FloatArray, FloatArray]:
    """Trapezoid in log χ², reaching far into the tail of small variances, where matches come from."""
    grid = np.linspace(np.log(scipy.stats.chi2.ppf(1e-7, df)), np.log(scipy.stats.chi2.isf(1e-14, df)), count)
    weights = scipy.stats.chi2.pdf(np.exp(grid), df) * np.exp(grid)
    return scale * df / np.exp(grid), weights / weights.sum()
