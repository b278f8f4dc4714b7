"""Results of studies out of a table: each cell is kept as it was written, each fault names its place; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhunsheng.activities.proficiency.prepare.states import Kind
from zhunsheng.activities.proficiency.rules.reported_values import fold, is_nothing, read_value
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import BadFile, Cell, Fault, Row, Table
from zhunsheng.foundation.spreadsheets.faults import whole_file

ITEM, MEASURAND = t("Item", "样品"), t("Measurand", "被测量")
GROUP, UNIT = t("Group or day", "组别或日期"), t("Unit", "样品单元")
_HEADINGS = {
    "item": {"item", "样品", "样品代号"}, "measurand": {"measurand", "parameter", "被测量", "检测项目"},
    "group": {"group", "day", "group or day", "组别", "日期", "组别或日期"},
    "unit": {"unit", "bottle", "样品单元", "单元", "瓶号", "编号"},
}  # fmt: skip
_REPLICATE = re.compile(r"(?:replicate|result|rep|重复|重复测定|结果|第)\s*\d{1,2}\s*次?", re.IGNORECASE).fullmatch
MOST_FAULTS = 50


def replicate_heading(number: int) -> Text:
    """The heading of a column of replicates."""
    return t("Replicate {n}", "重复 {n}", n=number)


@dataclass(frozen=True, slots=True)
class Known:
    """A measurand of the round by every name that a table may give it."""

    pk: int
    item: str
    names: frozenset[str]
    shown: Text


@dataclass(frozen=True, slots=True)
class UnitResults:
    """The replicates of one unit, as written."""

    unit: str
    group: str
    values: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"unit": self.unit, "group": self.group, "values": list(self.values)}

    @property
    def numbers(self) -> list[float]:
        """The replicates as numbers; what is empty is no replicate."""
        return [float(read.number) for text in self.values if (read := read_value(text)).kind == "number"]


def from_json(rows: Sequence[Mapping[str, Any]]) -> list[UnitResults]:
    """The units as they were kept."""
    return [UnitResults(one["unit"], one["group"], tuple(one["values"])) for one in rows]


def groups_of(units: Sequence[UnitResults]) -> list[str]:
    """The groups in the order in which they come."""
    return list(dict.fromkeys(one.group for one in units))


def numbers_of(units: Sequence[UnitResults], group: str | None = None) -> list[list[float]]:
    """Units × replicates, of one group or of all."""
    return [one.numbers for one in units if group is None or one.group == group]


@dataclass
class _Reader:
    """One pass over a table, gathering results and faults."""

    table: Table
    kind: Kind
    known: Sequence[Known]
    only: Known | None
    faults: list[Fault] = field(default_factory=list)
    found: dict[int, list[UnitResults]] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    replicates: list[int] = field(default_factory=list)

    def complain(self, message: Text, *, row: int | None = None, column: str | None = None) -> None:
        self.faults.append(Fault(self.table.file, self.table.sheet, row, column, message))

    def read(self) -> dict[int, list[UnitResults]]:
        self._header()
        if not self.faults:
            for row in self.table.rows:
                self._row(row)
        if not self.faults:
            self._designs()
        if self.faults:
            raise BadFile(self.faults[:MOST_FAULTS], total=len(self.faults))
        return self.found

    def _header(self) -> None:
        for index, cell in enumerate(self.table.header):
            heading = fold(cell.text).lower()
            named = next((name for name, words in _HEADINGS.items() if heading in words), None)
            if named and named not in self.columns:
                self.columns[named] = index
            elif _REPLICATE(heading):
                self.replicates.append(index)
            elif heading:
                self.complain(
                    t("“{x}” is no column of this table. Take the headings of the template: Replicate 1, Replicate 2 …",
                      "“{x}”不是本表的列。请使用模板中的列名：重复 1、重复 2……", x=cell.text), row=cell.row, column=cell.column,
                )  # fmt: skip
        for name, words in self._needed():
            if name not in self.columns:
                self.complain(t("The column “{x}” is missing.", "缺少“{x}”列。", x=words))
        if not self.replicates:
            self.complain(
                t("There is no column of results: name it Replicate 1.", "缺少结果列，请将其命名为“重复 1”。")
            )

    def _needed(self) -> Iterator[tuple[str, Text]]:
        yield "unit", UNIT
        if self.only is None:
            yield "measurand", MEASURAND
            if len({one.item for one in self.known}) > 1:
                yield "item", ITEM

    def _text(self, row: Row, name: str) -> str:
        return fold(row.cell(self.columns[name]).text) if name in self.columns else ""

    def _row(self, row: Row) -> None:
        values = tuple(row.cell(index).text for index in self.replicates)
        if all(is_nothing(text) for text in values):
            return  # a line of the template that was not needed
        of, unit, group = self._measurand(row), self._text(row, "unit"), self._text(row, "group")
        if not unit:
            self.complain(t("Give the unit a number.", "请填写样品单元编号。"), row=row.number)
        bad = [self._bad(row, index) for index in self.replicates]
        if of is None or not unit or any(bad):
            return
        held = self.found.setdefault(of.pk, [])
        if any(one.unit == unit and one.group == group for one in held):
            self.complain(t("Unit {u} is given twice.", "样品单元 {u} 重复。", u=unit), row=row.number)
        held.append(UnitResults(unit, group, values))

    def _bad(self, row: Row, index: int) -> bool:
        cell = row.cell(index)
        damaged = self.table.damaged.get((row.number, index))
        read = read_value(cell.text)
        if damaged is None and read.kind in ("number", "blank"):
            return False
        self.complain(damaged or read.message or _not_a_number(cell), row=row.number, column=cell.column)
        return True

    def _measurand(self, row: Row) -> Known | None:
        if self.only is not None and "measurand" not in self.columns:
            return self.only
        name, item = self._text(row, "measurand").lower(), self._text(row, "item")
        fitting = [one for one in self.known if name in one.names and ("item" not in self.columns or one.item == item)]
        if self.only is not None:
            fitting = [one for one in fitting if one is self.only]
        if len(fitting) == 1:
            return fitting[0]
        self.complain(
            t("“{m}” in item “{i}” is no measurand of this round.", "本轮次的样品“{i}”中没有被测量“{m}”。",
              m=self._text(row, "measurand"), i=item), row=row.number,
        )  # fmt: skip
        return None

    def _designs(self) -> None:
        if not self.found:
            raise whole_file(
                self.table.file, t("There is no result in the table.", "表中没有结果。"), sheet=self.table.sheet
            )
        names = {one.pk: one.shown for one in self.known}
        for pk, units in self.found.items():
            if said := (_homogeneity(units) if self.kind == "homogeneity" else _stability(units)):
                self.complain(t("{m}: {x}", "{m}：{x}", m=names[pk], x=said))


def _homogeneity(units: Sequence[UnitResults]) -> Text | None:
    if len(groups_of(units)) > 1:
        return t("A homogeneity study has no groups.", "均匀性检验不分组。")
    if len(units) < 2 or not any(len(one.numbers) > 1 for one in units):
        return t(
            "At least two units, measured twice, are needed.", "至少需要两个样品单元，且每个单元至少重复测定两次。"
        )
    return None


def _stability(units: Sequence[UnitResults]) -> Text | None:
    if len(groups_of(units)) > 2:
        return t(
            "Two groups are compared; these are {n}.",
            "稳定性检验比较两组结果，而表中有 {n} 组。",
            n=len(groups_of(units)),
        )
    return None


def _not_a_number(cell: Cell) -> Text:
    return t(
        "“{x}” is not a number; a study needs the result itself.", "“{x}”不是数字，请填写检测结果本身。", x=cell.text
    )


def read_study(
    table: Table, kind: Kind, known: Sequence[Known], *, only: Known | None = None
) -> dict[int, list[UnitResults]]:
    """The units of each measurand in a table; with `only` the table need not say of which. Raises BadFile with every place."""
    return _Reader(table, kind, known, only).read()
