"""A year of the calendar from a file that a person made: every row checked, every fault named with its place."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import ListedDay
from zhunsheng.foundation.calendar.states import DayKind
from zhunsheng.foundation.spreadsheets import BadFile, Cell, Fault, Row, Table, read_table

COLUMNS: Mapping[str, Text] = {
    "day": t("day", "日期"),
    "kind": t("kind", "类型"),
    "name_zh": t("name in Chinese", "中文名称"),
    "name_en": t("name in English", "英文名称"),
}
"""Headings as they are written on export; a file may also use the bare keys."""
KINDS: Mapping[str, DayKind] = {
    "holiday": DayKind.HOLIDAY, "day off": DayKind.HOLIDAY, "off": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY, "休": DayKind.HOLIDAY, "休息": DayKind.HOLIDAY, "节假日": DayKind.HOLIDAY,
    "workday": DayKind.WORKDAY, "make-up working day": DayKind.WORKDAY, "work": DayKind.WORKDAY,
    "调休上班": DayKind.WORKDAY, "上班": DayKind.WORKDAY, "班": DayKind.WORKDAY, "补班": DayKind.WORKDAY,
}  # fmt: skip
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?")
NAME_LENGTH = 60
Read = TypeVar("Read")


def read_days(source: bytes, *, filename: str) -> list[ListedDay]:
    """The days of a .csv or .xlsx file, in order.

    Raises BadFile with every fault: a column that is missing, a cell that is no day, a kind nobody knows, a day listed twice.
    A make-up day on a weekday, or a day off on a weekend, changes no count and is taken as it is.
    """
    table = read_table(source, filename=filename)
    columns = _columns(table)
    faults: list[Fault] = []
    days: dict[date, ListedDay] = {}
    for row in table.rows:
        _read_row(table, row, columns, days, faults)
    if not days and not faults:
        faults.append(
            Fault(table.file, table.sheet, None, None, t("There is no day in the file.", "文件中没有任何日期。"))
        )
    if faults:
        raise BadFile(faults)
    return [days[day] for day in sorted(days)]


def _columns(table: Table) -> dict[str, int]:
    """Key of a column → its index. Raises BadFile for a needed one that is missing."""
    headings = {_plain(cell.text): index for index, cell in reversed(list(enumerate(table.header)))}
    found: dict[str, int] = {}
    for key, words in COLUMNS.items():
        names = (key, _plain(words.en), words.zh)
        if (index := next((headings[name] for name in names if name in headings), None)) is not None:
            found[key] = index
    missing = [COLUMNS[key] for key in ("day", "kind") if key not in found]
    if missing:
        said = t("There is no column “{x}”.", "缺少“{x}”列。")
        raise BadFile([Fault(table.file, table.sheet, table.header[0].row, None, said.with_(x=x)) for x in missing])
    return found


def _read_row(
    table: Table, row: Row, columns: Mapping[str, int], days: dict[date, ListedDay], faults: list[Fault]
) -> None:
    cells = {key: row.cell(index) for key, index in columns.items()}
    day = _checked(table, cells["day"], as_day, faults)
    kind = _checked(table, cells["kind"], as_kind, faults)
    if day is None or kind is None:
        return
    if day in days:
        faults.append(_fault(table, cells["day"], t("{d} is listed twice.", "{d} 重复出现。", d=day.isoformat())))
        return
    days[day] = ListedDay(day, kind, *(_name(cells.get(key)) for key in ("name_zh", "name_en")))


def _checked(table: Table, cell: Cell, read: Callable[[str], Read], faults: list[Fault]) -> Read | None:
    try:
        return read(cell.text)
    except BadCell as bad:
        faults.append(_fault(table, cell, bad.reason))
        return None


class BadCell(ValueError):
    """A cell that does not say what its column needs; `.reason` is the sentence."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def as_day(text: str) -> date:
    """A day written 2026-10-01, 2026/10/1 or 2026年10月1日. Raises BadCell."""
    found = _DATE.fullmatch(_plain(text))
    try:
        if found is None:
            raise ValueError
        return date(*map(int, found.groups()))
    except ValueError:
        said = t(
            "“{x}” is not a day. Write it like 2026-10-01.",
            "“{x}”不是日期，请按 2026-10-01 的格式填写。",
            x=text.strip(),
        )
        raise BadCell(said) from None


def as_kind(text: str) -> DayKind:
    """What the day is. Raises BadCell for a word that is none of them."""
    if (kind := KINDS.get(_plain(text))) is None:
        said = t(
            "“{x}” is neither “day off” nor “make-up working day”.",
            "“{x}”既不是“放假”也不是“调休上班”。",
            x=text.strip(),
        )
        raise BadCell(said)
    return kind


def _plain(text: str) -> str:
    """Without the width, the case and the invisible characters that spreadsheets add."""
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").strip().casefold()


def _name(cell: Cell | None) -> str:
    return cell.text.strip()[:NAME_LENGTH] if cell else ""


def _fault(table: Table, cell: Cell, message: Text) -> Fault:
    return Fault(table.file, table.sheet, cell.row, cell.column, message)
