"""A table as it was written: text cells that know their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from zhunsheng.foundation.bilingual import Text


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is believed before it is refused.

    Sized for the largest national round (100 measurands x 2,000 laboratories, five columns) with room to spare, and so
    that a hostile file costs seconds and some hundred megabytes at most.
    """

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 256 * 2**20
    unpacked_ratio: int = 200
    parts: int = 2_000
    rows: int = 500_000
    columns: int = 256
    cells: int = 8_000_000
    cell_characters: int = 8_000
    shared_text_bytes: int = 512 * 2**20


LIMITS = Limits()
LARGE = Limits(
    file_bytes=256 * 2**20, unpacked_bytes=3 * 2**30, rows=1_048_576, columns=256, cells=64_000_000,
    shared_text_bytes=192 * 2**20,
)  # fmt: skip
"""For tables that are never held whole: a sheet of Excel's full length."""


class Cell(NamedTuple):
    """One cell: its text as written and where it stands, e.g. B7."""

    text: str
    ref: str
    row: int
    column: str


class Row(NamedTuple):
    """One row: its number in the sheet (from 1) and the text of every cell from column A."""

    number: int
    texts: list[str]

    def cell(self, index: int) -> Cell:
        """The cell in the column of that index (from 0); empty where the row is shorter."""
        column = column_letters(index)
        text = self.texts[index] if index < len(self.texts) else ""
        return Cell(text, f"{column}{self.number}", self.number, column)


@dataclass(frozen=True, slots=True)
class Table:
    """The first sheet of a file: header cells, the rows below, and cells whose meaning the program that wrote it lost.

    `damaged` maps (row number, column index) to a sentence; it is a fault only for a reader that needs the cell,
    for a column of dates beside the results harms nobody. `other_sheets` were not read. `formulas` are the cells whose
    text is only what a formula last came to.
    """

    file: str
    sheet: str
    header: list[Cell]
    rows: list[Row]
    damaged: Mapping[tuple[int, int], Text] = field(default_factory=dict)
    other_sheets: tuple[str, ...] = ()
    formulas: Mapping[tuple[int, int], Text] = field(default_factory=dict)


@cache
def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
