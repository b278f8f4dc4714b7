"""Comma, semicolon or tab separated text in the encodings that spreadsheet programs write."""

from __future__ import annotations

import csv
import io

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets.faults import BadFile, Fault, whole_file
from zhunsheng.foundation.spreadsheets.rows import table_of
from zhunsheng.foundation.spreadsheets.table import Limits, Table

_SHEET = "1"


def read_csv(data: bytes, name: str, limits: Limits) -> Table:
    """A table from delimited text in UTF-8 or GB 18030; the delimiter is the one that splits the header most."""
    text = _decode(data, name)
    rows = _records(text, _delimiter(text), name, limits)
    return table_of(rows, file=name, sheet=_SHEET, limits=limits)


def _decode(data: bytes, name: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        raise whole_file(
            name,
            t(
                "The text is not in UTF-8 or GB 18030. Save it as CSV UTF-8.",
                "文本编码不是 UTF-8 或 GB 18030。请另存为 CSV UTF-8。",
            ),
        )
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


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines()[:50] if line.strip(' \t,;"')), "")
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
        message = t(
            "The row cannot be read ({error}). Close every quotation mark and save the file again.",
            "该行无法读取（{error}）。请检查引号是否成对，并重新保存文件。",
            error=error,
        )
        raise BadFile([Fault(name, _SHEET, len(rows) + 1, None, message)]) from error
    return rows
