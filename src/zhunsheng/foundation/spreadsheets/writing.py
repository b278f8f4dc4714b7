"""Writing workbooks: typed cells, no formulas, no links, the same bytes for the same table."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from zhunsheng.foundation.spreadsheets.sheet_xml import CellValue, sheet_rows

# XlsxWriter stamps the hour of writing into docProps/core.xml; a file that is compared or signed cannot have one.
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants it without zone
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_COMPRESSION = 4  # a third larger than the best, in half its time
_PROBE_CELL = re.compile(rb'<c r="([A-Z]+)2"( s="\d+")?>')
_PROBE_ROW = re.compile(rb'<row r="2"[^>]*?(?:/>|>.*?</row>)', re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


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
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        heading = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        for sheet in sheets:
            _frame_sheet(book, sheet, heading)
    finished = io.BytesIO()
    _fill(frame, finished, sheets)
    if isinstance(target, Path):
        target.write_bytes(finished.getvalue())
    else:
        target.write(finished.getvalue())


def _frame_sheet(book: Any, sheet: Sheet, heading: Any) -> None:
    """Heading, widths, panes, and a second row of zeros from which the styles of the columns are read off."""
    page = book.add_worksheet(sheet.name)
    for index, width in enumerate(sheet.widths):
        page.set_column(index, index, width)
    page.freeze_panes(1, sheet.frozen_columns)
    for index, text in enumerate(sheet.header):
        page.write_string(0, index, text, heading)
    for index in range(len(sheet.header)):
        style = sheet.formats[index] if index < len(sheet.formats) else None
        page.write_number(1, index, 0, book.add_format({"num_format": style}) if style else None)


def _fill(frame: BinaryIO, finished: BinaryIO, sheets: Sequence[Sheet]) -> None:
    """The package again, each sheet with its own rows in place of the row of zeros."""
    pages = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)}
    with zipfile.ZipFile(frame) as old, zipfile.ZipFile(finished, "w") as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, _FIXED_DATE)
            entry.create_system = 3  # not the system it happens to run on
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry._compresslevel = _COMPRESSION  # type: ignore[attr-defined]  # its public name came with Python 3.13
            with new.open(entry, "w") as stream:
                content = old.read(part)
                if part.filename in pages:
                    _write_filled(stream, content, pages[part.filename])
                else:
                    stream.write(content)


def _write_filled(stream: Any, xml: bytes, sheet: Sheet) -> None:
    probe = _PROBE_ROW.search(xml)
    if probe is None:  # a sheet without columns
        stream.write(xml)
        return
    styles = [(found[2] or b"").decode() for found in _PROBE_CELL.finditer(probe[0])]
    # The end of a long sheet is not known before its rows are written; the element is optional, so it goes.
    stream.write(_DIMENSION.sub(b"", xml[: probe.start()], count=1))
    for piece in sheet_rows(sheet.rows, styles):
        stream.write(piece)
    stream.write(xml[probe.end() :])
