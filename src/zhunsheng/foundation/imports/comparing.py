"""What a row would change in one that is there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from zhunsheng.foundation.imports.register import Checked, Operation
from zhunsheng.foundation.imports.writing import plain


def key_of(*parts: object) -> str:
    """A key of fixed length for the thing that a row is about."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def update(checked: Checked, row: Model, wanted: Mapping[str, Any], *, shown: Mapping[str, str] | None = None) -> None:
    """Add to a checked row what it would change in `row`: the columns of `wanted` that differ. None leaves a column as it is.

    `shown` gives the file's column by the model's column where they are called differently.
    """
    before, after = differing(row, wanted)
    if after:
        checked.operations.append(Operation("update", row._meta.label, values=after, pk=plain(row.pk), before=before))
        tell(checked, before, after, shown)


def replace(
    checked: Checked,
    row: Model,
    wanted: Mapping[str, Any],
    *,
    recorded: Mapping[str, Any],
    shown: Mapping[str, str] | None = None,
    anyhow: bool = False,
) -> None:
    """Add to a checked row that `row` is closed and entered anew with what differs, where anything does, or `anyhow`.

    `recorded` are the columns that say when the new row became known.
    """
    before, after = differing(row, wanted)
    if after or anyhow:
        copied = {
            field.attname: plain(getattr(row, field.attname))
            for field in row._meta.concrete_fields
            if not field.primary_key and field.attname != "superseded_at"
        }
        checked.operations.append(Operation("close", row._meta.label, pk=plain(row.pk)))
        checked.operations.append(Operation("insert", row._meta.label, values={**copied, **after, **recorded}))
        tell(checked, before, after, shown)


def differing(row: Model, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns that would change, before and after, as plain values."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    before, after = {}, {}
    for name, value in wanted.items():
        held = plain(getattr(row, name))
        if value is not None and held != plain(fields[name].to_python(value)):
            before[name], after[name] = held, value
    return before, after


def tell(
    checked: Checked, before: Mapping[str, Any], after: Mapping[str, Any], shown: Mapping[str, str] | None
) -> None:
    """Note old and new for whoever decides."""
    for name, value in after.items():
        old = before[name]
        checked.changes.append(((shown or {}).get(name, name), "" if old is None else str(old), str(value)))
