"""Rules about what a test leaves behind: a run of an instrument for a report (F01), a raw file of its own (T12)."""

import polars as pl

from zhunsheng.activities.campaigns.screen.rules.hits import hits, moment
from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers

APART_DAYS = 2
"""One sequence of an instrument may run over night: raw files shared by tests no further apart than this are one batch."""


def no_raw_record(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items with neither a raw file nor a run of an instrument for their report or sample.

    Asked only where the use log of the laboratory covers all days of the test, and of methods for which it has runs of other
    samples: what is done by hand leaves no run.
    """
    uses = logs.uses.lazy()
    span = uses.group_by("inst").agg(
        pl.col("started_at").min().dt.date().alias("from"), pl.col("ended_at").max().dt.date().alias("to")
    )
    begun = pl.coalesce("tested_from", "tested_to").dt.date()
    inside = (begun >= pl.col("from")) & (pl.col("tested_to").dt.date() <= pl.col("to"))
    asked = logs.reports.lazy().join(span, on="inst", how="inner").filter(inside)
    reports, samples = (uses.select("inst", key).drop_nulls().unique() for key in ("report", "sample"))
    traced = asked.join(reports.with_columns(a=True), on=["inst", "report"], how="left").join(
        samples.with_columns(b=True), on=["inst", "sample"], how="left"
    )
    seen = pl.col("a").fill_null(False) | pl.col("b").fill_null(False)
    marked = traced.with_columns(seen.alias("seen")).collect()
    by_instrument = marked.lazy().filter("seen").select("inst", "method").unique()
    found = (
        marked.lazy()
        .filter(~pl.col("seen") & pl.col("raw_sha256").is_null())
        .join(by_instrument, on=["inst", "method"], how="semi")
    )
    values: list[pl.Expr | str] = ["report", "sample", "parameter", "method", moment("tested_to")]
    return hits(found.collect(), "tested_to", ["method"], values)


def recycled_file(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items of different samples that name one raw file, tested in different laboratories or days apart.

    A file of a whole sequence holds many samples; that it holds tests of another week or of another laboratory cannot be.
    """
    with_file = logs.reports.lazy().filter(pl.col("raw_sha256").is_not_null())
    day = pl.col("tested_to").dt.date()
    of_file = with_file.group_by("raw_sha256").agg(
        pl.col("inst").n_unique().alias("places"),
        ((day.max() - day.min()).dt.total_days()).alias("apart"),
        pl.coalesce("sample", "report").n_unique().alias("samples"),
    )
    twice = (pl.col("samples") > 1) & ((pl.col("places") > 1) | (pl.col("apart") > APART_DAYS))
    found = with_file.join(of_file.filter(twice), on="raw_sha256", how="semi").collect()
    short = pl.col("raw_sha256").str.slice(0, 12)
    return hits(found, "tested_to", [short], ["report", "sample", "parameter", moment("tested_to"), short])
