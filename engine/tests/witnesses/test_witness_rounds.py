"""Censored likelihood, kernel density, bootstrap and whole rounds against other ways to the same figures."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest
from scipy import optimize, stats


def test_censored_likelihood_is_where_a_derivative_free_search_finds_it() -> None:
    random = np.random.default_rng(2)
    for _ in range(5):
        x = random.normal(10, 2, 40)
        side = np.select([x < 8.5, x > 13], [-1, 1], default=0)
        x = np.clip(x, 8.5, 13)
        found = intercomp.censored_likelihood(x, side)

        def loss(theta: np.ndarray, x: np.ndarray = x, side: np.ndarray = side) -> float:
            normal = stats.norm(theta[0], np.exp(theta[1]))
            seen = (
                normal.logpdf(x[side == 0]).sum() + normal.logcdf(x[side < 0]).sum() + normal.logsf(x[side > 0]).sum()
            )
            return -seen

        best = optimize.minimize(loss, [10, 0.5], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
        assert (found.mean, found.sd) == pytest.approx((best.x[0], np.exp(best.x[1])), rel=1e-6)


def test_censored_likelihood_without_limits_is_the_mean_and_the_sd_with_divisor_n() -> None:
    x = np.array([1.0, 2.0, 4.0, 9.0, 9.5]) + 1e6
    found = intercomp.censored_likelihood(x, np.zeros(5))
    assert (found.mean - 1e6, found.sd) == pytest.approx((5.1, x.std()), rel=1e-9)
    assert found.u_mean == pytest.approx(x.std() / np.sqrt(5), rel=1e-9)


def test_too_few_quantified_results_have_no_likelihood_but_stay_listed() -> None:
    found = intercomp.censored(["<1", "<1", "2", ">5"])
    assert found.likelihood is None
    assert (found.rows_below, found.rows_above) == ((1, 2), (4,))
    with pytest.raises(intercomp.Degenerate):
        intercomp.censored_likelihood([1.0, 1.0, 2.0, 5.0], [-1, -1, 0, 1])


def test_density_equals_scipy_and_its_modes_are_where_the_slope_vanishes() -> None:
    random = np.random.default_rng(4)
    x = np.concatenate([random.normal(0, 1, 60), random.normal(7, 0.6, 25)])
    found = intercomp.kernel_density(x, bandwidth=0.5)
    other = stats.gaussian_kde(x, bw_method=0.5 / x.std(ddof=1))
    assert found.density == pytest.approx(other(found.places), abs=2e-3 * found.density.max())
    assert np.trapezoid(found.density, found.places) == pytest.approx(1, abs=1e-9)
    fine = np.linspace(-5, 11, 160_001)
    heights = other(fine)
    peaks = fine[1:-1][(heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])]
    assert [mode.place for mode in found.modes] == pytest.approx(peaks, abs=1e-4)
    assert sum(mode.share for mode in found.modes) == pytest.approx(1)


def test_a_wild_result_costs_the_density_no_memory_and_moves_no_mode() -> None:
    x = np.random.default_rng(6).normal(0, 1, 50)
    clean, soiled = (intercomp.kernel_density(v, bandwidth=0.4) for v in (x, [*x, 1e12]))
    assert soiled.places.size < 2 * clean.places.size
    assert [m.place for m in soiled.modes[:-1]] == pytest.approx([m.place for m in clean.modes], abs=1e-9)
    assert soiled.modes[-1].place == pytest.approx(1e12)


def test_bootstrap_repeats_bit_for_bit_and_takes_any_estimator() -> None:
    x = np.random.default_rng(8).normal(5, 1, 30)
    assert intercomp.bootstrap(x, "algorithm-a", seed=3) == intercomp.bootstrap(x[::-1], "algorithm-a", seed=3)
    own = intercomp.bootstrap(x, lambda table: table.max(axis=1), replicates=200)
    assert own.replicates == 200 and own.u > 0


def test_bootstrap_far_from_the_origin_loses_nothing() -> None:
    x = np.arange(20.0)
    near, far = intercomp.bootstrap(x, "median"), intercomp.bootstrap(x + 1e12, "median")
    assert far.u == near.u
    assert far.mean == pytest.approx(near.mean + 1e12, rel=1e-15)


def test_a_round_in_one_call_equals_its_measurands_one_by_one() -> None:
    random = np.random.default_rng(9)
    x = random.normal(50, 3, (5, 40))
    x[random.random(x.shape) < 0.1] = np.nan
    u = np.abs(random.normal(2, 0.5, x.shape)) + 0.2
    whole = intercomp.evaluate_round(x, u=u)
    assert whole.diagnostics is not None
    for row in range(5):
        there = ~np.isnan(x[row])
        assigned = intercomp.assigned_by(x[row, there])
        sigma = intercomp.sigma_from(x[row, there]).value
        assert whole.x_pt[row] == pytest.approx(assigned.value, rel=1e-13)
        assert assigned.u is not None
        assert whole.u_xpt[row] == pytest.approx(assigned.u, rel=1e-13)
        scores = {
            "z": intercomp.z(x[row], assigned.value, sigma) if there.all() else None,
            "zeta": intercomp.zeta(x[row, there], u[row, there], assigned.value, assigned.u),
            "e_n": intercomp.e_n(x[row, there], 2 * u[row, there], assigned.value, 2 * assigned.u),
            "z_prime": intercomp.z_prime(x[row, there], assigned.value, sigma, assigned.u),
            "D": intercomp.deviation(x[row, there], assigned.value),
            "D_percent": intercomp.deviation_percent(x[row, there], assigned.value),
            "P_A": intercomp.p_a(x[row, there], assigned.value, 3 * sigma),
        }
        for name, alone in scores.items():
            if alone is not None:
                assert getattr(whole, name)[row, there] == pytest.approx(alone, rel=1e-9, abs=1e-9), name
        assert np.isnan(whole.z[row, ~there]).all()
        assert whole.signals[row, there].tolist() == intercomp.signals(whole.score[row, there]).tolist()
        assert set(whole.signals[row, ~there].tolist()) <= {""}
        assert whole.diagnostics.q_hampel.sd[row] == pytest.approx(intercomp.q_method(x[row, there]), rel=1e-12)
    given = ~np.isnan(whole.score)
    assert whole.ssz == pytest.approx(np.nansum(whole.score**2, axis=0))
    assert whole.ssz_p == pytest.approx(stats.chi2.sf(whole.ssz, given.sum(axis=0)))
    assert whole.rsz == pytest.approx(np.nansum(whole.score, axis=0) / np.sqrt(given.sum(axis=0)))


def test_a_measurand_without_spread_is_named_and_the_others_are_scored() -> None:
    x = np.array([[5.0] * 12, [*range(11), np.nan], [3.0] + [np.nan] * 11])
    found = intercomp.evaluate_round(x)
    assert found.status.tolist() == ["degenerate", "evaluated", "too-few"]
    assert np.isnan(found.z[[0, 2]]).all() and np.isfinite(found.z[1, :-1]).all()
    assert not np.isinf(np.nan_to_num(found.score)).any()
    assert found.few.tolist() == [False, True, True]


def test_a_given_assigned_value_with_negligible_uncertainty_is_scored_by_z() -> None:
    x = np.array([[9.0, 10.0, 12.0, 13.0]])
    precise = intercomp.evaluate_round(x, x_pt=10.0, u_xpt=0.29, sigma_pt=1.0)
    coarse = intercomp.evaluate_round(x, x_pt=10.0, u_xpt=0.3, sigma_pt=1.0)
    assert precise.score_used.tolist() == ["z"] and precise.signals.tolist() == [
        ["acceptable", "acceptable", "acceptable", "action"]
    ]
    assert coarse.score_used.tolist() == ["z_prime"] and coarse.signals[0, 3] == "warning"


def test_assigned_values_from_outside() -> None:
    made = intercomp.by_formulation("12.5", {"mass": 0.03, "purity": 0.04})
    assert (made.value, made.u) == pytest.approx((12.5, 0.05))
    experts = intercomp.by_expert_laboratories([10.0, 10.2, 9.9, 10.1], [0.1, 0.2, 0.2, 0.1], robust=False)
    assert (experts.value, experts.u) == pytest.approx((10.05, np.sqrt(0.1) / 4))
    robust = intercomp.by_expert_laboratories([10.0, 10.2, 9.9, 10.1], [0.1, 0.2, 0.2, 0.1])
    assert robust.u == pytest.approx(1.25 * np.sqrt(0.1) / 4)
    assert intercomp.by_reference_material(5, 0.1).u == 0.1
    assert intercomp.by_prescription(allowed_error=3.0).value == 1.0
    assert intercomp.by_perception(2.0).method == "perception"
