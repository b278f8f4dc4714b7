"""Degrees of equivalence: how far each result lies from the reference value, or from another, with its uncertainty.

The reference value is a combination y = Σ a_j x_j of the results (or stands apart, a = 0), so D_i = x_i − y is correlated
with it: u²(D_i) = u_i² + u²(y) − 2 cov(x_i, y). Forgetting the covariance overstates u(D) for a contributor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.bayes import HierarchicalBayes
from intercomp.consensus import Consensus, as_rows, dersimonian_laird, mandel_paule, reml, weighted_mean
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_scalar, as_square, as_uncertainties, as_values

_ESTIMATORS: dict[str, Callable[..., Consensus]] = {
    "weighted-mean": weighted_mean,
    "mandel-paule": mandel_paule,
    "dersimonian-laird": dersimonian_laird,
    "reml": reml,
}


@dataclass(frozen=True, slots=True, eq=False)
class DegreesOfEquivalence:
    """D (n,) with standard uncertainty u, expanded uncertainty U = k u and En = D/U; `covariance` (n, n) of the D.

    equivalent   |D| ≤ U        dark   whether the dark uncertainty τ was counted as the laboratory's own
    """

    D: FloatArray
    u: FloatArray
    U: FloatArray
    En: FloatArray
    equivalent: Any
    covariance: FloatArray
    reference: FloatArray
    u_reference: FloatArray
    k: float
    dark: bool
    n: int
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class BilateralDegrees:
    """D[i, j] = x_i − x_j (n, n), antisymmetric, with u, U = k u, and En = D/U (0 on the diagonal)."""

    D: FloatArray
    u: FloatArray
    U: FloatArray
    En: FloatArray
    equivalent: Any
    k: float
    dark: bool
    n: int
    method: str = "bilateral"


def degrees_of_equivalence(
    x: Any,
    u: Any,
    reference: Consensus | HierarchicalBayes | Any,
    u_reference: Any = None,
    *,
    k: float = 2.0,
    dark: bool = False,
    covariance: Any = None,
) -> DegreesOfEquivalence:
    """Unilateral degrees of equivalence D_i = x_i − y, u²(D_i) = u_i² + u²(y) − 2 cov(x_i, y), U = k u; x, u 1-D.

    `reference` is a Consensus of these same results (its weights give cov(x_i, y) = Σ a_j V_ij; for a weighted mean that
    is u²(D_i) = u_i² − u²(y) for a contributor, u_i² + u²(y) for the others), a HierarchicalBayes (u²(D) = σ_i² + u²(y)),
    or a value from outside with `u_reference`. `dark` adds τ² to u_i² (and to its covariance with y): how far a result
    may lie where dark uncertainty is everyone's. `covariance` (n, n) of correlated results, in place of u = None.
    InputError: u ≤ 0, a reference of other results. Source: Cox, Metrologia 39 (2002) 589, eqs. 5-6; CIPM MRA-D-05.
    """
    values, V = _covariance(x, u, covariance)
    if isinstance(reference, HierarchicalBayes):
        return _of_posterior(values, reference, k, dark)
    y, u_y, weights, tau, method = _reference(reference, u_reference, len(values))
    if dark:
        V = V + tau**2 * np.eye(len(values))
    shared = V @ weights
    C = V + u_y**2 - shared[:, None] - shared
    n = len(values)
    return _told(values - y, C, np.full(n, y), np.full(n, u_y), k, dark, f"unilateral, {method}")


def bilateral_degrees(x: Any, u: Any, *, k: float = 2.0, tau: Any = 0.0, covariance: Any = None) -> BilateralDegrees:
    """Bilateral degrees D_ij = x_i − x_j, u²(D_ij) = u_i² + u_j² − 2 cov(x_i, x_j), plus 2τ² where `tau` is given.

    Source: Cox, Metrologia 39 (2002) 589, eq. 7; CIPM MRA-D-05, T.4.
    """
    values, V = _covariance(x, u, covariance)
    dark = as_scalar(tau, "tau", zero=True)
    V = V + dark**2 * np.eye(len(values))
    variance = np.diag(V)
    between = np.sqrt(np.maximum(variance[:, None] + variance - 2 * V, 0.0))
    np.fill_diagonal(between, 0.0)
    D = values[:, None] - values
    U = k * between
    En = np.divide(D, U, out=np.zeros_like(D), where=U > 0)
    return BilateralDegrees(D, between, U, En, np.abs(D) <= U, k, dark > 0, len(values))


def leave_one_out(
    x: Any, u: Any, *, estimator: str = "dersimonian-laird", k: float = 2.0, dark: bool = False
) -> DegreesOfEquivalence:
    """D_i = x_i − y₋ᵢ against the consensus of all the others, which does not know x_i: u²(D_i) = u_i² + u²(y₋ᵢ) (+ τ₋ᵢ²).

    `covariance` of the D is not formed here and holds their variances only. InputError: fewer than 3 results.
    Source: NIST Consensus Builder manual 2020, 7.1; Duewer, Pratt and Possolo (2014).
    """
    if estimator not in _ESTIMATORS:
        raise InputError("estimator", f"{estimator!r}", f"choose one of {', '.join(_ESTIMATORS)}")
    rows = as_rows(x, u, minimum=3)
    d, s = rows.d[0], np.sqrt(rows.u2[0])
    others = np.where(np.eye(d.size, dtype=bool), np.nan, d)
    fits = _ESTIMATORS[estimator](others, np.where(np.isnan(others), np.nan, s))
    variance = s**2 + fits.u**2 + (fits.tau**2 if dark else 0.0)
    return _told(
        d - fits.value, np.diag(variance), rows.origin[0] + fits.value, fits.u, k, dark, f"leave-one-out, {estimator}"
    )


def e_n_matrix(x: Any, U: Any) -> FloatArray:
    """E_n of every pair: (x_i − x_j)/√(U_i² + U_j²), (n, n), 0 on the diagonal; x results, U expanded uncertainties, 1-D.

    InputError: U ≤ 0, unequal lengths. Source: ISO/IEC 17043:2023, B.3.1.3; ISO 13528:2022, 9.7.
    """
    values = as_values(x)
    expanded = as_uncertainties(U, "U", length=values.size)
    matrix: FloatArray = (values[:, None] - values) / np.hypot(expanded[:, None], expanded)
    return matrix


def _covariance(x: Any, u: Any, covariance: Any) -> tuple[FloatArray, FloatArray]:
    if covariance is None:
        rows = as_rows(x, u, minimum=1)
        return rows.d[0] + rows.origin[0], np.diag(rows.u2[0])
    if u is not None:
        raise InputError("u", "given together with covariance", "give u = None; the diagonal of covariance is u²")
    values = as_values(x)
    V = as_square(covariance, "covariance", size=values.size)
    bad = np.flatnonzero(np.diag(V) <= 0)
    if bad.size:
        raise InputError("covariance", "a variance of zero or less", "give u² > 0", row=int(bad[0]) + 1)
    return values, V


def _reference(reference: Any, u_reference: Any, n: int) -> tuple[float, float, FloatArray, float, str]:
    if not isinstance(reference, Consensus):
        y, u_y = as_scalar(reference, "reference"), as_scalar(u_reference, "u_reference", zero=True)
        return y, u_y, np.zeros(n), 0.0, "independent reference value"
    if np.ndim(reference.value) or reference.weights.shape != (n,):
        raise InputError("reference", "a consensus of other results", f"give the consensus of these {n}")
    return reference.value, reference.u, reference.weights, reference.tau, reference.method


def _of_posterior(values: FloatArray, posterior: HierarchicalBayes, k: float, dark: bool) -> DegreesOfEquivalence:
    """The posterior of μ already holds every result, so D_i spreads by μ and by what a repeat of x_i would spread by."""
    if posterior.n != values.size or posterior.u is None or posterior.tau_rms is None:
        raise InputError(
            "reference", "a posterior of other results, or without a variance", "give one of n > 2 results"
        )
    own = posterior.sigma**2 + (posterior.tau_rms**2 if dark else 0.0)
    C = posterior.u**2 + np.diag(own)
    n = values.size
    y, u_y = np.full(n, posterior.value), np.full(n, posterior.u)
    return _told(values - posterior.value, C, y, u_y, k, dark, f"unilateral, {posterior.method}")


def _told(
    D: FloatArray,
    C: FloatArray,
    reference: FloatArray,
    u_reference: FloatArray,
    k: float,
    dark: bool,
    method: str,
) -> DegreesOfEquivalence:
    u = np.sqrt(np.maximum(np.diag(C), 0.0))
    U = k * u
    En = np.divide(D, U, out=np.zeros_like(D), where=U > 0)
    return DegreesOfEquivalence(D, u, U, En, np.abs(D) <= U, C, reference, u_reference, k, dark, D.size, method)


def labelled(degrees: DegreesOfEquivalence, laboratories: Sequence[str]) -> list[dict[str, Any]]:
    """The degrees as rows {laboratory, D, U, En}, for a table or a chart."""
    if len(laboratories) != degrees.n:
        raise InputError("laboratories", f"{len(laboratories)} names", f"give {degrees.n}")
    figures = zip(laboratories, degrees.D.tolist(), degrees.U.tolist(), degrees.En.tolist(), strict=True)
    return [{"laboratory": name, "D": D, "U": U, "En": En} for name, D, U, En in figures]
