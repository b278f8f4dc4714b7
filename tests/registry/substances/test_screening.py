"""How many samples a screening needs: known answers, and a count by exact arithmetic that shares nothing with the rule."""

from fractions import Fraction
from math import ceil, comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhunsheng.registry.substances.rules import BadPlan, missing_all, screening_plan


@pytest.mark.parametrize(
    ("prevalence", "probability", "sensitivity", "n"),
    [
        (0.01, 0.95, 1.0, 299),  # the "rule of three": 3 / p, less one
        (0.05, 0.95, 1.0, 59),
        (0.10, 0.95, 1.0, 29),
        (0.02, 0.95, 1.0, 149),
        (0.001, 0.95, 1.0, 2995),
        (0.01, 0.99, 1.0, 459),
        (0.50, 0.75, 1.0, 2),  # met exactly: 1 - 0.5 ** 2
        (0.50, 0.875, 1.0, 3),
        (0.10, 0.95, 0.5, 59),  # as a prevalence of 5 %
        (1.0, 0.99, 1.0, 1),
        (1.0, 0.99, 0.9, 2),  # 1 - 0.1 ** 2 = 0.99, met exactly
        (0.9, 0.01, 1.0, 1),
    ],
)
def test_a_large_population(prevalence: float, probability: float, sensitivity: float, n: int) -> None:
    assert screening_plan(prevalence, probability, sensitivity) == n


def exact(prevalence: str, probability: str, sensitivity: str, population: int) -> int | None:
    """The same by trying every n with fractions."""
    p, wanted, se = Fraction(prevalence), Fraction(probability), Fraction(sensitivity)
    positives = max(1, ceil(p * population))
    for n in range(population + 1):
        ways = (comb(positives, k) * comb(population - positives, n - k) * (1 - se) ** k for k in range(n + 1))
        if 1 - sum(ways) / comb(population, n) >= wanted:
            return n
    return None


@pytest.mark.parametrize(
    ("prevalence", "probability", "sensitivity", "population"),
    [
        ("0.1", "0.95", "1", 100), ("0.05", "0.95", "1", 100), ("0.01", "0.95", "1", 100), ("0.02", "0.95", "1", 50),
        ("0.1", "0.95", "1", 10), ("0.3", "0.9", "1", 7), ("1", "0.5", "1", 1), ("0.25", "0.99", "1", 40),
        ("0.1", "0.95", "0.8", 100), ("0.2", "0.9", "0.5", 60), ("0.5", "0.75", "1", 2), ("0.07", "0.8", "0.9", 133),
    ],
)  # fmt: skip
def test_a_finite_population(prevalence: str, probability: str, sensitivity: str, population: int) -> None:
    want = exact(prevalence, probability, sensitivity, population)
    assert want is not None
    assert screening_plan(float(prevalence), float(probability), float(sensitivity), population) == want


@settings(max_examples=60, deadline=None)
@given(
    population=st.integers(1, 45),
    per_cent=st.integers(1, 100),
    wanted=st.integers(1, 99),
    sure=st.sampled_from([50, 80, 95, 100]),
)
def test_a_finite_population_of_any_kind(population: int, per_cent: int, wanted: int, sure: int) -> None:
    want = exact(f"{per_cent / 100}", f"{wanted / 100}", f"{sure / 100}", population)
    if want is None:
        with pytest.raises(BadPlan):
            screening_plan(per_cent / 100, wanted / 100, sure / 100, population)
    else:
        assert screening_plan(per_cent / 100, wanted / 100, sure / 100, population) == want


def test_a_finite_population_needs_no_more_than_a_large_one_and_comes_near_it() -> None:
    sizes = [screening_plan(0.05, 0.95, population=n) for n in (40, 100, 1_000, 10_000, 1_000_000)]
    assert sizes == sorted(sizes) and sizes[-1] == 59


def test_nothing_positive_is_missed_when_all_are_tested() -> None:
    assert missing_all(20, 3, 20) == 0
    assert missing_all(20, 3, 0) == pytest.approx(1)
    assert missing_all(20, 3, 20, 0.9) == pytest.approx(0.1**3)


@pytest.mark.parametrize(
    ("given_values", "field"),
    [
        ((0, 0.95), "prevalence"), ((1.1, 0.95), "prevalence"), ((float("nan"), 0.95), "prevalence"),
        ((0.1, 0), "probability"), ((0.1, 1), "probability"), ((0.1, 0.95, 0), "sensitivity"),
        ((0.1, 0.95, 1.5), "sensitivity"), ((0.1, 0.95, 1, 0), "population"), ((0.1, 0.95, 1, 1_000_001), "population"),
        ((0.1, 0.95, 0.5, 10), "population"),  # one positive, found with a probability of a half at best
    ],
)  # fmt: skip
def test_a_bad_question_is_refused_with_a_reason(given_values: tuple[float, ...], field: str) -> None:
    with pytest.raises(BadPlan) as refused:
        screening_plan(*given_values)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.reason.zh.endswith("。") and refused.value.reason.en.endswith(".")
