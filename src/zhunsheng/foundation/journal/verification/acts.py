"""One act: its columns against its bytes, its bytes against its hash."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.journal.rules.entries import actor_name, entry_bytes, leaf_hash
from zhunsheng.foundation.journal.verification.damage import CHANGED, Found
from zhunsheng.foundation.journal.verification.stored import Row

TABLE = Entry._meta.db_table
HASH_LETTERS = 64
COLUMNS = (
    "verb", "actor_id", "at", "reason", "subject", "touched", "set_digest", "canonical", "leaf_hash",
)  # fmt: skip
SAYS = ("verb", "actor", "reason", "subject", "touched", "set_digest")
"""What columns and bytes both say and can be compared as it is; the time is compared as an instant."""


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the journal as it was read."""

    key: int
    said: dict[str, Any]
    """its columns, by the names that its bytes use"""
    canonical: bytes
    leaf_hash: str
    own_hash: str
    """the leaf hash of its bytes"""


def read(key: int, row: Row) -> Act:
    """An act from its row, whatever that holds."""
    values = dict(zip(COLUMNS, row, strict=True))
    canonical = as_bytes(values.pop("canonical"))
    held = values.pop("leaf_hash")
    values["actor"] = actor_name(values.pop("actor_id"))
    return Act(key, values, canonical, str(held), leaf_hash(canonical))


def as_bytes(value: Any) -> bytes:
    """A binary column's bytes; none where something else was put in."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


quick = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode
"""Gives the canonical form of nearly every act at a quarter of the time; where it does not, `again` decides."""


def check(act: Act, found: Found) -> dict[str, Any]:
    """Make the act's bytes again from its columns and say which of these differ; return what the bytes say, {} if nothing."""
    try:
        written: dict[str, Any] = json.loads(act.canonical)
        made = {
            **written,
            **act.said,
            "at": instant(act.said["at"]),
        }  # before, after and nonce stand in the bytes alone
        if quick(made).encode() == act.canonical or again(act, written) == act.canonical:
            return written
    except (ValueError, TypeError, KeyError, AttributeError):
        written = parsed(act.canonical)
    wrong = [name for name in SAYS if act.said[name] != written.get(name)]
    if instant(act.said["at"]) != written.get("at"):
        wrong.append("at")
    for name in wrong or ["canonical"]:
        found.say(TABLE, act.key, {"actor": "actor_id"}.get(name, name), CHANGED)
    return written


def again(act: Act, written: dict[str, Any]) -> bytes:
    """The act's canonical bytes, made once more by the very rule that they were made by."""
    return entry_bytes(
        **act.said, before=written["before"], after=written["after"], nonce=written["nonce"], manifest=written.get("manifest")
    )  # fmt: skip


def parsed(canonical: bytes) -> dict[str, Any]:
    try:
        written = json.loads(canonical)
    except ValueError:
        return {}
    return written if isinstance(written, dict) else {}


def instant(at: Any) -> str | None:
    return at.astimezone(UTC).isoformat() if isinstance(at, datetime) else None


def say_bytes_and_hash(act: Act, place: str, found: Found) -> bool:
    """Compare the act's bytes, the hash in its row and the hash in the log; say what differs; are bytes and log at odds?"""
    if act.own_hash == place:
        if act.leaf_hash != place:
            found.say(TABLE, act.key, "leaf_hash", CHANGED)
        return False
    if act.leaf_hash == place:
        found.say(TABLE, act.key, "canonical" if len(act.leaf_hash) == HASH_LETTERS else "leaf_hash", CHANGED)
        return False
    return True


REWRITTEN = t(
    "the whole row was replaced by another one: it does not stand under the signed root",
    "整行已被替换，与已签名的根不符",
)
NEVER_LOGGED = t(
    "it stands in the table, but not in the log, which had come past it",
    "该行在表中，但日志已收录到其后，却未收录该行",
)
