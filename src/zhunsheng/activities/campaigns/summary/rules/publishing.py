"""From the figures in full to what everybody may read: one system of counts over all tables, so that none gives another away; pure."""

from collections.abc import Mapping
from typing import Any

from zhunsheng.activities.campaigns.summary.rules.intervals import Share
from zhunsheng.activities.campaigns.summary.rules.suppression import FEW, Cell, Shown, Sum, suppressed

COLUMNS = ("enrolled", "committed", "handed_in", "inspected", "with_problem", "finished")
"""What is told of each place, in institutions."""
PARTS = (
    ("enrolled", "committed"),
    ("enrolled", "handed_in"),
    ("enrolled", "inspected"),
    ("inspected", "with_problem"),
    ("with_problem", "finished"),
)
"""A column and another that counts some of the same institutions: how many did not must not be computable when they are few."""


HEADLINES = frozenset({"findings/all", "sayings/all", "comparable", "before/inspected", "again/all"})
"""Beside the totals: without these a table says nothing."""


class _System:
    """The counts of all tables with the sums that join them."""

    def __init__(self) -> None:
        self.cells: dict[str, Cell] = {}
        self.sums: list[Sum] = []

    def count(self, key: str, value: int, units: int | None = None) -> None:
        self.cells[key] = Cell(
            value, value if units is None else units, headline=key in HEADLINES or key.startswith("total/")
        )

    def some(self, whole: str, part: str, value: int) -> None:
        """A count of some of those that another counts."""
        self.count(part, value)
        self.rest(whole, part)

    def rest(self, whole: str, part: str) -> None:
        """How many of the whole are not in the part: told nowhere."""
        key, left = f"{whole} without {part}", self.cells[whole].value - self.cells[part].value
        self.cells[key] = Cell(left, left, told=False)
        self.sums.append(Sum(whole, (part, key)))

    def split(self, name: str, figures: Mapping[str, list[int]], whole: str = "all") -> None:
        """A total of findings and its parts, each with at how many institutions."""
        for key, (n, units) in figures.items():
            self.count(f"{name}/{key}", n, units)
        self.sums.append(Sum(f"{name}/{whole}", tuple(f"{name}/{key}" for key in figures if key != whole)))


