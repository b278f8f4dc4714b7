"""Integrals of smooth densities over the whole line by the trapezoidal rule, and the quantiles of what they describe.

For a density that is analytic in a strip and dies out at both ends the trapezoidal rule errs like exp(−c/h): halving the
step h doubles the number of right digits. The same samples give the density between its nodes (Whittaker's series), so
probabilities come from them without a further evaluation: ∫_{−∞}^{y} ≈ h Σ f_k (1/2 + Si(π (y − y_k)/h)/π).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import sici

from intercomp.errors import NotConverged
from intercomp.inputs import FloatArray

_SETTLED = 1e-12
_STEPS = 200


def nodal_probability(offset: FloatArray) -> FloatArray:
    """The part of a node's mass that lies below a point `offset` steps beyond it: 1/2 + Si(π offset)/π."""
    below: FloatArray = 0.5 + sici(np.pi * offset)[0] / np.pi
    return below


def nodal_density(offset: FloatArray) -> FloatArray:
    """How much of a node's mass is felt `offset` steps beyond it: sin(π offset)/(π offset)."""
    angle = np.pi * np.where(offset == 0, 1e-20, offset)
    felt: FloatArray = np.sin(angle) / angle
    return felt


def quantiles(
    distribution: Callable[[FloatArray], tuple[FloatArray, FloatArray]],
    levels: FloatArray,
    start: FloatArray,
    spread: float,
) -> FloatArray:
    """The points at which a distribution (probability and density at once) reaches `levels`, by Newton's method.

    A step that would leave what is known to enclose the root, or run far, is replaced by halving or by ever longer strides.
    NotConverged with the last points.
    """
    y = start
    low, high = np.full(y.shape, -np.inf), np.full(y.shape, np.inf)
    reach = 4 * spread
    for _ in range(_STEPS):
        probability, density = distribution(y)
        low, high = np.where(probability <= levels, y, low), np.where(probability >= levels, y, high)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newer = y + (levels - probability) / density
        outside = ~((newer >= np.maximum(low, y - reach)) & (newer <= np.minimum(high, y + reach)))
        if outside.any():
            newer = np.where(outside, _fallback(low, high, reach), newer)
        if np.all(np.abs(newer - y) <= _SETTLED * spread):
            return newer
        y, reach = newer, 2 * reach
    raise NotConverged(f"the quantiles did not settle in {_STEPS} steps", y)


def _fallback(low: FloatArray, high: FloatArray, reach: float) -> FloatArray:
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(high), low + reach, np.where(np.isinf(low), high - reach, 0.5 * (low + high)))


def half_line(step: float, top: float, scale: float) -> tuple[FloatArray, FloatArray]:
    """Nodes t = scale·sinh(z), z = 0, step, … up to t = top, and weights dt, for an integrand even and smooth in t."""
    z = step * np.arange(2 + int(np.arcsinh(top / scale) / step))
    weights = step * scale * np.cosh(z)
    weights[0] /= 2
    return scale * np.sinh(z), weights


def even_half(weights: FloatArray) -> FloatArray:
    """The weights of the rule with twice the step, as zeros at every second node of the last axis."""
    coarse = 2 * weights
    coarse[..., 1::2] = 0.0
    return coarse
