"""Workbooks to be filled in: marked headings, lists to choose from, codes that stay text, an explanation, a hidden label."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from zhunsheng.foundation.spreadsheets.sheet_xml import CellValue

LAST_ROW = 1_048_575
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants it without zone
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column: its heading, whether it must be filled in, and what may stand in it.

    `text`: cells are formatted as text, so that a program keeps 001 and 2-1 as they are typed.
    """

    header: str
    required: bool = False
    text: bool = True
    width: float = 18
    choices: Sequence[str] = ()


def write_form(
    name: str,
    columns: Sequence[FormColumn],
    *,
    rows: Iterable[Sequence[CellValue]] = (),
    explanation: tuple[str, Sequence[Sequence[str]]],
    label: Mapping[str, str],
) -> bytes:
    """The workbook's bytes: the sheet to fill in first, then the explanation, then the hidden sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet(name)
        _explain(book, *explanation)
        lists = _hide(book, columns, label)
        _frame(book, page, columns, lists)
        for number, row in enumerate(rows, start=1):
            _write_row(page, number, row)
    return buffer.getvalue()


def _frame(book: Any, page: Any, columns: Sequence[FormColumn], lists: Mapping[int, str]) -> None:
    plain = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
    needed = book.add_format({**plain, "font_color": "#B00020", "bg_color": "#FDECEA"})
    optional = book.add_format({**plain, "bg_color": "#E8EEF4"})
    text = book.add_format({"num_format": "@"})
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width, text if column.text else None)
        page.write_string(0, index, column.header, needed if column.required else optional)
        if index in lists:
            page.data_validation(
                1, index, LAST_ROW, index, {"validate": "list", "source": lists[index], "error_type": "warning"}
            )
    page.freeze_panes(1, 0)


def _write_row(page: Any, number: int, row: Sequence[CellValue]) -> None:
    for index, value in enumerate(row):
        if isinstance(value, str):
            if value:
                page.write_string(number, index, value)
        elif value is not None:
            page.write_number(number, index, value)


def _explain(book: Any, title: str, lines: Sequence[Sequence[str]]) -> None:
    page = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for index, width in enumerate((26, 14, 26, 24, 70)):
        page.set_column(index, index, width, wrapped)
    for number, line in enumerate(lines):
        for index, text in enumerate(line):
            page.write_string(number, index, text, head if number == 0 else wrapped)


def _hide(book: Any, columns: Sequence[FormColumn], label: Mapping[str, str]) -> dict[int, str]:
    """The hidden sheets: what the form is, and the lists to choose from; returns the name of each column's list."""
    meta = book.add_worksheet("_meta")
    meta.very_hidden()
    for number, (key, value) in enumerate(label.items()):
        meta.write_string(number, 0, key)
        meta.write_string(number, 1, value)
    lists = book.add_worksheet("_lists")
    lists.very_hidden()
    found: dict[int, str] = {}
    chosen = {index: column.choices for index, column in enumerate(columns) if column.choices}
    for number in range(max(map(len, chosen.values()), default=0)):
        for at, choices in enumerate(chosen.values()):
            if number < len(choices):
                lists.write_string(number, at, choices[number])
    for at, (index, choices) in enumerate(chosen.items()):
        book.define_name(f"list_{index}", f"=_lists!${chr(65 + at)}$1:${chr(65 + at)}${len(choices)}")
        found[index] = f"=list_{index}"
    return found
