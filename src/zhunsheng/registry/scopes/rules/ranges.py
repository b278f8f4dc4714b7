"""Ranges as scopes state them: read to check them, kept as received; pure."""

import re
import unicodedata
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t

_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:\s*[×xX*]\s*10\s*\^?\s*[+-]?\d+|[eE][+-]?\d+)?"
_BOUND = re.compile(rf"(?P<sign>[<>≤≥≦≧]?)\s*(?P<number>{_NUMBER})\s*(?P<unit>.*)")
_BETWEEN = re.compile(
    rf"[(\[]?\s*(?P<low>{_NUMBER})\s*(?P<unit_low>[^~\d)\]]*?)\s*(?:[~\u223c\u301c–—]|-|至|到|to)\s*(?P<high>{_NUMBER})\s*[)\]]?\s*(?P<unit>.*)"
)
_TENS = re.compile(r"\s*[×xX*]\s*10\s*\^?\s*")
_THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Range:
    """The ends as written and their unit; an end that is open is empty."""

    low: str
    high: str
    unit: str


def read_range(text: str) -> Range | None:
    """The ends and the unit of a range written in one cell: "(0.02~5) mg/kg", "≥0.5 g/100 g", "10 mg/L 至 2 g/L"; None if it is not one.

    Two different units stand with their ends.
    """
    written = _plain(text)
    if found := _BETWEEN.fullmatch(written):
        below, above = found["unit_low"].strip(), found["unit"].strip()
        if below and above and below != above:
            return Range(f"{found['low']} {below}", f"{found['high']} {above}", "")
        return Range(found["low"], found["high"], above or below)
    if found := _BOUND.fullmatch(written):
        if found["sign"] in {">", "≥", "≧"}:
            return Range(found["sign"] + found["number"], "", found["unit"].strip())
        if found["sign"]:
            return Range("", found["sign"] + found["number"], found["unit"].strip())
    return None


def range_faults(low: str, high: str, unit: str) -> list[Text]:
    """What is wrong with a range: its lower end above its upper one, where both are numbers of one unit. All else is taken as received."""
    below, above = _bound(low, unit), _bound(high, unit)
    if below is None or above is None or below[1] != above[1] or below[0] <= above[0]:
        return []
    return [
        t("The lower end {a} is above the upper end {b}.", "下限 {a} 大于上限 {b}。", a=low.strip(), b=high.strip())
    ]


def _bound(text: str, unit: str) -> tuple[float, str] | None:
    """The number of an end and its unit; None for words."""
    if (found := _BOUND.fullmatch(_plain(text))) is None:
        return None
    number = _TENS.sub("e", found["number"])
    return float(number), _plain(found["unit"]) or _plain(unit)


def _plain(text: str) -> str:
    """Half-width, a minus sign as a hyphen, thousands closed up."""
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip())
