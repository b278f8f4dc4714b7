"""Youden's pair: two similar materials, one result each, plotted against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from intercomp.inputs import FloatArray, as_centred, same_length


@dataclass(frozen=True, slots=True, eq=False)
class Youden:
    """What a Youden plot shows, as data: the points, their centre, and how much of the scatter the two share.

    s_random = sd(x1 - x2)/√2 · s_systematic² = (s_total² - s_random²)/2 (0 if negative) with s_total =
    sd(x1 + x2)/√2 · f = s_total²/s_random² and its p · quadrants: points (upper right, upper left, lower left, lower
    right) of the medians · distances from the 45° line through the medians, in units of s_random.
    """

    n: int
    median_1: float
    median_2: float
    pearson: float | None
    spearman: float | None
    s_random: float
    s_systematic: float
    f: float | None
    p: float | None
    quadrants: tuple[int, int, int, int]
    distances: FloatArray | None
    status: str
    method: str = "Youden pair"
    edition: str = "ISO 13528:2022, 10.5"


def youden(x1: Any, x2: Any) -> Youden:
    """Youden's analysis of two results per laboratory: is the scatter between laboratories shared by both materials?

    x1, x2: (n,), n ≥ 3, in one unit. Raises InputError on unequal lengths and data that are no numbers.
    ISO 13528:2022, 10.5 and E.12; W. J. Youden, Industrial Quality Control 15 (1959) 24.
    """
    a, b = as_centred(x1, "x1", minimum=3), as_centred(x2, "x2", minimum=3)
    same_length(x1=a.deviations, x2=b.deviations)
    u, v = (d.deviations - d.deviations.mean() for d in (a, b))
    s_random, s_total = (float(np.std(w, ddof=1)) / np.sqrt(2) for w in (u - v, u + v))
    constant = bool(np.ptp(u) == 0 or np.ptp(v) == 0)
    alike = s_random <= 1e-14 * s_total
    f = None if alike or s_random == 0 else float((s_total / s_random) ** 2)
    mid = float(np.median(a.deviations)), float(np.median(b.deviations))
    du, dv = a.deviations - mid[0], b.deviations - mid[1]
    return Youden(
        n=a.n,
        median_1=mid[0] + a.origin,
        median_2=mid[1] + b.origin,
        pearson=None if constant else _pearson(u, v),
        spearman=None if constant else _pearson(*(_ranks(w) for w in (a.deviations, b.deviations))),
        s_random=float(s_random),
        s_systematic=float(np.sqrt(max(0.0, (s_total**2 - s_random**2) / 2))),
        f=f,
        p=None if f is None else float(scipy.stats.f.sf(f, a.n - 1, a.n - 1)),
        quadrants=_quadrants(du, dv),
        distances=None if f is None else (du - dv) / np.sqrt(2) / s_random,
        status="one material without spread" if constant else "identical deviations" if f is None else "computed",
    )


def _pearson(u: FloatArray, v: FloatArray) -> float:
    u, v = u - u.mean(), v - v.mean()
    return float(np.clip((u @ v) / np.sqrt((u @ u) * (v @ v)), -1, 1))


def _ranks(values: FloatArray) -> NDArray[np.float64]:
    return np.asarray(scipy.stats.rankdata(values), dtype=np.float64)


def _quadrants(u: FloatArray, v: FloatArray) -> tuple[int, int, int, int]:
    """Points strictly inside each quadrant; those on a median belong to none."""
    right, left, up, down = u > 0, u < 0, v > 0, v < 0
    first, second = int(np.sum(right & up)), int(np.sum(left & up))
    return first, second, int(np.sum(left & down)), int(np.sum(right & down))
