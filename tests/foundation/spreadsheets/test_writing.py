"""What we write opens as what it is: text as text, numbers as numbers, the same bytes twice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from zhunsheng.foundation.spreadsheets import (
    CellValue,
    Sheet,
    harmless,
    read_table,
    unguarded,
    write_csv,
    write_xlsx,
)

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "=1+1", "https://example.org", "mailto:a@b", "=cmd|'/c calc'!A0"]


def written(*sheets: Sheet) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, sheets)
    return buffer.getvalue()


def test_text_stays_text_and_numbers_stay_numbers() -> None:
    rows: list[list[CellValue]] = [[text, -0.5, 3, None] for text in DANGEROUS]
    page = openpyxl.load_workbook(io.BytesIO(written(Sheet("S", ["a", "b", "c", "d"], rows)))).worksheets[0]
    for row, text in enumerate(DANGEROUS, start=2):
        cell = page.cell(row, 1)
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
        assert (page.cell(row, 2).value, page.cell(row, 2).data_type) == (-0.5, "n")
        assert (page.cell(row, 3).value, page.cell(row, 4).value) == (3, None)


def test_no_formula_and_no_link_is_in_the_file() -> None:
    data = written(Sheet("S", DANGEROUS, [DANGEROUS]))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"hyperlink" not in sheet
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in package.namelist()


def test_the_same_table_gives_the_same_bytes() -> None:
    sheet = Sheet("结果", ["实验室", "z"], [["甲", 1.25], ["乙", -3.0]], widths=[20, 8], formats=[None, "0.00"])
    assert written(sheet) == written(sheet)


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    strange = ['a<b>&"c"', "  spaces  ", "line\nbreak", "\x01", "汉字𠮷", "_x0041_"]
    write_xlsx(path, [Sheet("S", ["name", "value"], [[text, 0.1] for text in strange]), Sheet("T", ["n"], [])])
    table = read_table(path)
    assert [row.texts[1] for row in table.rows] == ["0.1"] * len(strange)
    page = openpyxl.load_workbook(path)["S"]
    assert [page.cell(r, 1).value for r in (2, 3, 4, 6)] == [strange[0], strange[1], strange[2], strange[4]]
    assert [row.texts[0] for row in table.rows][:3] == strange[:3]


def test_headings_stay_in_sight_and_formats_apply() -> None:
    sheet = Sheet("S", ["a", "b"], [["x", 1.0]], widths=[30], formats=[None, "0.00"], frozen_columns=1)
    page = openpyxl.load_workbook(io.BytesIO(written(sheet)))["S"]
    assert page.freeze_panes == "B2"
    assert page["B2"].number_format == "0.00" and page["A1"].font.bold
    assert page.column_dimensions["A"].width == pytest.approx(30, abs=1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x" * 40_000])
def test_what_a_workbook_cannot_hold_is_refused(value: CellValue) -> None:
    with pytest.raises(ValueError, match="row 2"):
        written(Sheet("S", ["a"], [[value]]))


FULL_WIDTH = "\uff1d1+1"


@pytest.mark.parametrize(
    ("text", "written_as"),
    [
        ("=1+1", "'=1+1"),
        ("+86 571", "'+86 571"),
        ("-abc", "'-abc"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\r=1+1"),
        (" =1+1", "' =1+1"),
        (FULL_WIDTH, "'" + FULL_WIDTH),
        ("-0.5", "-0.5"),
        ("+1.5E-3", "+1.5E-3"),
        ("-0.5.1", "'-0.5.1"),
        ("'=1", "'=1"),
        ("甲", "甲"),
        ("<0.01", "<0.01"),
    ],
)
def test_text_in_csv_is_not_run_and_comes_back(text: str, written_as: str) -> None:
    assert harmless(text) == written_as
    if not text.startswith("'"):
        assert unguarded(written_as) == text
    if "\r" not in text:
        table = read_table(write_csv(["a", "b"], [["x", text]]), filename="r.csv")
        assert table.rows[0].texts == ["x", written_as]


def test_a_number_in_csv_stays_a_number() -> None:
    assert write_csv(["a", "b"], [[-0.5, None], [3, "-0.5"]]) == b"\xef\xbb\xbfa,b\r\n-0.5,\r\n3,-0.5\r\n"


@pytest.mark.parametrize("text", ["\t=1+1", "\r=1+1", FULL_WIDTH, "@SUM(A1)", "=1+1", "-0.5"])
def test_text_in_a_workbook_is_text_whatever_it_begins_with(text: str) -> None:
    page = openpyxl.load_workbook(io.BytesIO(written(Sheet("S", ["a"], [[text]])))).worksheets[0]
    assert page["A2"].data_type == "s" and page["A2"].value.replace("_x000D_", "\r") == text
