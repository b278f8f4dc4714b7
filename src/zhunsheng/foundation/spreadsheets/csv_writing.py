"""Writing delimited text that no spreadsheet program runs."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from zhunsheng.foundation.spreadsheets.sheet_xml import CellValue

_STARTS_A_FORMULA = tuple("=+-@\t\r")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, without which Excel takes Chinese for something else."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows(
        [harmless(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text with an apostrophe before it where a program would run it; -0.5 is a number and stays one.

    Full-width signs count too: some programs narrow them while they read. `unguarded` takes the apostrophe off.
    """
    first = unicodedata.normalize("NFKC", text.lstrip(" ")[:1])
    if (text.startswith(("\t", "\r")) or first.startswith(_STARTS_A_FORMULA)) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text
