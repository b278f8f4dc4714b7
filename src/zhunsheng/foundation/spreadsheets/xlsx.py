"""Workbooks: refused where they are built to harm, then read by calamine."""

from __future__ import annotations

import io

import python_calamine as calamine

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import whole_file
from zhunsheng.foundation.spreadsheets.package import inspect_package
from zhunsheng.foundation.spreadsheets.rows import table_of
from zhunsheng.foundation.spreadsheets.table import Limits, Table
from zhunsheng.foundation.spreadsheets.values import Value, text_of, trouble_of


def read_xlsx(data: bytes, name: str, limits: Limits) -> Table:
    """The first visible worksheet as text; `damaged` holds cells that became something else than was typed."""
    valueless, formulas = inspect_package(data, name, limits)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            first, others = _sheets(book, name)
            values = book.get_sheet_by_name(first).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise whole_file(
            name,
            t(
                "The workbook cannot be read. Open it in a spreadsheet program and save it again.",
                "工作簿无法读取。请用电子表格软件打开并重新保存。",
            ),
        ) from error
    damaged: dict[tuple[int, int], Text] = {}
    records = [_texts(row, number, damaged) for number, row in enumerate(values, start=1)]
    damaged.update({place: text for place, text in valueless.items() if _is_blank(records, *place)})
    return table_of(
        records, file=name, sheet=first, limits=limits, damaged=damaged, formulas=formulas, other_sheets=others
    )


def _sheets(book: calamine.CalamineWorkbook, name: str) -> tuple[str, tuple[str, ...]]:
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if not visible:
        raise whole_file(name, t("The workbook has no visible sheet.", "工作簿中没有可见的工作表。"))
    return visible[0], tuple(visible[1:])


def _texts(row: list[Value], number: int, damaged: dict[tuple[int, int], Text]) -> list[str]:
    texts = [value if type(value) is str else text_of(value) for value in row]
    for index, value in enumerate(row):
        if type(value) is not float and type(value) is not str:
            trouble = trouble_of(value)
            if trouble:
                damaged[number, index] = trouble
    return texts


def _is_blank(records: list[list[str]], row: int, column: int) -> bool:
    return row <= len(records) and column < len(records[row - 1]) and not records[row - 1][column]