def published(figures: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """The figures as everybody may read them: counts that would single out an institution are withheld, with what is said of them.

    `whole`: nothing is withheld, for the authority itself.
    """
    below = 0 if whole else figures["method"]["alone_from"]
    shown = {key: f"<{below}" if one == FEW else one for key, one in suppressed(*_system(figures), below=below).items()}
    pick = shown.__getitem__
    return {
        "method": figures["method"], "on": figures["on"],
        "places": [
            {"code": one["code"], "name": one["name"], **{c: pick(f"{one['code']}/{c}") for c in COLUMNS}} for one in figures["places"]
        ],
        "total": {column: pick(f"total/{column}") for column in COLUMNS},
        "classes": [
            {"code": one["code"], "name": one["name"], **_share(pick(f"class/{one['code']}"), pick("total/inspected"))}
            for one in figures["classes"]
        ],
        **{
            name: {key: pick(f"{name}/{key}") for key in figures[name]}
            for name in ("findings", "sayings", "look_back", "effective")
        },
        "called_fine": _share(pick("called_fine"), pick("comparable")),
        "effects": [_effect(one, shown) for one in figures["effects"]],
    }  # fmt: skip


def _system(figures: Mapping[str, Any]) -> tuple[dict[str, Cell], list[Sum]]:
    made = _System()
    _places(made, figures)
    for one in figures["classes"]:
        made.some("total/inspected", f"class/{one['code']}", one["institutions"])
    made.split("findings", figures["findings"])
    made.split("sayings", {"all": figures["findings"]["all"], **figures["sayings"]})
    made.split("look_back", figures["look_back"])
    made.split("effective", figures["effective"])
    made.some("total/with_problem", "comparable", figures["comparable"])
    made.some("comparable", "called_fine", figures["called_fine"][0])
    _effects(made, {one["key"]: one for one in figures["effects"]}, figures["pairs"])
    return made.cells, made.sums


def _places(made: _System, figures: Mapping[str, Any]) -> None:
    rows = [*((one["code"], one) for one in figures["places"]), ("total", figures["total"])]
    for code, row in rows:
        for column in COLUMNS:
            made.count(f"{code}/{column}", row[column])
        for whole, part in PARTS:
            made.rest(f"{code}/{whole}", f"{code}/{part}")
    for column in COLUMNS:
        made.sums.append(Sum(f"total/{column}", tuple(f"{one['code']}/{column}" for one in figures["places"])))


def _effects(made: _System, found: Mapping[str, Any], pairs: Mapping[str, int]) -> None:
    """The shares before and after. Who had a major problem or one that came back is among those with any problem."""
    same = {"nonconforming": "total/with_problem", "called_fine": "called_fine"}
    for key in ("major", "repeat"):
        made.some("total/with_problem", f"after/{key}", found[key]["after"][0])
    for key, cell in same.items():
        made.cells[f"after/{key}"] = made.cells[cell]
        made.sums.append(Sum(cell, (f"after/{key}",)))
    made.count("before/inspected", found["nonconforming"]["before"][1])
    made.some("before/inspected", "before/nonconforming", found["nonconforming"]["before"][0])
    for key in ("major", "repeat"):
        made.some("before/nonconforming", f"before/{key}", found[key]["before"][0])
    made.some("before/nonconforming", "before/comparable", found["called_fine"]["before"][1])
    made.some("before/comparable", "before/called_fine", found["called_fine"]["before"][0])
    _pairs(made, pairs)


def _pairs(made: _System, pairs: Mapping[str, int]) -> None:
    """The same institutions twice. The interval of the difference tells the four counts, so each of them has to be told or none."""
    for key, value in pairs.items():
        made.count(f"pairs/{key}", value)
    made.count("again/all", sum(pairs.values()))
    made.count("before/again", pairs["both"] + pairs["first_only"])
    made.count("after/again", pairs["both"] + pairs["then_only"])
    made.sums += [
        Sum("again/all", ("pairs/both", "pairs/first_only", "pairs/then_only", "pairs/neither")),
        Sum("before/again", ("pairs/both", "pairs/first_only")),
        Sum("after/again", ("pairs/both", "pairs/then_only")),
    ]


WHOLES = {
    "nonconforming": ("before/inspected", "total/inspected"),
    "major": ("before/inspected", "total/inspected"),
    "repeat": ("before/inspected", "total/inspected"),
    "called_fine": ("before/comparable", "comparable"),
    "again": ("again/all", "again/all"),
}


def _effect(one: Mapping[str, Any], shown: Mapping[str, Shown]) -> dict[str, Any]:
    """An indicator; what the interval says only where every count that it was computed from is told."""
    key, (first, then) = one["key"], WHOLES[one["key"]]
    before, after = _share(shown[f"before/{key}"], shown[first]), _share(shown[f"after/{key}"], shown[then])
    asked = [*before.values(), *after.values()]
    if key == "again":
        asked += [shown[each] for each in shown if each.startswith("pairs/")]
    told = all(not isinstance(each, str) for each in asked)
    said = {name: one[name] for name in ("sentence", "verdict", "fall", "small")} if told else {}
    return {"key": key, "before": before, "after": after, "told": told, "cautions": one["cautions"], **said}


def _share(n: Shown, of: Shown) -> dict[str, Any]:
    """So many of so many, with Wilson's interval where both are told."""
    interval = Share(n, of).interval() if isinstance(n, int) and isinstance(of, int) else None
    return {"n": n, "of": of, "interval": [interval.low, interval.high] if interval else None}
