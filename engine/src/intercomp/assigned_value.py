"""The assigned value x_pt of a round and its standard uncertainty u(x_pt) (ISO 13528:2022, clause 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.errors import Degenerate, InputError
from intercomp.inputs import FloatArray, as_centred, as_scalar, as_uncertainties
from intercomp.m_estimates import q_hampel
from intercomp.robust import RobustEstimate, algorithm_a, mad_e, median, niqr


@dataclass(frozen=True, slots=True)
class AssignedValue:
    """x_pt with its standard uncertainty (None where it cannot be known), how and from how many it was made."""

    value: float
    u: float | None
    method: str
    n: int | None
    edition: str = "ISO 13528:2022"


@dataclass(frozen=True, slots=True)
class Consensus:
    """A way to a consensus: location and scale of a table (m, p), and the factor in u = factor · scale/√p."""

    meaning: str
    estimate: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
    factor: float = 1.25  # pays for the lower efficiency of a robust mean, ISO 13528:2022, formula (6)


def mean_and_sd(table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and SD of each row, taken about its first result so that a far origin costs no digits; NaN is no result."""
    given = ~np.isnan(table)
    n = given.sum(axis=1)
    origin = np.where(n > 0, table[np.arange(len(table)), np.argmax(given, axis=1)], np.nan)
    y = np.where(given, table - origin[:, None], 0.0)
    mean = y.sum(axis=1) / np.maximum(n, 1)
    squares = np.where(given, (y - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return mean + origin, np.sqrt(squares / np.where(n > 1, n - 1, np.nan))


def _both(found: RobustEstimate) -> tuple[FloatArray, FloatArray]:
    return found.mean, found.sd


CONSENSUS: dict[str, Consensus] = {
    "algorithm-a": Consensus(
        "Robust mean of the results by Algorithm A; u = 1.25 s*/√p", lambda table: _both(algorithm_a(table))
    ),
    "q-hampel": Consensus(
        "Hampel's location with the scale of the Q method; u = 1.25 s*/√p", lambda table: _both(q_hampel(table))
    ),
    "median": Consensus("Median of the results; u = 1.25 MADe/√p", lambda table: (median(table), mad_e(table))),
    "median-niqr": Consensus("Median of the results; u = 1.25 nIQR/√p", lambda table: (median(table), niqr(table))),
    "mean": Consensus("Arithmetic mean of the results; u = s/√p; not robust", mean_and_sd, 1.0),
}

ASSIGNED_METHODS: dict[str, str] = {name: consensus.meaning for name, consensus in CONSENSUS.items()}
"""Consensus methods that `assigned_by` knows, each with its meaning in a line."""


def assigned_by(x: Any, method: str = "algorithm-a") -> AssignedValue:
    """Assigned value by consensus of the participants, u(x_pt) = 1.25 s*/√p (ISO 13528:2022, 7.7, formula (6)).

    x       results of one measurand, shape (p,), any unit
    method  one of ASSIGNED_METHODS; "mean" takes s/√p, without the factor for robust means

    How often x_pt ± 2 u(x_pt) holds the true value of normal results (benchmarks/interval_coverage.py), where not 93 to 97 %:
    algorithm-a 98 % from n = 20 on (the factor 1.25 is generous to it); q-hampel 91 % at n = 5, 98 % from n = 20 on;
    median 79 % at n = 5, 87 % at 8, 90 % at 12, 92 % at 20; median-niqr 78, 87, 90 and 92 %; mean 89 % at n = 5, 92 % at
    8. With one result in ten five times as spread all are the same within about 2 %.

    InputError on fewer than two results or an unknown method; Degenerate (with the value found) where the results have
    no spread, since u(x_pt) = 0 would say that the consensus is exact.
    """
    if method not in CONSENSUS:
        raise InputError("method", f"{method!r} is unknown", f"give one of {', '.join(ASSIGNED_METHODS)}")
    data = as_centred(x, minimum=2)
    consensus = CONSENSUS[method]
    location, scale = consensus.estimate(data.deviations[None, :])
    value, u = float(location[0]) + data.origin, consensus.factor * float(scale[0]) / float(np.sqrt(data.n))
    assigned = AssignedValue(value, u, method, data.n)
    if u == 0:
        raise Degenerate(f"{method}: the results have no spread, so the consensus has no uncertainty", assigned)
    return assigned


def by_formulation(value: Any, components: Any) -> AssignedValue:
    """Assigned value from how the item was made up, u = √Σuᵢ² (ISO 13528:2022, 7.3).

    value       x_pt by calculation from masses, volumes, purities, any unit
    components  standard uncertainties ≥ 0 of its contributions, in that unit: a sequence, or a mapping by name

    InputError on a negative component or none.
    """
    parts = list(components.values()) if isinstance(components, Mapping) else components
    u = float(np.sqrt(np.sum(as_uncertainties(parts, "components", zero=True) ** 2)))
    return AssignedValue(as_scalar(value, "value"), u, "formulation", None)


def by_reference_material(x_crm: Any, u_crm: Any) -> AssignedValue:
    """Assigned value of an item that is itself a certified reference material (ISO 13528:2022, 7.4).

    x_crm, u_crm  certified value and standard uncertainty > 0 from the certificate (its U over its k), one unit.
    """
    return AssignedValue(as_scalar(x_crm, "x_crm"), as_scalar(u_crm, "u_crm", positive=True), "crm", None)


@dataclass(frozen=True, slots=True)
class ComparedValue(AssignedValue):
    """An assigned value by comparison with a reference material, with the mean difference it rests on."""

    mean_difference: float = 0.0
    sd_difference: float = 0.0
    u_difference: float = 0.0


def by_comparison(differences: Any, x_crm: Any, u_crm: Any) -> ComparedValue:
    """Assigned value by measuring the item beside a reference material (ISO 13528:2022, 7.5, formula (4)).

        x_pt = x_CRM + d̄,  u²(x_pt) = u²(x_CRM) + s_d²/n

    differences   dᵢ = item − reference material, measured in pairs, shape (n,), n ≥ 2
    x_crm, u_crm  certified value and standard uncertainty ≥ 0, all in one unit
    """
    d = as_centred(differences, "differences", minimum=2)
    mean, sd = float(d.deviations.mean()) + d.origin, float(d.deviations.std(ddof=1))
    u_d = sd / float(np.sqrt(d.n))
    u = float(np.hypot(as_scalar(u_crm, "u_crm", zero=True), u_d))
    return ComparedValue(as_scalar(x_crm, "x_crm") + mean, u, "crm-comparison", d.n, "ISO 13528:2022", mean, sd, u_d)


def by_expert_laboratories(x: Any, u: Any, *, robust: bool = True) -> AssignedValue:
    """Assigned value as the mean of expert laboratories that state their uncertainties (ISO 13528:2022, 7.6, formula (5)).

        u(x_pt) = 1.25/p · √Σuᵢ²  (without 1.25 for the arithmetic mean)

    x, u    results and standard uncertainties > 0 of the experts, shape (p,), p ≥ 2, one unit
    robust  location by Algorithm A, else the arithmetic mean

    The stated uncertainties do not weight the results; for that see the estimators of measurement comparisons.
    InputError on unequal lengths or u ≤ 0.
    """
    data = as_centred(x, minimum=2)
    stated = as_uncertainties(u, length=data.n)
    factor = 1.25 if robust else 1.0
    location = algorithm_a(data.deviations).mean if robust else float(data.deviations.mean())
    spread = factor * float(np.sqrt(np.sum(stated**2))) / data.n
    return AssignedValue(location + data.origin, spread, "experts" if robust else "experts-mean", data.n)


@dataclass(frozen=True, slots=True)
class ReferenceComparison:
    """Reference value less consensus, its standard uncertainty, and whether they agree within 2 u."""

    difference: float
    u: float
    agrees: bool


def compare_with_reference(assigned: AssignedValue, x_ref: Any, u_ref: Any) -> ReferenceComparison:
    """Compare a consensus with an independent reference value (ISO 13528:2022, 7.8 and E.7).

        x_diff = x_ref − x_pt,  u²(x_diff) = u²(x_ref) + u²(x_pt);  |x_diff| > 2 u(x_diff) asks for an explanation

    x_ref, u_ref  reference value and its standard uncertainty ≥ 0, in the unit of the assigned value.
    """
    if assigned.u is None:
        raise InputError("assigned", "its uncertainty is unknown", "take an assigned value that has one")
    difference = as_scalar(x_ref, "x_ref") - assigned.value
    u = float(np.hypot(assigned.u, as_scalar(u_ref, "u_ref", zero=True)))
    return ReferenceComparison(difference, u, abs(difference) <= 2 * u)
