"""What is said about results while they are typed, and what keeps them from being submitted."""

import pytest

from zhunsheng.activities.proficiency.collect.rules.checking import (
    Asked,
    check_ready,
    exchanged,
    power_of_ten,
    remarks,
)
from zhunsheng.activities.proficiency.collect.rules.given import Given, ResultsRefused, check_given, tidy

HG = Asked(1, "mercury", "A", "mg/kg", "0.001", sigma=0.1)
HG_B = Asked(2, "mercury", "B", "mg/kg", "0.001", sigma=0.1)
GB = Asked(1, "mercury", "A", "mg/kg", "0.001", methods=("GB 5009.17", "EN 1"))


def said(*given: Given, asked: tuple[Asked, ...] = (HG,)) -> list[tuple[str, str, bool]]:
    return [(one.field, one.text.en, one.blocks) for one in remarks(asked, given)]


@pytest.mark.parametrize(
    ("given", "field", "words", "blocks"),
    [
        (Given(1, 1, "0.12a", k="2"), "result", "more than a number", True),
        (Given(1, 1, "1,234"), "result", "two ways", True),
        (Given(1, 1, "0.1234"), "result", "Finer than the reporting step", False),
        (Given(1, 1, "0.12"), "result", "Fewer digits", False),
        (Given(1, 1, "0.0004"), "result", "another unit", False),
        (Given(1, 1, "44000.000"), "result", "another unit", False),
        (Given(1, 1, "0.120", "0.010"), "k", "coverage factor", False),
        (Given(1, 1, "0.120", "0", "2"), "uncertainty", "Not above zero", False),
        (Given(1, 1, "0.120", "-0.010", "2"), "uncertainty", "Not above zero", False),
        (Given(1, 1, "0.120", "abc", "2"), "uncertainty", "not a number", True),
        (Given(1, 1, "0.120", "0.010", "two"), "k", "not a number", True),
        (Given(1, 1, "0.120", "12.000", "2"), "uncertainty", "larger than the result", False),
        (Given(1, 1, "1.200", "0.400", "2"), "uncertainty", "above 1.5", False),
        (Given(1, 1, "0.120", "0.01", "2"), "uncertainty", "different decimal places", False),
        (Given(1, 1, "0.620", "0.123", "2"), "uncertainty", "one or two significant", False),
        (Given(1, 1, "<0.010", "0.002", "2"), "uncertainty", "not used", False),
        (Given(1, 1, "0.120", could_not="broken"), "could_not", "Keep one", True),
        (Given(1, 1, analyst="x"), "result", "No result", False),
    ],
)
def test_what_is_odd_in_a_row(given: Given, field: str, words: str, blocks: bool) -> None:
    found = said(given)
    assert [(one, stop) for one, text, stop in found if words in text] == [(field, blocks)], found


@pytest.mark.parametrize(
    "given",
    [
        Given(1, 1, "0.120", "0.012", "2"),
        Given(1, 1, "<0.010"),
        Given(1, 1, "未检出"),
        Given(1, 1, could_not="instrument broken"),
        Given(1, 1, "0.120", "±0.012", "k=2"),
    ],
)
def test_what_is_well_reported_is_passed_in_silence(given: Given) -> None:
    assert said(given) == []


@pytest.mark.parametrize(("u", "told"), [("0.300", False), ("0.302", True)])
def test_a_large_uncertainty_begins_at_one_and_a_half_sigma(u: str, told: bool) -> None:
    """u = U/k against 1.5 · 0.1, with k = 2."""
    assert bool([1 for _, text, _ in said(Given(1, 1, "1.200", u, "2")) if "above 1.5" in text]) is told


@pytest.mark.parametrize(
    ("value", "other", "power"),
    [(10, 1, 1), (0.1, 1, -1), (1100, 1, 3), (1.19, 1, 0), (1, 1, 0), (3, 1, 0), (12.5, 1, 0), (-10, 1, 0), (0, 1, 0)],
)
def test_powers_of_ten(value: float, other: float, power: int) -> None:
    assert power_of_ten(value, other) == power


def test_a_replicate_in_another_unit_is_found() -> None:
    found = said(Given(1, 1, "0.120"), Given(1, 2, "0.122"), Given(1, 3, "121.000"))
    assert [text for _, text, _ in found] == ["10^3 times your other replicates: is it in another unit?"]


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ({1: 1.0, 2: 1.01, 3: 5.0}, {1: 5.0, 2: 5.02, 3: 1.0}, [3]),
        ({1: 1.0, 2: 5.0}, {1: 5.0, 2: 1.0}, [1, 2]),
        ({1: 1.0, 2: 1.1}, {1: 5.0, 2: 5.1}, []),
        ({1: 1.0}, {1: 5.0}, []),
        ({1: 1.0, 2: 5.0}, {1: 1.0, 2: 1.0}, []),
    ],
)
def test_exchanged_items(a: dict[int, float], b: dict[int, float], found: list[int]) -> None:
    assert exchanged(a, b) == found


def test_an_exchange_is_told_at_both_items() -> None:
    rows = [Given(1, 1, "1.000"), Given(1, 2, "5.000"), Given(2, 1, "5.000"), Given(2, 2, "1.000")]
    found = remarks((HG, HG_B), rows)
    assert {one.key for one in found if "exchanged" in one.text.en} == {(1, 1), (1, 2), (2, 1), (2, 2)}


@pytest.mark.parametrize(
    ("method", "reason", "ready"),
    [("gb 5009.17", "", True), ("", "", True), ("In house", "", False), ("In house", "validated, no LC-MS", True)],
)
def test_a_method_that_is_not_allowed_needs_a_reason(method: str, reason: str, ready: bool) -> None:
    given = [Given(1, 1, "0.120", method=method, method_reason=reason)]
    if ready:
        check_ready((GB,), given)
    else:
        with pytest.raises(ResultsRefused, match="not among those allowed"):
            check_ready((GB,), given)


def test_nothing_at_all_is_refused_and_a_silent_measurand_is_only_told() -> None:
    with pytest.raises(ResultsRefused, match="Nothing was entered"):
        check_ready((HG,), [Given(1, 1)])
    check_ready((HG, HG_B), [Given(1, 1, "0.120")])
    assert "Nothing is entered" in said(Given(1, 1, "0.120"), asked=(HG, HG_B))[0][1]


def test_a_point_beside_decimal_commas_is_refused() -> None:
    with pytest.raises(ResultsRefused, match="decimal commas"):
        check_ready((HG, HG_B), [Given(1, 1, "12,50"), Given(2, 1, "1.234")])


def test_what_cannot_be_kept() -> None:
    for wrong in (
        Given(1, 0), Given(1, 11), Given(1, 1, "9" * 61), Given(1, 1, measured_on="2026-02-30"), Given(1, 1, measured_on="x" * 99),
    ):  # fmt: skip
        with pytest.raises(ResultsRefused):
            check_given(wrong)
    assert tidy(" 1.20\x00\ud800\n ") == "1.20"
