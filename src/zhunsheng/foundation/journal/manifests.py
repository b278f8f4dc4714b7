"""From rows of append-only tables to the lists that an act keeps of them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Field, JSONField, Model

from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.foundation.journal.models import Entry, Manifest
from zhunsheng.foundation.journal.rules import manifests as rules


def parts_of(things: Iterable[AppendOnly], *, salt: str) -> list[Manifest]:
    """The parts of a manifest of these rows, not yet saved, table by table. Raises TypeError for rows that may change."""
    by_model: dict[type[Model], list[AppendOnly]] = {}
    for thing in things:
        if not getattr(thing, "append_only", False):
            raise TypeError(f"{type(thing).__name__} may change, so an act cannot vouch for it for ever")
        by_model.setdefault(type(thing), []).append(thing)
    parts: list[Manifest] = []
    for model, rows in by_model.items():
        for chunk in chunks(rows, rules.PART_ROWS):
            parts.append(_part(len(parts), model, chunk, salt=salt))
    return parts


def chunks(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """So many at a time."""
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk


def covered_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """Every column but the primary key, which stands in the line itself."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _part(number: int, model: type[Model], rows: Sequence[AppendOnly], *, salt: str) -> Manifest:
    fields = covered_fields(model)
    columns = " ".join(field.attname for field in fields)
    lines = [rules.row_line(_key(row), [_written(field, row) for field in fields], salt=salt) for row in rows]
    content, table = "\n".join(lines).encode(), model._meta.db_table
    sha256 = rules.part_digest(salt, number, table, columns, content)
    return Manifest(sha256=sha256, part=number, table=table, columns=columns, content=content)


def _key(row: Model) -> str:
    if row.pk is None:
        raise ValueError(f"a {type(row).__name__} without a key cannot be listed: save it first")
    return str(row.pk)


def _written(field: Field[Any, Any], row: Model) -> Any:
    """A column's value as it will be read again."""
    value = getattr(row, field.attname)
    if value is None:
        return rules.SELF if field.related_model is Entry else None
    if isinstance(field, JSONField):
        return json.loads(json.dumps(value, cls=field.encoder))
    return field.to_python(value)
