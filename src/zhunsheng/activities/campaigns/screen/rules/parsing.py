"""From texts to days, moments and numbers, column by column; what cannot be read is named row by row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from zhunsheng.activities.campaigns.screen.rules.columns import MOMENTS, LogKind
from zhunsheng.activities.campaigns.screen.rules.faults import (
    AHEAD,
    BACKWARDS,
    MISSING,
    NOT_A_HASH,
    NOT_A_MOMENT,
    NOT_OURS,
    NOT_YES_NO,
)

WITH_TIME = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
)
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d")
EARLIEST, LATEST = pl.datetime(1990, 1, 1), pl.datetime(2100, 1, 1)
SAMPLE = 200
YES, NO = ["是", "yes", "y", "1", "true"], ["否", "no", "n", "0", "false"]
PAIRS = (("tested_from", "tested_to"), ("started_at", "ended_at"), ("arrived_at", "left_at"))


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows that could be read, and the faults of the others: row, column, fault; one line a fault."""

    good: pl.DataFrame
    faults: pl.DataFrame
    rows: int


def parse(texts: pl.DataFrame, kind: LogKind, institutions: pl.DataFrame, *, log: int, until: date) -> Parsed:
    """Type the columns of a log whose cells are text (plus `row`, its place in the file).

    institutions: `uscc` and `inst`, the number of the institution within the authority's area. A moment without a time counts as
    its midnight, and `<column>_timed` says whether the time was given. until: the last day of which a log can tell.
    """
    frame = with_all(texts, kind).with_columns(pl.lit(log, pl.Int32).alias("log"))
    frame = frame.join(institutions, on="uscc", how="left")
    faults = [unless(frame, pl.col(key).is_not_null(), key, MISSING) for key in kind.required]
    faults.append(unless(frame, pl.col("inst").is_not_null() | pl.col("uscc").is_null(), "uscc", NOT_OURS))
    for key in (key for key in kind.keys if key in MOMENTS):
        frame, fault = timed(frame, key)
        faults += [fault, unless(frame, (pl.col(key).dt.date() <= until).fill_null(True), key, AHEAD)]
    for key, read in READERS.items():
        if key in kind.keys:
            frame, fault = read(frame)
            faults.append(fault)
    faults += [in_order(frame, first, last) for first, last in PAIRS if first in kind.keys]
    found = pl.concat(faults).sort("row", "column")
    bad = found.select("row").unique()
    return Parsed(frame.join(bad, on="row", how="anti") if bad.height else frame, found, frame.height)


def with_all(texts: pl.DataFrame, kind: LogKind) -> pl.DataFrame:
    """Every column of the log in its order, without blanks around; what is empty or lacking is null."""
    cells = [trimmed(key) if key in texts.columns else pl.lit(None, pl.String).alias(key) for key in kind.keys]
    return texts.select(pl.col("row").cast(pl.Int64), *cells)


def trimmed(key: str) -> pl.Expr:
    bare = pl.col(key).str.strip_chars()
    return pl.when(bare.str.len_bytes() > 0).then(bare).alias(key)


def unless(frame: pl.DataFrame, sound: pl.Expr, column: str, fault: str) -> pl.DataFrame:
    """The rows where it does not hold, as faults of a column."""
    rows = frame.lazy().filter(~sound).select("row").collect()
    return rows.with_columns(pl.lit(column).alias("column"), pl.lit(fault).alias("fault"))


def timed(frame: pl.DataFrame, key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A column of moments, whether each gave the time, and the faults."""
    texts = frame.get_column(key)
    whole, given = read_moments(texts)
    moments = frame.select("row").with_columns(at=whole, said=texts.is_not_null())
    sound = ((pl.col("at") >= EARLIEST) & (pl.col("at") < LATEST)).fill_null(False)
    found = unless(moments, sound | ~pl.col("said"), key, NOT_A_MOMENT)
    return frame.with_columns(whole.alias(key), given.alias(f"{key}_timed")), found


def read_moments(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The moments that the texts give, and where the time was given with the day.

    Each form costs as much as reading the column; so those that the first rows are written in come first, and no other is tried
    once every text is read.
    """
    read = pl.Series("at", [], dtype=pl.Datetime("us")).extend_constant(None, len(texts))
    given = pl.Series("timed", [], dtype=pl.Boolean).extend_constant(False, len(texts))
    for form in by_likelihood(texts.drop_nulls().head(SAMPLE)):
        if not (texts.is_not_null() & read.is_null()).any():
            break
        more = as_form(texts, form)
        fresh = more.is_not_null() & read.is_null()
        given = given | fresh if form in WITH_TIME else given
        read = pl.select(pl.coalesce(read, more)).to_series()
    return read, given


def by_likelihood(sample: pl.Series) -> list[str]:
    return sorted((*WITH_TIME, *DAYS), key=lambda form: -as_form(sample, form).count())


def as_form(texts: pl.Series, form: str) -> pl.Series:
    return texts.str.to_datetime(form, strict=False, time_unit="us")


def hashed(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    lower = frame.with_columns(pl.col("raw_sha256").str.to_lowercase())
    sound = pl.col("raw_sha256").is_null() | pl.col("raw_sha256").str.contains("^[0-9a-f]{64}$")
    return lower, unless(lower, sound, "raw_sha256", NOT_A_HASH)


def marked(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    said = pl.col("marked").str.to_lowercase()
    found = unless(frame, said.is_null() | said.is_in(YES + NO), "marked", NOT_YES_NO)
    return frame.with_columns(~said.is_in(NO).fill_null(False).alias("marked")), found


READERS: Mapping[str, Callable[[pl.DataFrame], tuple[pl.DataFrame, pl.DataFrame]]] = {
    "raw_sha256": hashed,
    "marked": marked,
}


def in_order(frame: pl.DataFrame, first: str, last: str) -> pl.DataFrame:
    """The second of two moments does not lie before the first; of those without a time the day counts."""
    whole = pl.col(f"{first}_timed") & pl.col(f"{last}_timed")
    sound = (
        pl.when(whole).then(pl.col(last) >= pl.col(first)).otherwise(pl.col(last).dt.date() >= pl.col(first).dt.date())
    )
    return unless(frame, sound.fill_null(True), last, BACKWARDS)
