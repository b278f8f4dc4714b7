"""Rules that hold an act against the registers as they stood on its day."""

import polars as pl

from zhunsheng.activities.campaigns.screen.rules.hits import hits, inside, moment, outside
from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers

ISSUED, TESTED, USED = pl.col("issued_at").dt.date(), pl.col("tested_to").dt.date(), pl.col("started_at").dt.date()
ITEM: list[pl.Expr | str] = ["parameter", "matrix", "method"]


def out_of_scope(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items that no active scope line covered on the day of issue; a line for a whole matrix covers its parts.

    Only of laboratories with a scope in the register, of items that the catalogue knows, and where the mark is used.
    """
    on = ["inst", "parameter_id", "matrix_id", "method_id"]
    known = pl.col("marked") & pl.all_horizontal(pl.col(key).is_not_null() for key in on)
    rows = logs.reports.lazy().filter(known).join(registers.scope.lazy().select("inst").unique(), on="inst", how="semi")
    wide = registers.above.join(registers.scope.rename({"matrix_id": "whole_id"}), on="whole_id").drop("whole_id")
    found = outside(rows.with_columns(ISSUED.alias("day")).collect(), wide, on, "day")
    return hits(found, "day", ITEM, ["report", moment("issued_at"), *ITEM])


def expired_certificate(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Reports with the mark issued on a day that no certificate covers, of laboratories with a certificate in the register."""
    held = registers.certificates.lazy().select("inst").unique()
    rows = logs.reports.lazy().filter("marked").join(held, on="inst", how="semi").with_columns(ISSUED.alias("day"))
    found = outside(rows.collect(), registers.certificates, ["inst"], "day").unique(
        ["inst", "report"], keep="first", maintain_order=True
    )
    return hits(found, "day", [pl.lit("CMA")], ["report", moment("issued_at")])


def wrong_signatory(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Reports signed by somebody who was not authorised for the field on the day; only where the register holds authorisations."""
    kept = registers.authorisations.lazy().select("inst").unique()
    rows = logs.reports.lazy().filter(pl.col("field").is_not_null()).join(kept, on="inst", how="semi")
    named = rows.with_columns(ISSUED.alias("day"), pl.col("signatory").alias("name")).collect()
    found = outside(named, registers.authorisations, ["inst", "name", "field"], "day")
    once = found.unique(["inst", "report", "field"], keep="first", maintain_order=True)
    return hits(once, "day", ["signatory", "field"], ["report", moment("issued_at"), "signatory", "field"])


def uncalibrated(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Runs on a day that no calibration of the instrument covers; only of instruments in the register."""
    rows = logs.uses.lazy().join(registers.instruments.lazy(), on=["inst", "serial_key"], how="semi")
    found = outside(
        rows.with_columns(USED.alias("day")).collect(), registers.calibrations, ["inst", "serial_key"], "day"
    )
    return hits(found, "day", ["serial"], ["serial", moment("started_at"), "sample", "report", "analyst"])


def withdrawn_standard(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items tested by a method whose standard was superseded or withdrawn on the day on which the test ended."""
    rows = logs.reports.lazy().filter(pl.col("method_id").is_not_null()).with_columns(TESTED.alias("day")).collect()
    found = inside(rows, registers.standards, ["method_id"], "day")
    return hits(
        found, "day", ["standard", "replacement"], ["report", moment("tested_to"), "method", "replacement", "first"]
    )


def suspended_item(logs: Logs, registers: Registers) -> pl.DataFrame:
    """Items reported while the item was suspended after a failed round of proficiency testing."""
    known = pl.col("parameter_id").is_not_null() & pl.col("matrix_id").is_not_null()
    rows = logs.reports.lazy().filter(known).with_columns(ISSUED.alias("day")).collect()
    found = inside(rows, registers.suspended, ["inst", "parameter_id", "matrix_id"], "day")
    return hits(
        found, "day", ["parameter", "matrix", "round"], ["report", moment("issued_at"), "parameter", "matrix", "first"]
    )
