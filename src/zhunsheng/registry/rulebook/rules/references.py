"""How an article is cited: "15(2)" is art. 15 (2), 第十五条第（二）项."""

import re
from typing import Literal

from zhunsheng.foundation.bilingual import Text, t

Numbering = Literal["article", "situation"]
WHOLE = "*"
"""The number of what is cited as a whole, because no article is known."""
_DIGITS = "零一二三四五六七八九"
_SHAPE = re.compile(r"(\d+)(?:\((\d+)\))?")


def chinese_number(n: int) -> str:
    """1 to 99 as regulations count: 一, 十, 十五, 二十, 三十六."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")


def numeral(n: int) -> Text:
    return Text(en=str(n), zh=chinese_number(n))


def base_of(no: str) -> str:
    """The article that an item belongs to: "15(2)" → "15"."""
    return no.partition("(")[0]


def citation(no: str, numbering: Numbering = "article") -> Text:
    """A number in words: an article, an item of one, a clause such as 2.11.1, a situation, or the whole text."""
    if no == WHOLE:
        return t("the whole text", "全文")
    if "." in no:
        return t("clause {n}", "第 {n} 款", n=no)
    match = _SHAPE.fullmatch(no)
    if match is None:
        raise ValueError(f"{no!r} is no number of an article")
    number = numeral(int(match[1]))
    if numbering == "situation":
        return t("situation ({n})", "情形（{n}）", n=number)
    article = t("art. {n}", "第{n}条", n=number)
    return t("{a} ({n})", "{a}第（{n}）项", a=article, n=numeral(int(match[2]))) if match[2] else article
