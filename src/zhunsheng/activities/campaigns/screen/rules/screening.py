"""The whole screen: every rule over the logs, its hits put together into questions, those already asked left out."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from zhunsheng.activities.campaigns.screen.rules.catalogue import RULES
from zhunsheng.activities.campaigns.screen.rules.hits import HIT
from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers
from zhunsheng.activities.campaigns.screen.rules.rule import Rule

EVIDENCE = {"rule": pl.String, **HIT, "pack": pl.String, "print": pl.String}
"""A hit with its rule, the pack of rules of its day, and its fingerprint, by which it is known again in another file."""
GROUP = ["inst", "rule", "about", "pack"]
SIDE_BY_SIDE = 2
"""Much of a rule keeps one core at work only; more rules at a time would want more memory."""


@dataclass(frozen=True, slots=True)
class Question:
    """Rows that are asked about together: of one institution, rule and subject, under one pack of rules.

    first, rows: which lines of the evidence are behind it. opened_on, ended_on: first and last day of the acts.
    """

    inst: int
    rule: str
    about: tuple[str, ...]
    pack: str
    first: int
    rows: int
    opened_on: date
    ended_on: date


def screen(
    logs: Logs,
    registers: Registers,
    pack_of: Callable[[date], str],
    *,
    rules: Iterable[Rule] = RULES,
    done: Callable[[int, int], None] = lambda done, total: None,
) -> pl.DataFrame:
    """Every hit of every rule (`EVIDENCE`), in the order of the questions that they make, whichever rule was ready first."""
    asked, parts = list(rules), list[pl.DataFrame]()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        found = pool.map(lambda rule: rule.find(logs, registers), asked)
        for number, (rule, rows) in enumerate(zip(asked, found, strict=True), 1):
            parts.append(rows.select(pl.lit(rule.key).alias("rule"), *HIT))
            done(number, len(asked))
    return fingerprinted(with_pack(pl.concat(parts), pack_of)).sort([*GROUP, "day", "log", "row", "print"])


def with_pack(found: pl.DataFrame, pack_of: Callable[[date], str]) -> pl.DataFrame:
    """Add the pack of rules that was in force on the day of each act."""
    days = found.get_column("day").unique().to_list()
    packs = pl.DataFrame(
        {"day": days, "pack": [pack_of(day) for day in days]}, schema={"day": pl.Date, "pack": pl.String}
    )
    return found.join(packs, on="day", how="left")


def fingerprinted(found: pl.DataFrame) -> pl.DataFrame:
    """Add what a hit is known by: its rule, institution and what it shows, whichever file and row brought it.

    `inst` is a number of one screen only, so that the institution itself comes in with `places` when hits are compared.
    """
    said = found.select("rule", "day", "about", "values").iter_rows()
    prints = [hashlib.sha256(repr(row).encode()).hexdigest()[:32] for row in said]
    return found.with_columns(pl.Series("print", prints, dtype=pl.String))


def not_asked_before(found: pl.DataFrame, asked: Collection[tuple[int, str]]) -> pl.DataFrame:
    """Leave out the hits (institution, fingerprint) behind earlier questions, and what stands twice in the files."""
    once = found.unique(["inst", "print"], keep="first", maintain_order=True)
    if not asked:
        return once
    before = pl.DataFrame(list(asked), schema={"inst": pl.Int32, "print": pl.String}, orient="row")
    return once.join(before, on=["inst", "print"], how="anti", maintain_order="left")


def questions(found: pl.DataFrame) -> Iterator[Question]:
    """The questions that the hits make, in their order."""
    numbered = (
        found.with_row_index("number")
        .group_by(GROUP, maintain_order=True)
        .agg(
            pl.col("number").min().alias("first"),
            pl.len().alias("rows"),
            pl.col("day").min().alias("opened_on"),
            pl.col("day").max().alias("ended_on"),
        )
    )
    for row in numbered.iter_rows(named=True):
        yield Question(**{**row, "about": tuple(row["about"])})
