"""Writing what was staged: closings, changes, new rows, late rows, in this order, set by set."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports import sameness, staging
from zhunsheng.foundation.imports.models import Change, Import, StagedRow
from zhunsheng.foundation.imports.register import Held, Register
from zhunsheng.foundation.journal.append_only import AppendOnly

BATCH = 500


class ChangedMeanwhile(Exception):
    """A row is no longer what it was when the file was checked, or a new one is there by now; `rows` where it is known which."""

    def __init__(self, rows: Collection[int] = ()) -> None:
        super().__init__(rows)
        self.rows = rows

    reason: Text = t(
        "The register has changed since the file was checked. Send the file again; what is in the register already stays as it is.",
        "检查之后登记内容已被他人更改。请重新提交该文件，已登记的内容不受影响。",
    )


def write(imported: Import, register: Register, *, after: int, to: int, at: datetime) -> list[AppendOnly]:
    """Do what a stretch of the file would do; returns the rows that nobody may change.

    Raises ChangedMeanwhile, Overtaken or IntegrityError.
    """
    sameness.lock(register.key)
    if isinstance(register, Held):
        register.hold(imported.reach, at=at)
    operations = _operations(imported, after, to)
    _close([op for op in operations if op["kind"] == "close"], at=at)
    _update([op for op in operations if op["kind"] == "update"])
    if rows := sameness.overtaken(imported.pk, rules_of_waiting(register), after=after, to=to):
        raise ChangedMeanwhile(rows)
    for label in register.models:
        staging.switch(imported.pk, label, after=after, to=to)
    written = _late([op for op in operations if op["kind"] == "late"], register.same)
    _link([op for op in operations if op["kind"] == "link"])
    return [*written, *_keep_changes(imported, after, to, at=at)]


def rules_of_waiting(register: Register) -> list[sameness.Same]:
    """Those about rows that wait in a table of their own."""
    return [rule for rule in register.same if rule.model in register.models]


def _keep_changes(imported: Import, after: int, to: int, *, at: datetime) -> list[AppendOnly]:
    """Keep old and new of what was changed, for ever: the staged rows are forgotten."""
    found = StagedRow.objects.filter(belongs_to=imported, row__gt=after, row__lte=to).exclude(subject="")
    kept: list[AppendOnly] = [
        Change(
            belongs_to=imported,
            row=row.row,
            subject=row.subject,
            label=row.label,
            column=column,
            before=old,
            after=new,
            at=at,
        )
        for row in found.exclude(changes=None).order_by("row").defer("operations")
        for column, old, new in row.changes or ()
    ]
    Change.objects.bulk_create(kept, batch_size=BATCH)  # type: ignore[arg-type]
    return kept


def _operations(imported: Import, after: int, to: int) -> list[dict[str, Any]]:
    found = StagedRow.objects.filter(belongs_to=imported, row__gt=after, row__lte=to).exclude(operations=None)
    return [op for row in found.order_by("row").only("operations") for op in row.operations or ()]


def _by_model(operations: Sequence[dict[str, Any]]) -> Iterator[tuple[type[Model], list[dict[str, Any]]]]:
    """The operations of each model, some hundreds at a time."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for op in operations:
        grouped[op["model"]].append(op)
    for label, ops in grouped.items():
        for start in range(0, len(ops), BATCH):
            yield apps.get_model(label), ops[start : start + BATCH]


def _close(operations: Sequence[dict[str, Any]], *, at: datetime) -> None:
    for model, ops in _by_model(operations):
        keys = {op["pk"] for op in ops}
        closed = model._default_manager.filter(pk__in=keys, superseded_at=None).update(superseded_at=at)
        if closed != len(keys):
            raise ChangedMeanwhile


def _update(operations: Sequence[dict[str, Any]]) -> None:
    """Change rows that are what they were; only the columns that differ are written, so that no other change is undone."""
    for model, ops in _by_model(operations):
        held = model._default_manager.select_for_update().filter(pk__in={op["pk"] for op in ops})
        rows = {str(row.pk): row for row in held.order_by("pk")}
        for op in ops:
            row = rows.get(str(op["pk"]))
            if row is None or any(plain(getattr(row, name)) != value for name, value in op["before"].items()):
                raise ChangedMeanwhile
        staging.change(model, [(op["pk"], op["values"]) for op in ops])


def _late(operations: Sequence[dict[str, Any]], same: Sequence[sameness.Same]) -> list[AppendOnly]:
    """Rows that name others by what they are called; written model by model, so that one may name the one before it."""
    written: list[AppendOnly] = []
    for (_, label), grouped in itertools.groupby(sorted(operations, key=_written_after), key=_written_after):
        model, ops = apps.get_model(label), list(grouped)
        keys = _keys(ops)
        made = [_made(model, op, keys) for op in ops]
        if sameness.there_already(same, made):
            raise ChangedMeanwhile
        model._default_manager.bulk_create(made, batch_size=BATCH)
        written += [row for row in made if isinstance(row, AppendOnly)]
    return written


def _written_after(op: dict[str, Any]) -> tuple[int, str]:
    return op["order"], op["model"]


def _link(operations: Sequence[dict[str, Any]]) -> None:
    """Give rows that are there the keys of rows just written."""
    keys = _keys(operations)
    grouped: dict[tuple[str, str, Any], list[Any]] = defaultdict(list)
    for op in operations:
        for name, (label, column, value) in op["refs"].items():
            grouped[op["model"], name, keys.get((label, column, value))].append(op["pk"])
    for (model, name, key), rows in grouped.items():
        if key is None:
            raise ChangedMeanwhile
        apps.get_model(model)._default_manager.filter(pk__in=rows).update(**{name: key})


def _keys(operations: Sequence[dict[str, Any]]) -> dict[tuple[str, str, Any], Any]:
    """The keys of all rows that the operations refer to: one query a model and column."""
    wanted: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for op in operations:
        for label, column, value in op["refs"].values():
            wanted[label, column].add(value)
    return {
        (label, column, value): key
        for (label, column), values in wanted.items()
        for value, key in apps.get_model(label)
        ._default_manager.filter(**{f"{column}__in": values})
        .values_list(column, "pk")
    }


def _made(model: type[Model], op: dict[str, Any], keys: dict[tuple[str, str, Any], Any]) -> Model:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: fields[name].to_python(value) for name, value in op["values"].items()}
    for name, (label, column, value) in op["refs"].items():
        if (label, column, value) not in keys:
            raise ChangedMeanwhile
        values[name] = keys[label, column, value]
    return model(**values)


def plain(value: Any) -> Any:
    """A value as an operation keeps it."""
    return value if isinstance(value, int | float | str | bool | None) else str(value)
