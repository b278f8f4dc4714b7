"""The list of rows that an act wrote for ever, with a digest of each: what finds a row that was changed behind the journal.

A list is made of parts, one or more a table. A part is text, a line a row:

    0b7e…-… 1f3c…64 hexadecimal digits… 9a01c44b02…

the row's primary key, the SHA-256 of all its columns, and for each column six digits, which only serve to say in which one
a change was made. All are salted with the act's nonce. A part names its columns, so that it holds when the table gets new ones.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from zhunsheng.foundation.journal.rules.entries import plain
from zhunsheng.foundation.signing import canonical_json

PART_ROWS = 1000
HINT = 6
SELF = "this act"
"""What stands in a row's digest for the act that wrote it, whose number is not known yet when the digest is made."""


def row_line(key: object, values: Sequence[Any], *, salt: str) -> str:
    """A row's line: its key, its digest, a hint for each column."""
    digest, found = row_digests(key, values, salt=salt)
    return f"{key} {digest} {''.join(found)}"


def row_digests(key: object, values: Sequence[Any], *, salt: str) -> tuple[str, list[str]]:
    """SHA-256 (hex) over salt, key and the plain values of the columns; and for each column the first digits of its own."""
    head = canonical_json([salt, str(key)]) + b"\n"
    cells = [canonical_json(plain(value)) for value in values]
    hints = [hashlib.sha256(b"%s%d\n%s" % (head, number, cell)).hexdigest()[:HINT] for number, cell in enumerate(cells)]
    return hashlib.sha256(head + b"\n".join(cells)).hexdigest(), hints


def parted(line: str) -> tuple[str, str, list[str]]:
    """Key, digest and hints of a line. Raises ValueError for one that is none."""
    key, digest, packed = line.split(" ")
    return key, digest, [packed[i : i + HINT] for i in range(0, len(packed), HINT)]


def part_digest(salt: str, number: int, table: str, columns: str, content: bytes) -> str:
    """SHA-256 (hex) over one part, bound to its act by the act's nonce and to its place by its number."""
    head = canonical_json([salt, number, table, columns])
    return hashlib.sha256(head + b"\n" + content).hexdigest()


def manifest_digest(parts: Iterable[str]) -> str:
    """SHA-256 (hex) over the digests of the parts, in order: the one that stands in the act's row."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
