"""The figures of a case by name: computed when asked for, found under the names that people print them by."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

Maker = Callable[[], Any]
Pattern = Callable[[re.Match[str]], Any]

# units of one letter are left out: u_V and u_m are uncertainties of V and m
_UNITS = tuple(
    unit
    for line in (
        "mV uV nV mA uA ohm mohm kohm kg mg ug ng mm um nm mL degC Pa kPa rad mrad Hz mW",
        "mg_per_kg ug_per_kg ng_per_g mg_per_L ug_per_L g_per_kg per_day per_month per_year per_hour",
    )
    for unit in line.split()
)


class MissingData(LookupError):
    """The case holds no data from which the figure could be computed: the figure is uncovered, not wrong."""


@dataclass(frozen=True, slots=True)
class RowByRow:
    """A figure with one value per laboratory or step, of which a case may print only the first ones."""

    values: list[Any]


class Figures:
    """Names → what computes them; also patterns for names that carry a number, such as U99 or k_crit_5."""

    def __init__(self) -> None:
        self._makers: dict[str, Maker] = {}
        self._patterns: list[tuple[re.Pattern[str], Pattern]] = []

    def put(self, names: str, maker: Maker) -> None:
        """Offer a figure under each of the names (separated by spaces); an earlier offer of a name stays."""
        for name in names.split():
            self._makers.setdefault(name, maker)

    def put_fields(self, found: Maker, fields: Mapping[str, str], *, row_by_row: bool = False) -> None:
        """Offer fields (also a.b) of what `found` computes; `row_by_row` where they hold one value per laboratory."""
        for names, field in fields.items():
            self.put(names, _field(found, field, row_by_row))

    def put_item(self, names: str, array: Maker, *place: int) -> None:
        """Offer one element of the array that is computed."""
        self.put(names, lambda: array()[place])

    def put_all(self, makers: Mapping[str, Maker]) -> None:
        for names, maker in makers.items():
            self.put(names, maker)

    def put_pattern(self, pattern: str, maker: Pattern) -> None:
        """Offer a figure for every name that the whole pattern matches."""
        self._patterns.append((re.compile(pattern), maker))

    def merge(self, other: Figures, prefix: str = "") -> None:
        """Offer the figures of another shelf too, with a prefix to their names."""
        self.put_all({prefix + name: maker for name, maker in other._makers.items()})
        if not prefix:
            self._patterns += other._patterns

    def maker(self, name: str) -> Maker | None:
        """What computes the figure of that name; None where the engine has no such name."""
        for spelling in (name, _without_unit(name)):
            found = self._exactly(spelling) or self._loosely(spelling)
            if found is not None:
                return found
        return None

    def _exactly(self, name: str) -> Maker | None:
        if name in self._makers:
            return self._makers[name]
        for pattern, maker in self._patterns:
            matched = pattern.fullmatch(name)
            if matched is not None:
                return lambda: maker(matched)
        return None

    def _loosely(self, name: str) -> Maker | None:
        """By letters alone, where only one figure reads so; u and U, s_r and s_R stay apart."""
        wanted = _letters(name)
        makers = {id(maker): maker for other, maker in self._makers.items() if _letters(other) == wanted}
        return next(iter(makers.values())) if wanted and len(makers) == 1 else None


def _field(found: Maker, field: str, row_by_row: bool) -> Maker:
    def value() -> Any:
        value = attrgetter(field)(found())
        return RowByRow(np.asarray(value).tolist()) if row_by_row else value

    return value


def _letters(name: str) -> str:
    """Words of three letters and more in lower case; shorter ones are symbols, in which case tells apart."""
    return "".join(word.lower() if len(word) > 2 else word for word in re.findall(r"[A-Za-z]+|\d+", name))


def _without_unit(name: str) -> str:
    for unit in sorted(_UNITS, key=len, reverse=True):
        if name.endswith(f"_{unit}") and len(name) > len(unit) + 1:
            return name[: -len(unit) - 1]
    return name


def plain(value: Any) -> Any:
    """A figure as JSON types: arrays and tuples as lists, NumPy scalars as Python's; what is no number as text."""
    if isinstance(value, RowByRow):
        return plain(value.values)
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


class Data(dict[str, Any]):
    """Data or options of a case; asking for what is not there raises MissingData."""

    def __missing__(self, key: str) -> Any:
        raise MissingData(key)

    def first(self, names: str) -> Any:
        """The value under the first of the names (separated by spaces) that is there and not null."""
        for name in names.split():
            if self.get(name) is not None:
                return self[name]
        raise MissingData(names)

    def has(self, names: str) -> bool:
        return any(self.get(name) is not None for name in names.split())

    def starting(self, words: str) -> Any:
        """The value under the first key that starts with one of the words."""
        for word in words.split():
            for key, value in self.items():
                if key.startswith(word):
                    return value
        raise MissingData(words)

    def said(self) -> str:
        """All that is said in words, in lower case, for looking up what a case asks for."""
        return " ".join(f"{key}: {value}" for key, value in self.items() if isinstance(value, str)).lower()


def columns(data: Mapping[str, Any], but: Iterable[str] = ("lab", "labs", "laboratory", "k")) -> dict[str, list[Any]]:
    """The lists of numbers among the data, in their order."""
    return {
        key: value
        for key, value in data.items()
        if key not in but and isinstance(value, list) and value and all(_is_number(one) for one in value)
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def written(value: Any) -> Any:
    """Data given as a rule for repetition, {"first": …, "then_repeat_500": […]}, written out; other data unchanged."""
    if not isinstance(value, dict):
        return value
    found = [value["first"]] if "first" in value else []
    for key, part in value.items():
        matched = re.fullmatch(r"(?:then_)?repeat_(\d+)", key)
        if matched:
            found += list(part) * int(matched[1])
    return found


def numbered(text: Any) -> float | None:
    """The number that a value is or that a text starts with; None where there is none."""
    if _is_number(text):
        return float(text)
    matched = re.match(r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)", text) if isinstance(text, str) else None
    return float(matched[1]) if matched else None
