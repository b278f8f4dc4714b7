"""Reading one reported value: what is unambiguous is understood, what could be read in two ways is a fault.

Understood: full-width digits and signs, every kind of space (also as thousands separator), invisible characters, the
minus signs of print, a decimal comma that cannot be a thousands comma (0,013 · 12,5 · 1.234,5), thousands commas that
cannot be decimal (1,234.5 · 1,234,567). A fault: 1,234 (one thousand, or one and a bit?).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from zhunsheng.foundation.bilingual import Text, t

LARGEST, SMALLEST = Decimal("1E100"), Decimal("1E-100")  # beyond, squares and quotients leave the range of a float64

Kind = Literal["number", "below", "above", "not_detected", "blank", "bad"]


class ReadValue(NamedTuple):
    """What a cell says: `number` in plain ASCII where there is one (for "below" and "above" the limit)."""

    kind: Kind
    number: str = ""
    changed: bool = False
    message: Text | None = None


_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII).fullmatch
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD, *range(0x202A, 0x202F)])
_SPACES = dict.fromkeys([0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0A, 0x0D], " ")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_MINUS = dict.fromkeys([0x2212, 0x2013, 0xFE63], "-")
_COMPARISONS = {0x2264: "<", 0x2A7D: "<", 0x2265: ">", 0x2A7E: ">"}
_FOLD = _INVISIBLE | _SPACES | _FULL_WIDTH | _MINUS | _COMPARISONS

_NOTHING = frozenset(
    {"", "-", "--", "/", "\\", "\u2014", "\u2014\u2014", "n/a", "na", "none", "无", "未报告", "未提供"}
)
_NOT_DETECTED = re.compile(r"(?:n\.?d\.?|not detected|未检出)(?:\s*\(.*\))?", re.IGNORECASE).fullmatch
_WORDS = (
    re.compile(r"^(?:小于|低于|less than)\s*", re.IGNORECASE),
    re.compile(r"^(?:大于|高于|more than)\s*", re.IGNORECASE),
)

_DECIMAL_COMMA = re.compile(
    r"[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+)", re.ASCII
).fullmatch
_THOUSANDS_COMMA = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+\.\d*|(?:,\d{3}){2,})", re.ASCII).fullmatch
_THOUSANDS_DOT = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII).fullmatch
_THOUSANDS_SPACE = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d*)?", re.ASCII).fullmatch
_EITHER_COMMA = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII).fullmatch
_EITHER_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII).fullmatch
_STARTS_AS_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*[^\d.,\s]", re.ASCII).match


def fold(text: str) -> str:
    """Invisible characters away, full-width to ASCII, one kind of space and of minus; the ends trimmed."""
    return text.translate(_FOLD).strip()


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, a stroke, n/a, 无."""
    return fold(text).lower() in _NOTHING


def has_decimal_comma(text: str) -> bool:
    """Whether the text is a number with a comma for its decimal sign."""
    return _DECIMAL_COMMA(fold(text).replace(" ", "")) is not None


def may_be_thousands(text: str) -> bool:
    """Whether, among decimal commas, the point of the text could separate thousands: 1.234."""
    return _EITHER_POINT(fold(text)) is not None


def read_value(text: str) -> ReadValue:
    """What the text of a cell reports; kind "bad" comes with a message that says the mend."""
    if _PLAIN(text):
        short = len(text) < 100 and "e" not in text and "E" not in text  # cannot be out of range
        return ReadValue("number", text) if short else _number(text, text)
    folded = fold(text)
    if folded.lower() in _NOTHING:
        return ReadValue("blank")
    if _NOT_DETECTED(folded):
        return ReadValue("not_detected")
    folded = _WORDS[1].sub(">", _WORDS[0].sub("<", folded))
    if folded[0] in "<>":
        return _limit(folded, text)
    return _number(_plain(folded), text)


def _limit(folded: str, text: str) -> ReadValue:
    inner = _number(_plain(folded[1:].lstrip("= ")), text)
    if inner.kind == "bad":
        return inner
    return ReadValue("below" if folded[0] == "<" else "above", inner.number)


def _plain(folded: str) -> str:
    """ASCII digits with a decimal point where the notation leaves one reading; the text itself otherwise."""
    if _THOUSANDS_SPACE(folded):
        folded = folded.replace(" ", "")
        if "." not in folded and folded.count(",") == 1:
            return folded.replace(",", ".")
    if _THOUSANDS_COMMA(folded):
        return folded.replace(",", "")
    if _DECIMAL_COMMA(folded):
        return folded.replace(".", "").replace(",", ".")
    if _THOUSANDS_DOT(folded):
        return folded.replace(".", "")
    return folded


def _number(plain: str, text: str) -> ReadValue:
    if not _PLAIN(plain):
        return ReadValue("bad", message=_complaint(plain, text))
    size = abs(Decimal(plain))
    if size > LARGEST or 0 < size < SMALLEST:
        return ReadValue("bad", message=_out_of_range(text, too_large=size > LARGEST))
    return ReadValue("number", plain, plain != text)


def _out_of_range(text: str, *, too_large: bool) -> Text:
    if too_large:
        return t(
            "“{x}” is too large; at most 1E100 is read. Correct it or choose a larger unit.",
            "“{x}”数值过大（上限为 1E100）。请更正，或改用更大的单位。",
            x=text.strip()[:60],
        )
    return t(
        "“{x}” is too small; apart from 0, at least 1E-100 is read. Correct it or choose a smaller unit.",
        "“{x}”数值过小（除 0 外，下限为 1E-100）。请更正，或改用更小的单位。",
        x=text.strip()[:60],
    )


def _complaint(folded: str, text: str) -> Text:
    shown = text.strip()[:60]
    if _EITHER_COMMA(folded):
        return t(
            "“{x}” can be read in two ways. Write {decimal} or {thousands}.",
            "“{x}”有两种读法，请写成 {decimal} 或 {thousands}。",
            x=shown,
            decimal=folded.replace(",", "."),
            thousands=folded.replace(",", ""),
        )
    if folded.endswith("%"):
        return t(
            "“{x}” carries a percent sign. Write the number alone, in the unit of the results.",
            "“{x}”带有百分号。请只填写数字，并与结果使用同一单位。",
            x=shown,
        )
    if re.search("[\u00d7xX*]\\s*10", folded):
        return t(
            "“{x}” is not read. Write powers of ten as 1.3E-2.", "无法识别“{x}”。请将 10 的幂写成 1.3E-2。", x=shown
        )
    if _STARTS_AS_NUMBER(folded):
        return t(
            "“{x}” holds more than a number. Write the number alone; a unit belongs in the column “unit”.",
            "“{x}”除数字外还有其他内容。请只填写数字，单位请填入“单位”列。",
            x=shown,
        )
    return t(
        "“{x}” is not a number. Write digits and a decimal point (0.013), or <0.01 for a result below a limit, or leave"
        " the cell empty.",
        "“{x}”不是数字。请填写数字（如 0.013），低于限值时填写 <0.01，没有结果时留空。",
        x=shown,
    )
