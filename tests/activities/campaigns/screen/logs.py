"""Logs as honest laboratories keep them, and as careless ones do; seeded, so that what is measured can be measured again."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from tests.activities.campaigns.screen.network import FIRST, Item, Laboratory, Network, Worker
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.foundation.spreadsheets import write_csv

Row = dict[str, Any]
STEP = 0.01
BEHIND = 0.1
"""Of so many instruments the newest calibration is not in the register yet."""


@dataclass
class Written:
    """The rows of the three logs, as they were written."""

    reports: list[Row] = field(default_factory=list)
    uses: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)

    def rows(self, kind: str) -> list[Row]:
        found: list[Row] = getattr(self, kind)
        return found


def honest(net: Network, seed: int, days: int = 10) -> Written:
    """Every laboratory at work for so many working days: batches, runs over night, tests of several days, retests, work by hand."""
    chance, written = random.Random(seed), Written()
    for one in net.laboratories:
        for day in working_days(days):
            for analyst in one.analysts:
                a_day(one, analyst, day, chance, written)
    return written


def working_days(count: int) -> list[date]:
    every = (FIRST + timedelta(days=n) for n in range(count * 2))
    return [day for day in every if day.weekday() < 5][:count]


def a_day(one: Laboratory, analyst: Worker, day: date, chance: random.Random, written: Written) -> None:
    """One analyst's day: presence, a few samples of one item each, each with its run where an instrument does it."""
    begun = at(day, 8, chance.randrange(0, 20))
    written.people.append(presence(one, analyst, begun, at(day, 17, 30)))
    item = chance.choice(one.items)
    for n in range(max(1, one.samples_a_day + chance.choice([-1, 0, 0, 1]))):
        a_sample(one, analyst, item, begun + timedelta(minutes=15 + 45 * n), chance, written)


def a_sample(
    one: Laboratory, analyst: Worker, item: Item, begun: datetime, chance: random.Random, written: Written
) -> Row:
    number = len(written.reports)
    instrument, ended = one.instrument_of(item), begun + timedelta(minutes=chance.choice([30, 40, 600]))
    sample, report = f"S{one.number:02d}-{number:06d}", f"R{one.number:02d}-{number:06d}"
    signatory = next(each for each in one.signatories if item.field in each.fields)
    row: Row = {
        "uscc": one.uscc, "report": report, "sample": sample, "parameter": item.parameter, "matrix": item.matrix,
        "method": item.method, "received_at": said(begun - timedelta(hours=chance.choice([1, 20, 44]))),
        "tested_from": said(begun), "tested_to": said(ended),
        "issued_at": issue(ended, chance), "signatory": signatory.name, "analyst": analyst.name,
        "serial": instrument.serial if instrument else "", "marked": "是", **figures(chance),
        "raw_sha256": batch(one, item, begun.date()) if instrument else "",
    }  # fmt: skip
    written.reports.append(row)
    if instrument:
        written.uses.append({
            "uscc": one.uscc, "serial": instrument.serial, "started_at": said(begun), "ended_at": said(ended),
            "analyst": analyst.name, "sample": sample, "report": report, "site": instrument.site, "raw_sha256": row["raw_sha256"],
        })  # fmt: skip
    return row


def presence(one: Laboratory, who: Worker, arrived: datetime, left: datetime, site: str = "一号楼") -> Row:
    return {"uscc": one.uscc, "name": who.name, "arrived_at": said(arrived), "left_at": said(left), "site": site}


def figures(chance: random.Random) -> Row:
    """Two readings at a step; mean and standard deviation of what was read, the mean with a digit more."""
    first = chance.randrange(20, 900)
    second = first + chance.choice([0, 0, 1, 1, 2, 3])
    mean, sd = (first + second) / 2 * STEP, abs(first - second) * STEP / 2**0.5
    return {"mean": f"{mean:.3f}", "sd": f"{sd:.4f}", "readings": "2", "step": "0.01"}


def batch(one: Laboratory, item: Item, day: date) -> str:
    """One raw file for all samples of an item and a day."""
    return hashlib.sha256(f"{one.number} {item.number} {day}".encode()).hexdigest()


def issue(ended: datetime, chance: random.Random) -> str:
    """On the day itself or later, by the day alone or with the time."""
    moment = ended + timedelta(hours=chance.choice([2, 26, 50]))
    return chance.choice([said(moment), moment.date().isoformat()])


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def careless(net: Network, written: Written, seed: int, share: float = 0.002) -> Written:
    """The same honest work with slips: a share of the rows, and as large a share of the registers behind."""
    chance = random.Random(seed)
    for row in written.reports:
        if chance.random() < share:
            chance.choice(SLIPS)(row, chance)
        if chance.random() < share / 4:
            unlogged(row, written)
    for one in net.laboratories:
        for instrument in one.instruments:
            if chance.random() < BEHIND:
                instrument.calibrated.pop()
    return written


def unlogged(row: Row, written: Written) -> None:
    """A run that nobody logged, and its file that nobody named."""
    row["raw_sha256"] = ""
    written.uses[:] = [use for use in written.uses if use["report"] != row["report"]]


def month_early(row: Row, chance: random.Random) -> None:
    row["issued_at"] = said(moment_of(row["issued_at"]) - timedelta(days=28))


def received_late(row: Row, chance: random.Random) -> None:
    row["received_at"] = said(moment_of(row["tested_to"]) + timedelta(hours=3))


def other_spelling(row: Row, chance: random.Random) -> None:
    row["signatory"] = row["signatory"][:-1]


def unrounded(row: Row, chance: random.Random) -> None:
    """The mean of readings that were not rounded yet."""
    row["mean"] = f"{float(row['mean']) + chance.choice([0.001, 0.002, 0.003]):.4f}"


def template_named(row: Row, chance: random.Random) -> None:
    row["raw_sha256"] = hashlib.sha256(b"template").hexdigest()


SLIPS: list[Callable[[Row, random.Random], None]] = [
    month_early,
    received_late,
    other_spelling,
    unrounded,
    template_named,
]


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def texts(written: Written, kind: str) -> pl.DataFrame:
    """The rows of a log as they would be read from its file."""
    rows = written.rows(kind)
    columns = {key: [row.get(key, "") for row in rows] for key in LOGS[kind].keys}
    numbered = {"row": range(2, len(rows) + 2), **columns}
    return pl.DataFrame(numbered, schema={"row": pl.Int64, **dict.fromkeys(columns, pl.String)})


def csv_of(written: Written, kind: str, lang: str = "zh") -> bytes:
    """The file of a log."""
    log = LOGS[kind]
    heads = [column.header.zh if lang == "zh" else column.header.en for column in log.columns]
    return write_csv(heads, [[row.get(key, "") for key in log.keys] for row in written.rows(kind)])
