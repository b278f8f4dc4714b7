"""What a cell says, and what a spreadsheet program did to it; pure.

What can be mended without guessing is mended, and said; what cannot is a fault that names the mend.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import slip_in
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.spreadsheets import unguarded

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACES = re.compile(r"\s+")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+E\+?|E\+)\d+", re.IGNORECASE)
"""1.2E+05, which a program shows; 5E10 is as good as any serial number."""
_POINT_ZERO = re.compile(r"(\d{2,})\.0")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(E[+-]?\d+)?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?")
_SHORT_YEAR = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.0+)?")
_OPEN_ENDED = {"长期", "长期有效", "永久", "long-term", "long term", "permanent", "indefinite"}
DAY_ZERO = date(1899, 12, 30)

INVISIBLE_TAKEN_OUT = t("Invisible characters were taken out.", "已去除不可见字符。")
NARROWED = t("Full-width characters were made half-width.", "已将全角字符转为半角。")
APOSTROPHE_TAKEN_OUT = t("An apostrophe at the start was taken off.", "已去除开头的撇号。")
SERIAL_READ = t("A serial number was read as the date it stands for.", "已将日期序列值还原为日期。")
YEAR_LAST_READ = t(
    "A date with the year last was read; only one reading is possible.", "日期的年份在后，已按唯一可能的含义读取。"
)
OPEN_ENDED_READ = t("“Long-term” was read as no last day.", "“长期”已按无截止日期读取。")
POINT_ZERO_TAKEN_OFF = t("“.0”, which a program added to a code, was taken off.", "已去除软件在代码后添加的“.0”。")
THOUSANDS_READ = t("Commas between thousands were taken out.", "已去除千位分隔符。")


@dataclass(slots=True)
class Parsed:
    """What a cell says: a value in plain form (dates as 2026-01-31), None for an empty one; what was mended; what is wrong."""

    value: str | None
    notes: list[Text]
    fault: Text | None = None


def parse(column: Column, text: str, *, on: date, damaged: Text | None = None, formula: Text | None = None) -> Parsed:
    """Read one cell of a column on a day, before which lies what was done."""
    if formula is not None:
        return Parsed(None, [], formula)
    if damaged is not None and not (column.kind is Kind.DATE and _YEAR_FIRST.fullmatch(text)):
        return Parsed(None, [], damaged)
    notes: list[Text] = []
    plain = cleaned(text, notes)
    if not plain:
        return Parsed(None, notes, _REQUIRED if column.required else None)
    parsed = _READERS[column.kind](column, plain, notes)
    if parsed.value is not None and len(parsed.value) > column.longest:
        parsed.fault = t(
            "has {n} characters; at most {m} fit.",
            "有 {n} 个字符，最多 {m} 个。",
            n=len(parsed.value),
            m=column.longest,
        )
    if column.kind is Kind.DATE and parsed.value is not None:
        parsed.fault = slip_in(date.fromisoformat(parsed.value), on, column.lies)
    return parsed


_REQUIRED = t("is empty and must be filled in.", "为必填项，不能为空。")


def cleaned(text: str, notes: list[Text]) -> str:
    """Text without invisible characters, odd spaces and the apostrophe of a program that feared a formula."""
    if text.isascii() and text.isalnum():
        return text
    seen = _INVISIBLE.sub("", text)
    if seen != text:
        notes.append(INVISIBLE_TAKEN_OUT)
    plain = _SPACES.sub(" ", seen).strip()
    bare = unguarded(plain)
    if bare != plain:
        notes.append(APOSTROPHE_TAKEN_OUT)
    return bare


def narrowed(text: str, notes: list[Text]) -> str:
    """Half-width forms of full-width ones, one kind of dash."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)) if not text.isascii() else text
    if plain != text:
        notes.append(NARROWED)
    return plain


def read_text(column: Column, text: str, notes: list[Text]) -> Parsed:
    return Parsed(text, notes)


def read_code(column: Column, text: str, notes: list[Text]) -> Parsed:
    """A code; digits that a program lost are not guessed."""
    plain = narrowed(text, notes)
    if plain[:1] in "'`\u2019" and len(plain) > 1:
        plain = plain[1:].strip()
        notes.append(APOSTROPHE_TAKEN_OUT)
    if is_shortened(plain):
        return Parsed(None, notes, _scientific(_shown(column, plain)))
    if found := _POINT_ZERO.fullmatch(plain):
        plain = found[1]
        notes.append(POINT_ZERO_TAKEN_OFF)
    if column.digits and plain.isdigit() and len(plain) < column.digits:
        return Parsed(None, notes, _zeros_lost(_shown(column, plain), len(plain), column.digits))
    return Parsed(plain, notes)


