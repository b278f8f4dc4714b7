"""A sheet of any length, row by row, in the same few megabytes.

`xlsx.read_xlsx` holds a sheet whole, which is quicker for a small one; this reads what is too long for that and gives the
same texts. Expat does the parsing, so a part in any encoding is understood and a document type definition is seen.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import BadFile, whole_file
from zhunsheng.foundation.spreadsheets.formulas import FORMULA, refuse_reaching_out
from zhunsheng.foundation.spreadsheets.number_formats import day_of, is_date_format
from zhunsheng.foundation.spreadsheets.package import NO_DTD, bomb, broken, error_text, unsaved_text
from zhunsheng.foundation.spreadsheets.table import Limits, column_number
from zhunsheng.foundation.spreadsheets.values import number_text, trouble_of

_PIECE = 1 << 18
_SPLIT = re.compile(r"([A-Z]{1,3})(\d{1,7})")
RawCell = tuple[int, str, int, str, str | None]
"""Column index, type, style, text, formula."""


@dataclass
class Room:
    """How much may still be unpacked of the whole package."""

    left: int

    def take(self, n: int, name: str) -> None:
        self.left -= n
        if self.left < 0:
            raise bomb(name)


def parse_part(stream: IO[bytes], parser: Any, name: str, room: Room) -> Iterator[None]:
    """Feed a part to its handlers piece by piece; raises BadFile for a bomb, a DTD, or what is not XML."""

    def refuse(*_: object) -> None:
        raise whole_file(name, NO_DTD)

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        while piece := stream.read(_PIECE):
            room.take(len(piece), name)
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise broken(name) from error


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Text with _xHHHH_ as the character it stands for (ECMA-376-1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SharedTexts:
    """The texts that cells point to by number; phonetic readings are no part of them."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits, self.texts, self.size = name, limits, list[str](), 0
        self.pieces: list[str] = []
        self.taking = self.phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "rPh":
            self.phonetic = True
        elif local == "t":
            self.taking = not self.phonetic

    def end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local == "rPh":
            self.phonetic = False
        elif local == "t":
            self.taking = False
        elif local == "si":
            self.texts.append(unescaped("".join(self.pieces)))
            self.pieces.clear()

    def take(self, text: str) -> None:
        if self.taking:
            self.pieces.append(text)
            self.size += len(text)
            if self.size > self.limits.shared_text_bytes // 2:
                raise bomb(self.name)

    def read(self, stream: IO[bytes], room: Room) -> list[str]:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
            self.start,
            self.end,
            self.take,
        )
        deque(parse_part(stream, parser, self.name, room), maxlen=0)
        return self.texts


@dataclass
class RawRows:
    """The handlers that gather the cells of a sheet, and the rows that are finished."""

    name: str
    limits: Limits
    rows: list[tuple[int, list[RawCell]]] = field(default_factory=list)
    number: int = 0
    cells: list[RawCell] = field(default_factory=list)
    count: int = 0
    pieces: list[str] = field(default_factory=list)
    formula: list[str] | None = None
    taking: str = ""
    column: int = -1
    kind: str = "n"
    style: int = 0
    size: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag if ":" not in tag else tag.rpartition(":")[2]
        if local == "c":
            self.column = column_of(attributes.get("r", ""), self.column)
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", "0") or 0)
            self.pieces, self.formula, self.size = [], None, 0
        elif local in ("v", "t"):
            self.taking = "v" if self.taking != "phonetic" else "phonetic"
        elif local == "f":
            self.formula, self.taking = [], "f"
        elif local == "rPh":
            self.taking = "phonetic"
        elif local == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.cells, self.column = [], -1

    def end(self, tag: str) -> None:
        local = tag if ":" not in tag else tag.rpartition(":")[2]
        if local in ("v", "t", "f"):
            if self.taking != "phonetic":
                self.taking = ""
        elif local == "c":
            formula = None if self.formula is None else "".join(self.formula)
            if self.pieces or formula is not None:
                self.cells.append((self.column, self.kind, self.style, "".join(self.pieces), formula))
        elif local == "row":
            self.count += len(self.cells)
            if self.number > self.limits.rows or self.count > self.limits.cells or self.column >= self.limits.columns:
                raise too_big(self.name, self.limits)
            self.rows.append((self.number, self.cells))
        elif local == "rPh":
            self.taking = ""

    def take(self, text: str) -> None:
        if self.taking == "v":
            self.size += len(text)
            if self.size > 4 * self.limits.cell_characters:
                raise bomb(self.name)
            self.pieces.append(text)
        elif self.taking == "f" and self.formula is not None:
            self.formula.append(text[:1000])


