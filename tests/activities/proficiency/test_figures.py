"""Digits that mean something, and no others."""

from __future__ import annotations

import pytest

from zhunsheng.activities.proficiency import figures


@pytest.mark.parametrize(
    ("value", "u", "shown"),
    [
        (0.0440, 0.0041, ("0.0440", "0.0041")),
        (12.34567, 0.123456, ("12.35", "0.12")),
        (123456.0, 1500.0, ("123500", "1500")),
        (0.5, 0.0996, ("0.500", "0.100")),
        (-3.25, 0.5, ("−3.25", "0.50")),
        (1.23456e-9, 2.3e-11, ("1.235×10⁻⁹", "2.3×10⁻¹¹")),
        (6.02214e23, 1.2e19, ("6.02214×10²³", "1.2×10¹⁹")),
    ],
)
def test_value_and_uncertainty_end_at_the_same_place(value: float, u: float, shown: tuple[str, str]) -> None:
    assert figures.measured(value, u, 1.0) == shown


def test_a_given_value_without_uncertainty_is_not_lengthened() -> None:
    assert figures.measured(0.05, None, 0.0066) == ("0.05", None)
    assert figures.measured(0.0512345678, None, 0.0066) == ("0.05123", None)


@pytest.mark.parametrize(
    ("value", "shown"), [(-3.98979, "−3.99"), (0.004, "0.00"), (-0.004, "0.00"), (2.0, "2.00"), (None, "–")]
)
def test_scores_have_two_decimals(value: float | None, shown: str) -> None:
    assert figures.score(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0066, "0.0066"), (0.00661234, "0.00661"), (0.0, "0"), (1234.5, "1234")]
)
def test_significant_digits_are_a_ceiling(value: float, shown: str) -> None:
    assert figures.significant(value, 3) == shown if value < 1000 else figures.significant(value, 4) == shown


def test_a_long_name_keeps_both_ends_and_shows_the_gap() -> None:
    name = "国家食品质量监督检验中心" * 5
    short = figures.shortened(name, 20)
    assert "…" in short
    assert short.startswith("国家") and short.endswith("中心")
    assert sum(2 if ord(c) > 0x2E7F else 1 for c in short) <= 20
    assert figures.shortened("L04") == "L04"
