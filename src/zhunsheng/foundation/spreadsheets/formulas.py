"""Formulas in a sheet: where they stand, and which of them reach out of the workbook."""

from __future__ import annotations

import re

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import BadFile, Fault
from zhunsheng.foundation.spreadsheets.table import column_letters, column_number

REACHES_OUT = re.compile(
    rb"\w\s*\|.*!|\b(?:WEBSERVICE|HYPERLINK|CALL|EXEC|REGISTER(?:\.ID)?|RTD|DDE|IMPORT(?:DATA|XML|HTML|FEED|RANGE))\s*\(",
    re.I,
)
"""A formula that starts a program, asks another machine, or carries an address: dynamic data exchange writes `program|…`."""
_QUOTED = re.compile(rb'"[^"]*"')
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*))")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)(\d+)["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")

FORMULA = t(
    "is a formula; what it shows here may differ from what it shows elsewhere. Copy the column and paste it as values.",
    "是公式，其结果可能随环境变化。请复制该列并“选择性粘贴”为数值。",
)


def formulas_in(xml: bytes) -> list[tuple[int, int, bytes]]:
    """Row, column index and text of every formula of a sheet's XML."""
    found: list[tuple[int, int, bytes]] = []
    for formula in _FORMULA.finditer(xml):
        before = xml[max(formula.start() - 400, 0) : formula.start()]
        cell = before[max(before.rfind(b"<"), 0) :]  # a formula is the first thing in its cell
        reference = _REFERENCE.search(cell) if _CELL.match(cell) else None
        row, column = (int(reference[2]), column_number(reference[1].decode()) - 1) if reference else (0, 0)
        found.append((row, column, formula[1] or b""))
    return found


def refuse_reaching_out(row: int, column: int, formula: bytes, *, file: str, sheet: str | None) -> None:
    """Raise BadFile where a formula would start a program or ask another machine."""
    plain = formula.replace(b"&quot;", b'"').replace(b"&apos;", b"'")
    if REACHES_OUT.search(_QUOTED.sub(b'""', plain)):
        raise BadFile([Fault(file, sheet, row or None, column_letters(column) if row else None, _REACHING)])


_REACHING: Text = t(
    "is a formula that reaches out of the workbook; the file is refused. Copy the table alone into a new workbook, as values.",
    "是引用外部程序或网络的公式，拒绝读取该文件。请仅将表格内容以数值形式粘贴到新工作簿。",
)
