"""Comparisons against naive twins: the same definitions, written plainly and slowly."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from intercomp.bayes import hierarchical_bayes
from intercomp.comparison_median import comparison_median, weighted_median
from intercomp.consensus import dersimonian_laird, mandel_paule, reml
from intercomp.decision_tree import symmetry_p
from intercomp.drift import corrected, joint_covariance, linear_drift
from intercomp.equivalence import degrees_of_equivalence, leave_one_out
from intercomp.pool import linear_pool
from intercomp.skew_bayes import hierarchical_skew_student
from intercomp.subset import largest_consistent_subset
from scipy import optimize, special, stats

PCB28 = ([34.3, 32.9, 34.53, 32.42, 31.9, 35.8], [1.03, 0.69, 0.83, 0.29, 0.4, 0.38], [60, 4, 18, 2, 13, 60])


def some_sets(count: int, least: int, most: int) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(5)
    sizes = random.integers(least, most + 1, count)
    return [(random.normal(0, 3, n), np.exp(random.normal(0, 0.8, n))) for n in sizes]


def q_at(x: np.ndarray, u: np.ndarray, tau2: float) -> float:
    w = 1 / (u**2 + tau2)
    return float(np.sum(w * (x - np.sum(w * x) / np.sum(w)) ** 2))


def test_mandel_paule_is_the_bracketed_root() -> None:
    for x, u in some_sets(60, 2, 12):
        found = mandel_paule(x, u).tau ** 2
        if q_at(x, u, 0) <= len(x) - 1:
            assert found == 0
        else:
            root = optimize.brentq(lambda t, x=x, u=u: q_at(x, u, t) - (len(x) - 1), 0, 1e4, xtol=1e-13)
            assert found == pytest.approx(root, rel=1e-9, abs=1e-12)


def test_dersimonian_laird_by_the_book() -> None:
    for x, u in some_sets(60, 2, 12):
        w = 1 / u**2
        tau2 = max(0.0, (q_at(x, u, 0) - (len(x) - 1)) / (w.sum() - (w**2).sum() / w.sum()))
        assert dersimonian_laird(x, u).tau ** 2 == pytest.approx(tau2, rel=1e-10)


def test_reml_has_the_highest_restricted_likelihood_of_a_fine_grid() -> None:
    def likelihood(x: np.ndarray, u: np.ndarray, tau2: float) -> float:
        w = 1 / (u**2 + tau2)
        return float(0.5 * (np.log(w).sum() - np.log(w.sum()) - q_at(x, u, tau2)))

    for x, u in some_sets(20, 3, 10):
        best = likelihood(x, u, reml(x, u).tau ** 2)
        assert best >= max(likelihood(x, u, t) for t in np.concatenate([[0], np.geomspace(1e-4, 1e3, 400)])) - 1e-12


def test_the_largest_consistent_subsets_by_trying_all() -> None:
    for x, u in some_sets(50, 2, 8):
        for size in range(len(x), 0, -1):
            passing = {
                tuple(j + 1 for j in rows)
                for rows in map(list, combinations(range(len(x)), size))
                if size == 1 or stats.chi2.sf(q_at(x[rows], u[rows], 0), size - 1) >= 0.05
            }
            if passing:
                break
        found = largest_consistent_subset(x, u, limit=1000)
        assert found.complete and set(found.subsets) == passing and found.rows in passing


def panels(edges: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Gauss's rule of 12 nodes on every panel between the edges."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    half = 0.5 * np.diff(edges)
    middle = 0.5 * (np.array(edges[1:]) + np.array(edges[:-1]))
    return (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()


TAU, D_TAU = panels([0, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096])


def mean_and_spread(mass: np.ndarray, mu: np.ndarray) -> tuple[float, float]:
    mean = float((mass * mu).sum() / mass.sum())
    return mean, float(np.sqrt((mass * (mu - mean) ** 2).sum() / mass.sum()))


def test_hierarchical_bayes_with_known_u_on_a_dense_grid() -> None:
    x, u = np.array(PCB28[0]), np.array(PCB28[1])
    scale = 1.4826 * np.median(np.abs(x - np.median(x)))
    mu = np.linspace(-70, 140, 4001)
    mass = (D_TAU / (1 + (TAU / scale) ** 2))[:, None] * np.ones(mu.size)
    for xj, uj in zip(x, u, strict=True):
        mass *= stats.norm.pdf(xj, mu, np.hypot(TAU, uj)[:, None])
    found = hierarchical_bayes(x, u)
    assert (found.value, found.u) == pytest.approx(mean_and_spread(mass, mu), rel=1e-6)


@pytest.mark.parametrize("effects", ["normal", "laplace"])
def test_hierarchical_bayes_with_uncertain_u_on_a_dense_grid(effects: str) -> None:
    """Sums over plain dense grids of μ, τ and σ_j."""
    x, u, nu = np.array([1.0, 2.5, 2.0, 5.0, 3.2]), np.array([0.5, 0.8, 0.4, 0.9, 0.5]), np.array([4.0, 9, 30, 3, 400])
    tau_scale, sigma_scale = 1.4826 * np.median(np.abs(x - np.median(x))), np.median(u)
    mu = np.linspace(-60, 65, 701)
    mass = (D_TAU / (1 + (TAU / tau_scale) ** 2))[:, None] * np.ones(mu.size)
    for xj, uj, nuj in zip(x, u, nu, strict=True):
        sigma, d_sigma = panels((uj * np.array([0.3, 0.6, 0.9, 1.1, 1.5, 2.5, 6.0, 30.0])).tolist())
        weight = d_sigma * np.exp(-nuj * np.log(sigma / uj) - 0.5 * nuj * ((uj / sigma) ** 2 - 1))
        weight /= 1 + (sigma / sigma_scale) ** 2
        for row, t in enumerate(TAU):
            if effects == "normal":
                each = stats.norm.pdf(xj, mu, np.hypot(t, sigma)[:, None])
            else:
                each = _laplace_normal(xj - mu, sigma[:, None], np.sqrt(2) / t)
            mass[row] *= weight @ each
    found = hierarchical_bayes(x, u, nu, effects=effects)
    mean, spread = mean_and_spread(mass, mu)
    assert found.value == pytest.approx(mean, abs=2e-4)
    assert found.u == pytest.approx(spread, rel=2e-3)


def _laplace_normal(r: np.ndarray, sigma: np.ndarray, k: float) -> np.ndarray:
    """Density of a Laplace effect of rate k plus a normal error; for a small effect simply the normal density."""
    if k * sigma.min() > 60:
        return stats.norm.pdf(r, 0, np.sqrt(sigma**2 + 2 / k**2))
    near = special.log_ndtr(r / sigma - k * sigma) - k * r
    far = special.log_ndtr(-r / sigma - k * sigma) + k * r
    return 0.5 * k * (np.exp(0.5 * (k * sigma) ** 2 + near) + np.exp(0.5 * (k * sigma) ** 2 + far))


def test_skew_student_effects_by_importance_sampling() -> None:
    x, u = np.array(PCB28[0]), np.array(PCB28[1])
    random, draws = np.random.default_rng(0), 40_000
    tau = 1.5642 * np.abs(random.standard_cauchy(draws))
    alpha, nu, mu = 4 * random.normal(size=draws), random.gamma(3, 0.25, draws), random.uniform(24, 44, draws)
    delta = alpha / np.sqrt(1 + alpha**2)
    weight = stats.t.pdf((mu - x.mean()) / (x.std(ddof=1) / 3**0.5), 3)
    for xj, uj in zip(x, u, strict=True):
        total = np.zeros(draws)
        for _ in range(50):
            a = tau / np.sqrt(np.maximum(random.gamma(nu / 2) / (nu / 2), 1e-300))
            omega = np.hypot(a, uj)
            shape, z = delta * a / omega, (xj - mu) / omega
            total += np.exp(-(z**2) / 2) * special.ndtr(shape / np.sqrt(1 - shape**2 + 1e-300) * z) / omega
        weight = weight * total
    centre = mu + np.sqrt(2 / np.pi) * tau * delta
    order = np.argsort(centre)
    low, middle, high = np.interp([0.025, 0.5, 0.975], np.cumsum(weight[order]) / weight.sum(), centre[order])
    found = hierarchical_skew_student(x, u)
    assert (found.lwr, found.median, found.upr) == pytest.approx((low, middle, high), abs=0.1)


@pytest.mark.parametrize("n", [3, 4, 7])
def test_the_exact_median_by_simulation(n: int) -> None:
    x, u = np.array([15.0, 15, 30, 18, 24, -9, 33])[:n], np.array([9.0, 14, 10, 13, 9, 7, 9])[:n]
    drawn = np.median(np.random.default_rng(1).normal(x, u, (200_000, n)), axis=1)
    found = comparison_median(x, u)
    assert found.value == pytest.approx(drawn.mean(), abs=4 * found.u / 200_000**0.5)
    assert found.u == pytest.approx(drawn.std(), rel=0.01)
    assert (found.lwr, found.upr) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.03 * found.u)


def test_the_weighted_median_by_counting_weights() -> None:
    for x, u in some_sets(20, 3, 9):
        order = np.argsort(x)
        w = (u**-2 / (u**-2).sum())[order]
        expected = x[order][int(np.searchsorted(np.cumsum(w), 0.5))]
        found = weighted_median(x, u)
        drawn = np.random.default_rng(2).normal(x, u, (20_000, len(x)))
        ranks = np.argsort(drawn, axis=1)
        reached = np.cumsum((u**-2 / (u**-2).sum())[ranks], axis=1) >= 0.5
        medians = np.take_along_axis(drawn, ranks, 1)[np.arange(20_000), reached.argmax(1)]
        assert found.value == pytest.approx(expected)
        assert found.u == pytest.approx(medians.std(), rel=0.05)


def test_the_linear_pool_by_its_distribution_function() -> None:
    x, u, nu = (np.array(column, dtype=float) for column in PCB28)
    nu = np.where(nu <= 2, 3.0, nu)
    found = linear_pool(x, u, nu)
    scale = u * np.sqrt((nu - 2) / nu)
    for end, level in ((found.lwr, 0.025), (found.median, 0.5), (found.upr, 0.975)):
        assert np.mean(stats.t.cdf((end - x) / scale, nu)) == pytest.approx(level, abs=1e-12)
    assert found.u == pytest.approx(np.sqrt(np.mean(u**2) + x.var()))


def test_symmetry_of_a_symmetric_and_of_a_lopsided_set() -> None:
    assert symmetry_p([-2.0, -1.0, 0.0, 1.0, 2.0]) == 1.0
    assert symmetry_p([0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 5.0, 9.0, 20.0]) < 0.05


def test_linear_drift_is_the_weighted_line_of_numpy() -> None:
    random = np.random.default_rng(3)
    t, u = np.sort(random.uniform(0, 100, 8)), random.uniform(0.5, 2, 8)
    values = 5 + 0.03 * t + random.normal(0, u)
    (slope, intercept), C = np.polyfit(t, values, 1, w=1 / u, cov="unscaled")
    found = linear_drift(t, values, u)
    at, V = found.at([10.0, 50.0])
    basis = np.array([[10.0, 1], [50.0, 1]])
    assert (found.slope, found.u_slope) == pytest.approx((slope, C[0, 0] ** 0.5))
    np.testing.assert_allclose(at, basis @ [slope, intercept])
    np.testing.assert_allclose(V, basis @ C @ basis.T)


def test_degrees_of_equivalence_by_simulating_the_comparison() -> None:
    """D_i = x_i − y of repeated comparisons scatters by u(D_i), its correlation with y included."""
    u, random = np.array([1.0, 2.0, 0.5, 1.5]), np.random.default_rng(4)
    x = random.normal(10, u)
    found = degrees_of_equivalence(x, u, dersimonian_laird(x, u))
    weights = dersimonian_laird(x, u).weights
    drawn = random.normal(0, u, (400_000, 4))
    if dersimonian_laird(x, u).tau == 0:
        np.testing.assert_allclose(found.u, (drawn - (drawn @ weights)[:, None]).std(0), rtol=0.01)
        np.testing.assert_allclose(found.covariance, np.cov((drawn - (drawn @ weights)[:, None]).T), atol=0.02)
    else:
        pytest.fail("the constructed comparison is consistent")


def test_leave_one_out_one_by_one() -> None:
    x, u, _ = (np.array(column, dtype=float) for column in PCB28)
    found = leave_one_out(x, u, estimator="mandel-paule")
    for j in range(len(x)):
        rest = mandel_paule(np.delete(x, j), np.delete(u, j))
        assert found.D[j] == pytest.approx(x[j] - rest.value)
        assert found.u[j] == pytest.approx(np.hypot(u[j], rest.u))


def test_corrections_and_shared_sources_by_simulation() -> None:
    random = np.random.default_rng(6)
    pilot_t, pilot_u = np.array([0.0, 30.0, 60.0]), np.array([0.2, 0.1, 0.2])
    drift = linear_drift(pilot_t, [10.0, 10.3, 10.6], pilot_u)
    x, V = corrected([10.0, 10.5], [0.3, 0.4], [10.0, 50.0], drift, 0.0)
    pilots = random.normal([10.0, 10.3, 10.6], pilot_u, (60_000, 3))
    slopes = np.polyfit(pilot_t, pilots.T, 1, w=1 / pilot_u)[0]
    drawn = random.normal([10.0, 10.5], [0.3, 0.4], (60_000, 2)) - slopes[:, None] * np.array([10.0, 50.0])
    np.testing.assert_allclose(x, [9.9, 10.0])
    np.testing.assert_allclose(V, np.cov(drawn.T), atol=0.003)
    np.testing.assert_allclose(joint_covariance([3.0, 4.0], [1.0, 2.0]), [[10, 2], [2, 20]])
