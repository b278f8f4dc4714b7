"""What a printed figure allows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intercomp.verify import Tolerance
from intercomp.verify.tolerance import worst_element

FIGURES = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("granted", "expected", "got", "holds"),
    [
        (2, 26.01, 26.0149, True),
        (2, 26.01, 26.015, True),
        (2, 26.01, 26.0151, False),
        (0, 838, 838.49, True),
        (0, 838, 838.51, False),
        (-1, 840, 844.9, True),
        (-1, 840, 846, False),
        ("rel 1e-9", 100.0, 100.00000009, True),
        ("rel 1e-9", 100.0, 100.0000002, False),
        ("abs 0.01", 5.0, 5.01, True),
        ("abs 0.01", 5.0, 5.02, False),
        ("abs 0", 1.5, 1.5, True),
        ("abs 0", 1.5, 1.5001, False),
        ("rel 1e-9", 0.0, 0.0, True),
        ("rel 1e-9", 0.0, 1e-12, False),
        ("rel 1e-9", 0.0, 1e-17, True),
        ("rel 1e-9", 1e-20, 2e-20, False),
        (2, True, True, True),
        (2, True, 1, False),
        (2, 1, True, False),
        (2, False, True, False),
        (2, "CENAM", "CENAM", True),
        (2, "CENAM", "CENAM ", False),
        (2, None, None, True),
        (2, None, 0.0, False),
        (2, 1.0, None, False),
        (2, 1.0, "1.0", False),
        (2, 1.0, float("nan"), False),
        (2, [1.0, 2.0], [1.004, 1.996], True),
        (2, [1.0, 2.0], [1.004, 2.006], False),
        (2, [1.0, 2.0], [1.0], False),
        (2, [1.0, 2.0], [1.0, 2.0, 3.0], False),
        (2, [[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.001]], True),
        (2, [[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.1]], False),
        (2, [1.0], 1.0, False),
        (0, ["a", True], ["a", True], True),
        (0, ["a", True], ["a", False], False),
    ],
)
def test_a_figure_holds_within_its_tolerance(granted: Any, expected: Any, got: Any, holds: bool) -> None:
    assert Tolerance.of(granted).holds(expected, got) is holds


@given(FIGURES, st.integers(0, 8))
def test_decimals_allow_half_a_unit_and_not_more(expected: float, decimals: int) -> None:
    granted, half = Tolerance.of(decimals), 0.5 * 10.0**-decimals
    assert granted.holds(expected, expected + 0.999 * half)
    assert not granted.holds(expected, expected + 1.001 * half + 1e-13 * abs(expected))


@given(FIGURES.filter(lambda x: abs(x) > 1e-6), st.sampled_from(["rel 1e-12", "rel 1e-9", "rel 0.01"]), st.booleans())
def test_what_lies_beyond_a_relative_tolerance_is_caught(expected: float, granted: str, up: bool) -> None:
    size = float(granted.split()[1])
    assert not Tolerance.of(granted).holds(expected, expected * (1 + (1 if up else -1) * (1.01 * size + 1e-14)))
    assert Tolerance.of(granted).holds(expected, expected * (1 + 0.5 * size))


@pytest.mark.parametrize("granted", [True, 2.5, "rel", "rel x", "two", "abs -1", "rel inf", None, [2], 301])
def test_what_is_no_precision_is_refused(granted: Any) -> None:
    with pytest.raises(ValueError, match="is no"):
        Tolerance.of(granted)


def test_the_tolerance_is_told_in_the_words_of_the_schema() -> None:
    assert [Tolerance.of(one).told for one in (2, "rel 1e-9", "abs 0.01")] == ["abs 0.005", "rel 1e-09", "abs 0.01"]


def test_the_farthest_element_of_a_list_is_found() -> None:
    assert worst_element([1.0, 2.0, 3.0], [1.1, 2.0, 2.5]) == 2
