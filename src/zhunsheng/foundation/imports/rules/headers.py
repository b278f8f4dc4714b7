"""Which row is the header, and which column of the file is which; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.imports.rules.columns import Column, heading
from zhunsheng.foundation.spreadsheets import BadFile, Fault, Row, column_letters

ROWS_LOOKED_AT = 10
REASON = t("Reason", "错误原因")
ROW_THERE = t("Row in the sent file", "原文件行号")
EXPLANATION = t("How to fill in", "填写说明")
"""The name of the second sheet of a template."""
_OURS = {heading(name) for text in (REASON, ROW_THERE) for name in (text.en, text.zh)}
"""The columns that an error file adds; sent again, they are passed over."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header row's number, the register's column by the file's column index, and headings nobody knows."""

    row: int
    columns: dict[int, Column]
    unknown: tuple[str, ...]
    ours: frozenset[int]

    def notes(self) -> list[Text]:
        """What to tell about it: headings that were not understood."""
        if not self.unknown:
            return []
        return [t("Columns not read: {c}.", "未读取的列：{c}。", c="，".join(self.unknown[:20]))]


def find_header(rows: Sequence[Row], columns: Sequence[Column], *, file: str, sheet: str) -> Header:
    """The row, among the first ten with text, that names most columns: titles and merged headings may stand above it.

    Raises BadFile where a required column is missing or a column stands twice.
    """
    known = {name: column for column in columns for name in column.names()}
    candidates = [_read(row, known) for row in rows[:ROWS_LOOKED_AT]]
    best = max(candidates, key=lambda header: len(header.columns), default=Header(1, {}, (), frozenset()))
    missing = [c for c in columns if c.required and c not in best.columns.values()]
    if missing:
        names = join((c.header for c in missing), en=", ", zh="、")
        raise BadFile([Fault(file, sheet, best.row, None, _missing(names))])
    _refuse_twice(best, file=file, sheet=sheet)
    return best


def _read(row: Row, known: dict[str, Column]) -> Header:
    found: dict[int, Column] = {}
    unknown: list[str] = []
    ours: set[int] = set()
    for index, text in enumerate(row.texts):
        for name in (heading(text), *map(heading, text.replace("\n", "/").split("/"))):
            if name in known:
                found[index] = known[name]
                break
        else:
            if heading(text) in _OURS:
                ours.add(index)
            elif text.strip():
                unknown.append(text.strip()[:40])
    return Header(row.number, found, tuple(unknown), frozenset(ours))


def _refuse_twice(header: Header, *, file: str, sheet: str) -> None:
    seen: dict[str, int] = {}
    for index, column in header.columns.items():
        if column.key in seen:
            message = t(
                "The column “{h}” stands twice, here and in {a}. Delete one.",
                "“{h}”列出现两次（本列与 {a} 列），请删除其一。",
                h=column.header,
                a=column_letters(seen[column.key]),
            )
            raise BadFile([Fault(file, sheet, header.row, column_letters(index), message)])
        seen[column.key] = index


def _missing(names: Text) -> Text:
    return t(
        "The header lacks: {names}. Take the headings from the template.",
        "表头缺少：{names}。请使用模板中的列名。",
        names=names,
    )
