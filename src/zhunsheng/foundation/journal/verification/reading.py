"""Reading rows that may hold anything by now: a value that cannot be read, or is not kept as it is written, is a finding, not a crash."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import BinaryField, Model, Q, QuerySet
from django.db.models.functions import Length

from zhunsheng.foundation.journal.manifests import chunks
from zhunsheng.foundation.journal.verification.stored import AT_ONCE, UNREADABLE, Columns, Row, is_text

BYTES_AT_ONCE = 8_000_000


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything is read as it was at one moment, whatever it is, and nobody who writes has to wait."""
    with _any_text(), _still():
        yield


@contextmanager
def _still() -> Iterator[None]:
    if connection.in_atomic_block:  # whoever opened it has his reasons, a test above all
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own begin would take the one write lock
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


@contextmanager
def _any_text() -> Iterator[None]:
    """SQLite keeps bytes that are no UTF-8 in a column of texts, and then refuses to read any row with it: let them be read.

    They come as lone surrogates (PEP 383), which no text that was written through the front door holds. PostgreSQL takes none.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.text_factory = lossless
    try:
        yield
    finally:
        connection.connection.text_factory = str


def lossless(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def among(field: str, keys: Sequence[int]) -> Q:
    """Rows with one of these numbers, and perhaps some between: asking for a stretch costs a tenth of asking for each."""
    if keys and max(keys) - min(keys) < 2 * len(keys) + 100:
        return Q(**{f"{field}__gte": min(keys), f"{field}__lte": max(keys)})
    return Q(**{f"{field}__in": keys})


def acts_of(model: type[Model], keys: Sequence[int], columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Like `rows_of` for a table whose rows are small and numbered."""
    asked = Columns(model, columns)
    for some in chunks(keys, AT_ONCE):
        wanted = set(some)
        try:
            found = asked.of(model._base_manager.filter(among("pk", some)))
        except (ValueError, TypeError):
            found = [row for key in some for row in _column_by_column(model, key, columns)]
        yield from (row for row in found if row[0] in wanted)


def rows_of(model: type[Model], keys: Sequence[Any], columns: Sequence[str]) -> Iterator[tuple[Any, Row]]:
    """Key and values of each row that is there; never more bytes at once than a small machine can hold."""
    asked = Columns(model, columns)
    for some in _portions(model, [key for key in keys if is_text(key)], columns):
        try:
            found = asked.of(model._base_manager.filter(pk__in=some))
        except (ValueError, TypeError):  # one value in one of these rows; look at each alone
            found = [row for key in some for row in _column_by_column(model, key, columns)]
        yield from found


def _portions(model: type[Model], keys: Sequence[Any], columns: Sequence[str]) -> Iterator[list[Any]]:
    heavy = [name for name in columns if isinstance(model._meta.get_field(name), BinaryField)]
    for some in chunks(keys, AT_ONCE):
        yield from _by_weight(model, some, heavy) if heavy else [some]


def _by_weight(model: type[Model], keys: list[Any], heavy: Sequence[str]) -> Iterator[list[Any]]:
    portion: list[Any] = []
    weight = 0
    for key, *sizes in model._base_manager.filter(pk__in=keys).values_list("pk", *(Length(name) for name in heavy)):
        size = sum(filter(None, sizes))
        if portion and weight + size > BYTES_AT_ONCE:
            yield portion
            portion, weight = [], 0
        portion.append(key)
        weight += size
    if portion:
        yield portion


def _column_by_column(model: type[Model], key: Any, columns: Sequence[str]) -> Iterator[tuple[Any, Row]]:
    """One row; nothing if it is not there, nor could be under a key that no question can ask for."""
    row = model._base_manager.filter(pk=key)
    if is_text(key) and row.exists():
        yield key, tuple(_value(row, name) for name in columns)


def _value(row: QuerySet[Any], name: str) -> Any:
    try:
        [(_, (value,))] = Columns(row.model, [name]).of(row)
    except (ValueError, TypeError):
        return UNREADABLE
    return value
