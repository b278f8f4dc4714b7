"""The one verb of every act: write down that something was done."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import rules
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.foundation.journal.manifests import parts_of
from zhunsheng.foundation.journal.models import Entry, Manifest
from zhunsheng.foundation.journal.rules.entries import actor_name
from zhunsheng.foundation.journal.rules.manifests import manifest_digest


def record(
    verb: str,
    *,
    actor: User | None,
    at: datetime,
    subject: str,
    rows: Iterable[Mapping[str, Any]] = (),
    covers: Iterable[AppendOnly] = (),
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one journal row inside the caller's transaction.

    `covers` are the rows of append-only tables that the act writes, with all their columns: a later change of one of them,
    past the database's guards, is found and named. `rows` are what else the act touched, as plain JSON values.
    Raises TransactionManagementError outside a transaction: an act and its row stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{verb}: a journal row is written inside the act's transaction")
    nonce, things = secrets.token_hex(16), list(covers)
    parts = parts_of(things, salt=nonce)
    listed = manifest_digest(part.sha256 for part in parts) if parts else None
    digest, described = rules.set_digest(rows, salt=nonce)
    touched = described + len(things)
    canonical = rules.entry_bytes(
        verb=verb, actor=actor_name(actor.pk if actor else None), at=at, reason=reason, subject=subject, set_digest=digest,
        touched=touched, before=before, after=after, nonce=nonce, manifest=listed,
    )  # fmt: skip
    entry = Entry.objects.create(
        verb=verb, actor=actor, at=at, reason=reason, subject=subject, touched=touched, set_digest=digest,
        canonical=canonical, leaf_hash=rules.leaf_hash(canonical),
    )  # fmt: skip
    _list(entry, parts, things)
    return entry


def _list(entry: Entry, parts: Sequence[Manifest], things: Sequence[AppendOnly]) -> None:
    """Keep the manifest, and let the entry know which transaction and which rows it stands for."""
    for part in parts:
        part.entry = entry
    if parts:
        Manifest.objects.bulk_create(parts, batch_size=100)
    entry.covered = frozenset((thing._meta.db_table, str(thing.pk)) for thing in things)
    entry.token = _Token()
    transaction.on_commit(entry.token)


class _Token:
    """Left with the transaction, which forgets it when it ends either way."""

    def __call__(self) -> None:
        """The transaction is over; nothing to do."""


def is_of_this_transaction(entry: Entry) -> bool:
    """Was this very entry written in the transaction that is open now, and not taken back since?"""
    return any(token is entry.token for _, token, _ in transaction.get_connection().run_on_commit)


def record_new(verb: str, things: Sequence[Model], *, actor: User | None, at: datetime) -> Entry:
    """Write one journal row for things newly entered: its digest covers every column of each."""
    kind = things[0]._meta.label_lower if things else "nothing"
    if all(isinstance(thing, AppendOnly) for thing in things):
        return record(verb, actor=actor, at=at, subject=kind, covers=things)  # type: ignore[arg-type]
    return record(verb, actor=actor, at=at, subject=kind, rows=(columns(thing) for thing in things))


def columns(thing: Model) -> dict[str, Any]:
    """A model's columns as plain JSON values."""
    return {
        field.attname: value
        if isinstance(value := getattr(thing, field.attname), int | str | bool | None)
        else str(value)
        for field in thing._meta.concrete_fields
    }
