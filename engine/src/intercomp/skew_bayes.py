"""Hierarchical consensus with skew Student effects, the leaf of the NIST decision tree for lopsided results.

λ_j = μ + (τ/√U_j) (δ |W_j| + √(1 − δ²) ε_j), W and ε standard normal, U_j ~ Gamma(ν/2, ν/2), δ = α/√(1 + α²);
x_j ~ N(λ_j, u_j²). Given U a result is skew normal with scale √(τ²/U + u²), and τ and U enter only through a = τ/√U:
on a common grid of ln a and ln τ the integral over U is one matrix product for every ν.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.bayes import mu_prior, tau_prior_scale
from intercomp.consensus import as_rows
from intercomp.errors import InputError
from intercomp.inputs import FloatArray

_STEP = 0.35  # of ln τ and ln a
_ALPHA_STEP, _ALPHA_REACH, _NU_STEP = 0.35, 3.2, 0.4  # of asinh(α) and ln ν
_FAINTEST = 1e-250  # smaller densities cost much time and count for nothing
_ALPHA_SCALE, _NU_SHAPE, _NU_SCALE = 4.0, 3.0, 0.25
_GAUSS_NODES, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(8)


@dataclass(frozen=True, slots=True, eq=False)
class SkewStudentBayes:
    """Posterior of the centre m = μ + √(2/π) τ δ (value = mean, u = SD, median, interval) and of τ, with mean skewness δ.

    priors   what was assumed, in words: those of ν and α are the decision tree's and carry much of the answer
    """

    method: str
    value: float
    u: float
    median: float
    lwr: float
    upr: float
    level: float
    tau_median: float
    skewness: float
    n: int
    priors: tuple[str, ...]
    nodes: int
    status: str


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    mu: FloatArray
    d_mu: FloatArray
    tau: FloatArray
    delta: FloatArray
    log_alpha: FloatArray
    nu: FloatArray
    log_nu: FloatArray


def hierarchical_skew_student(x: Any, u: Any, *, prior: str = "ndt", level: float = 0.95) -> SkewStudentBayes:
    """Posterior of the centre of skew Student effects, u taken as known; x, u 1-D, at least 3 results.

    τ ~ half-Cauchy(1.4826 MAD), α ~ N(0, 4²), ν ~ Gamma(3, scale 0.25), μ ~ t₃(mean, sd/√3) or flat (`prior`).
    Quadrature good to about 10⁻⁴ u. InputError: u ≤ 0, fewer than 3 results.
    Source: NIST Decision Tree manual 2024, 5.5 (model and default priors; there by MCMC).
    """
    rows = as_rows(x, u, minimum=3)
    if rows.batch.form != "one":
        raise InputError("x", "many measurands", "give one measurand at a time")
    origin = float(rows.origin[0])
    scale = tau_prior_scale(rows.d[0], np.sqrt(rows.u2[0]))
    d, s = rows.d[0] / scale, np.sqrt(rows.u2[0]) / scale
    location = mu_prior(d, prior)
    nodes = _nodes(d, s)
    mass = _masses(d, s, nodes, location)
    return _told(mass, nodes, origin, scale, level, d.size, location)


def _nodes(d: FloatArray, s: FloatArray) -> _Nodes:
    """τ from where it no longer shows beside the u to far beyond the range; μ in panels as narrow as the results ask."""
    reach = float(np.ptp(d)) + 10 * float(s.max()) + 1
    tau = np.exp(np.arange(np.log(1e-3 * s.min()), np.log(1e3 * reach), _STEP))
    marks = np.unique(np.concatenate([(d[:, None] + s[:, None] * np.array([-4.0, -1.5, 0.0, 1.5, 4.0])).ravel(),
                                      *(np.array([d.min() - reach * f, d.max() + reach * f]) for f in _BEYOND)]))  # fmt: skip
    edges = marks[np.concatenate([[True], np.diff(marks) > 0.5 * s.min()])]
    half = 0.5 * np.diff(edges)
    mu = (0.5 * (edges[1:] + edges[:-1]))[:, None] + half[:, None] * _GAUSS_NODES
    half_alpha = int(_ALPHA_REACH / _ALPHA_STEP)
    alpha = np.sinh(_ALPHA_STEP * np.arange(-half_alpha, half_alpha + 1))
    nu = np.exp(_NU_STEP * np.arange(-8, 5))
    return _Nodes(
        mu.ravel(), (half[:, None] * _GAUSS_WEIGHTS).ravel(), tau, alpha / np.sqrt(1 + alpha**2),
        -0.5 * (alpha / _ALPHA_SCALE) ** 2 + 0.5 * np.log1p(alpha**2), nu, _NU_SHAPE * np.log(nu) - nu / _NU_SCALE,
    )  # fmt: skip


_BEYOND = (0.25, 1.0, 4.0, 20.0, 100.0)


def _masses(d: FloatArray, s: FloatArray, nodes: _Nodes, location: tuple[float, float, float] | None) -> FloatArray:
    """Posterior masses (ν, δ, τ, μ), summing to 1."""
    log_prior = np.log(nodes.tau) - np.log1p(nodes.tau**2)
    log_mu = np.log(nodes.d_mu)
    if location is not None:
        centre, width, nu = location
        log_mu = log_mu - 0.5 * (nu + 1) * np.log1p(((nodes.mu - centre) / width) ** 2 / nu)
    mixing = [_mixing(nodes.tau.size, nu) for nu in nodes.nu]
    log_mass = np.empty((nodes.nu.size, nodes.delta.size, nodes.tau.size, nodes.mu.size))
    for at, delta in enumerate(nodes.delta):
        given_a = [_skew_normal(x - nodes.mu, nodes.tau, sigma, delta) for x, sigma in zip(d, s, strict=True)]
        for which, mix in enumerate(mixing):
            with np.errstate(divide="ignore"):
                log_l = sum(np.log(mix @ density) for density in given_a)
            log_mass[which, at] = log_l + log_prior[:, None] + log_mu + nodes.log_alpha[at] + nodes.log_nu[which]
    mass: FloatArray = np.exp(log_mass - log_mass.max())
    return mass / mass.sum()


def _skew_normal(r: FloatArray, a: FloatArray, sigma: float, delta: float) -> FloatArray:
    """Density (a, μ) of a result r from μ whose effect is skew normal of scale a and whose error is N(0, σ²)."""
    omega = np.sqrt(a**2 + sigma**2)
    shape = delta * a / omega
    z = r / omega[:, None]
    slant = (shape / np.sqrt(1 - shape**2))[:, None]
    density: FloatArray = (2 / np.sqrt(2 * np.pi)) * np.exp(-0.5 * z**2) * special.ndtr(slant * z) / omega[:, None]
    density[density < _FAINTEST] = 0.0
    return density


def _mixing(size: int, nu: float) -> FloatArray:
    """(τ, a): the share of a = τ/√U at each node, U ~ Gamma(ν/2, ν/2); what lies below the first node counts there.

    Exact shares of the cells between nodes, so that a very spread or a very narrow U needs no finer grid.
    """
    edges = np.exp(-2 * _STEP * (np.arange(-size, size) + 0.5))  # U at a cell edge k + ½ nodes above τ
    beyond = special.gammaincc(nu / 2, nu / 2 * edges)  # P(a below that edge) = P(U above)
    below = np.concatenate([[0.0], beyond])
    column = np.arange(size) - np.arange(size)[:, None]
    upper, lower = beyond[column + size], below[column + size]
    lower[:, 0] = 0.0
    return upper - lower


def _told(
    mass: FloatArray,
    nodes: _Nodes,
    origin: float,
    scale: float,
    level: float,
    n: int,
    location: tuple[float, float, float] | None,
) -> SkewStudentBayes:
    over_nu = mass.sum(0)
    shift = np.sqrt(2 / np.pi) * nodes.delta[:, None] * nodes.tau
    centre = nodes.mu + shift[..., None]
    # The prior of τ leaves the far tail of τ δ without a mean; the body is what the quantiles see as well.
    body = over_nu * (nodes.tau < 1e3)[:, None]
    body /= body.sum()
    mean = float((body * centre).sum())
    spread = float(np.sqrt((body * (centre - mean) ** 2).sum()))
    lwr, median, upr = (
        float(q) for q in _weighted_quantiles(centre.ravel(), over_nu.ravel(), [0.5 - level / 2, 0.5, 0.5 + level / 2])
    )
    tau_mass = over_nu.sum((0, 2))
    tau = scale * float(_weighted_quantiles(nodes.tau, tau_mass, [0.5])[0])
    told = ["μ ~ flat"] if location is None else ["μ ~ t₃(mean(x), sd(x)/√3), informative"]
    told += [f"τ ~ half-Cauchy with median {scale:.4g}", "α ~ N(0, 4²)", "ν ~ Gamma(3, scale 0.25)"]
    skewness = float(over_nu.sum((1, 2)) @ nodes.delta)
    return SkewStudentBayes(
        "hierarchical Bayes, skew Student effects, quadrature", origin + scale * mean, scale * spread,
        origin + scale * median, origin + scale * lwr, origin + scale * upr, level, tau, skewness, n, tuple(told),
        mass.size, "converged",
    )  # fmt: skip


def _weighted_quantiles(points: FloatArray, mass: FloatArray, levels: list[float]) -> FloatArray:
    order = np.argsort(points, kind="stable")
    below = np.cumsum(mass[order]) - 0.5 * mass[order]
    found: FloatArray = np.interp(levels, below, points[order])
    return found
