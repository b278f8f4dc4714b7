"""The workbook in which one laboratory enters its results: protected, but for the cells that it answers in."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from zhunsheng.activities.proficiency.collect.rules.checking import Asked
from zhunsheng.activities.proficiency.collect.rules.given import LONGEST, Given, Key
from zhunsheng.activities.proficiency.collect.rules.workbook import (
    FIRST_ROW,
    HEADINGS,
    LOCKED,
    Label,
    label_of,
    locked_of,
)
from zhunsheng.foundation.bilingual import Language, t

SHEET = t("Results", "结果")
WIDTHS = (8, 12, 30, 12, 10, 8, 14, 14, 8, 22, 28, 18, 14, 14, 32)
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants it without zone
_OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_ALLOWED = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}


def replicates_in(standing: Mapping[Key, Given], at_least: int = 3) -> int:
    """How many rows the workbook has for each measurand."""
    return max([at_least, *(replicate for _, replicate in standing)])


def label(round_id: str, code: str, version: int, asked: Sequence[Asked], replicates: int) -> Label:
    """Whose workbook it is, with the digest of all that is locked in it."""
    return label_of(round_id, code, version, [locked_of(one, r) for one in asked for r in range(1, replicates + 1)])


def workbook(
    label: Label, asked: Sequence[Asked], standing: Mapping[Key, Given], replicates: int, lang: Language
) -> bytes:
    """The workbook's bytes, with what was entered so far."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet(SHEET.in_(lang))
        _frame(book, page, label, lang)
        answer = book.add_format({"num_format": "@", "locked": False, "border": 1, "bg_color": "#FFF6DC"})
        row = FIRST_ROW - 1
        for one in asked:
            for replicate in range(1, replicates + 1):
                _write(page, row, locked_of(one, replicate), standing.get((one.measurand, replicate)), answer)
                row += 1
        page.protect("", _ALLOWED)
    return buffer.getvalue()


def _frame(book: Any, page: Any, label: Label, lang: Language) -> None:
    head = book.add_format(
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "num_format": "@"}
    )
    for index, text in enumerate(label.cells):
        page.write_string(0, index, text)
    page.set_row(0, None, None, {"hidden": True})
    for index, heading in enumerate(HEADINGS):
        page.write_string(1, index, heading.in_(lang), head)
        page.set_column(index, index, WIDTHS[index], None, {"hidden": index == 0})
    page.freeze_panes(2, len(LOCKED))


def _write(page: Any, row: int, locked: Sequence[str], given: Given | None, answer: Any) -> None:
    for index, text in enumerate(locked):
        page.write_string(row, index, text)
    for index, name in enumerate(LONGEST, start=len(LOCKED)):
        if given and given.said[name]:
            page.write_string(row, index, given.said[name], answer)
        else:
            page.write_blank(row, index, None, answer)
