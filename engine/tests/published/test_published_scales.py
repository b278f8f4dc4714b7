"""Qn, Sn, Q/Hampel and Algorithm S against printed and recomputed figures."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest

ROBUSTBASE = [
    "R-abbey-robust",
    "R-michelson-robust",
    "R-cushny-robust",
    "metRology-chromium-QC",
    "metRology-potassium-RM",
]
Q_HAMPEL = [*ROBUSTBASE, "trap-mad-zero-ties-4of7", "trap-algA-collapse-6of7"]


@pytest.mark.parametrize("identity", ROBUSTBASE)
def test_robustbase_qn_and_sn(case, identity: str) -> None:
    data = case(identity)
    x = data.data["x"]
    data.holds(Qn=intercomp.qn(x), Sn=intercomp.sn(x))
    exact = intercomp.algorithm_a(x, factors="exact")
    data.holds(huber2_mu=exact.mean, huber2_s=exact.sd)
    data.complete()


@pytest.mark.parametrize("identity", Q_HAMPEL)
def test_iso13528_c5_q_method_and_hampel_recomputed(case, identity: str) -> None:
    content = case(identity).content
    found = intercomp.q_hampel(content["data"]["x"])
    assert found.sd == pytest.approx(content["computed"]["Q_method"], rel=1e-11)
    assert found.mean == pytest.approx(content["computed"]["QHampel_x"], rel=1e-11)
    assert intercomp.qn(content["data"]["x"]) == pytest.approx(content["computed"]["Qn"], rel=1e-11)


def test_iso13528_e3_robust_summary_of_atrazine(case) -> None:
    e3 = case("iso13528-E3-atrazine-robust-summary")
    x = np.array(e3.data["x"])
    trimmed = np.sort(x)[2:-1]
    a, by_figures, qh = intercomp.algorithm_a(x), intercomp.algorithm_a(x, rule="iso-sig3"), intercomp.q_hampel(x)
    e3.holds(
        median=intercomp.median(x),
        nIQR=intercomp.niqr(x),
        MADe=intercomp.mad_e(x),
        u_median_nIQR=intercomp.assigned_by(x, "median-niqr").u,
        algA_x=a.mean,
        algA_s=a.sd,
        algA_u=a.u,
        QHampel_x=qh.mean,
        Q_s=qh.sd,
        QHampel_u=qh.u,
        mean=x.mean(),
        sd=x.std(ddof=1),
        u_mean=intercomp.assigned_by(x, "mean").u,
        trimmed3_mean=trimmed.mean(),
        trimmed3_sd=trimmed.std(ddof=1),
        trimmed3_u=intercomp.assigned_by(trimmed, "mean").u,
        algA_iterations_sig3=by_figures.iterations,
    )
    e3.complete()


def test_iso13528_e13_algorithms_a_and_s(case) -> None:
    e13 = case("iso13528-E13-algA-algS")
    averages = intercomp.algorithm_a(e13.data["averages"])
    pooled = intercomp.algorithm_s(e13.data["sds"], 3, factors="printed")
    e13.holds(x_star=averages.mean, w_star=pooled.sd)
    e13.complete()
    assert intercomp.algorithm_s(e13.data["sds"], 3).sd == pytest.approx(0.3396627874946301, rel=1e-12)


def test_iso5725_5_creosote_level_5_algorithms_a_and_s_of_metrology(case) -> None:
    creosote = case("iso5725-5-creosote-level5-algA-algS")
    exact = intercomp.algorithm_a(creosote.data["cell_means"], factors="exact")
    ranges = np.array(creosote.data["cell_ranges"]) / np.sqrt(2)
    creosote.holds(algA_mu=exact.mean, algA_s=exact.sd, algS_s_r=intercomp.algorithm_s(ranges, 1).sd)
    creosote.complete()
    assert intercomp.algorithm_s(ranges, 1, factors="printed").sd == pytest.approx(0.48506151313663465, rel=1e-12)


def test_iso13528_table_c1_factors_of_algorithm_s(case) -> None:
    table = case("iso13528-tableC1-algS-factors")
    eta, xi = intercomp.algorithm_s_factors(table.data["nu"])
    table.holds(eta=eta, xi=xi)
    table.complete()


def test_iso13528_table_c2_factors_of_qn(case) -> None:
    table = case("iso13528-tableC2-qn-factors")
    table.holds(b_n=intercomp.qn_correction(table.data["n"]))
    table.complete()


def test_the_edition_of_2022_takes_qn_from_one_difference_too_few() -> None:
    x = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    # sorted differences 1 2 3 4 6 7 8 …; h = 3 gives the 3rd, h = 4 the 6th
    assert intercomp.qn(x, edition="2022", factors="printed") == pytest.approx(2.2219 * 0.6122 * 3)
    assert intercomp.qn(x, factors="printed") == pytest.approx(2.2191 * 0.6122 * 7)


def test_pt13528_round_of_three_laboratories_scale_for_few_results(case) -> None:
    content = case("pt13528-real-round-point-load-2026")
    x = content.data["x"]
    sigma = intercomp.mean_absolute_scale(x)
    assigned = intercomp.assigned_by(x, "median")
    content.holds(
        sigma=sigma,
        x_pt=assigned.value,
        u_xpt=assigned.u,
        z=intercomp.z(x, assigned.value, sigma),
        z_prime=intercomp.z_prime(x, assigned.value, sigma, assigned.u),
    )


def test_openelis_4174_ceiling_of_z_from_mean_and_sd(case) -> None:
    content = case("openelis-4174-z-ceiling-n5")
    x = np.array(content.data["x"])
    content.holds(z=intercomp.z(x, x.mean(), x.std(ddof=1)), max_possible_z=intercomp.score_ceiling(x.size))
    content.complete()
    assert intercomp.score_ceiling(10) < 3 <= intercomp.score_ceiling(11)


def test_trap_kelvin_and_celsius_give_one_q_method_too(case) -> None:
    trap = case("trap-origin-dependence-kelvin")
    celsius, kelvin = intercomp.q_hampel(trap.data["x_celsius"]), intercomp.q_hampel(trap.data["x_kelvin"])
    assert kelvin.sd == pytest.approx(celsius.sd, rel=1e-12)
    assert kelvin.mean - 273.15 == pytest.approx(celsius.mean, rel=1e-12)
