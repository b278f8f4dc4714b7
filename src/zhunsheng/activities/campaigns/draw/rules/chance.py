"""The one source of chance: SHA-256 of a seed and a few words. Numbers are compared as 64 hexadecimal digits.

A seed is made of what was frozen, of secrets that were promised before, and of a public value that nobody knew then; so
nobody could try several. No number is ever turned into a fraction: the smallest wins, which is exact in any language.
"""

import hashlib
from collections.abc import Sequence

from zhunsheng.activities.campaigns.draw.rules.frame import Frame
from zhunsheng.foundation.signing import canonical_json


def list_sha256(frozen: Frame) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the frozen list."""
    return hashlib.sha256(canonical_json(dict(frozen))).hexdigest()


def secret_sha256(secret: str) -> str:
    """What a party publishes beforehand: SHA-256 over the 32 bytes of its secret, which is written in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def seed_of(list_hash: str, secrets: Sequence[str], beacon: str) -> str:
    """SHA-256(hash of the list ‖ the parties' secrets in their order ‖ beacon value as ASCII text)."""
    parts = [bytes.fromhex(one) for one in (list_hash, *secrets)]
    return hashlib.sha256(b"".join(parts) + beacon.encode("ascii")).hexdigest()


class Numbers:
    """The numbers that a seed gives to laboratories and officers; the words are joined by “|”, which no identifier holds."""

    def __init__(self, seed: str) -> None:
        self._seeded = hashlib.sha256(bytes.fromhex(seed))

    def _number(self, words: str) -> str:
        hashed = self._seeded.copy()
        hashed.update(words.encode("ascii"))
        return hashed.hexdigest()

    def even(self, laboratory: str) -> str:
        """SHA-256(seed ‖ "even|LABORATORY")."""
        return self._number(f"even|{laboratory}")

    def by_ticket(self, laboratory: str, tickets: int) -> str:
        """The smallest SHA-256(seed ‖ "lab|LABORATORY|K") with K = 0 … tickets − 1 in decimal digits."""
        return min(self._number(f"lab|{laboratory}|{k}") for k in range(tickets))

    def officer(self, laboratory: str, officer: str) -> str:
        """SHA-256(seed ‖ "insp|LABORATORY|OFFICER")."""
        return self._number(f"insp|{laboratory}|{officer}")
