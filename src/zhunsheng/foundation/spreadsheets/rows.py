"""From rows of text to a table: the header, the limits, the empty rows at the end."""

from __future__ import annotations

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import BadFile, Fault, whole_file
from zhunsheng.foundation.spreadsheets.table import Limits, Row, Table, column_letters


def table_of(
    records: list[list[str]],
    *,
    file: str,
    sheet: str,
    limits: Limits,
    damaged: Mapping[tuple[int, int], Text] | None = None,
    formulas: Mapping[tuple[int, int], Text] | None = None,
    other_sheets: tuple[str, ...] = (),
) -> Table:
    """The first row with text is the header; rows without text are left out, the numbers of the others stay."""
    refuse_size(len(records), max(map(len, records), default=0), file=file, sheet=sheet, limits=limits)
    rows = [Row(number, record) for number, record in enumerate(records, start=1) if any(map(str.strip, record))]
    if not rows:
        raise whole_file(
            file, t("The sheet is empty. Put a header row and results in it.", "工作表为空。请填入表头和结果。")
        )
    refuse_long_cells(rows, file=file, sheet=sheet, limits=limits)
    header = [rows[0].cell(index) for index in range(len(rows[0].texts))]
    return Table(file, sheet, header, rows[1:], damaged or {}, other_sheets, formulas or {})


def refuse_size(rows: int, columns: int, *, file: str, sheet: str, limits: Limits) -> None:
    """Raise BadFile where the sheet is longer or wider than any results file."""
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        message = t(
            "The sheet is too big: at most {rows} rows, {columns} columns and {cells} cells are read. Delete what lies"
            " outside the table, or split the file.",
            "工作表过大：最多读取 {rows} 行、{columns} 列、{cells} 个单元格。请删除表格以外的内容，或拆分文件。",
            rows=limits.rows,
            columns=limits.columns,
            cells=limits.cells,
        )
        raise whole_file(file, message, sheet=sheet)


def refuse_long_cells(rows: list[Row], *, file: str, sheet: str, limits: Limits) -> None:
    """Raise BadFile naming the first cell that holds an essay."""
    most = limits.cell_characters
    for row in rows:
        if any(len(text) > most for text in row.texts):
            index = next(i for i, text in enumerate(row.texts) if len(text) > most)
            message = t(
                "The cell holds more than {n} characters. Shorten it.", "单元格超过 {n} 个字符，请缩短。", n=most
            )
            raise BadFile([Fault(file, sheet, row.number, column_letters(index), message)])
