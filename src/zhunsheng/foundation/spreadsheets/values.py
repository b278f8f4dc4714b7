"""What a value of a workbook is as text, and whether a spreadsheet program made something else of what was typed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhunsheng.foundation.bilingual import Text, t

Value = str | float | int | bool | dt.date | dt.time | dt.datetime | dt.timedelta


def text_of(value: Value) -> str:
    """A value as text: a date as 2026-01-02, a number as a sheet shows it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """A number as a sheet shows it: at most 15 significant digits, no trailing zeros, no exponent where it is short."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    return f"{Decimal(text):f}" if 1e-10 <= abs(value) < 1 else text.upper()


def trouble_of(value: Value) -> Text | None:
    """What became of the value between the typing and the saving, with the mend."""
    if isinstance(value, bool):
        return t("is a truth value, not what was reported. Type it again.", "是逻辑值而非上报值，请重新输入。")
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return t(
            "was turned into a date or time ({value}) by the spreadsheet program. Format the column as text and type"
            " the value again.",
            "已被电子表格软件变成日期或时间（{value}）。请将该列设为文本格式后重新输入。",
            value=text_of(value),
        )
    return None
