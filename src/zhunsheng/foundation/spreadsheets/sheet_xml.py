"""The rows of a sheet as XML, written straight: a national round has millions of cells.

XlsxWriter makes the package, the styles, the widths and the heading; cell by cell it takes several times as long as
this. Strings stand inline, as text, so that no form of a string can become a formula or a link.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from zhunsheng.foundation.spreadsheets.table import column_letters

CellValue = str | int | float | None

LONGEST_TEXT = 32_767
_ROWS_A_PIECE = 2_000
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff&<>]|_x[0-9A-Fa-f]{4}_")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def sheet_rows(rows: Iterable[Sequence[CellValue]], styles: Sequence[str]) -> Iterator[bytes]:
    """`<row>` elements from row 2 on, in pieces; `styles` are the attributes of numbers by column.

    Raises ValueError for what a cell cannot hold: NaN, infinity, text over 32,767 characters.
    """
    opened = [(f'<c r="{column_letters(i)}', style) for i, style in enumerate(styles)]
    piece: list[str] = []
    for number, row in enumerate(rows, start=2):
        piece.append(f'<row r="{number}">')
        for (start, style), value in zip(opened, row, strict=False):
            if type(value) is str:
                piece.append(f'{start}{number}" t="inlineStr"><is>{_text(value, number)}</is></c>')
            elif value is not None:
                piece.append(f'{start}{number}"{style}><v>{_number(value, number)}</v></c>')
        piece.append("</row>")
        if number % _ROWS_A_PIECE == 0:
            yield "".join(piece).encode("utf-8")
            piece.clear()
    yield "".join(piece).encode("utf-8")


def _text(value: str, row: int) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"row {row}: text of {len(value)} characters; a cell holds 32,767")
    if not value.isalnum():
        if _SPECIAL.search(value):
            value = _SPECIAL.sub(_escaped, value)
        if value.strip() != value or "\n" in value:
            return f'<t xml:space="preserve">{value}</t>'
    return f"<t>{value}</t>"


def _escaped(found: re.Match[str]) -> str:
    """XML's own signs by name; what XML cannot hold, and what looks like our way to write it, as _xHHHH_."""
    text = found[0]
    if text in _NAMED:
        return _NAMED[text]
    return f"_x{ord(text):04X}_" if len(text) == 1 else f"_x005F{text}"


def _number(value: str | int | float, row: int) -> str:
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"row {row}: {value} is not a number a workbook can hold")
    return repr(float(value)) if isinstance(value, float) else str(int(value))
