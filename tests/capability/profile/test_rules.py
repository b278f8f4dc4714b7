"""Trends and suspensions as truth tables, without a database."""

import random
from dataclasses import replace
from datetime import date
from itertools import product
from math import sqrt

import pytest
from intercomp import predict_next
from scipy import stats

from zhunsheng.capability.profile.rules import HALF_LIFE, Result, further_results, one_a_round, suspension, trends


def result(id_: str, round_: str, day: str, score: float) -> Result:
    signal = "action" if abs(score) >= 3 else "warning" if abs(score) > 2 else "acceptable"
    return Result(id_, round_, date.fromisoformat(day), score, signal)


def series(*scores: float) -> list[Result]:
    return [result(f"e{i}", f"R{i}", f"20{10 + i}-01-01", score) for i, score in enumerate(scores)]


def test_one_result_checked_by_hand() -> None:
    """k = 2, ν = 4, location = 1/2, ν s² = 3 · 0.49 + 1 · 1 · 1² / 2, scale = s √1.5 (docstring of predict_next)."""
    (trend,) = trends([series(1.0)])
    scale = sqrt((3 * 0.49 + 0.5) / 4 * 1.5)
    t4 = stats.t(4)
    assert trend.probability == pytest.approx(t4.cdf(1.5 / scale) - t4.cdf(-2.5 / scale), rel=1e-12)
    assert (trend.lower, trend.upper) == pytest.approx((0.5 - t4.ppf(0.975) * scale, 0.5 + t4.ppf(0.975) * scale))


def test_many_capabilities_together_are_as_each_alone() -> None:
    some = [series(0.1, 2.5, -0.3), [], series(-4.7), series(*[0.2] * 12)]
    together = trends(some)
    assert [one.n for one in together] == [3, 0, 1, 12]
    for one, alone in zip(together, some, strict=True):
        (single,) = trends([alone])
        assert (one.probability, one.high, one.low) == pytest.approx((single.probability, single.high, single.low))


def test_nothing_known_says_so() -> None:
    (trend,) = trends([[]])
    assert "prior alone" in trend.explanation.en and "先验" in trend.explanation.zh
    assert not trend.drifting and not trend.two_of_three
    assert trends([]) == []


def test_a_shift_is_seen_by_the_cusum_before_any_action_signal() -> None:
    """Of z = 1.8 each round C⁺ grows by 1.3 and passes 4 in the fourth."""
    assert [trends([series(*[1.8] * n)])[0].drifting for n in (1, 2, 3, 4)] == [False, False, False, True]
    assert trends([series(*[1.8] * 4)])[0].high == pytest.approx(5.2)
    assert "5.2" in trends([series(*[-1.8] * 4)])[0].drift.zh


def test_two_of_three_on_one_side() -> None:
    assert trends([series(2.4, 0.0, 2.4)])[0].two_of_three
    assert not trends([series(2.4, 0.0, -2.4)])[0].two_of_three
    assert not trends([series(2.4, 2.4, 0.0)])[0].two_of_three  # the last round ended it


def test_items_of_one_round_are_one_result() -> None:
    two = [result("a", "R1", "2025-01-01", -3.4), result("b", "R1", "2025-01-01", 0.2)]
    assert [one.id for one in one_a_round(two)] == ["a"]


def test_further_results_are_as_many_as_needed_and_no_fewer() -> None:
    scores, needed = [1.1, 1.9, 2.4, 0.8], 0.85
    more = further_results(scores, needed=needed)
    assert more is not None and more > 0
    for n, enough in ((more, True), (more - 1, False)):
        worst = min(
            float(predict_next([*scores, *future], half_life=HALF_LIFE).probability)
            for future in product((-1.0, 1.0), repeat=n)
        )
        assert (worst >= needed) is enough


def test_no_result_within_the_bounds_is_worse_than_the_corners() -> None:
    draw = random.Random(7)
    for _ in range(40):
        scores = [draw.gauss(0, 1.5) for _ in range(draw.randint(1, 5))]
        corners = [[*scores, *future] for future in product((-1.0, 1.0), repeat=2)]
        least = predict_next(corners, half_life=HALF_LIFE).probability.min()
        inside = [[*scores, draw.uniform(-1, 1), draw.uniform(-1, 1)] for _ in range(40)]
        assert predict_next(inside, half_life=HALF_LIFE).probability.min() >= least - 1e-12


def test_what_cannot_be_reached_is_none() -> None:
    assert further_results([-4.7], needed=0.99) is None


FAILED = result("f", "R1", "2025-01-01", -4.0)
PASSED = result("p", "R2", "2025-06-01", 0.3)
AGAIN = result("g", "R3", "2025-09-01", 3.5)
CONFIRMED = {"f": date(2025, 7, 1)}


@pytest.mark.parametrize(
    ("results", "confirmed", "expected"),
    [
        ([], {}, None),
        ([PASSED], {}, None),
        ([FAILED], {}, ("f", None)),
        ([FAILED, PASSED], {}, ("f", "p")),
        ([PASSED, FAILED], CONFIRMED, None),
        ([FAILED], CONFIRMED, ("f", None)),  # a confirmation without a passed result lifts nothing
        ([FAILED, PASSED, AGAIN], CONFIRMED, ("g", None)),
        ([FAILED, PASSED, AGAIN], {}, ("f", "p")),
        ([result("f", "R1", "2025-01-01", -4.0), result("q", "R1", "2025-01-01", 0.1)], CONFIRMED, ("f", None)),
    ],
)
def test_a_failed_item_comes_back_when_passed_and_confirmed(
    results: list[Result], confirmed: dict[str, date], expected: tuple[str, str | None] | None
) -> None:
    held = suspension(results, confirmed)
    got = (held.failed.id, held.passed.id if held.passed else None) if held else None
    assert got == expected


def retest(day: str, score: float) -> Result:
    return replace(result("r", "R1", day, score), retest=True)


@pytest.mark.parametrize(
    ("results", "retests", "confirmed", "expected"),
    [
        ([FAILED], [retest("2025-02-01", 0.5)], {}, ("f", "r")),  # passed, not confirmed
        ([FAILED], [retest("2025-02-01", 0.5)], CONFIRMED, None),
        ([FAILED], [retest("2025-02-01", 3.5)], CONFIRMED, ("f", None)),  # a failed retest lifts nothing
        ([FAILED], [retest("2025-01-01", 0.5)], CONFIRMED, ("f", None)),  # nor does one of the same day
        ([], [retest("2025-02-01", 3.5)], {}, None),  # and by itself it suspends nothing
    ],
)
def test_a_retest_passes_for_the_round_and_suspends_nothing_itself(
    results: list[Result], retests: list[Result], confirmed: dict[str, date], expected: tuple[str, str | None] | None
) -> None:
    held = suspension(results, confirmed, retests)
    assert ((held.failed.id, held.passed.id if held.passed else None) if held else None) == expected


def test_one_wild_result_more_lowers_the_probability() -> None:
    draw = random.Random(11)
    for _ in range(200):
        scores = [draw.gauss(0, 1.2) for _ in range(draw.randint(1, 6))]
        now, wild = (one.probability for one in trends([series(*scores), series(*scores, 5.0)]))
        assert wild < now
