"""The assigned value x_pt of a round and its standard uncertainty u(x_pt) (ISO 13528:2022, clause 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.errors import Degenerate, InputError
from intercomp.inputs import as_centred
from intercomp.robust import RobustEstimate, algorithm_a, mad_e, median, niqr

_ENLARGEMENT = 1.25  # efficiency of a robust mean against contamination, ISO 13528:2022, formula (6)


@dataclass(frozen=True, slots=True)
class AssignedValue:
    """x_pt with its standard uncertainty (None where it cannot be known), how and from how many it was made."""

    value: float
    u: float | None
    method: str
    n: int | None
    edition: str = "ISO 13528:2022"


def _by_algorithm_a(deviations: np.ndarray) -> tuple[float, float]:
    found: RobustEstimate = algorithm_a(deviations)
    if found.status != "converged":
        raise Degenerate("algorithm-a: the results have no spread, so the consensus has no uncertainty", found)
    return found.mean, found.sd


def _by_mean(deviations: np.ndarray) -> tuple[float, float]:
    return float(deviations.mean()), float(deviations.std(ddof=1)) / _ENLARGEMENT


_CONSENSUS: dict[str, tuple[str, Callable[[np.ndarray], tuple[float, float]]]] = {
    "algorithm-a": ("Robust mean of the results by Algorithm A; u = 1.25 s*/√p", _by_algorithm_a),
    "median": ("Median of the results; u = 1.25 MADe/√p", lambda d: (median(d), mad_e(d))),
    "median-niqr": ("Median of the results; u = 1.25 nIQR/√p", lambda d: (median(d), niqr(d))),
    "mean": ("Arithmetic mean of the results; u = s/√p; not robust", _by_mean),
}

ASSIGNED_METHODS: dict[str, str] = {name: meaning for name, (meaning, _) in _CONSENSUS.items()}
"""Consensus methods that `assigned_by` knows, each with its meaning in a line."""


def assigned_by(x: Any, method: str = "algorithm-a") -> AssignedValue:
    """Assigned value by consensus of the participants, u(x_pt) = 1.25 s*/√p (ISO 13528:2022, 7.7, formula (6)).

    x       results of one measurand, shape (p,), any unit
    method  one of ASSIGNED_METHODS; "mean" takes s/√p, without the factor for robust means

    InputError on fewer than two results or an unknown method; Degenerate (with the value found) where the results have
    no spread, since u(x_pt) = 0 would say that the consensus is exact.
    """
    if method not in _CONSENSUS:
        raise InputError("method", f"{method!r} is unknown", f"give one of {', '.join(ASSIGNED_METHODS)}")
    data = as_centred(x, minimum=2)
    location, scale = _CONSENSUS[method][1](data.deviations)
    value, u = location + data.origin, _ENLARGEMENT * scale / float(np.sqrt(data.n))
    assigned = AssignedValue(value, u, method, data.n)
    if u == 0:
        raise Degenerate(f"{method}: the results have no spread, so the consensus has no uncertainty", assigned)
    return assigned
