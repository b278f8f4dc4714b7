"""Rounds of few results: dispersion without robust magic, and the ceiling of scores (ISO 13528:2022, 5.4, D.1)."""

from __future__ import annotations

from typing import Any

import numpy as np

from intercomp.errors import InputError
from intercomp.inputs import as_centred

FEW_FOR_CONSENSUS = 12
FEW_FOR_ROBUST_SCALE = 6
_MEAN_ABSOLUTE = 0.798  # E|x|/σ = √(2/π) = 0.7979 as printed


def mean_absolute_scale(x: Any) -> float:
    """Dispersion of fewer than six results, Σ|xᵢ − med x|/(0.798 p) (ISO 13528:2022, D.1.4.2, formula (D.1)).

    x  results, shape (p,), p ≥ 2, any unit → float in that unit; for two results |x₁ − x₂|/√2.
    """
    deviations = as_centred(x, minimum=2).deviations
    if deviations.size == 2:
        return float(abs(deviations[1] - deviations[0]) / np.sqrt(2.0))
    return float(np.abs(deviations - np.median(deviations)).sum() / (_MEAN_ABSOLUTE * deviations.size))


def score_ceiling(n: int) -> float:
    """The greatest |z| that n results can reach when mean and SD come from the same results, (n − 1)/√n.

    With five results it is 1.79, so no result, however wild, gets a signal; |z| ≥ 3 needs n ≥ 11. InputError below two.
    """
    if n < 2:
        raise InputError("n", f"{n} results", "give at least two")
    return float((n - 1) / np.sqrt(n))