def is_shortened(text: str) -> bool:
    """Is it a number such as 1.2E+05, which a program made of a code?"""
    return _SCIENTIFIC.fullmatch(text) is not None


def veiled(text: str) -> str:
    """The last four characters of what is never kept; of what is short, none."""
    return "*" * (len(text) - 4) + text[-4:] if len(text) > 8 else "*" * len(text)


def _shown(column: Column, text: str) -> str:
    return veiled(text) if column.secret else text


def _scientific(text: str) -> Text:
    return t(
        "was turned into the number {x}; digits are lost. Format the column as text, then type the code again.",
        "已被电子表格软件变为科学计数 {x}，部分数字已丢失。请将该列设为文本格式后重新输入。",
        x=text,
    )


def _zeros_lost(text: str, length: int, digits: int) -> Text:
    return t(
        "{x} has {n} digits instead of {m}; the spreadsheet program may have dropped zeros. Format the column as text, then type"
        " the code in full.",
        "{x} 只有 {n} 位，应为 {m} 位，开头的零可能已被电子表格软件去掉。请将该列设为文本格式后重新输入完整代码。",
        x=text,
        n=length,
        m=digits,
    )


def read_number(column: Column, text: str, notes: list[Text]) -> Parsed:
    plain = narrowed(text, notes).replace("\u2212", "-")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
        notes.append(THOUSANDS_READ)
    if not _NUMBER.fullmatch(plain):
        return Parsed(None, notes, t("“{x}” is not a number such as 0.5.", "“{x}”不是数值（如 0.5）。", x=text[:40]))
    return Parsed(plain, notes)


def read_choice(column: Column, text: str, notes: list[Text]) -> Parsed:
    wanted = narrowed(text, []).casefold()
    for key, words in column.choices.items():
        if wanted in (str(key).casefold(), words.zh.casefold(), words.en.casefold()):
            return Parsed(str(key), notes)
    offered = list(column.choices.values())
    return Parsed(
        None,
        notes,
        t(
            "“{x}” is not in the list: {c}.",
            "“{x}”不在可选范围内：{c}。",
            x=text[:40],
            c=Text(en=", ".join(c.en for c in offered), zh="、".join(c.zh for c in offered)),
        ),
    )


def read_date(column: Column, text: str, notes: list[Text]) -> Parsed:
    """A day; where day and month could be exchanged it is not guessed."""
    plain = narrowed(text, [])
    if plain.casefold() in _OPEN_ENDED and not column.required:
        return Parsed(None, [*notes, OPEN_ENDED_READ])
    found = _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if found:
        return _day(text, notes, int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(plain):
        day = DAY_ZERO + timedelta(days=int(float(plain)))
        return Parsed(day.isoformat(), [*notes, SERIAL_READ])
    if found := _YEAR_LAST.fullmatch(plain):
        return _year_last(text, notes, int(found[1]), int(found[2]), int(found[3]))
    return Parsed(None, notes, _short_year(text) if _SHORT_YEAR.fullmatch(plain) else _not_a_date(text))


def _year_last(text: str, notes: list[Text], first: int, second: int, year: int) -> Parsed:
    if first != second and first <= 12 and second <= 12:
        message = t(
            "“{x}” may be {a} or {b}. Write the date as 2026-01-31.",
            "“{x}”可能是 {a} 或 {b}，请按 2026-01-31 的格式填写。",
            x=text,
            a=f"{year}-{first:02}-{second:02}",
            b=f"{year}-{second:02}-{first:02}",
        )
        return Parsed(None, notes, message)
    day, month = (first, second) if first > 12 else (second, first)
    return _day(text, [*notes, YEAR_LAST_READ], year, month, day)


def _day(text: str, notes: list[Text], year: int, month: int, day: int) -> Parsed:
    try:
        return Parsed(date(year, month, day).isoformat(), notes)
    except ValueError:
        return Parsed(None, notes, _not_a_date(text))


def _short_year(text: str) -> Text:
    return t(
        "“{x}” has no year of four digits. Write the date as 2026-01-31.",
        "“{x}”没有四位年份，请按 2026-01-31 的格式填写。",
        x=text[:40],
    )


def _not_a_date(text: str) -> Text:
    return t("“{x}” is not a date. Write it as 2026-01-31.", "“{x}”不是日期，请按 2026-01-31 的格式填写。", x=text[:40])


_READERS: dict[Kind, Callable[[Column, str, list[Text]], Parsed]] = {
    Kind.TEXT: read_text,
    Kind.CODE: read_code,
    Kind.NUMBER: read_number,
    Kind.CHOICE: read_choice,
    Kind.DATE: read_date,
}
