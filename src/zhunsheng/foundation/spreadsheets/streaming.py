"""Tables too long to be held: the same sentences, the same texts, row by row."""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.csv_text import NOT_UTF_8, broken_row, delimiter_of
from zhunsheng.foundation.spreadsheets.faults import whole_file
from zhunsheng.foundation.spreadsheets.package import (
    broken,
    directory,
    refuse_macro_types,
    refuse_other_packages,
    room_of,
)
from zhunsheng.foundation.spreadsheets.rows import refuse_long_cells, refuse_size
from zhunsheng.foundation.spreadsheets.sheet_stream import (
    RawRows,
    Room,
    SharedTexts,
    SheetReader,
    date_styles,
    parse_part,
)
from zhunsheng.foundation.spreadsheets.table import Limits, Row

_SMALL_PART = 16 * 2**20
_PIECE = 1 << 20


@dataclass
class Stream:
    """A table on its way: `rows` gives it once; `damaged` and `formulas` fill as the rows go by; `position` is from 0 to 1."""

    file: str
    sheet: str
    rows: Iterator[Row]
    other_sheets: tuple[str, ...] = ()
    damaged: dict[tuple[int, int], Text] = field(default_factory=dict)
    formulas: dict[tuple[int, int], Text] = field(default_factory=dict)
    position: float = 0.0


def stream_csv(source: IO[bytes], name: str, limits: Limits) -> Stream:
    """Delimited text in UTF-8 or GB 18030, however long; raises BadFile where it is neither."""
    size = source.seek(0, io.SEEK_END)
    encoding = encoding_of(source, name)
    source.seek(0)
    delimiter = delimiter_of(source.read(_PIECE).decode(encoding, "ignore"))
    source.seek(0)
    stream = Stream(name, "1", iter(()))
    stream.rows = _csv_rows(source, encoding, delimiter, stream, size, limits)
    return stream


def encoding_of(source: IO[bytes], name: str) -> str:
    """Which of the two encodings the whole text is in."""
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data.find(b"\0") >= 0:
            raise whole_file(name, NOT_UTF_8)
        for encoding in ("utf-8-sig", "gb18030"):
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                for start in range(0, len(data), _PIECE):
                    decoder.decode(data[start : start + _PIECE])
                decoder.decode(b"", True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise whole_file(name, NOT_UTF_8)


def _csv_rows(
    source: IO[bytes], encoding: str, delimiter: str, stream: Stream, size: int, limits: Limits
) -> Iterator[Row]:
    text = io.TextIOWrapper(source, encoding, newline="")
    number = 0
    try:
        for number, record in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if number % 512 == 0:
                stream.position = source.tell() / size
            if any(map(str.strip, record)):
                yield _checked(Row(number, record), stream, limits)
    except csv.Error as error:
        raise broken_row(name=stream.file, row=number + 1, error=error) from error
    finally:
        text.detach()  # the file is its opener's to close


def _checked(row: Row, stream: Stream, limits: Limits) -> Row:
    if row.number > limits.rows or len(row.texts) > limits.columns:
        refuse_size(row.number, len(row.texts), file=stream.file, sheet=stream.sheet, limits=limits)
    refuse_long_cells([row], file=stream.file, sheet=stream.sheet, limits=limits)
    return row


def stream_xlsx(source: IO[bytes], name: str, limits: Limits) -> Stream:
    """The first visible sheet of a workbook, however long; raises BadFile like `read_xlsx`."""
    size = source.seek(0, io.SEEK_END)
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        parts = directory(data, name, limits)
    refuse_other_packages(parts, name)
    package = zipfile.ZipFile(source)
    room = Room(room_of(size, limits))
    book = Book(package, name, room)
    sheet, others = book.visible_sheets()
    stream = Stream(name, sheet[0], iter(()), tuple(others))
    shared = SharedTexts(name, limits)
    texts: list[str] = []
    if book.shared:
        with package.open(book.shared) as opened:
            texts = shared.read(opened, room)
    reader = SheetReader(name, sheet[0], texts, book.dates(), book.epoch_1904, stream.damaged, stream.formulas)
    stream.rows = _sheet_rows(package, sheet[1], reader, room, stream, limits)
    return stream


def _sheet_rows(
    package: zipfile.ZipFile, part: str, reader: SheetReader, room: Room, stream: Stream, limits: Limits
) -> Iterator[Row]:
    raw = RawRows(reader.name, limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = raw.start, raw.end, raw.take
    whole = max(package.getinfo(part).file_size, 1)
    last, begun = 0, room.left
    with package, package.open(part) as opened:
        for _ in parse_part(opened, parser, reader.name, room):
            stream.position = min((begun - room.left) / whole, 1.0)
            for number, cells in raw.rows:
                if number <= last:
                    raise broken(reader.name)
                last = number
                texts = reader.texts(number, cells)
                if any(map(str.strip, texts)):
                    yield _checked(Row(number, texts), stream, limits)
            raw.rows.clear()


@dataclass
class Book:
    """What the small parts of a workbook say: its sheets, where the texts and the styles are."""

    package: zipfile.ZipFile
    name: str
    room: Room
    epoch_1904: bool = False
    shared: str = ""

    def part(self, path: str) -> bytes:
        try:
            with self.package.open(path) as stream:
                content = stream.read(_SMALL_PART + 1)
        except (KeyError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
            raise broken(self.name) from error
        self.room.take(len(content) if len(content) <= _SMALL_PART else self.room.left + 1, self.name)
        refuse_macro_types(content, path, self.name)
        return content

    def elements(self, path: str) -> list[tuple[str, dict[str, str]]]:
        """Every element of a small part, with its attributes by local name."""
        found: list[tuple[str, dict[str, str]]] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda tag, attributes: found.append(
            (tag.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})
        )
        for _ in parse_part(io.BytesIO(self.part(path)), parser, self.name, Room(_SMALL_PART)):
            pass
        return found

    def visible_sheets(self) -> tuple[tuple[str, str], list[str]]:
        """Name and part of the first visible sheet, and the names of the others."""
        self.part("[Content_Types].xml")
        elements = self.elements("xl/workbook.xml")
        self.epoch_1904 = any(e == "workbookPr" and a.get("date1904") in ("1", "true") for e, a in elements)
        targets = {
            a["Id"]: a for e, a in self.elements("xl/_rels/workbook.xml.rels") if e == "Relationship" and "Id" in a
        }
        self.shared = next((_path(a) for a in targets.values() if a.get("Type", "").endswith("/sharedStrings")), "")
        visible = [
            (a.get("name", ""), _path(target))
            for e, a in elements
            if e == "sheet" and a.get("state", "visible") == "visible" and (target := targets.get(a.get("id", "")))
            and target.get("Type", "").endswith("/worksheet")
        ]  # fmt: skip
        names = set(self.package.namelist())
        if self.shared not in names:
            self.shared = ""
        if not visible:
            raise whole_file(self.name, t("The workbook has no visible sheet.", "工作簿中没有可见的工作表。"))
        if visible[0][1] not in names:
            raise broken(self.name)
        return visible[0], [name for name, _ in visible[1:]]

    def dates(self) -> frozenset[int]:
        return (
            date_styles(self.part("xl/styles.xml"), self.name)
            if "xl/styles.xml" in self.package.namelist()
            else frozenset()
        )


def _path(relation: dict[str, str]) -> str:
    target = relation.get("Target", "")
    return target[1:] if target.startswith("/") else f"xl/{target}"
