"""Rules about moments that cannot be, and about one thing or one person at two places (T8); exact, no probability."""

import polars as pl

from zhunsheng.activities.campaigns.screen.rules.hits import hits, moment, no_hits
from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers


def before(one: str, other: str) -> pl.Expr:
    """One moment lies before another; by the day alone where one of them was given without its time."""
    timed = pl.col(f"{one}_timed") & pl.col(f"{other}_timed")
    return pl.when(timed).then(pl.col(one) < pl.col(other)).otherwise(pl.col(one).dt.date() < pl.col(other).dt.date())


def issued_before_end(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items whose test ended after the report was issued."""
    found = logs.reports.lazy().filter(before("issued_at", "tested_to")).collect()
    return hits(found, "issued_at", [pl.lit("")], ["report", "parameter", moment("issued_at"), moment("tested_to")])


def tested_before_receipt(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items whose test began (or, without a beginning, ended) before the sample was received."""
    begun = pl.when(pl.col("tested_from").is_not_null()).then(before("tested_from", "received_at"))
    found = logs.reports.lazy().filter(begun.otherwise(before("tested_to", "received_at")).fill_null(False)).collect()
    values: list[pl.Expr | str] = [
        "report",
        "sample",
        moment("received_at"),
        moment("tested_from"),
        moment("tested_to"),
    ]
    return hits(found, "tested_to", [pl.lit("")], values)


def at_two_places(rows: pl.DataFrame) -> pl.DataFrame:
    """Runs (`who`, `place`, `from`, `to`, `label`) that overlap another run of the same `who` at another place.

    Only those who were at two places on one day are looked at pair by pair: that nearly nobody was is what makes it fast.
    """
    days = rows.lazy().select("who", "place", pl.col("from").dt.date().alias("on")).unique()
    several = days.group_by("who", "on").len().filter(pl.col("len") > 1).select("who").unique()
    few = rows.lazy().join(several, on="who", how="semi").collect()
    if not few.height:
        return few.with_columns(other=pl.lit("", pl.String))
    beside = few.select(
        "who",
        pl.col("place").alias("there"),
        pl.col("from").alias("f"),
        pl.col("to").alias("t"),
        pl.col("label").alias("other"),
    )
    met = (
        few.lazy()
        .join(beside.lazy(), on="who")
        .filter((pl.col("place") != pl.col("there")) & (pl.col("from") < pl.col("t")) & (pl.col("f") < pl.col("to")))
    )
    return met.unique(["log", "row"], keep="first").sort("log", "row").collect()


def place() -> pl.Expr:
    return pl.col("inst").cast(pl.String) + " " + pl.col("site")


def instrument_at_two_places(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Runs of one instrument that overlap at two places of a laboratory; only runs with times and a place count."""
    whole = pl.col("started_at_timed") & pl.col("ended_at_timed") & pl.col("site").is_not_null()
    rows = (
        logs.uses.lazy()
        .filter(whole)
        .with_columns(
            who=pl.col("inst").cast(pl.String) + " " + pl.col("serial_key"),
            place=place(),
            label=pl.col("site"),
        )
        .rename({"started_at": "from", "ended_at": "to"})
        .collect()
    )
    found = at_two_places(rows).rename({"from": "started_at", "to": "ended_at"})
    values: list[pl.Expr | str] = ["serial", moment("started_at"), moment("ended_at"), "site", "other"]
    return hits(found, "started_at", ["serial"], values)


def analyst_at_two_places(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Attendances of one person that overlap at two places; a person known by identity in two laboratories is one person."""
    whole = pl.col("arrived_at_timed") & pl.col("left_at_timed")
    rows = logs.people.lazy().filter(whole).join(registers.people.lazy(), on=["inst", "name"], how="left")
    named = rows.with_columns(
        who=pl.col("person").fill_null(pl.col("inst").cast(pl.String) + " " + pl.col("name")),
        site=pl.col("site").fill_null(""),
    ).with_columns(place=place())
    whose = named_places(registers)
    marked = (
        named.join(whose.lazy(), on="inst", how="left")
        .with_columns(label=pl.concat_str([pl.col("called"), pl.col("site")], separator=" ", ignore_nulls=True))
        .rename({"arrived_at": "from", "left_at": "to"})
    )
    found = at_two_places(marked.collect()).rename({"from": "arrived_at", "to": "left_at"})
    return hits(found, "arrived_at", ["name"], ["name", moment("arrived_at"), moment("left_at"), "site", "other"])


def named_places(registers: Registers) -> pl.DataFrame:
    pairs = {"inst": list(registers.names), "called": list(registers.names.values())}
    return pl.DataFrame(pairs, schema={"inst": pl.Int32, "called": pl.String})


ACTIVITIES = (("people", "name", "arrived_at"), ("uses", "analyst", "started_at"), ("reports", "analyst", "tested_to"))
"""Which column of which log says that somebody worked on a day."""


def two_institutions(logs: Logs, registers: Registers) -> pl.DataFrame:
    """One person (by identity) who worked in two institutions on one day; each institution is asked about its own rows.

    Names that two people of an institution bear, and people without an identity number, are nobody that can be recognised.
    """
    parts = [
        getattr(logs, log)
        .lazy()
        .select("log", "row", "inst", pl.col(name).alias("name"), pl.col(at).dt.date().alias("day"))
        for log, name, at in ACTIVITIES
    ]
    shared = registers.people.group_by("person").agg(pl.col("inst").n_unique().alias("n")).filter(pl.col("n") > 1)
    few = registers.people.lazy().join(shared.lazy().select("person"), on="person", how="semi")
    rows = (
        pl.concat(parts)
        .join(few, on=["inst", "name"], how="inner")
        .unique(["person", "inst", "day"], keep="first")
        .collect()
    )
    beside = rows.select("person", "day", pl.col("inst").alias("there"))
    met = rows.join(beside, on=["person", "day"]).filter(pl.col("inst") != pl.col("there"))
    if not met.height:
        return no_hits()
    whose = named_places(registers).rename({"inst": "there"})
    found = (
        met.join(whose, on="there", how="left")
        .unique(["person", "inst", "day"], keep="first")
        .sort("inst", "day", "name")
    )
    return hits(found, "day", ["name"], ["name", "day", "called"])


def two_posts(logs: Logs, registers: Registers) -> pl.DataFrame:
    """People with posts in two institutions on the same day, as the registers say; only of laboratories in the logs."""
    return of_registers(logs, registers.double_posts, "name", ["name", "other", "first", "last"])


def shared_serial(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Instruments whose serial number two institutions have in use, as the registers say; only of laboratories in the logs."""
    named = registers.shared_serials.rename({"day": "first"})
    return of_registers(logs, named, "serial", ["serial", "other"])


def of_registers(logs: Logs, rows: pl.DataFrame, about: str, values: list[pl.Expr | str]) -> pl.DataFrame:
    there = pl.concat([one.lazy().select("inst") for one in (logs.reports, logs.uses, logs.people)]).unique()
    found = (
        rows.lazy()
        .join(there, on="inst", how="semi")
        .with_columns(log=pl.lit(None, pl.Int32), row=pl.lit(None, pl.Int64))
    )
    return hits(found.collect(), "first", [about], values)
