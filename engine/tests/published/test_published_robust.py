"""Algorithm A and its kin against printed and recomputed figures."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest
from intercomp.robust import Rule


def test_iso13528_e1_algorithm_a_with_censored_results_taken_as_numbers(case) -> None:
    e1 = case("iso13528-E1-algA-censored-ignored")
    found = intercomp.algorithm_a(e1.data["x"], rule="iso-sig3")
    e1.holds(x_star=found.mean, s_star=found.sd)
    assert found.iterations == 13
    converged = intercomp.algorithm_a(e1.data["x"])
    assert (converged.mean, converged.sd) == pytest.approx((26.00800550795207, 7.2373), abs=5e-5)
    e1.complete()


@pytest.mark.parametrize("rule", ["converged", "iso-sig3"])
def test_iso13528_e1_algorithm_a_with_censored_results_left_out(case, rule: Rule) -> None:
    e1 = case("iso13528-E1-algA-censored-deleted")
    found = intercomp.algorithm_a(e1.data["x"], rule=rule)
    e1.holds(x_star=found.mean, s_star=found.sd)
    e1.complete()


def test_metrology_log_of_algorithm_a_on_iso13528_e3(case) -> None:
    log = case("iso13528-E3-algA-iteration-trace")
    mu, s = intercomp.algorithm_a_iterations(log.data["x"], factors="exact", limit=8)
    log.holds(mu=mu, s=s)
    log.complete()


def test_workbook_algorithm_a_84_results_with_its_own_stopping_rule(case) -> None:
    workbook = case("workbook-algA-84-results")
    x = workbook.data["x"]
    means, sds = intercomp.algorithm_a_iterations(x)
    stop = 1 + int(np.argmax(np.abs(np.diff(means)) < means[1:] / 1e6))
    workbook.holds(
        median=intercomp.median(x), s_MAD=intercomp.mad_e(x), x_star=means[stop], s_star=sds[stop], iterations=stop
    )
    converged = intercomp.algorithm_a(x)
    assert (converged.mean, converged.sd) == pytest.approx((28.698119655783223, 0.8351123657388029), rel=1e-11)
    workbook.complete()


def test_amc_technical_brief_6_h15(case) -> None:
    brief = case("amc-tb6-h15")
    x = np.array(brief.data["x"])
    found = intercomp.algorithm_a(x)
    brief.holds(mean=x.mean(), sd=x.std(ddof=1), robust_mean=found.mean, robust_sd=found.sd)
    brief.complete()


def test_trap_four_of_seven_equal_start_from_the_standard_deviation(case) -> None:
    trap = case("trap-mad-zero-ties-4of7")
    trap.holds(MADe=intercomp.mad_e(trap.data["x"]), median=intercomp.median(trap.data["x"]))
    found = intercomp.algorithm_a(trap.data["x"])
    assert found.status == "converged"
    assert (found.mean, found.sd) == pytest.approx((5.827397173308713, 1.3095886932350176), rel=1e-12)
    trap.complete()


def test_trap_six_of_seven_equal_is_degenerate(case) -> None:
    trap = case("trap-algA-collapse-6of7")
    found = intercomp.algorithm_a(trap.data["x"])
    trap.holds(algA_s=found.sd, MADe=intercomp.mad_e(trap.data["x"]))
    assert found.status == "degenerate"
    trap.complete()


def test_trap_kelvin_and_celsius_give_one_standard_deviation(case) -> None:
    trap = case("trap-origin-dependence-kelvin")
    celsius, kelvin = trap.data["x_celsius"], trap.data["x_kelvin"]
    by_figures = intercomp.algorithm_a(kelvin, rule="iso-sig3")
    trap.holds(
        s_converged_C=intercomp.algorithm_a(celsius).sd,
        s_converged_K=intercomp.algorithm_a(kelvin).sd,
        s_sig3_K=by_figures.sd,
    )
    trap.complete()


def test_openelis_4174_robust_scores_flag_what_mean_and_sd_cannot(case) -> None:
    round_ = case("openelis-4174-z-ceiling-n5")
    x = np.array(round_.data["x"])
    found = intercomp.algorithm_a(x)
    assert (found.mean, found.sd) == pytest.approx((41.01799599503727, 2.0479893200996306), rel=1e-11)
    assert intercomp.signals(intercomp.z(x, found.mean, found.sd))[-1] == "action"
    assert intercomp.signals(intercomp.z(x, x.mean(), x.std(ddof=1)))[-1] == "acceptable"


HUBER = ["R-abbey-robust", "R-michelson-robust", "R-cushny-robust", "metRology-chromium-QC", "metRology-potassium-RM"]


@pytest.mark.parametrize("identity", HUBER)
def test_mass_hubers_and_metrology_alga_are_algorithm_a_with_the_exact_factor(case, identity: str) -> None:
    data = case(identity)
    found = intercomp.algorithm_a(data.data["x"], factors="exact")
    data.holds(huber2_mu=found.mean, huber2_s=found.sd)
