"""What a table says is read as it was written, with its place."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from zhunsheng.foundation.spreadsheets import BadFile, Limits, column_letters, read_table
from zhunsheng.foundation.spreadsheets.values import number_text


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_the_encodings_and_delimiters_of_spreadsheet_programs(encoding: str, delimiter: str) -> None:
    lines = [["实验室", "结果", "单位"], ["甲", "0.130", "mg/kg"], ["乙", "<0.01", "mg/kg"]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    table = read_table(data, filename="r.csv")
    assert [c.text for c in table.header] == lines[0]
    assert [(r.number, r.texts) for r in table.rows] == [(2, lines[1]), (3, lines[2])]
    assert table.rows[0].cell(1) == ("0.130", "B2", 2, "B")


def test_a_quoted_delimiter_and_line_break_belong_to_the_cell() -> None:
    table = read_table(b'lab,result\n"a,\nb",1\nc,2\n', filename="r.csv")
    assert [(r.number, r.texts) for r in table.rows] == [(2, ["a,\nb", "1"]), (3, ["c", "2"])]


def test_empty_rows_are_left_out_and_the_numbers_of_the_others_stay() -> None:
    table = read_table(workbook([[], ["lab", "result"], [], ["a", 1], [None, "  "]]), filename="r.xlsx")
    assert table.header[1].ref == "B2"
    assert [(r.number, r.texts) for r in table.rows] == [(4, ["a", "1"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.013, "0.013"),
        (0.013000000000000001, "0.013"),
        (0.1 + 0.2, "0.3"),
        (5.0, "5"),
        (-0.5, "-0.5"),
        (0.00001, "0.00001"),
        (1.5e-9, "0.0000000015"),
        (1e-12, "1E-12"),
        (123456789012345.0, "123456789012345"),
        (1.5e20, "1.5E+20"),
    ],
)
def test_a_number_is_written_as_the_sheet_shows_it(value: float, text: str) -> None:
    assert number_text(value) == text


def test_cells_of_a_workbook_keep_their_text() -> None:
    rows: list[list[object]] = [["lab", "result"], ["001", 0.013], ["=1+1 as text", "<0.01"], [7, 5.0]]
    table = read_table(workbook(rows[:2]), filename="r.xlsx")
    assert table.rows[0].texts == ["001", "0.013"]
    table = read_table(workbook([rows[0], rows[3]]), filename="r.xlsx")
    assert table.rows[0].texts == ["7", "5"]


def test_cells_that_the_program_changed_are_remembered_with_the_mend() -> None:
    table = read_table(workbook([["lab", "result"], ["a", dt.date(2026, 1, 2)], ["b", True]]), filename="r.xlsx")
    assert set(table.damaged) == {(2, 1), (3, 1)}
    assert "2026-01-02" in table.damaged[2, 1].en and "文本格式" in table.damaged[2, 1].zh


def test_a_formula_that_was_never_computed_is_not_an_empty_cell() -> None:
    table = read_table(workbook([["lab", "result"], ["a", "=1+1"]]), filename="r.xlsx")
    assert "formula without a stored value" in table.damaged[2, 1].en


def test_a_formula_that_was_computed_gives_its_value() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["lab", "result", "remark"])
        page.write_string(1, 0, "a")
        page.write_formula(1, 1, "=1/3", None, 1 / 3)
        page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    table = read_table(buffer.getvalue(), filename="r.xlsx")
    assert table.rows[0].texts[:2] == ["a", "0.333333333333333"]
    assert set(table.damaged) == {(2, 2)}


def test_hidden_sheets_are_passed_over_and_other_sheets_named() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("结果").append(["实验室", "结果"])
    book.create_sheet("notes")
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_table(buffer.getvalue(), filename="r.xlsx")
    assert (table.sheet, table.other_sheets) == ("结果", ("notes",))


def test_a_path_is_read_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "结果.csv"
    path.write_bytes(b"lab,result\na,1\n")
    assert read_table(path).rows == read_table(path.read_bytes(), filename=path.name).rows
    assert read_table(path).file == "结果.csv"


def test_column_letters() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_row_with_a_broken_quotation_is_named() -> None:
    with pytest.raises(BadFile) as caught:
        read_table(b'lab,result\na,1\n"b,2\n', filename="r.csv")
    fault = caught.value.faults[0]
    assert (fault.file, fault.row) == ("r.csv", 3)
    assert "r.csv" in fault.text.en and "第 3 行" in fault.text.zh


@pytest.mark.parametrize(
    "limits", [Limits(rows=2), Limits(columns=1), Limits(cells=3), Limits(file_bytes=8), Limits(cell_characters=2)]
)
def test_limits(limits: Limits) -> None:
    for data, name in (
        (b"lab,result\na,1\nb,2\n", "r.csv"),
        (workbook([["lab", "result"], ["a", 1], ["b", 2]]), "r.xlsx"),
    ):
        with pytest.raises(BadFile):
            read_table(data, filename=name, limits=limits)
