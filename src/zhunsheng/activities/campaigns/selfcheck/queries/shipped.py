"""The checklist that comes with the platform: the fifty items of the review table of 2023, with what the registers say of them."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from zhunsheng.activities.campaigns.selfcheck.rules.checklists import Item, items_of
from zhunsheng.activities.campaigns.selfcheck.rules.points import BEYOND
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.stocktaking.rules import CHECKS

NAME: Text = t(
    "Review table of 50 items (SAMR Announcement 2023 No. 21, Annex 4)",
    "检验检测机构资质认定评审表 50 项（市场监管总局公告 2023 年第 21 号附件 4）",
)
POINTS: Mapping[str, Text] = {**{check.code: check.asked for check in CHECKS}, **BEYOND}
"""The points of the registers that an item may name, and what each asks."""


def _rows_of(name: str) -> list[dict[str, str]]:
    package = __package__.rpartition(".")[0]
    text = (files(package) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def meanings() -> Mapping[int, Text]:
    """What each item of the shipped checklist means in plain words: this product’s explanation, no rule."""
    return {int(row["no"]): Text(en=row["en"], zh=row["zh"]) for row in _rows_of("meanings-2023.csv")}


@lru_cache(maxsize=1)
def shipped_items() -> tuple[Item, ...]:
    """The items of the shipped file."""
    rows = list(enumerate(_rows_of("review-2023.csv"), 2))
    items, faults = items_of(rows, POINTS)
    if faults:
        raise ValueError(f"the shipped checklist is damaged in row {faults[0].row}: {faults[0].reason.en}")
    return tuple(items)
