"""The joint posterior of μ and τ on a grid of quadrature nodes, for the hierarchical models of `bayes`.

Data come centred and scaled. Where the effects are normal, all u known and the prior of μ flat, μ given τ is normal and
only τ needs nodes; otherwise each τ carries its own nodes of μ, and each u with finite ν its own nodes of σ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from intercomp.errors import NotConverged
from intercomp.inputs import FloatArray
from intercomp.quadrature import even_half, half_line, nodal_density, nodal_probability, quantiles

_AGREEMENT = 2e-5  # between a rule and its every second node; the rule itself then errs by about the square of it
_REFINEMENTS = 8
_MARGIN = 1e-15  # what may be lost beyond the last node
_LOG_NEGLIGIBLE = 38.0
_LOG_2_PI = float(np.log(2 * np.pi))
_GAUSS_NODES, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True, slots=True)
class Steps:
    """Distances between nodes: of asinh(τ), of asinh((μ − m)/s), of ln σ; and the reach of the μ nodes."""

    tau: float = 0.35
    mu: float = 0.16
    sigma: float = 0.16
    reach: float = 3.3


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Deviations d, uncertainties u, degrees of freedom nu (inf = u known); scales of the priors; mu_prior (m, s, ν)."""

    d: FloatArray
    u: FloatArray
    nu: FloatArray
    tau_scale: float
    sigma_scale: float
    mu_prior: tuple[float, float, float] | None = None
    laplace: bool = False

    @property
    def one_dimensional(self) -> bool:
        return self.mu_prior is None and not self.laplace and bool(np.isinf(self.nu).all())


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Nodes tau (T,) and mu (T, M) with masses (T, M) that sum to 1; where M = 1, μ given τ is N(mu, variance).

    width   scale of the μ nodes of each τ        changes   relative change from half the nodes, per dimension
    """

    tau: FloatArray
    mu: FloatArray
    mass: FloatArray
    variance: FloatArray
    width: FloatArray
    sigma2: FloatArray
    steps: Steps
    tau_unit: float
    changes: dict[str, float]

    @property
    def nodes(self) -> int:
        return int(self.mass.size)

    @property
    def tau_mass(self) -> FloatArray:
        total: FloatArray = self.mass.sum(1)
        return total

    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation of μ."""
        return _moments(self.mass, self.mu, self.variance)

    def quantiles(self, levels: FloatArray) -> FloatArray:
        mean, spread = self.moments()
        distribution = self._normal_mixture if self.mu.shape[1] == 1 else self._interpolated
        return quantiles(distribution, levels, mean + spread * special.ndtri(levels), spread)

    def _normal_mixture(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """P(μ ≤ y) and its density, for y (Q,)."""
        s = np.sqrt(self.variance[:, 0])
        z = (y[:, None] - self.mu[:, 0]) / s
        return special.ndtr(z) @ self.mass[:, 0], np.exp(-0.5 * (z**2 + _LOG_2_PI)) @ (self.mass[:, 0] / s)

    def _interpolated(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        centre = self.mu.shape[1] // 2
        t = (y[:, None] - self.mu[:, centre]) / self.width
        offset = (np.arcsinh(t) / self.steps.mu)[..., None] - (np.arange(self.mu.shape[1]) - centre)
        slope = 1 / (self.steps.mu * self.width * np.sqrt(1 + t**2))
        density = (nodal_density(offset) * self.mass).sum(-1)
        return (nodal_probability(offset) * self.mass).sum((1, 2)), (density * slope).sum(1)

    def tau_quantiles(self, levels: FloatArray) -> FloatArray:
        """Quantiles of τ through its even continuation to negative z = asinh(τ/unit)."""
        node = np.arange(len(self.tau))
        middle = float(self.tau_mass @ node)
        spread = float(self.tau_mass @ (node - middle) ** 2) ** 0.5
        start = np.interp(levels, np.cumsum(self.tau_mass) - 0.5 * self.tau_mass, node)
        return self.tau_unit * np.sinh(self.steps.tau * np.abs(quantiles(self._tau_steps, levels, start, spread)))

    def _tau_steps(self, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        node = np.arange(len(self.tau))
        offset = place[:, None] + np.concatenate([-node, node])
        mass = np.concatenate([self.tau_mass, self.tau_mass])
        return nodal_probability(offset) @ mass - 1.0, nodal_density(offset) @ mass

    def tau_mean(self) -> float:
        """E(τ) = unit·E(cosh z) − unit·E(e⁻ᶻ): the first even in z, as the nodes' rule wants it, the second bounded.

        The second is Gauss's rule on the density between the nodes: Σ f_k sin(π(a − k))/(π(a − k)), k of both signs.
        """
        h, node = self.steps.tau, np.arange(len(self.tau))
        panels = int(min(np.ceil(h * len(self.tau)), _LOG_NEGLIGIBLE))
        a = ((np.arange(panels)[:, None] + 0.5 * (_GAUSS_NODES + 1)) / h).ravel()
        sign = np.sin(np.pi * a)[:, None] / np.pi * (-1.0) ** node
        density = (sign / (a[:, None] - node) + sign / (a[:, None] + node)) @ self.tau_mass
        weights = np.tile(0.5 * _GAUSS_WEIGHTS, panels) / h
        even = float(self.tau_mass @ np.sqrt(1 + (self.tau / self.tau_unit) ** 2))
        return self.tau_unit * (even - float((weights * density) @ np.exp(-a * h)))


def integrate(model: Model) -> Posterior:
    """The posterior with nodes enough that half of them give the same moments; NotConverged with the last grid."""
    build = _one_dimensional if model.one_dimensional else _two_dimensional
    steps = Steps(tau=0.175) if model.one_dimensional else Steps()
    for _ in range(_REFINEMENTS):
        posterior = build(model, steps)
        finer = {name: getattr(steps, name) / 2 for name, gap in posterior.changes.items() if not gap <= _AGREEMENT}
        if model.one_dimensional or _edge(posterior) <= _MARGIN:
            if not finer:
                return posterior
            steps = replace(steps, **finer)
        else:
            steps = replace(steps, reach=1.3 * steps.reach)
    raise NotConverged("the quadrature did not settle; two results may lie beyond all reach of each other", posterior)


def _edge(posterior: Posterior) -> float:
    return float(posterior.mass[:, [0, -1]].max())


def _one_dimensional(model: Model, steps: Steps) -> Posterior:
    unit = _unit(model)
    tau, dt = half_line(steps.tau, _top(model), unit)
    mean, variance, Q, log_w = _given_tau(model, tau)
    log_mass = 0.5 * (log_w + np.log(variance) - Q) + _log_half_cauchy(tau, model.tau_scale)
    mass = (np.exp(log_mass - log_mass.max()) * dt)[:, None]
    halved = even_half(mass[:, 0])[:, None]
    changes = {"tau": _change(_damped(model, mass, tau), _damped(model, halved, tau), mean[:, None], variance[:, None])}
    mass /= mass.sum()
    return Posterior(tau, mean[:, None], mass, variance[:, None], np.sqrt(variance), model.u**2, steps, unit, changes)


def _two_dimensional(model: Model, steps: Steps) -> Posterior:
    unit = _unit(model)
    tau, dt = half_line(steps.tau, _top(model), unit)
    centre, variance, Q, _ = _given_tau(model, tau)
    width = np.sqrt(variance * np.maximum(1.0, Q / (len(model.d) - 1)))
    half = int(steps.reach / steps.mu)
    y = steps.mu * np.arange(-half, half + 1)
    mu = centre[:, None] + width[:, None] * np.sinh(y)
    log_prior = np.log(dt * width)[:, None] + np.log(np.cosh(y)) + _log_prior(model, mu, tau[:, None])
    fine, coarse, sigma2 = _likelihoods(model, mu, tau, steps.sigma)
    mass, fewer = _masses(log_prior + fine), _masses(log_prior + coarse)
    halves = {"tau": even_half(mass.T).T, "mu": even_half(mass), "sigma": fewer}
    judged = _damped(model, mass, tau)
    changes = {name: _change(judged, _damped(model, half, tau), mu, 0.0) for name, half in halves.items()}
    mass /= mass.sum()
    squares = np.array([float((mass * s).sum()) for s in sigma2])
    return Posterior(tau, mu, mass, np.zeros((1, 1)), width, squares, steps, unit, changes)


def _unit(model: Model) -> float:
    """The smallest scale on which the posterior of τ bends: that of an uncertainty, or of the prior."""
    return min(float(model.u.min()), model.tau_scale)


def _top(model: Model) -> float:
    """Where the tail of τ, which falls like τ⁻ⁿ, holds no more than rounding; for two or three results far out."""
    reach = max(float(np.abs(model.d).max()), float(model.u.max()), model.tau_scale)
    digits = 16 if model.one_dimensional else 12
    return 2 * reach * max(4.0, 10.0 ** (digits / max(len(model.d) - 2, 1)))


def _given_tau(model: Model, tau: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mean and variance of μ given τ, Q and Σ ln w, with normal effects and u as given (a t prior counts as a result)."""
    d, u2 = model.d, model.u**2
    w = 1.0 / (u2 + (tau**2)[:, None])
    if model.mu_prior is not None:
        d = np.append(d, model.mu_prior[0])
        w = np.column_stack([w, np.full(len(tau), model.mu_prior[1] ** -2)])
    total = w.sum(1)
    mean = (w @ d) / total
    Q = (w * (d - mean[:, None]) ** 2).sum(1)
    return mean, 1 / total, Q, np.log(w).sum(1)


def _log_prior(model: Model, mu: FloatArray, tau: FloatArray) -> FloatArray:
    log_tau = _log_half_cauchy(tau, model.tau_scale)
    if model.mu_prior is None:
        return log_tau
    location, scale, nu = model.mu_prior
    return log_tau - 0.5 * (nu + 1) * np.log1p(((mu - location) / scale) ** 2 / nu)


def _log_half_cauchy(t: FloatArray, scale: float) -> FloatArray:
    return -np.log1p((t / scale) ** 2)


def _likelihoods(
    model: Model, mu: FloatArray, tau: FloatArray, step: float
) -> tuple[FloatArray, FloatArray, list[FloatArray]]:
    """Σ ln L_j(μ, τ) with all the nodes of σ and with every second one, and the mean of σ_j² at each (τ, μ)."""
    fine, coarse, sigma2 = np.zeros(mu.shape), np.zeros(mu.shape), []
    for d, u, nu in zip(model.d, model.u, model.nu, strict=True):
        if np.isinf(nu):
            log_l = _log_density(model.laplace, d - mu, tau[:, None], np.asarray(u))
            fine, coarse = fine + log_l, coarse + log_l
            sigma2.append(np.full(mu.shape, u**2))
            continue
        sums = _mixed(model.laplace, d - mu, tau, *_sigma_nodes(u, nu, model.sigma_scale, step))
        with np.errstate(divide="ignore", invalid="ignore"):
            fine, coarse = fine + np.log(sums[..., 0]), coarse + np.log(sums[..., 1])
            sigma2.append(np.where(sums[..., 0] > 0, sums[..., 2] / sums[..., 0], 0.0))
    return fine, coarse, sigma2


def _mixed(laplace: bool, r: FloatArray, tau: FloatArray, sigma: FloatArray, weights: FloatArray) -> FloatArray:
    """Sums over the nodes of σ of weights (S, 3) times the density of r (T, M) given τ (T,): (T, M, 3)."""
    if laplace:
        return _laplace_normal(r[:, :, None], tau[:, None, None], sigma) @ weights
    v = (tau**2)[:, None] + sigma**2
    kernel = (r**2)[:, :, None] * (-0.5 / v)[:, None, :]
    np.exp(kernel, out=kernel)
    return kernel @ (weights / np.sqrt(v)[..., None])


def _log_density(laplace: bool, r: FloatArray, tau: FloatArray, sigma: FloatArray) -> FloatArray:
    """Log density of a result r from μ: its N(0, σ²) error plus a normal or Laplace effect of standard deviation τ."""
    if laplace:
        with np.errstate(divide="ignore"):
            return np.log(_laplace_normal(r, tau, sigma))
    v = tau**2 + sigma**2
    normal: FloatArray = -0.5 * (np.log(v) + r**2 / v)
    return normal


def _laplace_normal(r: FloatArray, tau: FloatArray, sigma: FloatArray) -> FloatArray:
    """√(2π) times the density of a Laplace effect of standard deviation τ = √2 b plus an N(0, σ²) error.

    e^{k²/2} [e^{−ka} erfc((k − a)/√2) + e^{ka} erfc((k + a)/√2)]/4b with a = |r|/σ, k = σ/b, in erfcx, which neither
    over- nor underflows: where a > k the first erfc is 2 less that of the opposite argument.
    """
    b = np.maximum(tau / np.sqrt(2), 1e-9 * sigma)
    a, k = np.abs(r) / sigma, sigma / b
    beyond = a > k
    near = special.erfcx(np.abs(k - a) / np.sqrt(2))
    np.negative(near, out=near, where=beyond)
    near += special.erfcx((k + a) / np.sqrt(2))
    near *= np.exp(-0.5 * a**2)
    near += np.exp(k * (0.5 * k - a), out=np.zeros(near.shape), where=beyond) * 2
    near *= np.sqrt(2 * np.pi) / (4 * b)
    return near


def _sigma_nodes(u: float, nu: float, scale: float, step: float) -> tuple[FloatArray, FloatArray]:
    """Nodes of σ and weights (S, 3): the posterior of σ_j from u_j alone, with half the nodes, and times σ²."""
    h = min(step, step / 0.16 * 0.6 / np.sqrt(2 * nu))
    s = h * np.arange(np.ceil(-6 / h), np.ceil((_LOG_NEGLIGIBLE / (nu + 2) + (_LOG_NEGLIGIBLE / nu) ** 0.5) / h) + 1)
    log_weight = -nu * s - 0.5 * nu * np.exp(-2 * s) + _log_half_cauchy(u * np.exp(s), scale) + s
    log_weight -= log_weight.max()
    kept = log_weight - np.maximum(s, 0) > -_LOG_NEGLIGIBLE
    sigma, weight = u * np.exp(s[kept]), np.exp(log_weight[kept]) * h
    return sigma, np.stack([weight, even_half(weight), weight * sigma**2], axis=-1)


def _masses(log_mass: FloatArray) -> FloatArray:
    mass: FloatArray = np.exp(log_mass - log_mass.max())
    return mass


def _moments(mass: FloatArray, mu: FloatArray, variance: FloatArray | float) -> tuple[float, float]:
    total = mass.sum()
    mean = float((mass * mu).sum() / total)
    return mean, float(np.sqrt((mass * ((mu - mean) ** 2 + variance)).sum() / total))


def _damped(model: Model, mass: FloatArray, tau: FloatArray) -> FloatArray:
    """The masses by which rules are compared: of two results only those at moderate τ, as the whole has no variance."""
    return mass / (1 + (tau**2)[:, None]) if len(model.d) == 2 else mass


def _change(fine: FloatArray, coarse: FloatArray, mu: FloatArray, variance: FloatArray | float) -> float:
    (m0, s0), (m1, s1) = (_moments(mass, mu, variance) for mass in (fine, coarse))
    mass = abs(float(coarse.sum() / fine.sum()) - 1)
    return max(abs(m1 - m0) / s0, abs(s1 - s0) / s0, mass)
