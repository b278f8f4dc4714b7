"""Scores, their signals and the Horwitz function against printed figures."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest


def test_iso13528_e4_scores_of_mercury_in_feed_imep111(case) -> None:
    e4 = case("iso13528-E4-scores-mercury-feed")
    x, U, k = (np.array(e4.data[name]) for name in ("x", "U", "k"))
    x_pt, U_xpt, sigma_pt = e4.data["x_pt"], e4.data["U_xpt"], e4.data["sigma_pt"]
    e4.holds(
        D_percent=intercomp.deviation_percent(x, x_pt),
        PA=intercomp.p_a(x, x_pt, 3 * sigma_pt),
        z=intercomp.z(x, x_pt, sigma_pt),
        z_prime=intercomp.z_prime(x, x_pt, sigma_pt, U_xpt / 2),
        zeta=intercomp.zeta(x, U / k, x_pt, U_xpt / 2),
        E_n=intercomp.e_n(x, U, x_pt, U_xpt),
    )
    e4.complete()
    assert not intercomp.u_is_negligible(U_xpt / 2, sigma_pt)
    assert intercomp.score_for(U_xpt / 2, sigma_pt) == "z_prime"


def test_iso13528_e9_horwitz(case) -> None:
    e9 = case("iso13528-E9-horwitz")
    c = np.array(e9.data["c_mass_fraction"])
    sigma = intercomp.horwitz(c)
    e9.holds(sigma_mg_per_kg=1e6 * sigma, rsd_percent=100 * sigma / c)
    e9.complete()
    assert intercomp.sigma_from(None, "horwitz", x_pt=1.195, mass_fraction=1.195e-6).value == pytest.approx(
        0.1861033, 1e-6
    )


def test_thompson_2000_horwitz_branches(case) -> None:
    branches = case("iso13528-horwitz-branches")
    branches.holds(sigma=intercomp.horwitz(branches.data["c_mass_fraction"]))
    branches.complete()


@pytest.mark.parametrize(
    ("score", "signal"),
    [
        (0.0, "acceptable"),
        (2.0, "acceptable"),
        (-2.0, "acceptable"),
        (2.0001, "warning"),
        (-2.9999, "warning"),
        (3.0, "action"),
        (-3.0, "action"),
        (250.0, "action"),
    ],
)
def test_iso13528_9_4_2_signal_boundaries(score: float, signal: str) -> None:
    assert intercomp.signals([score]).tolist() == [signal]


def test_a_result_written_two_sigma_away_is_not_warned_by_binary_rounding() -> None:
    away = intercomp.z(["0.0572", "0.0308", "0.0638"], "0.044", "0.0066")
    assert intercomp.signals(away).tolist() == ["acceptable", "acceptable", "action"]


def test_iso13528_e7_consensus_of_imep111(case) -> None:
    e7 = case("iso13528-E7-consensus-vs-reference")
    assigned = intercomp.assigned_by(e7.data["x"], "algorithm-a")
    scale = intercomp.sigma_from(e7.data["x"], "algorithm-a")
    compared = intercomp.compare_with_reference(assigned, e7.data["x_ref"], e7.data["u_ref"])
    e7.holds(
        x_star=assigned.value,
        s_star=scale.value,
        u_x_star=assigned.u,
        u_diff=compared.u,
        x_diff=compared.difference,
    )
    e7.complete()
    assert not compared.agrees


def test_iso13528_e4_uncertainty_screening_as_table_e6_does_it(case) -> None:
    e4 = case("iso13528-E4-uncertainty-flags")
    flags = intercomp.uncertainty_flags(e4.data["U"], e4.data["u_xpt"], 1.5 * e4.data["s_star"])
    e4.holds(flags="".join(flags))
    e4.complete()


def test_iso13528_e5_comparison_with_a_reference_material(case) -> None:
    e5 = case("iso13528-E5-crm-comparison")
    found = intercomp.by_comparison(e5.data["d"], e5.data["x_crm"], e5.data["u_crm"])
    e5.holds(
        mean_d=found.mean_difference,
        sd_d=found.sd_difference,
        u_d=found.u_difference,
        x_pt=found.value,
        u_xpt=found.u,
    )
    e5.complete()


def test_iso13528_e8_sigma_pt_from_previous_rounds(case) -> None:
    e8 = case("iso13528-E8-regression-previous-rounds")
    line = intercomp.by_previous_rounds(e8.data["assigned"], e8.data["robust_sd"])
    e8.holds(r_squared=line.r_squared, slope=line.slope, intercept=line.intercept)
    e8.complete()
    assert line.at(10).value == pytest.approx(0.08848375 + 1.7505623, abs=1e-7)
    with pytest.raises(intercomp.InputError, match="outside the rounds"):
        line.at(25)


def test_iso13528_e10_sigma_pt_from_a_precision_experiment(case) -> None:
    e10 = case("iso13528-E10-sigma-from-precision")
    sigma_R, sigma_r, m = e10.data["sigma_R"], e10.data["sigma_r"], e10.data["m"]
    between = intercomp.by_precision_experiment(sigma_R, sigma_r, 10**9).value
    e10.holds(sigma_pt=intercomp.by_precision_experiment(sigma_R, sigma_r, m).value, sigma_L=between)
    e10.complete()


def test_iso13528_e12_scores_of_antibody_a(case) -> None:
    e12 = case("iso13528-E12-antibody-z-A")
    x = e12.data["x"]
    mean, sd = intercomp.assigned_by(x, "mean").value, intercomp.sigma_from(x, "sd").value
    e12.holds(mean=mean, sd=sd, z=intercomp.z(x, mean, sd))
    e12.complete()


def test_iso13528_e6_every_mode_of_coliforms_and_its_bootstrap_uncertainty(case) -> None:
    e6 = case("iso13528-E6-kernel-mode-coliforms")
    found = intercomp.kernel_density(e6.data["x"], sigma_pt=e6.options["sigma_pt"], replicates=1000)
    e6.holds(mode=found.mode.place)
    e6.complete()
    assert [mode.place for mode in found.modes] == pytest.approx([2.06107, 3.79334], abs=1e-5)
    assert [mode.height for mode in found.modes] == pytest.approx([0.05835138060806854, 1.0], rel=1e-8)
    assert found.u_mode is not None and 0.07 < found.u_mode < 0.11


def test_iso13528_e3_bootstrap_of_the_mean(case) -> None:
    e3 = case("iso13528-E3-bootstrap-mean")
    found = intercomp.bootstrap(e3.data["x"], "mean", replicates=5000)
    e3.holds(bootstrap_mean=found.mean, u=found.u, bootstrap_scale=found.u * np.sqrt(found.n))
    e3.complete()
    # without Monte-Carlo error u is exactly the standard deviation with divisor p, over √p
    assert found.u == pytest.approx(np.std(e3.data["x"]) / np.sqrt(found.n), rel=0.04)


def test_iso13528_e1_three_treatments_of_censored_results_side_by_side() -> None:
    limits, numbers = [10, 10, 20, 30, 50], [12, 19, 20, 23, 23, 25, 25, 26, 28, 28, 28, 29, 30, 30, 31, 32, 32, 45]
    x = [f"<{limit}" for limit in limits] + [str(number) for number in numbers]
    found = intercomp.censored(x)
    assert found.deleted is not None
    assert (found.as_stated.mean, found.deleted.mean, found.halved.mean) == pytest.approx(
        (26.01, 26.81, 23.955), abs=6e-3
    )
    assert (found.as_stated.sd, found.deleted.sd, found.halved.sd) == pytest.approx((7.23, 5.29, 8.60), abs=8e-3)
    assert found.rows_below == (1, 2, 3, 4, 5)


def test_written_results_far_from_the_origin_are_scored_exactly() -> None:
    x = ["1000000000000.1", "1000000000000.25", "1000000000000.3"]
    assert intercomp.z(x, "1000000000000.1", "0.1").tolist() == pytest.approx([0, 1.5, 2], abs=1e-15)
    assert intercomp.deviation([["0.3", None]], ["0.1"])[0, 0] == 0.2
