"""Homogeneity, stability and analysis of variance against printed, certified and computed figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from intercomp.anova import anova, mean_sd, nested_anova
from intercomp.homogeneity import homogeneity, homogeneity_factors, homogeneity_guide35
from intercomp.stability import stability, stability_trend
from scipy import stats


def test_iso13528_e2_homogeneity_of_arsenic_in_chocolate(case) -> None:
    e2 = case("iso13528-E2-homogeneity-arsenic-chocolate")
    printed = homogeneity(e2.data["items"], e2.options["sigma_pt"], factors="printed")
    e2.holds(mean=printed.mean, s_x=printed.s_x, s_w=printed.s_w, s_s=printed.s_s, sufficient=printed.sufficient)
    e2.holds(expanded_c_tableB1=printed.c, sqrt_c_tableB1=printed.sqrt_c, cochran_C=printed.cochran_C)
    e2.holds(cochran_crit_95_p10_n2=printed.cochran_critical_5, cochran_crit_99_p10_n2=printed.cochran_critical_1)
    e2.holds(**{"check_value_0.3sigma": printed.limit})
    e2.complete()
    exact, computed = homogeneity(e2.data["items"], e2.options["sigma_pt"]), e2.content["computed"]
    assert exact.sqrt_c == pytest.approx(computed["sqrt_c_exact_factors"], rel=1e-12)
    assert (exact.f, exact.f_crit) == pytest.approx((computed["F"], computed["F_crit"]), rel=1e-12)


def test_iupac2006_homogeneity_of_copper_in_soya_flour(case) -> None:
    copper = case("iupac2006-homogeneity-copper-soya-flour")
    items = np.array(copper.data["items"])
    found = homogeneity(items, copper.options["sigma_p"], factors="printed")
    squared = np.subtract(*items.T) ** 2
    copper.holds(sum_D2=float(squared.sum()), max_D2_over_sum=found.cochran_C)
    copper.holds(cochran_crit_95_12=found.cochran_critical_5, s2_an=found.s_w**2, s2_all=found.limit**2)
    copper.holds(V_S=4 * found.s_x**2, s2_sam=found.s_s**2, c=found.c, sufficient=found.sufficient_expanded)
    copper.complete()


def test_homogeneity_of_a_real_three_laboratory_round_point_load_2026(case) -> None:
    load = case("pt13528-real-round-point-load-2026")
    found = homogeneity(load.data["homogeneity"], load.content["computed"]["sigma"])
    load.holds(s_w=found.s_w, s_s=found.s_s, criterion=found.limit, F=found.f, F_crit=found.f_crit)


def test_iso13528_table_b1_factors(case) -> None:
    table = case("iso13528-tableB1-F1-F2")
    factor_1, factor_2 = homogeneity_factors(table.data["g"], table.options["m"])
    table.holds(F1=factor_1, F2=factor_2)
    table.complete()


def test_iso13528_e2_stability(case) -> None:
    e2 = case("iso13528-E2-stability")
    found = stability(e2.data["homogeneity_items"], e2.data["stability_items"], e2.options["sigma_pt"])
    e2.holds(mean_2=found.mean_2, difference=found.difference, criterion=found.criterion, stable=found.stable)
    e2.complete()


def test_guide35_homogeneity_of_iron_ecerto(case) -> None:
    iron = case("eCerto-homogeneity-Fe-radial")
    found = homogeneity_guide35(iron.data["replicates"])
    iron.holds(M_between=found.ms_between, M_within=found.ms_within, P=found.p)
    iron.holds(s_bb=found.s_bb, u_bb_star=found.u_bb_star)
    iron.complete()


def test_guide35_stability_of_silicon_ecerto(case) -> None:
    silicon = case("eCerto-stability-Si")
    found = stability_trend(silicon.data["days"], silicon.data["value"], t_cert=silicon.options["t_cert_days"])
    silicon.holds(slope_per_day=found.slope, se_slope=found.se_slope, P=found.p, intercept=found.intercept)
    silicon.complete()
    assert found.u_lts == pytest.approx(silicon.content["computed"]["u_lts_abs"], rel=1e-9)


def test_nist_strd_anova_AtmWtAg_certified(case) -> None:
    silver = case("strd-anova-AtmWtAg")
    found = anova(silver.data["groups_as_strings"])
    silver.holds(SSB=found.ss_between, SSW=found.ss_within, F=found.f, R2=found.r2, s=found.s)
    silver.complete()


@pytest.mark.parametrize("number", ["01", "04", "07"])
def test_nist_strd_anova_SmLs_certified(case, number: str) -> None:
    smls = case(f"strd-anova-SmLs{number}")
    offset, replicates = Decimal(smls.data["offset"]), smls.data["replicates"]
    treatment = [Decimal("0.2")] + [Decimal("0.1") if t % 2 == 0 else Decimal("0.3") for t in range(2, 10)]
    rule = [Decimal("0.2")] + [Decimal("0.1") if r % 2 == 0 else Decimal("0.3") for r in range(2, replicates + 1)]
    found = anova([[str(offset + t + r) for r in rule] for t in treatment])
    smls.holds(SSB=found.ss_between, SSW=found.ss_within, F=found.f)
    smls.complete()


def written(data: dict) -> list[str]:
    strings = data["x_as_strings"]
    if isinstance(strings, dict):
        return [strings["first"], *(strings["then_repeat_500"] * 500)]
    return strings


@pytest.mark.parametrize("name", ["NumAcc1", "NumAcc2", "Michelso"])
def test_nist_strd_univariate_certified(case, name: str) -> None:
    univariate = case(f"strd-univ-{name}")
    found = mean_sd(univariate.data["x"] if "x" in univariate.data else written(univariate.data))
    univariate.holds(mean=found.mean, sd=found.sd)
    univariate.complete()


def test_gum_h5_zener_between_days(case) -> None:
    zener = case("gum-H5-zener-anova")
    found = nested_anova(zener.data["day_means_uV_above_10V"], zener.data["day_sds_uV"], zener.data["K"])
    zener.holds(grand_mean_uV=found.grand_mean, s_of_means_uV=found.s_of_means, s_a_uV=found.s_a, s_b_uV=found.s_b)
    zener.holds(F=found.f, s_B_uV=found.s_between, u_uV=found.u)
    zener.holds(F95_9_40=stats.f.isf(0.05, 9, 40), F975_9_40=stats.f.isf(0.025, 9, 40))
    zener.complete()


def test_far_from_the_origin_exact_rationals_agree() -> None:
    groups = [["1000000000000.2", "1000000000000.4"], ["1000000000000.3", "1000000000000.9", "1000000000000.1"]]
    exact = [[Fraction(value) for value in group] for group in groups]
    means = [sum(group) / len(group) for group in exact]
    within = sum((value - mean) ** 2 for group, mean in zip(exact, means, strict=True) for value in group)
    assert anova(groups).ss_within == pytest.approx(float(within), rel=1e-12)
