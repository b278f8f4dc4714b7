"""The three ways in which one row of a register changes, each with its journal row: entered, mended in place, superseded.

Mended in place is what names and addresses are; superseded is what must be asked "as known on" a day: the old row is closed,
a new one entered.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.rules.refusals import CannotEnter

Row = TypeVar("Row", bound=Model)
KnownRow = TypeVar("KnownRow", bound=Known)

MEANWHILE: Text = t("Somebody else has changed this entry meanwhile.", "该条目已被他人更改，请重新查看。")


def enter(verb: str, row: Row, *, subject: str, actor: User | None, at: datetime, reason: str = "") -> Row:
    """Write a new row and say so."""
    row.save(force_insert=True)
    after = journal.columns(row)
    journal.record(verb, actor=actor, at=at, subject=subject, rows=[after], reason=reason, after=after)
    return row


def mend(
    verb: str, row: Row, changes: Mapping[str, Any], *, subject: str, reason: str, actor: User | None, at: datetime
) -> Row:
    """Write the columns that differ and keep what they held before. Raises CannotEnter where none differs."""
    before, after = differing(row, changes)
    if not after:
        raise CannotEnter(t("Nothing was changed.", "没有任何更改。"))
    for column in after:
        setattr(row, column, changes[column])
    row.save(update_fields=[*after])
    rows = [journal.columns(row)]
    journal.record(verb, actor=actor, at=at, subject=subject, rows=rows, reason=reason, before=before, after=after)
    return row


def differing(row: Model, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns whose value would change, before and after, as plain JSON values."""
    held = {column: plain(getattr(row, column)) for column in changes}
    wanted = {column: plain(value) for column, value in changes.items()}
    return (
        {column: held[column] for column in held if held[column] != wanted[column]},
        {column: wanted[column] for column in held if held[column] != wanted[column]},
    )


def plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    if isinstance(value, Model):
        return str(value.pk)
    return value if isinstance(value, int | float | str | bool | None) else str(value)


def supersede(
    verb: str, row: KnownRow, changes: Mapping[str, Any], *, subject: str, reason: str, actor: User | None, at: datetime
) -> KnownRow:
    """Close a row and enter it anew with the changes; both stay. Raises CannotEnter if it was closed already."""
    before, after = differing(row, changes)
    if not after:
        raise CannotEnter(t("Nothing was changed.", "没有任何更改。"))
    close(row, at=at)
    copied = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    new = type(row)(**{**copied, **changes, "recorded_at": at, "superseded_at": None})
    new.save(force_insert=True)
    rows = [{"closed": str(row.pk)}, journal.columns(new)]
    journal.record(verb, actor=actor, at=at, subject=subject, rows=rows, reason=reason, before=before, after=after)
    return new


def close(row: Known, *, at: datetime) -> None:
    """Mark a row as no longer what is known; of two who try at once the second is refused."""
    if not type(row)._default_manager.filter(pk=row.pk, superseded_at=None).update(superseded_at=at):
        raise CannotEnter(MEANWHILE)


def only(changes: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    """The changes to columns that a verb may touch. Raises ValueError for any other: no form offers it."""
    if strange := set(changes) - set(allowed):
        raise ValueError(f"not for this verb: {', '.join(sorted(strange))}")
    return dict(changes)
