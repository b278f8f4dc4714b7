"""What the heading of the uncertainty column says in brackets: its factor, its unit, or what nobody can use."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from zhunsheng.activities.proficiency.rules.reported_spreads import positive_number
from zhunsheng.foundation.bilingual import Text, t


class Bracket(NamedTuple):
    """The factor as (text, plain number), and the unit; `message` where the factor is no number."""

    k: tuple[str, str] | None = None
    unit: str | None = None
    message: Text | None = None


_IS_FACTOR = re.compile(r"k\s*=\s*(.+)", re.IGNORECASE).fullmatch
_BETWEEN = re.compile(r"[,;](?=\s*[^\d\s])|[)\]]\s*[(\[]")  # not the decimal comma of k = 1,73


def read_bracket(bracket: str) -> Bracket:
    """ "k = √3", "mg/kg", or both with a comma between; whatever is no factor is held to be a unit."""
    found = Bracket()
    for part in filter(None, (part.strip() for part in _BETWEEN.split(unicodedata.normalize("NFKC", bracket)))):
        factor = _IS_FACTOR(part)
        if factor is None:
            found = found._replace(unit=part if found.unit is None else f"{found.unit}, {part}")
            continue
        number, message = positive_number(factor[1], "k")
        found = found._replace(message=message) if number is None else found._replace(k=(factor[1], number))
    return found


def other_unit(unit: str, results: str | None) -> Text:
    """Said where the bracket names neither a factor nor the unit of the results."""
    if results is None:
        return t(
            "The heading says “{unit}” in brackets, but the results carry no unit. Give it for the results as well, or"
            " write only k = … in the brackets.",
            "表头括号内为“{unit}”，而结果未注明单位。请同时注明结果的单位，或在括号内只写 k = …。",
            unit=unit,
        )
    return t(
        "The heading says “{unit}” in brackets, but the results are in {results}. Convert the uncertainties to {results},"
        " or write only k = … in the brackets.",
        "表头括号内为“{unit}”，而结果的单位为 {results}。请将不确定度换算为 {results}，或在括号内只写 k = …。",
        unit=unit,
        results=results,
    )
