"""What a journal row's bytes are, and how they are hashed."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from zhunsheng.foundation.signing import canonical_json

SAFE_INTEGER = 2**53 - 1


def set_digest(rows: Iterable[Mapping[str, Any]], *, salt: str) -> tuple[str, int]:
    """SHA-256 (hex) over the salt and the canonical JSON of each row, one a line, in the order given; and how many there were.

    Salted, since a small set (who stands behind nine codes) could else be found by trying all; the salt is the entry's nonce.
    """
    digest, count = hashlib.sha256(salt.encode() + b"\n"), 0
    for row in rows:
        digest.update(canonical_json(row) + b"\n")
        count += 1
    return digest.hexdigest(), count


def leaf_hash(canonical: bytes) -> str:
    """The leaf hash of RFC 9162, 2.1.1: SHA-256 over a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + canonical).hexdigest()


def entry_bytes(
    *,
    verb: str,
    actor: str,
    at: datetime,
    reason: str,
    subject: str,
    set_digest: str,
    touched: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    nonce: str,
    manifest: str | None = None,
) -> bytes:
    """The canonical JSON of one act. The nonce keeps two equal acts apart and the hash from being guessed.

    `manifest` is the digest of the list of rows that the act wrote for ever; an act that wrote none has no such key.
    """
    covered = {} if manifest is None else {"manifest": manifest}
    return canonical_json(
        {
            "verb": verb, "actor": actor, "at": at.astimezone(UTC).isoformat(), "reason": reason, "subject": subject,
            "set_digest": set_digest, "touched": touched, "before": before, "after": after, "nonce": nonce, **covered,
        }
    )  # fmt: skip


def actor_name(user_id: object) -> str:
    """How a row's bytes name who acted; the clock and the queue are "system"."""
    return "system" if user_id is None else f"user:{user_id}"


def plain(value: Any) -> Any:
    """A column's value in the one form that it has before it is written and after it is read, on either database.

    Instants in UTC, decimals without trailing zeros, bytes as their SHA-256, integers that JSON cannot carry as text.
    """
    match value:
        case None | bool() | float():
            return value
        case str():
            return str(value)
        case int():
            return int(value) if abs(value) <= SAFE_INTEGER else str(int(value))
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case bytes() | memoryview():
            return f"sha256:{hashlib.sha256(value).hexdigest()}"
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    return str(value)
