"""What a journal row's bytes are, and how they are hashed; pure."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from zhunsheng.foundation.signing import canonical_json


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
) -> bytes:
    """The canonical JSON of one act. The nonce keeps two equal acts apart and the hash from being guessed."""
    return canonical_json(
        {
            "verb": verb, "actor": actor, "at": at.astimezone(UTC).isoformat(), "reason": reason, "subject": subject,
            "set_digest": set_digest, "touched": touched, "before": before, "after": after, "nonce": nonce,
        }
    )  # fmt: skip
