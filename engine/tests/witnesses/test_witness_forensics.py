"""The forensic tests against brute force, and their gates: what they refuse, and what they find."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from intercomp import InputError, forensics
from intercomp.forensics.copying import items_needed
from intercomp.forensics.invented_replicates import contains_mean_chance
from intercomp.forensics.poisson_binomial import upper_tails
from intercomp.forensics.small_variance import fit_mixture, mixture_cdf
from scipy import stats


def test_poisson_binomial_tails_equal_the_sum_over_all_outcomes() -> None:
    chances = np.array([0.1, 0.35, 0.6, 0.02])
    mass = np.zeros(5)
    for outcome in product([0, 1], repeat=4):
        mass[sum(outcome)] += np.prod([q if hit else 1 - q for q, hit in zip(chances, outcome, strict=True)])
    assert upper_tails(chances) == pytest.approx(np.cumsum(mass[::-1])[::-1], rel=1e-12)
    assert upper_tails(np.full(30, 1e-3))[30] == pytest.approx(1e-90, rel=1e-9)


def test_match_chance_by_simulation() -> None:
    random = np.random.default_rng(1)
    for a in (0.3, 1.0, 3.0):
        x = random.uniform(0, a, 400_000)
        other = x + random.standard_normal(400_000)
        equal = np.mean(np.rint(x / a) == np.rint(other / a))
        assert float(forensics.match_chance(a)) == pytest.approx(equal, abs=0.004)
    assert float(forensics.match_chance(1e-6)) == pytest.approx(1e-6 / np.sqrt(2 * np.pi), rel=1e-9)


def test_chance_that_a_triple_contains_its_mean_by_enumeration() -> None:
    mass = np.array([0.1, 0.25, 0.3, 0.2, 0.1, 0.05])
    contains = total = 0.0
    for triple in product(range(6), repeat=3):
        chance = mass[list(triple)].prod()
        if max(triple) - min(triple) >= 2:
            total += chance
            contains += chance * (round(sum(triple) / 3) in triple)
    assert contains_mean_chance(mass[None]) == pytest.approx(contains / total, rel=1e-12)


def possible_by_search(mean: str, sd: str, n: int) -> bool:
    """Every set of n readings of 0 to 12, with both ties allowed."""
    places_mean, places_sd = len(mean.partition(".")[2]), len(sd.partition(".")[2])
    for readings in product(range(13), repeat=n):
        m, s = np.mean(readings), np.std(readings, ddof=1)
        if (
            abs(m - float(mean)) <= 0.5 * 10.0**-places_mean + 1e-9
            and abs(s - float(sd)) <= 0.5 * 10.0**-places_sd + 1e-9
        ):
            return True
    return False


@pytest.mark.parametrize("n", [2, 3])
def test_grimmer_equals_the_search_through_all_readings(n: int) -> None:
    random = np.random.default_rng(n)
    for _ in range(60):
        mean, sd = f"{random.uniform(5, 7):.2f}", f"{random.uniform(0.2, 2.5):.2f}"
        verdict = forensics.sd_possible(mean, sd, n, "1").verdict
        assert (verdict == "possible") == possible_by_search(mean, sd, n), (mean, sd)


@pytest.mark.parametrize("n", [2, 3, 4, 7, 20])
def test_honest_means_and_sds_are_never_called_impossible(n: int) -> None:
    random = np.random.default_rng(n)
    for readings in random.integers(0, 500, (150, n)):
        mean, sd = f"{readings.mean() / 10:.3f}", f"{readings.std(ddof=1) / 10:.3f}"
        assert forensics.mean_possible(mean, n, "0.1").verdict != "impossible"
        assert forensics.sd_possible(mean, sd, n, "0.1").verdict != "impossible"


def test_last_digit_evidence_is_the_product_of_predictions() -> None:
    digits = np.random.default_rng(4).integers(0, 10, 60)
    seen, log10_e = np.full(10, 10.0), 0.0
    for digit in digits:
        log10_e += np.log10(10 * seen[digit] / seen.sum())
        seen[digit] += 1
    assert forensics.e_process(digits.tolist())[-1] == pytest.approx(log10_e, abs=1e-10)


def test_trailing_zeros_count_and_floats_are_refused() -> None:
    values = [f"{100 + k / 10:.2f}" for k in range(400)]
    found = forensics.last_digits(values)
    assert found.detail["counts"] == (400, 0, 0, 0, 0, 0, 0, 0, 0, 0) and found.p < 1e-100
    with pytest.raises(InputError, match="trailing zeros"):
        forensics.last_digits([52.50] * 200)  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        (lambda: forensics.last_digits(["1.2", "1.25"]), "different numbers of decimals"),
        (lambda: forensics.last_digits([f"{k % 3}" for k in range(300)]), "5 steps"),
        (lambda: forensics.last_digits([f"{k / 50:.2f}" for k in range(300)], step="0.02"), "one unit"),
        (lambda: forensics.spreads_too_equal(np.ones((14, 2))), "14 sets"),
        (lambda: forensics.spreads_too_equal(np.ones((30, 2))), "no spread"),
        (lambda: forensics.spreads_too_equal(np.arange(60.0).reshape(30, 2), step=2.0), "exceeds"),
        (lambda: forensics.pt_against_qc(range(7), range(40)), "7 rounds"),
        (lambda: forensics.pt_against_qc(range(9), [1.0] * 40), "no spread"),
        (lambda: forensics.mean_in_triple([[1, 1, 2]] * 50, kind="counts"), "0 triples"),
    ],
)
def test_a_shut_gate_gives_no_p_value(finding, reason: str) -> None:
    found = finding()
    assert not found.applicable and found.p is None and found.e is None
    assert reason in found.reason


def test_gates_of_the_tests_of_whole_groups() -> None:
    assert "19 laboratories" in forensics.copied_results(np.zeros((19, 20)), 0.1, 1.0).status
    assert "needs 12" in forensics.copied_results(np.zeros((40, 11)), 0.5, 1.0).status
    coarse = forensics.copied_results(np.zeros((40, 20)), 2.0, 1.0)
    assert len(coarse.left_out) == 20 and coarse.p.size == 0
    few = forensics.replicate_variances(np.ones(29), 20)
    assert "29 laboratories" in few.status and np.isnan(few.p).all() and not few.flagged().any()
    assert "exceeds sigma_r" in forensics.replicate_variances(np.ones(50), 20, step=1.0, sigma_r=0.5).status
    assert (items_needed(0.2), items_needed(0.21)) == (6, 12)


def test_a_copied_row_is_found_among_honest_laboratories_and_named() -> None:
    random = np.random.default_rng(8)
    truth = random.uniform(20, 60, 20) + random.normal(0, 1.5, (60, 1))
    values = np.rint((truth + random.normal(0, 1, (60, 20))) * 10) / 10
    values[41] = values[7]
    text = [[f"{value:.1f}" for value in row] for row in values]
    text[3][5] = ""
    found = forensics.copied_results(text, 0.1, 1.0)
    names = [f"L{k:02d}" for k in range(60)]
    assert [(pair[0], pair[1], pair[2]) for pair in forensics.pairs_by_name(found, names)] == [("L07", "L41", 20)]
    assert found.items.min() == 19


def test_the_mixture_recovers_the_spread_of_precisions() -> None:
    random = np.random.default_rng(2)
    q = 3.0 * np.exp(random.normal(0, 0.7, 4000)) * random.chisquare(20, 4000) / 20
    centre, tau = fit_mixture(q, np.full(4000, 20.0))
    assert (centre, tau) == pytest.approx((3.0, 0.7), rel=0.08)
    assert mixture_cdf(np.array([0.5]), np.array([6.0]), 0.0) == pytest.approx(stats.chi2.cdf(3.0, 6), rel=1e-12)
    assert fit_mixture(random.chisquare(20, 300) / 20, np.full(300, 20.0))[1] < 0.25


def test_scores_tuned_to_the_consensus_are_flagged() -> None:
    random = np.random.default_rng(6)
    z = random.normal(0, 0.6, (100, 1)) + 0.6 * random.standard_normal((100, 16))
    z[5] = 0.03 * random.standard_normal(16)
    z[80, 8:] = np.nan
    z[81, 7:] = np.nan
    found = forensics.scores_too_good(z)
    assert np.flatnonzero(found.flagged()).tolist() == [5]
    assert found.applicable[80] and not found.applicable[81] and np.isnan(found.p[81])


def test_invented_triples_are_found() -> None:
    random = np.random.default_rng(9)
    centre = random.integers(40, 90, 100)
    gap = random.integers(2, 9, 100)
    triples = np.stack([centre - gap, centre, centre + gap + random.integers(-1, 2, 100)], axis=1)
    found = forensics.mean_in_triple(triples, kind="counts")
    assert found.p < 1e-20 and found.effect > 3 and found.detail["found"] == 100
    duplicates = np.cumsum(np.stack([np.zeros(30), random.integers(1, 4, 30)], axis=1), axis=1)
    assert forensics.spreads_too_equal(duplicates, step=1.0).p < 0.001


def test_variance_ratio_p_is_the_f_distribution() -> None:
    many = forensics.variance_ratios([0.5, 0.5, 0.2], [9, 7, 9], [1.0, 1.0, 0.0], [31, 31, 31])
    assert many.applicable.tolist() == [True, False, False]
    assert many.p[0] == pytest.approx(stats.f.cdf(0.25, 8, 30)) and np.isnan(many.p[1:]).all()


def test_e_values_keep_their_expectation_and_e_bh_its_rate() -> None:
    p = (np.arange(200_000) + 0.5) / 200_000
    assert forensics.p_to_e(p).mean() == pytest.approx(1.0, abs=0.01)
    assert forensics.merge_e([[2.0, np.nan, 4.0]]) == pytest.approx([3.0])
    assert forensics.e_bh(np.ones(50)).count == 0
    assert forensics.benjamini_hochberg([0.001, 0.9, np.nan, 0.02]).rejected.tolist() == [True, False, False, True]


def test_share_of_means_that_can_be_caught() -> None:
    found = [forensics.mean_possible(f"{k / 100:.2f}", 3, "1").verdict for k in range(100)]
    assert found.count("possible") == comb(3, 1)
    assert forensics.mean_possible("4.1250", 3, "0.01").nearest == ("4.123333", "4.126667")
