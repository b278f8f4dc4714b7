"""Which column of a results file is which: headings in Chinese or English, in any order, case and width."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import Cell, Fault, Table

FIELDS: dict[str, Text] = {
    "laboratory": t("laboratory", "实验室"),
    "code": t("laboratory code", "实验室代码"),
    "result": t("result", "结果"),
    "uncertainty": t("uncertainty", "不确定度"),
    "k": t("k", "包含因子"),
    "unit": t("unit", "单位"),
    "method": t("method", "方法"),
    "measurand": t("measurand", "被测量"),
    "item": t("item", "样品"),
}

_HEADINGS: dict[str, str] = {
    "laboratory": "laboratory lab laboratoryname labname participant institution 实验室 实验室名称 机构 机构名称"
    " 检验检测机构 参加者 参加实验室 参比实验室 单位名称",
    "code": "code laboratorycode labcode labid participantcode 代码 编号 实验室代码 实验室编号 参加者代码",
    "result": "result results value reportedresult reportedvalue testresult 结果 结果值 检测结果 测定结果 测量结果"
    " 检验结果 上报结果 报告值 测得值 测得的量值",
    "uncertainty": "uncertainty expandeduncertainty u 不确定度 扩展不确定度 测量不确定度",
    "k": "k coveragefactor 包含因子 包含因子k k值",
    "unit": "unit units 单位 计量单位 结果单位",
    "method": "method testmethod 方法 检测方法 分析方法 检验方法 测量方法",
    "measurand": "measurand analyte parameter 被测量 测量参数 参数 项目 检测项目 检验项目 检测参数 待测物",
    "item": "item sample sampleid sampleno samplename 样品 样品编号 样品名称 样品代码 物品 能力验证物品",
}
_FIELD_OF = {heading: name for name, headings in _HEADINGS.items() for heading in headings.split()}
_STANDARD_UNCERTAINTY = frozenset(
    {"standarduncertainty", "标准不确定度", "合成标准不确定度", "combinedstandarduncertainty"}
)
_STANDARD_SYMBOLS = frozenset({"u", "uc", "ux", "ui", "urel"})  # as written: U is the expanded uncertainty, u is not
_IN_BRACKETS = re.compile(r"(.+?)[(\[](.*)[)\]]")
_NOISE = re.compile(r"[\s_\-\u200b-\u200f\u2060\ufeff\u00ad:*]+")


@dataclass(slots=True)
class Columns:
    """Field → column index; what the headings say in brackets; headings that no field answers to."""

    index: dict[str, int] = field(default_factory=dict)
    brackets: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def place(self, name: str) -> int:
        """The column of a field, -1 where the file has none."""
        return self.index.get(name, -1)


def recognise(table: Table) -> Columns:
    """Find the columns; faults where one is missing, there twice, or of a kind that cannot be scored."""
    columns = Columns()
    for position, cell in enumerate(table.header):
        _place(table, columns, position, cell)
    if "laboratory" not in columns.index and "code" in columns.index:
        columns.index["laboratory"] = columns.index.pop("code")
    for name in ("laboratory", "result"):
        if name not in columns.index:
            columns.faults.append(_missing(table, name))
    return columns


def _place(table: Table, columns: Columns, position: int, cell: Cell) -> None:
    written, bracket = _split(cell.text)
    heading = written.casefold()
    name = _FIELD_OF.get(heading)
    if written in _STANDARD_SYMBOLS or heading in _STANDARD_UNCERTAINTY:
        columns.faults.append(_fault(table, cell, _STANDARD_MESSAGE))
    elif name is None:
        if heading:
            columns.unread.append(cell.text.strip())
    elif name in columns.index:
        columns.faults.append(_fault(table, cell, _twice(table, columns, name)))
    else:
        columns.index[name] = position
        if bracket:
            columns.brackets[name] = bracket


def _split(text: str) -> tuple[str, str]:
    """The heading without noise, its case kept, and what stands behind it in brackets: "结果 (mg/kg)" → 结果, mg/kg."""
    text = unicodedata.normalize("NFKC", text).strip()
    found = _IN_BRACKETS.fullmatch(text)
    heading, bracket = (found[1], found[2].strip()) if found else (text, "")
    return _NOISE.sub("", heading), bracket


_STANDARD_MESSAGE = t(
    "Standard uncertainties (u) are not read. Give expanded uncertainties (U) in a column “uncertainty” with their factor"
    " in a column “k”.",
    "不读取标准不确定度（u）。请在“不确定度”列给出扩展不确定度（U），并在“包含因子”列给出 k。",
)


def _fault(table: Table, cell: Cell, message: Text) -> Fault:
    return Fault(table.file, table.sheet, cell.row, cell.column, message)


def _twice(table: Table, columns: Columns, name: str) -> Text:
    first = table.header[columns.index[name]]
    return t(
        "The column “{name}” is there twice (also in column {first}). Keep one of them.",
        "“{name}”列重复（另见 {first} 列），请只保留一列。",
        name=FIELDS[name],
        first=first.column,
    )


def _missing(table: Table, name: str) -> Fault:
    found = ", ".join(cell.text.strip() for cell in table.header if cell.text.strip())[:200]
    message = t(
        "There is no column “{name}” among the headings ({found}). Name it “{first}” or “{second}”.",
        "表头（{found}）中没有“{name}”列，请将该列命名为“{second}”或“{first}”。",
        name=FIELDS[name],
        found=found,
        first=FIELDS[name].en,
        second=FIELDS[name].zh,
    )
    return Fault(table.file, table.sheet, table.header[0].row, None, message)
