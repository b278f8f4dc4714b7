"""Charts of precision experiments: Youden's pairs, Mandel's h and k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_values, same_length
from intercomp.precision import Precision, mandel_h_critical, mandel_k_critical

Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class YoudenPoint:
    """A laboratory's pair; `outside` the 95 % ellipse it is labelled."""

    laboratory: str
    a: float
    b: float
    outside: bool


@dataclass(frozen=True, slots=True)
class YoudenPlot:
    """Pairs, the lines through the medians, the 45° line through their crossing, and the 95 % ellipse as points."""

    points: tuple[YoudenPoint, ...]
    medians: tuple[float, float]
    diagonal: Line
    ellipse: tuple[tuple[float, float], ...]
    level: float


def youden_plot(laboratories: Sequence[str], a: Any, b: Any, *, level: float = 0.95) -> YoudenPlot:
    """Youden plot of results on two similar materials (ISO 13528:2022, 10.5).

    a, b (p,), p ≥ 3, in one unit. The ellipse is that of a bivariate normal distribution with the mean and the
    covariance of the data, (x − x̄)ᵀ S⁻¹ (x − x̄) = F_level(2, p − 1)·2(p − 1)/(p − 2)·(p + 1)/p: it holds a further
    laboratory with that probability. InputError on unequal lengths; no ellipse where the data lie on a line.
    """
    x, y = as_values(a, "a", minimum=3), as_values(b, "b")
    same_length(laboratories=laboratories, a=x, b=y)
    pairs, centre = np.column_stack([x, y]), np.array([x.mean(), y.mean()])
    p, S = x.size, np.cov(x, y)
    reach = float(scipy.stats.f.ppf(level, 2, p - 2)) * 2 * (p - 1) / (p - 2) * (p + 1) / p
    regular = np.linalg.det(S) > 1e-12 * S[0, 0] * S[1, 1] > 0
    away = np.einsum("ij,jk,ik->i", pairs - centre, np.linalg.inv(S), pairs - centre) if regular else np.zeros(p)
    medians = float(np.median(x)), float(np.median(y))
    return YoudenPlot(
        tuple(
            YoudenPoint(str(name), float(one), float(other), bool(distance > reach))
            for name, one, other, distance in zip(laboratories, x, y, away, strict=True)
        ),
        medians,
        _diagonal(x, y, medians),
        _ellipse(centre, S, reach) if regular else (),
        level,
    )


def _diagonal(x: FloatArray, y: FloatArray, medians: tuple[float, float]) -> Line:
    low = min(float(x.min()) - medians[0], float(y.min()) - medians[1])
    high = max(float(x.max()) - medians[0], float(y.max()) - medians[1])
    return (medians[0] + low, medians[1] + low), (medians[0] + high, medians[1] + high)


def _ellipse(centre: FloatArray, S: FloatArray, reach: float) -> tuple[tuple[float, float], ...]:
    angle = np.linspace(0, 2 * np.pi, 121)
    circle = np.sqrt(reach) * np.stack([np.cos(angle), np.sin(angle)])
    outline = centre[:, None] + np.linalg.cholesky(S) @ circle
    return tuple((float(one), float(other)) for one, other in outline.T)


@dataclass(frozen=True, slots=True)
class MandelPlot:
    """h and k as bars grouped by laboratory, one bar a level (None where there is none), with critical values per level."""

    laboratories: tuple[str, ...]
    levels: tuple[str, ...]
    h: tuple[tuple[float | None, ...], ...]
    k: tuple[tuple[float | None, ...], ...]
    h_critical_5: tuple[float, ...]
    h_critical_1: tuple[float, ...]
    k_critical_5: tuple[float, ...]
    k_critical_1: tuple[float, ...]


def mandel_plot(found: Precision, laboratories: Sequence[str], levels: Sequence[str]) -> MandelPlot:
    """Mandel's h and k (ISO 5725-2:1994, 7.3.1): rows are laboratories, columns levels, critical values per level.

    InputError where the names do not fit the experiment. k has the critical value of the commonest n of a level.
    """
    h, k, n = (np.atleast_2d(table) for table in (found.h, found.k, found.cell_n))
    if h.shape != (len(levels), len(laboratories)):
        told = f"{len(levels)} levels and {len(laboratories)} laboratories for an experiment of {h.shape[0]} and {h.shape[1]}"
        raise InputError("laboratories and levels", told, "give one name for each")
    p = [int(count) for count in np.atleast_1d(found.p)]
    common = [int(np.bincount(row[row > 1]).argmax()) if (row > 1).any() else 2 for row in n]
    return MandelPlot(
        tuple(map(str, laboratories)),
        tuple(map(str, levels)),
        _by_laboratory(h),
        _by_laboratory(k),
        tuple(mandel_h_critical(one, 0.05) for one in p),
        tuple(mandel_h_critical(one, 0.01) for one in p),
        tuple(mandel_k_critical(one, m, 0.05) for one, m in zip(p, common, strict=True)),
        tuple(mandel_k_critical(one, m, 0.01) for one, m in zip(p, common, strict=True)),
    )


def _by_laboratory(table: NDArray[Any]) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(None if np.isnan(one) else float(one) for one in column) for column in table.T)
