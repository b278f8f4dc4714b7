"""Rules about figures: arithmetic that cannot be (T9), and more work than hours or peers allow (T13)."""

from collections.abc import Callable

import polars as pl
from intercomp.errors import InputError
from intercomp.forensics import Arithmetic, mean_possible, sd_possible
from scipy.special import stdtrit

from zhunsheng.activities.campaigns.screen.rules.hits import hits, no_hits
from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers

NUMBER, COUNT = r"^-?\d{1,12}(\.\d{1,9})?$", r"^[1-9]\d{0,3}$"
PLAY = 1e-9
"""So far from a whole number floating point may err: what lies nearer is left to exact fractions."""
LEAST_MINUTES = 1
"""Nobody finishes samples faster than one a minute all day, whatever the method."""
DAY_MINUTES = 24 * 60
PEERS, CHANCE, TIMES = 10, 0.05, 3.0
"""Compared where so many do the same work; one honest screen in twenty may name somebody; and it must be so many times the median."""


def impossible_mean(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Means that no readings of the stated number and step can give (T9); floating point finds candidates, fractions decide."""
    figures = different(logs.reports, "mean", "readings", "step")
    half = 0.5 * 10.0 ** (-places("mean"))
    number, step = pl.col("readings").cast(pl.Float64), pl.col("step").cast(pl.Float64)
    low, high = ((pl.col("mean").cast(pl.Float64) + sign * half) * number / step for sign in (-1, 1))
    play = PLAY * pl.max_horizontal(high.abs(), pl.lit(1.0))
    gate = (step > 0) & (number * half * 2 < step * (1 + PLAY))
    found = figures.filter(gate & ((low + play).ceil() > (high - play).floor()))
    sure = decided(found, lambda row: mean_possible(row["mean"], int(row["readings"]), row["step"]))
    rows = logs.reports.join(sure, on=["mean", "readings", "step"], how="semi")
    return hits(rows, "tested_to", ["parameter"], ["report", "parameter", "mean", "readings", "step"])


def impossible_sd(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Standard deviations that no two readings of the stated step can give (T9): |a − b| = s·√2 must be a whole number of steps."""
    figures = different(logs.reports, "mean", "sd", "readings", "step").filter(pl.col("readings") == "2")
    step, sd = pl.col("step").cast(pl.Float64), pl.col("sd").cast(pl.Float64)
    half = 0.5 * 10.0 ** (-places("sd"))
    low, high = ((sd + sign * half) * 2**0.5 / step for sign in (-1, 1))
    found = figures.filter((step > 0) & (sd >= 0) & ((low + PLAY).ceil() > (high - PLAY).floor()))
    sure = decided(found, lambda row: sd_possible(row["mean"], row["sd"], int(row["readings"]), row["step"]))
    rows = logs.reports.join(sure, on=["mean", "sd", "readings", "step"], how="semi")
    return hits(rows, "tested_to", ["parameter"], ["report", "parameter", "mean", "sd", "step"])


def different(reports: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The different sets of figures, as far as all are plain decimal numbers; "<0.01" and "ND" are nothing to compute with."""
    sound = pl.all_horizontal(pl.col(one).str.contains(COUNT if one == "readings" else NUMBER) for one in columns)
    return reports.lazy().select(columns).drop_nulls().unique().filter(sound).collect()


def places(column: str) -> pl.Expr:
    """How many digits stand behind the point."""
    return pl.col(column).str.extract(r"\.(\d+)$").str.len_chars().fill_null(0).cast(pl.Float64)


def decided(found: pl.DataFrame, ask: Callable[[dict[str, str]], Arithmetic]) -> pl.DataFrame:
    """Of the candidates those that exact arithmetic calls impossible."""
    sure = [impossible(ask, row) for row in found.iter_rows(named=True)]
    return found.filter(pl.Series(sure, dtype=pl.Boolean))


def impossible(ask: Callable[[dict[str, str]], Arithmetic], row: dict[str, str]) -> bool:
    try:
        return ask(row).verdict == "impossible"
    except InputError:
        return False


def load_bound(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Analysts who finished more samples on a day than it has minutes: of attendance where it was logged, else of the whole day."""
    present = (
        logs.people.lazy()
        .filter(pl.col("arrived_at_timed") & pl.col("left_at_timed"))
        .group_by("inst", pl.col("name").alias("analyst"), pl.col("arrived_at").dt.date().alias("day"))
        .agg((pl.col("left_at") - pl.col("arrived_at")).dt.total_minutes().sum().alias("minutes"))
    )
    whole = (
        logs.daily.lazy().group_by("inst", "analyst", "day").agg(pl.col("samples").sum(), pl.col("log", "row").first())
    )
    minutes = pl.col("minutes").fill_null(DAY_MINUTES)
    rows = whole.join(present, on=["inst", "analyst", "day"], how="left").with_columns(minutes)
    found = rows.filter(pl.col("samples") * LEAST_MINUTES > pl.col("minutes")).sort("inst", "analyst", "day").collect()
    return hits(found, "day", ["analyst"], ["analyst", "day", "samples", "minutes"])


def load_peers(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Analysts with far more samples a working day than those of their laboratory and field (T13).

    t = (log x − median)/(1.4826·MAD) over at least 10 peers against t with 8 degrees of freedom, Bonferroni over all who were
    compared; and at least three times the median. Integrity: robust log-t₈, family-wise 0.05.
    """
    each = (
        logs.daily.lazy()
        .group_by("inst", "field", "analyst")
        .agg(
            pl.col("samples").mean().alias("a_day"),
            pl.col("samples").sum(),
            pl.col("day").max(),
            pl.col("log", "row").first(),
        )
    )
    peers = ["inst", "field"]
    x = pl.col("a_day").log()
    centred = each.with_columns(x.alias("x"), x.median().over(peers).alias("middle"), pl.len().over(peers).alias("n"))
    spread = (pl.col("x") - pl.col("middle")).abs().median().over(peers) * 1.4826
    rows = centred.filter(pl.col("n") > PEERS).with_columns(spread.alias("spread")).collect()
    if not rows.height:
        return no_hits()
    limit = float(stdtrit(8, 1 - CHANCE / rows.height))  # scipy.stats takes two seconds to load
    far = (pl.col("x") - pl.col("middle")) > limit * pl.max_horizontal(pl.col("spread"), pl.lit(0.1))
    found = rows.filter(far & (pl.col("x") - pl.col("middle") > pl.lit(TIMES).log())).sort("inst", "analyst")
    usual = pl.col("middle").exp().round(1)
    return hits(found, "day", ["analyst", "field"], ["analyst", "field", "samples", pl.col("a_day").round(1), usual])
