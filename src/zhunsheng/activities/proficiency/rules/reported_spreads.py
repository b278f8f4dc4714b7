"""Reading a reported uncertainty or coverage factor: a positive number, with the signs that people put before it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from zhunsheng.activities.proficiency.rules.reported_values import fold, is_nothing, read_value
from zhunsheng.activities.proficiency.rules.results_columns import FIELDS
from zhunsheng.foundation.bilingual import Text, t


@lru_cache(maxsize=65_536)
def positive_number(text: str, name: str) -> tuple[str | None, Text | None]:
    """The plain number of an uncertainty or a factor, or what is wrong with it; neither where the cell says nothing."""
    if is_nothing(text):
        return None, None
    value = read_value(_bare(text, name))
    if value.kind == "number" and float(value.number) > 0:
        return value.number, None
    if value.kind == "bad" and value.message is not None:
        return None, value.message
    return None, _not_positive(FIELDS[name], text.strip())


_ROOT_THREE = "1.7320508075688772"
_BARE: dict[str, Callable[[str], str]] = {
    "uncertainty": lambda text: text.removeprefix("\u00b1").removeprefix("+/-").strip(),
    "k": lambda text: (
        text.lower().replace(" ", "").removeprefix("k=").replace("\u221a3", _ROOT_THREE).replace("sqrt(3)", _ROOT_THREE)
    ),
}


def _bare(text: str, name: str) -> str:
    """Without the signs that people put before an uncertainty (±) or a factor (k=, √3)."""
    return _BARE[name](fold(text)) if not text[0].isdigit() else text


def _not_positive(field_name: Text, shown: str) -> Text:
    return t(
        "The {name} “{x}” is not greater than zero. Write a positive number or leave the cell empty.",
        "{name}“{x}”不大于零。请填写正数，或将单元格留空。",
        name=field_name,
        x=shown,
    )
