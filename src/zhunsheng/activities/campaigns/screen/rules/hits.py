"""What every rule returns: the rows it asks about, each with what was seen there."""

from collections.abc import Mapping

import polars as pl

HIT: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "log": pl.Int32,
    "row": pl.Int64,
    "inst": pl.Int32,
    "day": pl.Date,
    "about": pl.List(pl.String),
    "values": pl.List(pl.String),
}
"""log, row: the file and its row (null where a register is the ground); day: of the act; about: what the question is about."""


def no_hits() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(HIT))


def hits(rows: pl.DataFrame, day: str, about: list[pl.Expr | str], values: list[pl.Expr | str]) -> pl.DataFrame:
    """Rows as hits: `day` names the column of the act's day, `about` and `values` what becomes text."""
    if not rows.height:
        return no_hits()
    return rows.select(
        pl.col("log").cast(pl.Int32),
        pl.col("row").cast(pl.Int64),
        pl.col("inst").cast(pl.Int32),
        pl.col(day).cast(pl.Date).alias("day"),
        pl.concat_list([text(one) for one in about]).alias("about"),
        pl.concat_list([text(one) for one in values]).alias("values"),
    )


def text(one: pl.Expr | str) -> pl.Expr:
    expression = pl.col(one) if isinstance(one, str) else one
    return expression.cast(pl.String).fill_null("")


def moment(column: str) -> pl.Expr:
    """A moment as it was given: with its time, or the day alone."""
    at = pl.col(column)
    return (
        pl.when(pl.col(f"{column}_timed")).then(at.dt.strftime("%Y-%m-%d %H:%M")).otherwise(at.dt.strftime("%Y-%m-%d"))
    )


def outside(rows: pl.DataFrame, periods: pl.DataFrame, on: list[str], day: str) -> pl.DataFrame:
    """The rows on whose day no period of the same keys holds.

    Asked of the different keys and days, which are far fewer than rows; both ends of a period count.
    """
    asked = rows.lazy().select(*on, day).unique()
    held = asked.join(periods.lazy(), on=on, how="inner").filter(
        pl.col(day).is_between(pl.col("first"), pl.col("last"))
    )
    wrong = asked.join(held.select(*on, day).unique(), on=[*on, day], how="anti").collect()
    return rows.join(wrong, on=[*on, day], how="semi") if wrong.height else rows.clear()


def inside(rows: pl.DataFrame, periods: pl.DataFrame, on: list[str], day: str) -> pl.DataFrame:
    """The rows with each period of the same keys that holds on their day."""
    found = rows.lazy().join(periods.lazy(), on=on, how="inner")
    return found.filter(pl.col(day).is_between(pl.col("first"), pl.col("last"))).collect()
