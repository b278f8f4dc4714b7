"""What people write into a cell is either understood in one way or a fault."""

from __future__ import annotations

import pytest

from zhunsheng.activities.proficiency.rules.reported_values import read_value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.013", "0.013"),
        ("0", "0"),
        ("0.0", "0.0"),
        ("-0", "-0"),
        ("+1.5", "+1.5"),
        (".5", ".5"),
        ("1.0E-3", "1.0E-3"),
        ("  0.5 ", "0.5"),
        ("0.0\u200b13", "0.013"),
        ("\u00a00.5\u3000", "0.5"),
        ("\uff10\uff0e\uff10\uff11\uff13", "0.013"),
        ("\u22120.5", "-0.5"),
        ("0,013", "0.013"),
        ("12,5", "12.5"),
        ("1,2345", "1.2345"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234.5", "1234.5"),
        ("12 345,6", "12345.6"),
        ("1e100", "1e100"),
        ("-1e-100", "-1e-100"),
        ("0e-300", "0e-300"),
    ],
)
def test_a_number(text: str, number: str) -> None:
    read = read_value(text)
    assert (read.kind, read.number) == ("number", number)
    assert read.changed == (text != number)


@pytest.mark.parametrize(
    "text", ["<0.01", "\uff1c0.01", "< 0,01", "\u22640.01", "<=0.01", "小于0.01", "less than 0.01"]
)
def test_a_value_below_a_limit(text: str) -> None:
    assert read_value(text)[:2] == ("below", "0.01")


@pytest.mark.parametrize("text", [">100", "\uff1e100", "\u2265100", "大于100"])
def test_a_value_above_a_limit(text: str) -> None:
    assert read_value(text)[:2] == ("above", "100")


@pytest.mark.parametrize("text", ["", "  ", "-", "/", "\u2014", "--", "N/A", "无", "\u200b"])
def test_nothing(text: str) -> None:
    assert read_value(text).kind == "blank"


@pytest.mark.parametrize("text", ["ND", "n.d.", "未检出", "未检出\uff08<0.01\uff09", "Not detected"])
def test_not_detected(text: str) -> None:
    assert read_value(text).kind == "not_detected"


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("1,234", "1.234 or 1234"),
        ("abc", "is not a number"),
        ("nan", "is not a number"),
        ("inf", "is not a number"),
        ("1e999", "too large"),
        ("9" * 400, "too large"),
        ("9" * 101, "too large"),
        ("1e160", "too large"),
        ("-1.1e100", "too large"),
        ("<1e101", "too large"),
        ("1e-300", "too small"),
        ("-9e-101", "too small"),
        ("1e-400", "too small"),
        ("0." + "0" * 120 + "1", "too small"),
        ("5%", "percent"),
        ("0.5 mg/kg", "column “unit”"),
        ("0.5\u00b10.1", "column “unit”"),
        ("1.3\u00d710^-2", "1.3E-2"),
        ("0.1.2", "is not a number"),
        ("<", "is not a number"),
        ("<abc", "is not a number"),
        ("1_000", "column “unit”"),
        ("٣", "is not a number"),
        ("0b10", "more than a number"),
    ],
)
def test_a_fault_says_the_mend_in_both_languages(text: str, mend: str) -> None:
    read = read_value(text)
    assert read.kind == "bad" and read.message is not None
    assert mend in read.message.en
    assert read.message.zh != read.message.en
