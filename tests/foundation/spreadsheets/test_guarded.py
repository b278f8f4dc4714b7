"""What a child reads is what this process would have read; a long sheet reads like a short one."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from zhunsheng.foundation.spreadsheets import (
    BadFile,
    Reading,
    Row,
    Sheet,
    guarded,
    read_guarded,
    read_table,
    write_xlsx,
)
from zhunsheng.foundation.spreadsheets.number_formats import day_of, is_date_format
from zhunsheng.foundation.spreadsheets.streaming import Stream, stream_csv, stream_xlsx
from zhunsheng.foundation.spreadsheets.table import LARGE

VALUES: list[list[object]] = [
    ["名称", "code", "day", "number", "truth"],
    ["甲", "001", dt.date(2026, 1, 2), 0.1 + 0.2, True],
    [" spaces ", "=1+1 as text", dt.datetime(2026, 1, 2, 3, 4, 5), 1e-12, False],  # noqa: DTZ001 - a sheet has no zone
    [None, None, None, None, None],
    ["line\nbreak", "_x0041_", dt.time(12, 30), 5.0, None],
    ["汉字𠮷", "9.1E+17", dt.date(1900, 1, 1), 911101080000000000, "x"],
]


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    for row in VALUES:
        book.worksheets[0].append(["'" + v if isinstance(v, str) and v.startswith("=") else v for v in row])
    return saved(book)


def by_xlsxwriter() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "default_date_format": "yyyy/m/d;@"}) as book:
        page = book.add_worksheet("表")
        for number, row in enumerate(VALUES):
            page.write_row(number, 0, row)
        page.write_formula(7, 1, "=1/3", None, 1 / 3)
        page.write_formula(8, 1, "=1/0", None, "#DIV/0!")
        page.write_rich_string(9, 0, "plain ", book.add_format({"bold": True}), "bold")
        book.add_worksheet("other")
    return buffer.getvalue()


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_ourselves() -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, [Sheet("S", ["a", "b"], [["<&>\x01", -0.5], ["_x0041_", 3]])])
    return buffer.getvalue()


def streamed(data: bytes, name: str = "r.xlsx") -> tuple[Stream, list[Row]]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        stream = (stream_csv if name.endswith("csv") else stream_xlsx)(file, name, LARGE)
        return stream, list(stream.rows)


@pytest.mark.parametrize("make", [by_openpyxl, by_xlsxwriter, by_ourselves])
def test_a_long_sheet_reads_like_a_short_one(make: Any) -> None:
    held = read_table(make(), filename="r.xlsx")
    stream, rows = streamed(make())
    assert [row.number for row in rows] == [held.header[0].row, *(row.number for row in held.rows)]
    for row, same in zip(rows[1:], held.rows, strict=True):
        width = max(len(row.texts), len(same.texts))
        assert [row.cell(i).text for i in range(width)] == [same.cell(i).text for i in range(width)]
    assert (stream.sheet, stream.other_sheets) == (held.sheet, held.other_sheets)
    assert (stream.damaged, stream.formulas) == (held.damaged, held.formulas)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_long_text_reads_like_short_text(encoding: str) -> None:
    data = '名称;值\n甲;"1;\n2"\n\n;;\n乙;3\n'.encode(encoding)
    held = read_table(data, filename="r.csv")
    _, rows = streamed(data, "r.csv")
    assert rows[1:] == held.rows and rows[0].texts == [cell.text for cell in held.header]


@pytest.mark.parametrize("make", [by_openpyxl, by_xlsxwriter, by_ourselves])
def test_the_child_reads_what_we_read(make: Any) -> None:
    assert read_guarded(make(), filename="r.xlsx") == read_table(make(), filename="r.xlsx")


def test_a_refusal_comes_home_with_its_place() -> None:
    with pytest.raises(BadFile) as caught:
        read_guarded(b'lab,result\na,1\n"b,2\n', filename="结果.csv")
    fault = caught.value.faults[0]
    assert (fault.file, fault.sheet, fault.row) == ("结果.csv", "1", 3)


def test_formulas_are_told_apart_from_what_was_typed() -> None:
    table = read_guarded(by_xlsxwriter(), filename="r.xlsx")
    assert set(table.formulas) == {(8, 1), (9, 1)} and "粘贴" in table.formulas[8, 1].zh


def test_an_honest_million_of_cells_fits_into_the_child(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    rows = ([f"示例检测机构{n:07d}" if i % 2 else n * i / 7 for i in range(20)] for n in range(50_000))
    write_xlsx(path, [Sheet("S", [f"column {i}" for i in range(20)], rows)])
    with Reading(path, path.name) as reading:
        count = sum(len(piece.rows) for piece in reading.pieces())
    assert count == 50_001
    assert 0 < reading.peak_bytes < 512 * 2**20


def test_a_child_loads_the_reader_alone() -> None:
    """What makes it start fast: nothing of the house beside the reader, and none of the heavy libraries."""
    asked = guarded._PROGRAM.replace("main()", "print(*{m.split('.')[0] for m in sys.modules}, *sys.modules)")
    command = [sys.executable, "-I", "-S", "-c", asked, "|".join(guarded._paths())]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "python_calamine" in loaded
    assert not loaded & {"django", "numpy", "scipy", "pandas", "openpyxl", "pikepdf", "cryptography", "sqlite3"}
    assert not [
        name for name in loaded if name.startswith("zhunsheng.") and not name.startswith("zhunsheng.foundation")
    ]


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (14, "", True), (0, "", False), (2, "0.00", False), (164, "yyyy/m/d", True), (165, "[Red]0.00", False),
        (166, '0.0"days"', False), (167, "[h]:mm", True), (168, "# ?/?", False), (31, "", True), (169, "General\\d", False),
    ],
)  # fmt: skip
def test_formats_that_show_dates(number: int, code: str, expected: bool) -> None:
    assert is_date_format(number, code) is expected


def test_serial_numbers() -> None:
    assert day_of(1) == dt.date(1900, 1, 1) and day_of(59) == dt.date(1900, 2, 28) and day_of(61) == dt.date(1900, 3, 1)
    assert day_of(46024) == dt.date(2026, 1, 2) and day_of(46024.5).isoformat() == "2026-01-02T12:00:00"
    assert day_of(0.5) == dt.time(12) and day_of(0, epoch_1904=True) == dt.date(1904, 1, 1) and day_of(-1) == -1
