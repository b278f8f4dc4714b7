"""Tables beside the registers' own, in which new rows wait: filled in chunks, emptied into the register by one statement.

A staging table has the columns of its model and the row of the file, but no key, no constraint and, while it is filled, no index,
so filling it locks nothing that anybody waits for; `INSERT … SELECT` then moves a million rows within one short transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from zhunsheng.foundation.imports.models import StagedRow

ROW = "import_row"


def table_of(import_id: UUID, label: str) -> str:
    """The name of an import's staging table for a model: short enough for PostgreSQL's 63 bytes."""
    return f"staging_{import_id.hex[:16]}_{apps.get_model(label)._meta.db_table}"[:63]


def columns_of(label: str) -> list[models.Field[Any, Any]]:
    """The columns that a new row is given; a key that the database counts up is not among them."""
    fields = apps.get_model(label)._meta.concrete_fields
    return [field for field in fields if not isinstance(field, models.AutoField)]


def make(import_id: UUID, labels: Sequence[str]) -> None:
    """Make the staging tables anew, empty."""
    drop(import_id, labels)
    with connection.cursor() as cursor:
        for label in labels:
            names = ", ".join(map(_quoted, _names(label)))
            source = _quoted(apps.get_model(label)._meta.db_table)
            cursor.execute(
                f"CREATE TABLE {_quoted(table_of(import_id, label))} AS SELECT {names}, 0 AS {ROW} FROM {source} WHERE 1 = 0"  # noqa: S608
            )


def drop(import_id: UUID, labels: Sequence[str]) -> None:
    """Forget the staging tables; harmless where there are none."""
    with connection.cursor() as cursor:
        for label in labels:
            cursor.execute(f"DROP TABLE IF EXISTS {_quoted(table_of(import_id, label))}")


def fill(import_id: UUID, label: str, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Put new rows into the staging table: the file's row and the values by column."""
    takers = [(field.attname, _taker(field), field.get_default) for field in columns_of(label)]
    prepared = [
        (*(take(values[name] if name in values else default()) for name, take, default in takers), number)
        for number, values in rows
    ]
    _insert(table_of(import_id, label), [*_names(label), ROW], prepared)


def note(rows: Sequence[StagedRow]) -> None:
    """Keep checked rows; as `bulk_create`, at a quarter of its cost, which was half of checking a long file."""
    fields = [field for field in StagedRow._meta.concrete_fields if not field.primary_key]
    takers = [(field.attname, _taker(field)) for field in fields]
    prepared = [tuple(take(getattr(row, name)) for name, take in takers) for row in rows]
    _insert(StagedRow._meta.db_table, [field.column or field.attname for field in fields], prepared)


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        names, marks = ", ".join(map(_quoted, columns)), ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608


def index(import_id: UUID, labels: Sequence[str]) -> None:
    """Let the rows of a stretch be found at once, now that no more come; harmless where that was done."""
    with connection.cursor() as cursor:
        for number, label in enumerate(labels):
            name, table = _quoted(f"staging_{import_id.hex}_{number}"), _quoted(table_of(import_id, label))
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({ROW})")


def switch(import_id: UUID, label: str, *, after: int, to: int) -> int:
    """Move the rows of a stretch of the file into the register; returns how many."""
    names = ", ".join(map(_quoted, _names(label)))
    target, source = _quoted(apps.get_model(label)._meta.db_table), _quoted(table_of(import_id, label))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {target} ({names}) SELECT {names} FROM {source} WHERE {ROW} > %s AND {ROW} <= %s ORDER BY {ROW}",  # noqa: S608
            [after, to],
        )
        return int(cursor.rowcount)


def change(model: type[models.Model], rows: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    """Write columns of rows that are there, by key; as `bulk_update`, at a tenth of its cost."""
    fields = {
        field.attname: (_quoted(field.column or field.attname), _taker(field)) for field in model._meta.concrete_fields
    }
    key, take_key = fields[model._meta.pk.attname]
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for pk, values in rows:
        names = tuple(sorted(values))
        alike[names].append((*(fields[name][1](values[name]) for name in names), take_key(pk)))
    with connection.cursor() as cursor:
        for names, prepared in alike.items():
            asked = ", ".join(f"{fields[name][0]} = %s" for name in names)
            cursor.executemany(f"UPDATE {_quoted(model._meta.db_table)} SET {asked} WHERE {key} = %s", prepared)  # noqa: S608


def leave_out(import_id: UUID, label: str, rows: Collection[int]) -> None:
    """Forget the rows that these rows of the file would enter."""
    numbers = sorted(rows)
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(f"DELETE FROM {_quoted(table_of(import_id, label))} WHERE {ROW} IN ({marks})", some)  # noqa: S608


@contextmanager
def room_for_indexes() -> Iterator[None]:
    """On SQLite, half a gigabyte of cache while a long file is switched: the indexes of a million rows change in memory, once."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute("PRAGMA cache_size = -524288")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")


def _names(label: str) -> list[str]:
    return [field.column or field.attname for field in columns_of(label)]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _taker(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """What makes of a plain value the one that the database takes; text is taken as it is, and most of it is text.

    Keys, days and instants come again and again in a file, so what was made of the last ones is remembered.
    """
    if isinstance(field, models.CharField | models.TextField):
        return _as_it_is
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else field.get_db_prep_save(value, connection)
    return lru_cache(1000)(lambda value: field.get_db_prep_save(field.to_python(value), connection))


def _as_it_is(value: Any) -> Any:
    return value
