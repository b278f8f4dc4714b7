"""Hierarchical Bayesian consensus by deterministic quadrature: no chains, no seeds, the same bits every time.

x_j ~ N(θ_j, σ_j²), θ_j = μ + effect_j, the effects normal or Laplace with standard deviation τ;
σ_j = u_j, or, where u_j has ν_j degrees of freedom, ν_j u_j²/σ_j² ~ χ²(ν_j) with a half-Cauchy prior on σ_j.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.consensus import Rows, as_degrees, as_rows
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_scalar
from intercomp.posterior import Model, Posterior, integrate

PRIORS = {
    "nicob": "μ flat; τ ~ half-Cauchy(1.4826 MAD(x)); σ_j ~ half-Cauchy(median(u)) where ν is given",
    "ndt": "μ ~ t₃(mean(x), sd(x)/√3), informative; τ and σ_j as in nicob",
}
_MAD_TO_SD = 1.4826  # four decimals, as in the programs whose default prior this is


@dataclass(frozen=True, slots=True, eq=False)
class HierarchicalBayes:
    """Posterior of μ (value = mean, u = SD, median, lwr, upr) and of τ (mean, median, interval, root mean square).

    u is None where the posterior has no standard deviation (two results, flat μ): use the quantiles.
    weights  posterior mean of (u² + τ²)⁻¹/Σ, in input order        sigma    root of the posterior mean of each σ_j²
    priors   what was assumed, in words        error    estimated relative error of the quadrature
    """

    method: str
    value: float
    u: float | None
    median: float
    lwr: float
    upr: float
    level: float
    tau_mean: float
    tau_median: float
    tau_lwr: float
    tau_upr: float
    tau_rms: float | None
    weights: FloatArray
    sigma: FloatArray
    n: int
    nu: FloatArray
    priors: tuple[str, ...]
    nodes: int
    error: float
    status: str


def hierarchical_bayes(
    x: Any,
    u: Any,
    nu: Any = None,
    *,
    effects: str = "normal",
    prior: str = "nicob",
    tau_scale: Any = None,
    sigma_scale: Any = None,
    level: float = 0.95,
) -> HierarchicalBayes:
    """Posterior of the consensus value μ and of the dark uncertainty τ; x, u, nu 1-D, nu may hold inf or None.

    p(μ, τ | x, u) ∝ π(μ) π(τ) Π_j ∫ N(x_j − μ; effect of SD τ, σ) p(u_j | σ) π(σ) dσ; `effects` "normal" or "laplace";
    `prior` one of PRIORS; `tau_scale` and `sigma_scale` (unit of x) replace the scales of its half-Cauchy priors.
    With the flat prior its 95 % interval covers 97 to 99 % without dark uncertainty, 93 to 96 % with it from n = 5, and
    88 to 93 % at n = 3.
    InputError: u ≤ 0, ν ≤ 0, fewer than 2 results; NotConverged with the last grid.
    Source: NIST Consensus Builder manual 2020, 6.2; NIST Decision Tree manual 2024, 7; Gelman 2006 (half-Cauchy).
    """
    if effects not in ("normal", "laplace"):
        raise InputError("effects", f"{effects!r}", "choose normal or laplace")
    rows = as_rows(x, u)
    if rows.batch.form != "one":
        raise InputError("x", "many measurands", "give one measurand at a time")
    degrees = as_degrees(nu, rows.d.shape[1])
    model, scale = _model(rows, degrees, effects, prior, tau_scale, sigma_scale)
    return _told(integrate(model), model, float(rows.origin[0]), scale, level)


def _model(
    rows: Rows, nu: FloatArray, effects: str, prior: str, tau_scale: Any, sigma_scale: Any
) -> tuple[Model, float]:
    d, u = rows.d[0], np.sqrt(rows.u2[0])
    tau = as_scalar(tau_scale, "tau_scale", positive=True) if tau_scale is not None else tau_prior_scale(d, u)
    sigma = as_scalar(sigma_scale, "sigma_scale", positive=True) if sigma_scale is not None else float(np.median(u))
    scale = float(2.0 ** np.round(np.log2(tau)))
    d, u = d / scale, u / scale
    return Model(d, u, nu, tau / scale, sigma / scale, mu_prior(d, prior), effects == "laplace"), scale


def mu_prior(d: FloatArray, prior: str) -> tuple[float, float, float] | None:
    """Location, scale and ν of the t prior of μ, or None where it is flat."""
    if prior not in PRIORS:
        raise InputError("prior", f"{prior!r}", f"choose one of {', '.join(PRIORS)}")
    if prior != "ndt":
        return None
    return float(d.mean()), (float(d.std(ddof=1)) or 1.0) / 3**0.5, 3.0


def tau_prior_scale(d: FloatArray, u: FloatArray) -> float:
    """1.4826 MAD; where more than half the results are equal, the SD; where all are, the median uncertainty."""
    mad = _MAD_TO_SD * float(np.median(np.abs(d - np.median(d))))
    return mad or float(d.std(ddof=1)) or float(np.median(u))


def _told(posterior: Posterior, model: Model, origin: float, scale: float, level: float) -> HierarchicalBayes:
    mean, spread = posterior.moments()
    levels = np.array([0.5 - level / 2, 0.5, 0.5 + level / 2])
    has_moments = len(model.d) > 2
    lwr, median, upr = (origin + scale * float(y) for y in posterior.quantiles(levels))
    tau_lwr, tau_median, tau_upr = (scale * float(t) for t in posterior.tau_quantiles(levels))
    rms = scale * float(posterior.tau_mass @ posterior.tau**2) ** 0.5
    return HierarchicalBayes(
        f"hierarchical Bayes, {'Laplace' if model.laplace else 'normal'} effects, quadrature",
        origin + scale * mean, scale * spread if has_moments or model.mu_prior else None, median, lwr, upr, level,
        scale * posterior.tau_mean(), tau_median, tau_lwr, tau_upr, rms if has_moments else None,
        _mean_weights(posterior, model), scale * np.sqrt(posterior.sigma2), len(model.d), model.nu,
        _priors(model, origin, scale), posterior.nodes, max(posterior.changes.values()) ** 2,
        "converged" if has_moments else "two results: the posterior of τ is so wide that it has no variance",
    )  # fmt: skip


def _mean_weights(posterior: Posterior, model: Model) -> FloatArray:
    w = 1 / (model.u**2 + (posterior.tau**2)[:, None])
    weights: FloatArray = posterior.tau_mass @ (w / w.sum(1, keepdims=True))
    return weights


def _priors(model: Model, origin: float, scale: float) -> tuple[str, ...]:
    told = ["μ ~ flat"]
    if model.mu_prior is not None:
        location, width, nu = model.mu_prior
        told = [f"μ ~ t with ν = {nu:g}, location {origin + scale * location:.6g}, scale {scale * width:.4g}"]
    told.append(f"τ ~ half-Cauchy with median {scale * model.tau_scale:.4g}")
    if np.isfinite(model.nu).any():
        told.append(f"σ_j ~ half-Cauchy with median {scale * model.sigma_scale:.4g}, for the u with finite ν")
    return tuple(told)
