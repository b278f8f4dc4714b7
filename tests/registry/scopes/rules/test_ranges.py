"""Ranges as scopes state them."""

import pytest

from zhunsheng.registry.scopes.rules.ranges import Range, range_faults, read_range


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("(0.02~5) mg/kg", Range("0.02", "5", "mg/kg")),
        ("（0.02～5）mg/kg", Range("0.02", "5", "mg/kg")),
        ("0.02-5 mg/kg", Range("0.02", "5", "mg/kg")),
        ("-20~80 °C", Range("-20", "80", "°C")),
        ("1×10^3～1×10^6 CFU/g", Range("1×10^3", "1×10^6", "CFU/g")),
        ("10 mg/L 至 2 g/L", Range("10 mg/L", "2 g/L", "")),
        ("≥0.5 g/100 g", Range("≥0.5", "", "g/100 g")),
        ("≤14", Range("", "≤14", "")),
        ("0.5", None),
        ("see the standard", None),
        ("", None),
    ],
)
def test_a_range_in_one_cell_is_read(text: str, read: Range | None) -> None:
    assert read_range(text) == read


@pytest.mark.parametrize(
    ("low", "high", "unit", "wrong"),
    [
        ("0.02", "5", "mg/kg", False),
        ("5", "5", "mg/kg", False),
        ("5", "0.02", "mg/kg", True),
        ("1,000", "20", "", True),
        ("１０", "２", "", True),
        ("1×10^3", "1e2", "", True),
        ("－20", "80", "°C", False),
        ("5 µg/kg", "0.02 mg/kg", "", False),  # two units: not ours to convert
        ("5 mg/kg", "0.02", "mg/kg", True),  # the same unit, once in the cell and once in the column
        ("≥5", "≤2", "", True),
        ("none", "0.02", "mg/kg", False),
        ("", "", "", False),
    ],
)
def test_only_ends_that_are_surely_turned_round_are_a_fault(low: str, high: str, unit: str, wrong: bool) -> None:
    assert bool(range_faults(low, high, unit)) is wrong
