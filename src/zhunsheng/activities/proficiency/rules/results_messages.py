"""What is told about a results file that cannot be understood as it is, or was understood with a remark."""

from __future__ import annotations

from collections.abc import Sequence

from zhunsheng.foundation.bilingual import Text, t

MOST_NAMED = 10

REASONS: dict[str, Text] = {
    "censored": t("Reported as a limit, not as a value.", "上报为限值，没有数值。"),
    "censored_replicate": t(
        "Another replicate of the laboratory was reported as a limit, so there is no mean.",
        "该实验室的另一次重复测定上报为限值，无法求平均值。",
    ),
    "not_detected": t("Reported as not detected.", "上报为未检出。"),
    "no_result": t("No result reported.", "未上报结果。"),
    "no_uncertainty": t(
        "No uncertainty reported; the score by which the round is judged needs one.",
        "未上报不确定度，无法计算本轮次判定所用的比分数。",
    ),
}
"""Why a row is listed but not scored."""

NO_LABORATORY = t("The laboratory is missing. Write its name or code.", "缺少实验室，请填写名称或代码。")
NO_ROWS = t("There is no row below the headings. Add the results.", "表头下没有数据，请填入结果。")
NO_MEASURAND = t("The measurand is missing. Write what was measured.", "缺少被测量，请填写检测项目。")
ONE_LABORATORY = t(
    "Only one laboratory is in the file. Results are compared between at least two; put them in one file.",
    "文件中只有一家实验室。比对至少需要两家实验室，请将各实验室的结果放在同一文件中。",
)


def under_no_heading(shown: str) -> Text:
    return t(
        "“{x}” stands under no heading. If a decimal comma split a number, write a decimal point or quote the number;"
        " otherwise give the column a heading or clear the cell.",
        "“{x}”没有对应的表头。如果是小数逗号把数字分开，请改用小数点或给数字加引号；否则请补充表头或清空该单元格。",
        x=shown,
    )


def point_beside_comma(shown: str, row: int) -> Text:
    return t(
        "“{x}” can be read in two ways, since row {row} has a decimal comma. Use the decimal point throughout.",
        "第 {row} 行使用小数逗号，因此“{x}”有两种读法。请统一使用小数点。",
        x=shown,
        row=row,
    )


def cell_is(field_name: Text, trouble: Text) -> Text:
    return t("The {name} {trouble}", "“{name}”单元格{trouble}", name=field_name, trouble=trouble)


def other_unit(unit: str, first: str | None, row: int) -> Text:
    return t(
        "The unit is {unit}, but {first} in row {row}, for the same measurand. Convert the result or name the measurand"
        " differently.",
        "单位为 {unit}，而同一被测量在第 {row} 行的单位为 {first}。请换算结果，或使用不同的被测量名称。",
        unit=unit,
        first=first,
        row=row,
    )


def changed_notation(rows: Sequence[int]) -> Text:
    return t(
        "Results read after folding their notation (full-width digits, decimal comma, spaces): {n}; rows {rows}.",
        "{n} 个结果经规范写法（全角数字、小数逗号、空格）后读取：第 {rows} 行。",
        n=len(rows),
        rows=_named(list(map(str, rows))),
    )


def without_unit(n: int) -> Text:
    return t(
        "Rows without a unit: {n}; they were taken in the unit of the others.",
        "未注明单位的行：{n} 行，按其他行的单位处理。",
        n=n,
    )


def unread_columns(names: Sequence[str]) -> Text:
    return t("Columns that were not read: {names}.", "未读取的列：{names}。", names=_named(names))


def unread_sheets(names: Sequence[str]) -> Text:
    return t("Sheets that were not read: {names}.", "未读取的工作表：{names}。", names=_named(names))


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
