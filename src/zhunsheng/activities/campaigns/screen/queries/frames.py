"""A question's rows as a frame, without making objects of them first."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import CharField, QuerySet, TextField
from django.db.models.functions import Cast

CHUNK = 100_000


def key(path: str) -> Cast:
    """A UUID as text; `frame_of` takes the dashes off, which one of the two databases writes."""
    return Cast(path, CharField() if connection.vendor == "sqlite" else TextField())


def frame_of(rows: QuerySet[Any, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of `values_list` as columns of these types; a hundred thousand at a time, straight from the cursor.

    A day comes as text from SQLite and as a date from PostgreSQL; columns that end in `_key` are UUIDs.
    """
    sql, params = rows.query.sql_with_params()
    parts = [pl.DataFrame(schema=dict(schema))]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while fetched := cursor.fetchmany(CHUNK):
            parts.append(typed(list(zip(*fetched, strict=True)), schema))
    return pl.concat(parts)


def typed(columns: list[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(
        [series(name, kind, values) for (name, kind), values in zip(schema.items(), columns, strict=True)]
    )


def series(name: str, kind: Any, values: tuple[Any, ...]) -> pl.Series:
    if kind == pl.Date and any(isinstance(one, str) for one in values):
        return pl.Series(name, values, dtype=pl.String).str.to_date()
    made = pl.Series(name, values, dtype=kind)
    return made.str.replace_all("-", "") if name.endswith("_key") else made
