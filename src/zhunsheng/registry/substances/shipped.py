"""The data in the package, read once."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from zhunsheng.foundation.bilingual import Text, t

DATA = Path(__file__).parent / "data"


class Standing(StrEnum):
    """How a method stands to the list."""

    LISTED = "listed"
    UNPUBLISHED = "unpublished"
    NONE = "none"
    NEEDED = "needed"
    REFERENCE = "reference"
    INDICATOR = "indicator"
    LATER = "later"


STANDINGS: Mapping[Standing, Text] = {
    Standing.LISTED: t("Named in the list", "名单所列方法"),
    Standing.UNPUBLISHED: t("Named in the list, without a standard", "名单所列方法（非标准方法）"),
    Standing.NONE: t("The list names no method", "名单未列方法"),
    Standing.NEEDED: t("To be developed, says the list", "名单注明需要研制"),
    Standing.REFERENCE: t("Another laboratory's method, for reference", "可参照的其他机构方法"),
    Standing.INDICATOR: t("By an indicator", "以其他指标检测"),
    Standing.LATER: t("A later standard", "后续标准"),
}


@dataclass(frozen=True, slots=True)
class Method:
    """One method, or the plain statement that there is none."""

    standing: Standing
    standard: str
    """the number, as the list writes it; empty for a method without one"""
    title: Text
    checked: bool
    """verified against the announcement"""


@dataclass(frozen=True, slots=True)
class Substance:
    """One row of the list."""

    number: int
    name: Text
    also_zh: tuple[str, ...]
    also_en: tuple[str, ...]
    """other names, and what stands for a class: markers, members"""
    cas: tuple[str, ...]
    foods: tuple[Text, ...]
    batches: tuple[int, ...]
    """of several, it is not known which"""
    note: Text
    methods: tuple[Method, ...]

    @property
    def has_listed_method(self) -> bool:
        return any(one.standing in (Standing.LISTED, Standing.UNPUBLISHED) for one in self.methods)

    @property
    def standards(self) -> tuple[str, ...]:
        """Numbers of the standards among its methods, listed and later ones."""
        return tuple(one.standard for one in self.methods if one.standard)


@cache
def substances() -> Mapping[int, Substance]:
    """Every substance by its number, in the order of the list."""
    foods = {row["name_zh"]: Text(en=row["name_en"], zh=row["name_zh"]) for row in _rows("foods.csv")}
    methods: dict[str, list[Method]] = {}
    for row in _rows("methods.csv"):
        title = Text(en=row["title_en"], zh=row["title_zh"])
        made = Method(Standing(row["standing"]), row["standard"], title, row["checked"] == "yes")
        methods.setdefault(row["substance"], []).append(made)
    return {int(row["number"]): _substance(row, foods, methods[row["number"]]) for row in _rows("substances.csv")}


def _substance(row: dict[str, str], foods: Mapping[str, Text], methods: list[Method]) -> Substance:
    return Substance(
        number=int(row["number"]), name=Text(en=row["name_en"], zh=row["name_zh"]), also_zh=_several(row["also_zh"]),
        also_en=_several(row["also_en"]), cas=_several(row["cas"]),
        foods=tuple(foods[one] for one in _several(row["foods"])),
        batches=tuple(int(one) for one in _several(row["batches"])),
        note=Text(en=row["note_en"], zh=row["note_zh"]), methods=tuple(methods),
    )  # fmt: skip


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
