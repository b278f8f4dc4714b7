"""The zip package of a workbook, looked through before any reader believes it.

What the directory of a zip file says about sizes is a claim; every part is therefore unpacked once here, counting. A
sheet whose cell references span a huge rectangle costs a few bytes on disk and gigabytes in a dense reader; the
references are therefore looked at in the raw XML. Entities and DTDs have no place in a workbook.
"""

from __future__ import annotations

import io
import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import BadFile, whole_file
from zhunsheng.foundation.spreadsheets.formulas import FORMULA, formulas_in, refuse_reaching_out
from zhunsheng.foundation.spreadsheets.rows import refuse_size
from zhunsheng.foundation.spreadsheets.table import Limits, column_number

_CHUNK = 1 << 20
_WIDE = re.compile(rb"""r\s*=\s*["']([A-Z]{2,7})\d""")
_LONG = re.compile(rb"""r\s*=\s*["'][A-Z]*(\d{5,})""")
_TEXT_START = re.compile(rb"<(?:\w+:)?si[\s>/]")
_ROW_START = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL_START = re.compile(rb"<(?:\w+:)?c[\s>/]")
_UNSAVED = re.compile(rb"""</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>""")
_ERROR = re.compile(rb"""<c\s[^>]*?t="e"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]{1,20})</v>""")
_CELL_TAG = re.compile(rb"""<c\s[^>]*?r\s*=\s*["']([A-Z]+)(\d+)["'][^>]*>""")


Places = dict[tuple[int, int], Text]
"""(row, column index) → what is the matter there."""


def inspect_package(data: bytes, name: str, limits: Limits) -> tuple[Places, Places]:
    """Raise BadFile unless the bytes are one plain .xlsx package within the limits.

    Returns the cells that look empty to a reader but are not (formulas never computed, errors), and those that are
    formulas. They are told apart because a reader may take the value that a formula last had.
    """
    parts = directory(data, name, limits)
    refuse_other_packages(parts, name)
    room = room_of(len(data), limits)
    unpacked, longest_text, cells = 0, 0, 0
    valueless: Places = {}
    formulas: Places = {}
    for part in parts:
        xml = _unpack(data, part, name, room - unpacked)
        unpacked += len(xml)
        _refuse_entities(xml, name)
        refuse_macro_types(xml, part.filename, name)
        if part.filename.startswith("xl/worksheets/"):
            cells += _count_cells(xml, name, limits)
            valueless.update(_valueless_cells(xml))
            for row, column, formula in formulas_in(xml):
                refuse_reaching_out(row, column, formula, file=name, sheet=None)
                formulas[row, column] = FORMULA
        elif "sharedstrings" in part.filename.lower():
            longest_text = max(map(len, _TEXT_START.split(xml)), default=0)
    if longest_text > 4 * limits.cell_characters or longest_text * cells > limits.shared_text_bytes:
        raise bomb(name)
    return valueless, formulas


def room_of(size: int, limits: Limits) -> int:
    """To how many bytes a package of that size may unpack."""
    return min(limits.unpacked_bytes, max(limits.unpacked_ratio * size, 2 * _CHUNK))


