"""What the rules ask of the registers, as frames: everything within the authority's area, fetched once for a screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method
from zhunsheng.registry.catalogue.rules.writing import same

FOREVER = date(2199, 12, 31)
"""Stands for "until further notice", so that two days can be compared without asking."""

SHAPES: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "institutions": {"uscc": pl.String, "inst": pl.Int32},
    "scope": {
        "inst": pl.Int32,
        "parameter_id": pl.Int64,
        "matrix_id": pl.Int64,
        "method_id": pl.Int64,
        "first": pl.Date,
        "last": pl.Date,
    },
    "instruments": {"inst": pl.Int32, "serial_key": pl.String},
    "calibrations": {"inst": pl.Int32, "serial_key": pl.String, "first": pl.Date, "last": pl.Date},
    "people": {"inst": pl.Int32, "name": pl.String, "person": pl.String},
    "authorisations": {"inst": pl.Int32, "name": pl.String, "field": pl.String, "first": pl.Date, "last": pl.Date},
    "certificates": {"inst": pl.Int32, "first": pl.Date, "last": pl.Date},
    "standards": {
        "method_id": pl.Int64,
        "standard": pl.String,
        "first": pl.Date,
        "last": pl.Date,
        "replacement": pl.String,
    },
    "suspended": {
        "inst": pl.Int32,
        "parameter_id": pl.Int64,
        "matrix_id": pl.Int64,
        "first": pl.Date,
        "last": pl.Date,
        "round": pl.String,
    },
    "above": {"matrix_id": pl.Int64, "whole_id": pl.Int64},
    "fields": {"matrix_id": pl.Int64, "field": pl.String},
    "double_posts": {"inst": pl.Int32, "name": pl.String, "other": pl.String, "first": pl.Date, "last": pl.Date},
    "shared_serials": {"inst": pl.Int32, "serial": pl.String, "other": pl.String, "day": pl.Date},
}
"""The columns of each frame. `last` is FOREVER where there is none; `inst` is a number that holds within one screen."""


def empty(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(SHAPES[name]))


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers as frames (`SHAPES`), and the names of the catalogue as its normal forms, each with its key.

    standards: from when to when an edition was superseded or withdrawn. suspended: handed over by the face, from the ledger.
    """

    institutions: pl.DataFrame = field(default_factory=lambda: empty("institutions"))
    scope: pl.DataFrame = field(default_factory=lambda: empty("scope"))
    instruments: pl.DataFrame = field(default_factory=lambda: empty("instruments"))
    calibrations: pl.DataFrame = field(default_factory=lambda: empty("calibrations"))
    people: pl.DataFrame = field(default_factory=lambda: empty("people"))
    authorisations: pl.DataFrame = field(default_factory=lambda: empty("authorisations"))
    certificates: pl.DataFrame = field(default_factory=lambda: empty("certificates"))
    standards: pl.DataFrame = field(default_factory=lambda: empty("standards"))
    suspended: pl.DataFrame = field(default_factory=lambda: empty("suspended"))
    above: pl.DataFrame = field(default_factory=lambda: empty("above"))
    fields: pl.DataFrame = field(default_factory=lambda: empty("fields"))
    double_posts: pl.DataFrame = field(default_factory=lambda: empty("double_posts"))
    shared_serials: pl.DataFrame = field(default_factory=lambda: empty("shared_serials"))
    parameters: Mapping[str, int] = field(default_factory=dict)
    matrices: Mapping[str, int] = field(default_factory=dict)
    methods: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    """what an institution is called, in both languages, by its number"""


@dataclass(frozen=True)
class Logs:
    """The three logs, typed and joined with the keys of the registers; a log that was not sent has no rows."""

    reports: pl.DataFrame
    uses: pl.DataFrame
    people: pl.DataFrame

    @cached_property
    def daily(self) -> pl.DataFrame:
        """Laboratory, field, analyst, day (on which tests ended) → how many samples; a row stands for each group."""
        keys = ["inst", "field", "analyst", pl.col("tested_to").dt.date().alias("day")]
        told = self.reports.lazy().filter(pl.col("analyst").is_not_null())
        counted = pl.coalesce("sample", "report").n_unique().alias("samples")
        return told.group_by(keys).agg(counted, pl.col("log").first(), pl.col("row").first()).collect()


def known_as(frame: pl.DataFrame, column: str, key: str, meanings: Mapping[str, int], normal: object) -> pl.DataFrame:
    """Add the key of what a column names; the few different texts are looked up one by one, the rows by a join."""
    assert callable(normal)
    texts = frame.get_column(column).unique().drop_nulls().to_list()
    pairs = {column: texts, key: [meanings.get(normal(text)) for text in texts]}
    meant = pl.DataFrame(pairs, schema={column: pl.String, key: pl.Int64})
    return frame.join(meant, on=column, how="left")


def with_keys(logs: Mapping[str, pl.DataFrame], registers: Registers) -> Logs:
    """Join what the logs name with the registers' keys: parameter, matrix with its field, method, serial number, person."""
    reports = logs["reports"]
    for column, meanings, normal in (
        ("parameter", registers.parameters, same),
        ("matrix", registers.matrices, same),
        ("method", registers.methods, normal_method),
    ):
        reports = known_as(reports, column, f"{column}_id", meanings, normal)
    reports = reports.join(registers.fields, on="matrix_id", how="left")
    return Logs(with_serial_key(reports), with_serial_key(logs["uses"]), logs["people"])


def with_serial_key(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what plates are compared by, as `equipment.rules.serial_key` makes it, for all different numbers at once."""
    given = frame.lazy().select("serial").unique().drop_nulls()
    bare = pl.col("serial").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return frame.lazy().join(given.with_columns(bare.alias("serial_key")), on="serial", how="left").collect()


def not_recognised(logs: Logs, registers: Registers) -> dict[str, list[tuple[str, int]]]:
    """What the logs name and the registers do not know, the most frequent first, with the number of rows: not asked about."""
    found = {}
    for column in ("parameter", "matrix", "method"):
        found[column] = most(logs.reports.filter(pl.col(f"{column}_id").is_null()), column)
    unknown = logs.uses.join(registers.instruments, on=["inst", "serial_key"], how="anti")
    found["serial"] = most(unknown, "serial")
    return {column: rows for column, rows in found.items() if rows}


def most(frame: pl.DataFrame, column: str, n: int = 20) -> list[tuple[str, int]]:
    counted = frame.group_by(column).len().sort(["len", column], descending=[True, False])
    return [(str(text), count) for text, count in counted.head(n).iter_rows()]
