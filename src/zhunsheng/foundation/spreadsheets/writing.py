"""Writing workbooks: typed cells, no formulas, no links, the same bytes for the same table."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

CellValue = str | int | float | None

# XlsxWriter stamps the hour of writing into docProps/core.xml; a file that is compared or signed cannot have one.
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants it without zone
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_LONGEST_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a heading row that stays in sight, and rows of typed cells.

    `widths` (characters) and `formats` (number formats such as "0.00", None for general) go by column; where they are
    shorter than the header the rest is default. The first `frozen_columns` columns stay in sight too.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[CellValue]]
    widths: Sequence[float] = ()
    formats: Sequence[str | None] = ()
    frozen_columns: int = 0


def write_xlsx(target: Path | BinaryIO, sheets: Sequence[Sheet]) -> None:
    """Write the sheets: str as text whatever it begins with, int and float as numbers, None as nothing.

    Text that begins with = + - @ stays text and -0.5 stays a number, so nothing that a participant typed runs in
    another's spreadsheet. Raises ValueError for what a workbook cannot hold (NaN, text over 32,767 characters).
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        heading = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        for sheet in sheets:
            _write_sheet(book, sheet, heading)
    if isinstance(target, Path):
        target.write_bytes(buffer.getvalue())
    else:
        target.write(buffer.getvalue())


def _write_sheet(book: Any, sheet: Sheet, heading: Any) -> None:
    page = book.add_worksheet(sheet.name)
    formats = [book.add_format({"num_format": f}) if f else None for f in sheet.formats]
    formats += [None] * (len(sheet.header) - len(formats))
    for index, width in enumerate(sheet.widths):
        page.set_column(index, index, width)
    page.freeze_panes(1, sheet.frozen_columns)
    for index, text in enumerate(sheet.header):
        page.write_string(0, index, text, heading)
    for number, row in enumerate(sheet.rows, start=1):
        for index, value in enumerate(row):
            if value is not None:
                _write_cell(page, number, index, value, formats[index])


def _write_cell(page: Any, row: int, column: int, value: str | int | float, style: Any) -> None:
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise ValueError(
                f"row {row + 1}, column {column + 1}: text of {len(value)} characters; a cell holds 32,767"
            )
        page.write_string(row, column, value)
    elif math.isfinite(value):
        page.write_number(row, column, value, style)
    else:
        raise ValueError(f"row {row + 1}, column {column + 1}: {value} is not a number a workbook can hold")
