"""Comma, semicolon or tab separated text in the encodings that spreadsheet programs write."""

from __future__ import annotations

import csv
import io

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets.faults import BadFile, Fault, whole_file
from zhunsheng.foundation.spreadsheets.rows import table_of
from zhunsheng.foundation.spreadsheets.table import Limits, Table

_SHEET = "1"
_HEADER = 100_000  # characters: less than the longest field that `csv` takes
NOT_UTF_8 = t(
    "The text is not in UTF-8 or GB 18030. Save it as CSV UTF-8.",
    "文本编码不是 UTF-8 或 GB 18030。请另存为 CSV UTF-8。",
)


def read_csv(data: bytes, name: str, limits: Limits) -> Table:
    """A table from delimited text in UTF-8 or GB 18030; the delimiter is the one that splits the header most."""
    text = _decode(data, name)
    rows = _records(text, delimiter_of(text), name, limits)
    return table_of(rows, file=name, sheet=_SHEET, limits=limits)


def _decode(data: bytes, name: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        raise whole_file(name, NOT_UTF_8)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise whole_file(
        name,
        t(
            "The file is neither a table in UTF-8 nor one in GB 18030. Save it as CSV UTF-8 or as .xlsx.",
            "文件不是 UTF-8 或 GB 18030 编码的表格。请另存为 CSV UTF-8 或 .xlsx。",
        ),
    )


def delimiter_of(text: str) -> str:
    """The one of comma, semicolon and tab that splits the first line with text into most cells."""
    first = next((line for line in text[:_HEADER].splitlines()[:50] if line.strip(' \t,;"')), "")
    fields = {d: len(next(csv.reader([first], delimiter=d), [])) for d in (",", ";", "\t")}
    return max(fields, key=lambda d: fields[d])


def _records(text: str, delimiter: str, name: str, limits: Limits) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for record in reader:
            rows.append(record)
            if len(rows) > limits.rows:
                break
    except csv.Error as error:
        raise broken_row(name=name, row=len(rows) + 1, error=error) from error
    return rows


def broken_row(*, name: str, row: int, error: csv.Error) -> BadFile:
    """The refusal of a file in which a quotation does not end."""
    message = t(
        "The row cannot be read ({error}). Close every quotation mark and save the file again.",
        "该行无法读取（{error}）。请检查引号是否成对，并重新保存文件。",
        error=error,
    )
    return BadFile([Fault(name, _SHEET, row, None, message)])