def column_of(reference: str, before: int) -> int:
    """The column index that a reference names; the one after the cell before where there is none."""
    found = _SPLIT.match(reference)
    return column_number(found[1]) - 1 if found else before + 1


def too_big(name: str, limits: Limits) -> BadFile:
    return whole_file(
        name,
        t(
            "The sheet is too big: at most {rows} rows and {columns} columns are read. Delete what lies outside the"
            " table, or split the file.",
            "工作表过大：最多读取 {rows} 行、{columns} 列。请删除表格以外的内容，或拆分文件。",
            rows=limits.rows,
            columns=limits.columns,
        ),
    )


@dataclass
class SheetReader:
    """Turns gathered cells into texts, and remembers the cells that are not what was typed."""

    name: str
    sheet: str
    shared: list[str]
    date_styles: frozenset[int]
    epoch_1904: bool
    damaged: dict[tuple[int, int], Text] = field(default_factory=dict)
    formulas: dict[tuple[int, int], Text] = field(default_factory=dict)

    def texts(self, number: int, cells: list[RawCell]) -> list[str]:
        found = [""] * (max((cell[0] for cell in cells), default=-1) + 1)
        for column, kind, style, raw, formula in cells:
            if formula is not None:
                self.note_formula(number, column, kind, raw, formula)
            found[column] = self.text(number, column, kind, style, raw)
        return found

    def note_formula(self, row: int, column: int, kind: str, raw: str, formula: str) -> None:
        refuse_reaching_out(row, column, formula.encode(), file=self.name, sheet=self.sheet)
        self.formulas[row, column] = FORMULA
        if not raw and kind != "str":
            self.damaged[row, column] = unsaved_text()

    def text(self, row: int, column: int, kind: str, style: int, raw: str) -> str:
        if kind in ("inlineStr", "str") or not raw:
            return unescaped(raw)
        if kind == "s":
            try:
                return self.shared[int(raw)]
            except (ValueError, IndexError) as error:
                raise broken(self.name) from error
        if kind == "e":
            self.damaged[row, column] = error_text(raw[:20])
            return ""
        return self.value(row, column, kind, style, raw)

    def value(self, row: int, column: int, kind: str, style: int, raw: str) -> str:
        value: bool | float | dt.date | dt.time | str
        try:
            value = raw == "1" if kind == "b" else dt.date.fromisoformat(raw[:10]) if kind == "d" else float(raw)
        except ValueError as error:
            raise broken(self.name) from error
        if kind == "n" and style in self.date_styles and isinstance(value, float):
            value = day_of(value, epoch_1904=self.epoch_1904)
        if isinstance(value, float):
            return number_text(value)
        trouble = trouble_of(value)
        if trouble:
            self.damaged[row, column] = trouble
        return (
            ("TRUE" if value else "FALSE")
            if isinstance(value, bool)
            else str(value if isinstance(value, str) else value.isoformat())
        )


def date_styles(styles_xml: bytes, name: str) -> frozenset[int]:
    """Which cell styles show a number as a date."""
    formats: dict[int, str] = {}
    found: list[int] = []
    inside = [False]

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "numFmt":
            formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            inside[0] = True
        elif local == "xf" and inside[0]:
            found.append(int(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "cellXfs":
            inside[0] = False

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(styles_xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise broken(name) from error
    return frozenset(n for n, code in enumerate(found) if is_date_format(code, formats.get(code, "")))
