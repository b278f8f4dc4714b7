"""What files changed in one entry of a register, for its history: which file and row, from what to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from zhunsheng.faces.imports.registers import FILES, UNNAMED
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.models import Change
from zhunsheng.foundation.imports.queries import changes_of
from zhunsheng.foundation.imports.rules.columns import Column
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry import regions

Value = str | Text | None


@dataclass(slots=True)
class Filed:
    """One row of a file that changed the entry: the act, the row, and (column, before, after) of each change."""

    act: Entry
    place: Text
    changes: list[tuple[Text, Value, Value]] = field(default_factory=list)


def filed_changes(subjects: Iterable[str]) -> list[Filed]:
    """The last changes of these things ("institution:…") by files, the newest first; two queries."""
    found = changes_of(subjects)
    acts = _acts(found)
    filed: dict[tuple[object, int], Filed] = {}
    for one in found:
        act = acts.get(f"import:{one.belongs_to_id}")
        if act is not None:
            row = filed.setdefault((one.belongs_to_id, one.row), Filed(act, _place(one)))
            row.changes.append(_told(one))
    return list(filed.values())


def _acts(changes: Iterable[Change]) -> dict[str, Entry]:
    """The act of each file; of one that went in piece by piece the last."""
    subjects = {f"import:{one.belongs_to_id}" for one in changes}
    if not subjects:
        return {}
    return {act.subject: act for act in Entry.objects.filter(subject__in=subjects).order_by("pk")}


def _place(change: Change) -> Text:
    return t(
        "{f}, row {n}: {l}", "{f}，第 {n} 行：{l}", f=change.belongs_to.filename, n=change.row, l=change.label
    )  # fmt: skip


def _told(change: Change) -> tuple[Text, Value, Value]:
    columns = {column.key: column for column in FILES[change.belongs_to.register].columns}
    column = columns.get(change.column)
    name = column.header if column else UNNAMED.get(change.column, t("{c}", "{c}", c=change.column))
    return name, _words(column, change.before), _words(column, change.after)


def _words(column: Column | None, value: str) -> Value:
    if not value:
        return None
    if column is not None and column.key == "region_code":
        return regions.name_of(value, date.max)
    return column.choices.get(value, value) if column is not None else value
