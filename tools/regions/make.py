"""Make `src/zhunsheng/registry/regions/data/regions.csv`; README.md beside this file tells from what and how."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

from english import english, official
from history import Lists, before, changes_by_hand, lists
from places import Place, Places
from successors import level, parent, successors

OUT = Path(__file__).parents[2] / "src/zhunsheng/registry/regions/data/regions.csv"


@dataclass(slots=True)
class Row:
    """One region under one name: the columns of the file."""

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str
    valid_from: date
    valid_to: date | str = ""
    successors: str = ""
    basis: str = ""
    latitude: float | str = ""
    longitude: float | str = ""
    located: str = ""


def rows(found: Lists) -> list[Row]:
    """A row for every run of lists in which a code has a name."""
    days, spelled, by_hand = list(found), official(), by_hand_successors()
    made: list[Row] = []
    open_rows: dict[str, Row] = {}
    for i, day in enumerate(days):
        earlier = found[days[i - 1]] if i else {}
        went_on = successors(earlier, found[day], by_hand)
        for code in [c for c, name in earlier.items() if found[day].get(c) != name]:
            ended = open_rows.pop(code)
            ended.valid_to = before(day)
            if code in went_on:
                ended.successors, ended.basis = ";".join(went_on[code][0]), went_on[code][1]
        for code in [c for c, name in found[day].items() if earlier.get(c) != name]:
            name = found[day][code]
            open_rows[code] = Row(code, name, english(name, spelled), level(code), parent(code, found[day]), day)
            made.append(open_rows[code])
    return sorted(made, key=lambda r: (r.code, r.valid_from))


def by_hand_successors() -> dict[str, list[str]]:
    return {c["old"]: c["new"].split(";") for c in changes_by_hand() if c["old"].isdigit()}


def locate(made: list[Row], places: Places) -> None:
    """Coordinates of what is in force by name; of what ended by where it went, else by where it lay."""
    known: dict[str, Place] = {}
    for one in sorted(made, key=lambda r: (r.valid_to != "", r.level != "province", r.level != "prefecture")):
        if one.valid_to == "" and (at := places.of(one.code, one.name_zh)):
            known[one.code] = at
    for one in sorted(made, key=lambda r: str(r.valid_to) or "9", reverse=True):
        at = known.get(one.code) or next((known[c] for c in one.successors.split(";") if c in known), None)
        at = at or known.get(one.parent) or known.get(one.code[:2] + "0000")
        if at:
            one.latitude, one.longitude, one.located = at.latitude, at.longitude, coarser(at.located, one)
            known.setdefault(one.code, at)


def coarser(located: str, one: Row) -> str:
    """A province's point is never that of a county."""
    return one.level if one.level != "county" and located == "county" else located


def main(maps: Path) -> None:
    made = rows(lists())
    locate(made, Places(maps))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(field.name for field in fields(Row))
        out.writerows(astuple(one) for one in made)
    print(
        len(made), "rows;", Counter(one.basis for one in made), Counter(one.located for one in made if not one.valid_to)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
