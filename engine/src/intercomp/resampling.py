"""Bootstrap uncertainty of any estimate of a round (ISO 13528:2022, 7.7.3 and E.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_centred
from intercomp.m_estimates import q_hampel
from intercomp.pairwise import qn
from intercomp.robust import algorithm_a, mad_e, median, niqr

_AT_ONCE = 1 << 20

ESTIMATORS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "mean": lambda table: table.mean(axis=1),
    "median": median,
    "algorithm-a": lambda table: algorithm_a(table).mean,
    "q-hampel": lambda table: q_hampel(table).mean,
    "mad-e": mad_e,
    "niqr": niqr,
    "qn": qn,
}


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Mean and standard deviation (the standard uncertainty u) of an estimate over replicates of the round."""

    mean: float
    u: float
    estimator: str
    n: int
    replicates: int
    seed: int


def bootstrap(
    x: Any,
    estimator: str | Callable[[FloatArray], FloatArray] = "algorithm-a",
    *,
    replicates: int = 1000,
    seed: int = 1,
) -> Bootstrap:
    """Standard uncertainty of an estimate as its standard deviation over resampled rounds (ISO 13528:2022, 7.7.3, E.3).

    x           results, shape (p,), any unit
    estimator   a name in ESTIMATORS, or a function from a table (replicates, p) to (replicates,)
    replicates  rounds drawn with replacement; the relative error of u is about 1/√(2·replicates)
    seed        the same seed gives the same figures, bit for bit

    InputError on fewer than two results, an unknown estimator or fewer than two replicates.
    """
    if replicates < 2:
        raise InputError("replicates", f"{replicates}", "give at least two, 1000 as a rule")
    name, function = _function(estimator)
    data = as_centred(x, minimum=2)
    values, random = np.sort(data.deviations), np.random.default_rng(seed)
    at_once = max(1, _AT_ONCE // data.n)
    parts = []
    for start in range(0, replicates, at_once):
        chosen = random.integers(0, data.n, (min(at_once, replicates - start), data.n))
        parts.append(np.asarray(function(values[chosen]), dtype=np.float64))
    found = np.concatenate(parts)
    shift = data.origin if name in ("mean", "median", "algorithm-a", "q-hampel") else 0.0
    return Bootstrap(float(found.mean()) + shift, float(found.std(ddof=1)), name, data.n, replicates, seed)


def _function(estimator: str | Callable[[FloatArray], FloatArray]) -> tuple[str, Callable[[FloatArray], FloatArray]]:
    if callable(estimator):
        return getattr(estimator, "__name__", "given"), estimator
    if estimator not in ESTIMATORS:
        raise InputError("estimator", f"{estimator!r} is unknown", f"give one of {', '.join(ESTIMATORS)}")
    return estimator, ESTIMATORS[estimator]
