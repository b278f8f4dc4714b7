"""The one verb: write down that something was done."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import rules
from zhunsheng.foundation.journal.models import Entry


def record(
    verb: str,
    *,
    actor: User | None,
    at: datetime,
    subject: str,
    rows: Iterable[Mapping[str, Any]] = (),
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one journal row inside the caller's transaction; `rows` are what the act touched, as plain JSON values.

    Raises TransactionManagementError outside a transaction: an act and its row stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{verb}: a journal row is written inside the act's transaction")
    nonce = secrets.token_hex(16)
    digest, touched = rules.set_digest(rows, salt=nonce)
    canonical = rules.entry_bytes(
        verb=verb, actor=f"user:{actor.pk}" if actor else "system", at=at, reason=reason, subject=subject,
        set_digest=digest, touched=touched, before=before, after=after, nonce=nonce,
    )  # fmt: skip
    return Entry.objects.create(
        verb=verb, actor=actor, at=at, reason=reason, subject=subject, touched=touched, set_digest=digest,
        canonical=canonical, leaf_hash=rules.leaf_hash(canonical),
    )  # fmt: skip


def record_new(verb: str, things: Sequence[Model], *, actor: User | None, at: datetime) -> Entry:
    """Write one journal row for things newly entered: its digest covers every column of each."""
    kind = things[0]._meta.label_lower if things else "nothing"
    return record(verb, actor=actor, at=at, subject=kind, rows=(columns(thing) for thing in things))


def columns(thing: Model) -> dict[str, Any]:
    """A model's columns as plain JSON values."""
    return {
        field.attname: value
        if isinstance(value := getattr(thing, field.attname), int | str | bool | None)
        else str(value)
        for field in thing._meta.concrete_fields
    }
