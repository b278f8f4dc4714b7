"""What a cell says: what a spreadsheet program did to codes and days is mended where that is safe, else refused with the mend."""

from __future__ import annotations

from datetime import date

import pytest

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.rules.cells import Parsed, parse, veiled
from zhunsheng.foundation.imports.rules.columns import Column, Kind

ON = date(2026, 4, 15)


def read(text: str, **column: object) -> Parsed:
    return parse(Column("c", t("Column", "列"), **column), text, on=ON)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ＳＮ－００１２", "SN-0012"), ("0012", "0012"), ("123.0", "123"), ("5E10", "5E10"), ("1.20", "1.20"), ("V2.0", "V2.0"),
    ],
)  # fmt: skip
def test_a_code_is_mended_where_that_is_no_guess(text: str, value: str) -> None:
    found = read(text, kind=Kind.CODE)
    assert (found.value, found.fault) == (value, None) and bool(found.notes) is (text != value)


@pytest.mark.parametrize("text", ["1.2E+05", "1.2e5", "3.30106E+17", "1E+05", "１．２Ｅ＋０５"])
def test_a_code_that_became_a_number_is_refused(text: str) -> None:
    found = read(text, kind=Kind.CODE)
    assert found.value is None and found.fault is not None and "Format the column as text" in found.fault.en


def test_zeros_are_missed_behind_a_point_that_a_program_added() -> None:
    found = read("11000.0", kind=Kind.CODE, digits=6)
    assert found.fault is not None and "5 digits instead of 6" in found.fault.en


@pytest.mark.parametrize("text", ["33010619800101001", "3.30106198001E+17"])
def test_what_is_secret_is_repeated_in_no_sentence(text: str) -> None:
    found = read(text, kind=Kind.CODE, digits=18, secret=True)
    assert found.fault is not None
    for said in (found.fault.en, found.fault.zh):
        assert text not in said and text[:6] not in said and text[-4:] in said


@pytest.mark.parametrize(
    ("text", "shown"), [("330106198001010012", "*" * 14 + "0012"), ("12345678", "*" * 8), ("", "")]
)
def test_the_last_four_are_shown(text: str, shown: str) -> None:
    assert veiled(text) == shown


@pytest.mark.parametrize(
    ("text", "lies", "said"),
    [
        ("0023-05-04", Lies.ANYWHERE, "as 2023-05-04"),
        ("3023-05-04", Lies.ANYWHERE, "too far away"),
        ("20620504", Lies.PAST, "cannot lie in the future"),
        ("59294", Lies.SOON, "2062-05-03"),
        ("23-05-04", Lies.ANYWHERE, "no year of four digits"),
        ("26年5月4日", Lies.ANYWHERE, "no year of four digits"),
    ],
)
def test_a_slip_of_the_year_is_refused(text: str, lies: Lies, said: str) -> None:
    found = read(text, kind=Kind.DATE, lies=lies)
    assert found.fault is not None and said in found.fault.en


@pytest.mark.parametrize("text", ["2062-05-04", "2026-04-15", "2026年4月15日", "46127"])
def test_a_day_that_may_be_meant_is_taken(text: str) -> None:
    assert read(text, kind=Kind.DATE).fault is None
