"""Critical values of the tests of a precision experiment, for any number of laboratories and replicates.

The printed tables of ISO 5725-2 end at p = 40 or less and carry rounding of the last figure; the closed forms and the
quadrature here do not. `significance` is the probability of the test as the standard states it: 0.05 marks a
straggler, 0.01 an outlier. Clause and table numbers are those of the 1994 edition, whose text the 2019 one keeps.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import scipy
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import FloatArray

_ANGLES = 8192
_DEVIATE_NODES = 400
_RADIUS_NODES = 64


def _demand(name: str, value: int, least: int) -> int:
    if int(value) != value or value < least:
        raise InputError(name, f"{value!r} is not a whole number of at least {least}", f"give {least} or more")
    return int(value)


def _demand_significance(significance: float) -> float:
    if not 0 < significance < 1:
        raise InputError("significance", f"{significance!r} does not lie between 0 and 1", "give 0.05 or 0.01")
    return float(significance)


@lru_cache(maxsize=4096)
def mandel_h_critical(p: int, significance: float = 0.01) -> float:
    """Critical value of Mandel's between-laboratory statistic h for p laboratories (two-sided).

    h = (p - 1) t / √(p (t² + p - 2)), t the 1 - α/2 quantile of Student's t with p - 2 degrees of freedom.
    Dimensionless. Raises InputError for p < 3. ISO 5725-2:1994, 7.3.1, Tables 6 and 7.
    """
    p = _demand("p", p, 3)
    t = scipy.stats.t.isf(_demand_significance(significance) / 2, p - 2)
    return float((p - 1) * t / np.sqrt(p * (t * t + p - 2)))


@lru_cache(maxsize=4096)
def mandel_k_critical(p: int, n: int, significance: float = 0.01) -> float:
    """Critical value of Mandel's within-laboratory statistic k for p laboratories with n replicates each (upper).

    k = √(p / (1 + (p - 1)/F)), F the 1 - α quantile with n - 1 and (p - 1)(n - 1) degrees of freedom.
    Dimensionless. Raises InputError for p < 2 or n < 2. ISO 5725-2:1994, 7.3.1, Tables 6 and 7.
    """
    p, n = _demand("p", p, 2), _demand("n", n, 2)
    f = scipy.stats.f.isf(_demand_significance(significance), n - 1, (p - 1) * (n - 1))
    return float(np.sqrt(p / (1 + (p - 1) / f)))


@lru_cache(maxsize=4096)
def cochran_critical(p: int, n: int, significance: float = 0.01) -> float:
    """Critical value of Cochran's C = s²_max/Σs² for p laboratories with n replicates each.

    C = 1 / (1 + (p - 1)/F), F the 1 - α/p quantile with n - 1 and (p - 1)(n - 1) degrees of freedom: exact where
    C > 1/2, elsewhere at most one unit of the third decimal above the exact value, as the printed table is.
    Dimensionless. Raises InputError for p < 2 or n < 2. ISO 5725-2:1994, 7.3.3, Table 4.
    """
    p, n = _demand("p", p, 2), _demand("n", n, 2)
    f = scipy.stats.f.isf(_demand_significance(significance) / p, n - 1, (p - 1) * (n - 1))
    return float(1 / (1 + (p - 1) / f))


@lru_cache(maxsize=4096)
def grubbs_critical(p: int, significance: float = 0.01) -> float:
    """Critical value of Grubbs' test for one outlying value among p (two-sided, as ISO 5725-2 tabulates it).

    G = (p - 1)/√p · √(t² / (p - 2 + t²)), t the 1 - α/(2p) quantile of Student's t with p - 2 degrees of freedom.
    Dimensionless. Raises InputError for p < 3. ISO 5725-2:1994, 7.3.4, Table 5.
    """
    p = _demand("p", p, 3)
    t = scipy.stats.t.isf(_demand_significance(significance) / (2 * p), p - 2)
    return float((p - 1) / np.sqrt(p) * np.sqrt(t * t / (p - 2 + t * t)))


def grubbs_double_critical(p: int, significance: float = 0.01) -> float:
    """Critical value of Grubbs' test for the two largest (or the two smallest) of p values, two-sided.

    The c with P(s²_without the two / s² < c) = α/2 under normal values, found by quadrature of the exact law; a ratio
    *below* it is outlying. Dimensionless. Raises InputError for p < 4. ISO 5725-2:1994, 7.3.4, Table 5.
    """
    p, half = _demand("p", p, 4), _demand_significance(significance) / 2
    return _double_quantile(p, half)


@lru_cache(maxsize=1024)
def _double_quantile(p: int, probability: float) -> float:
    highest = (p - 3) / (p - 1)
    return float(scipy.optimize.brentq(lambda c: grubbs_double_cdf(c, p) - probability, 1e-14, highest, xtol=1e-13))


def grubbs_double_cdf(c: float, p: int) -> float:
    """P(ratio < c) for the ratio of Grubbs' test of the two largest of p normal values.

    Given the p - 2 others, the two stand at a point of the plane whose squared Mahalanobis radius ρ² follows
    P(1/(1 + ρ²) < v) = v^((p-3)/2) and whose direction is uniform; they are the two largest when both coordinates
    exceed the greatest standardised deviate M of the others, an arc of the circle of radius ρ. Hence
    P = C(p,2) c^((p-3)/2) E[arc(ρ, M)]. Exact up to the quadrature (five significant figures).
    """
    t, weight = np.polynomial.legendre.leggauss(_RADIUS_NODES)
    t, weight = (t + 1) / 2, weight / 2
    v = c * t ** (2 / (p - 3))
    radius = np.sqrt((1 - v) / v)
    reach = np.sqrt((p - 1) / (p - 2))
    tilt = np.arctan(np.sqrt((p - 2) / p))
    ratio = _deviate_nodes(p - 2) / (reach * radius[:, None])
    arc = np.maximum(0.0, np.arccos(np.minimum(1.0, ratio)) - tilt) / np.pi
    return float(special.comb(p, 2) * c ** ((p - 3) / 2) * (weight @ arc.mean(axis=1)))


def _deviate_nodes(m: int) -> FloatArray:
    """Equal-probability nodes of M = (max y - mean y)/√Σ(y - mean y)² for m normal values."""
    angle = np.linspace(0, np.pi / 2, _ANGLES + 1)
    probability = (np.arange(_DEVIATE_NODES) + 0.5) / _DEVIATE_NODES
    cdf = _greatest_deviate_cdf(m)
    start = int(np.searchsorted(cdf, 0, side="right")) - 1
    nodes = np.interp(probability, cdf[start:], angle[start:])
    return np.sqrt((m - 1) / m) * np.sin(nodes)


@lru_cache(maxsize=64)
def _greatest_deviate_cdf(m: int) -> FloatArray:
    """Distribution of M over θ = arcsin(M √(m/(m-1))), by removing the greatest value (Grubbs 1950, recursion).

    F_m(θ) = m/B(1/2, (m-2)/2) ∫ cos^(m-3)φ F_(m-1)(arcsin(√(m/(m-2)) tan φ)) dφ; F_2 is a step at π/2.
    """
    angle = np.linspace(0, np.pi / 2, _ANGLES + 1)
    if m == 2:
        return np.where(angle < np.pi / 2, 0.0, 1.0)
    if m == 3:
        return np.clip(3 / np.pi * (angle - np.pi / 6), 0, 1)
    cdf = _greatest_deviate_cdf(3)
    for size in range(4, m + 1):
        cdf = _add_one(cdf, angle, size)
    return cdf


def _add_one(cdf: FloatArray, angle: FloatArray, m: int) -> FloatArray:
    inner = np.arcsin(np.minimum(1.0, np.sqrt(m / (m - 2)) * np.tan(angle[:-1])))
    density = np.append(np.cos(angle[:-1]) ** (m - 3) * np.interp(inner, angle, cdf), 0.0)
    step = angle[1] - angle[0]
    grown = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * step)])
    # normalising by the last value instead of m/B removes the trapezoid's error in the total
    return np.asarray(grown / grown[-1])