def directory(data: bytes | mmap.mmap, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """The parts of a package; raises BadFile where it is broken, more than a package, or has too many parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts, comment = package.infolist(), package.comment
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error) as error:
        raise broken(name) from error
    end = data.rfind(b"PK\x05\x06")
    if end + 22 + len(comment) != len(data) or not any(part.header_offset == 0 for part in parts) or b"%PDF" in comment:
        raise whole_file(name, _TWO_KINDS)
    if len(parts) > limits.parts or len({part.filename for part in parts}) != len(parts):
        raise bomb(name)
    return parts


_TWO_KINDS = t(
    "The file is more than a workbook (something stands before or after it) and is refused. Save it again as .xlsx.",
    "文件除工作簿外还夹带其他内容，拒绝读取。请重新另存为 .xlsx。",
)
_ODS = t(
    "OpenDocument sheets (.ods) are not read. Save it as .xlsx.",
    "不支持 OpenDocument 电子表格（.ods），请另存为 .xlsx。",
)
_MACROS = t("Workbooks with macros are not read. Save it as .xlsx.", "不支持含宏的工作簿，请另存为 .xlsx。")
_BINARY = t("Binary workbooks (.xlsb) are not read. Save it as .xlsx.", "不支持二进制工作簿（.xlsb），请另存为 .xlsx。")
_NOT_A_WORKBOOK = t(
    "This is a compressed file, not a workbook. Give the .xlsx or .csv that is in it.",
    "这是压缩文件，不是工作簿。请提供其中的 .xlsx 或 .csv 文件。",
)
_CARRIES = t(
    "The workbook carries embedded objects or controls and is refused. Copy the table alone into a new workbook.",
    "工作簿嵌有对象或控件，拒绝读取。请只将表格复制到新的工作簿中。",
)
_LOCKED = t("The workbook is encrypted. Save it without a password.", "工作簿已加密，请取消密码后另存。")


def refuse_other_packages(parts: list[zipfile.ZipInfo], name: str) -> None:
    """Raise BadFile where the package is not that of a plain workbook."""
    names = {part.filename.lower() for part in parts}
    refused: Text | None = None
    if any(part.flag_bits & 0x1 for part in parts):
        refused = _LOCKED
    elif "mimetype" in names and "content.xml" in names:
        refused = _ODS
    elif any(n.endswith("vbaproject.bin") or n.startswith("xl/macrosheets") for n in names):
        refused = _MACROS
    elif any(n.startswith(("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")) for n in names):
        refused = _CARRIES
    elif "xl/workbook.bin" in names:
        refused = _BINARY
    elif "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        refused = _NOT_A_WORKBOOK
    if refused:
        raise whole_file(name, refused)


def refuse_macro_types(xml: bytes, part: str, name: str) -> None:
    """Raise BadFile where the list of contents calls the workbook one with macros, whatever its name says."""
    if part == "[Content_Types].xml" and (b"macroEnabled" in xml or b"vbaProject" in xml):
        raise whole_file(name, _MACROS)


def _unpack(data: bytes, part: zipfile.ZipInfo, name: str, room: int) -> bytes:
    """The true content of one part, never more than `room`."""
    raw = _raw(data, part, name)
    if part.compress_type == zipfile.ZIP_STORED:
        pieces: Iterator[bytes] = iter([raw])
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        pieces = _inflate(raw, room)
    else:
        raise broken(name)
    try:
        gathered = list(pieces)
    except zlib.error as error:
        raise broken(name) from error
    if sum(map(len, gathered)) > room:  # asked before they are joined, which takes as much memory again
        raise bomb(name)
    return b"".join(gathered)


def _raw(data: bytes, part: zipfile.ZipInfo, name: str) -> bytes:
    header = data[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise broken(name)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = part.header_offset + 30 + name_length + extra_length
    raw = data[start : start + part.compress_size]
    if len(raw) != part.compress_size:
        raise broken(name)
    return raw


def _inflate(raw: bytes, room: int) -> Iterator[bytes]:
    engine = zlib.decompressobj(-15)
    total, rest = 0, raw
    while rest and not engine.eof and total <= room:
        piece = engine.decompress(rest, _CHUNK)
        total += len(piece)
        rest = engine.unconsumed_tail
        yield piece
    if total <= room:
        yield engine.flush()


NO_DTD = t(
    "The workbook carries a document type definition or a foreign encoding and is refused. Save it again.",
    "工作簿含有文档类型定义（DTD）或异常编码，拒绝读取。请重新另存。",
)


def _refuse_entities(xml: bytes, name: str) -> None:
    start = xml[:4096]
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0<\0!" in start:
        raise whole_file(name, NO_DTD)


def _count_cells(xml: bytes, name: str, limits: Limits) -> int:
    """How many cells a sheet has; raises BadFile where the rectangle around them is too big for a dense reader."""
    refuse_size(
        xml.count(b"<row"), 1, file=name, sheet="?", limits=limits
    )  # before they are told apart, each with its text
    rows = _ROW_START.split(xml) if b":row" in xml else xml.split(b"<row")
    count = (lambda row: len(_CELL_START.findall(row))) if b":c " in xml else (lambda row: row.count(b"<c"))
    counts = [count(row) for row in rows]
    columns = max((column_number(c.decode()) for c in set(_WIDE.findall(xml))), default=0)
    last = max(map(int, _LONG.findall(xml)), default=0)
    refuse_size(max(last, len(rows) - 1), max(columns, *counts, 1), file=name, sheet="?", limits=limits)
    return sum(counts)


_UNSAVED_TEXT = t(
    "is a formula without a stored value. Open the file in a spreadsheet program and save it, or type the value.",
    "是公式，但文件中没有保存计算结果。请用电子表格软件打开并保存，或直接输入数值。",
)


def _valueless_cells(xml: bytes) -> Iterator[tuple[tuple[int, int], Text]]:
    """Cells that a reader shows as empty though they are not: formulas never computed, and errors."""
    for found in _UNSAVED.finditer(xml):
        start = xml.rfind(b"<c ", 0, found.start())
        cell = _CELL_TAG.match(xml, max(start, 0))
        if cell and b't="str"' not in cell[0]:  # a formula may well yield an empty text
            yield _place(cell), _UNSAVED_TEXT
    for found in _ERROR.finditer(xml):
        cell = _CELL_TAG.match(found[0])
        if cell:
            yield _place(cell), error_text(found[1].decode("utf-8", "replace"))


def _place(cell: re.Match[bytes]) -> tuple[int, int]:
    return int(cell[2]), column_number(cell[1].decode()) - 1


def unsaved_text() -> Text:
    """The sentence of a formula that was never computed."""
    return _UNSAVED_TEXT


def error_text(error: str) -> Text:
    """The sentence of a cell that shows an error."""
    return t(
        "is the error {error}. Mend the formula or type the value.",
        "为错误值 {error}。请修正公式或直接输入数值。",
        error=error,
    )


def broken(name: str) -> BadFile:
    """The refusal of a damaged workbook."""
    return whole_file(
        name,
        t(
            "The workbook is damaged. Open it in a spreadsheet program and save it again as .xlsx.",
            "工作簿已损坏。请用电子表格软件打开并重新另存为 .xlsx。",
        ),
    )


def bomb(name: str) -> BadFile:
    """The refusal of a workbook that unpacks to too much."""
    return whole_file(
        name,
        t(
            "The workbook unpacks to far more than it should and is refused. Copy the results alone into a new one.",
            "工作簿解压后异常庞大，拒绝读取。请只将结果复制到新的工作簿中。",
        ),
    )
