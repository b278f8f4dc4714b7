"""Chance of at least m successes in independent trials of unequal chances."""

from __future__ import annotations

import numpy as np

from intercomp.inputs import FloatArray


def upper_tails(chances: FloatArray) -> FloatArray:
    """P(M ≥ m) for m = 0 … K, from chances (…, K) along the last axis: shape (…, K + 1), accurate in relative terms."""
    *lead, k = chances.shape
    mass = np.zeros((*lead, k + 1))
    mass[..., 0] = 1.0
    for trial in range(k):
        q = chances[..., trial, None]
        mass[..., 1 : trial + 2] = mass[..., 1 : trial + 2] * (1 - q) + mass[..., : trial + 1] * q
        mass[..., 0] *= 1 - q[..., 0]
    return np.minimum(np.cumsum(mass[..., ::-1], axis=-1)[..., ::-1], 1.0)
