"""The bytes of a journal row and their hashes, against values computed by hand with `sha256sum`."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from zhunsheng.foundation.journal import rules

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
ENTRY: dict[str, Any] = {
    "verb": "release_round", "actor": "user:7", "at": AT, "reason": "", "subject": "round:1", "set_digest": "00",
    "touched": 2, "before": None, "after": {"state": "released"}, "nonce": "ab",
}  # fmt: skip


def test_the_digest_of_nothing_is_that_of_the_salt() -> None:
    assert rules.set_digest([], salt="ab") == ("a63d8014dba891345b30174df2b2a57efbb65b4f9f09b98f245d1b3192277ece", 0)


def test_the_digest_covers_each_rows_canonical_line() -> None:
    lines = b'ab\n{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n'
    assert rules.set_digest([{"b": "x", "a": 1}, {"a": 2, "b": "y"}], salt="ab") == (
        hashlib.sha256(lines).hexdigest(),
        2,
    )


def test_the_digest_tells_order_number_and_value_apart() -> None:
    one, two = {"a": 1}, {"a": 2}
    digests = {rules.set_digest(rows, salt="ab")[0] for rows in ([one], [two], [one, two], [two, one], [one, one])}
    assert len(digests) == 5


def test_the_digest_of_a_small_set_cannot_be_guessed_without_the_salt() -> None:
    assert rules.set_digest([{"a": 1}], salt="ab") != rules.set_digest([{"a": 1}], salt="cd")


@pytest.mark.parametrize("entry", [b"", b"x", bytes(range(256))])
def test_the_leaf_hash_is_that_of_rfc_9162(entry: bytes) -> None:
    assert rules.leaf_hash(entry) == hashlib.sha256(b"\x00" + entry).hexdigest()


def test_the_leaf_hash_of_the_empty_entry_is_the_published_one() -> None:
    """The first leaf of the test vectors that Certificate Transparency implementations share."""
    assert rules.leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_an_entrys_bytes_are_canonical_and_in_utc() -> None:
    assert rules.entry_bytes(**ENTRY) == (
        b'{"actor":"user:7","after":{"state":"released"},"at":"2026-04-15T01:30:00+00:00","before":null,"nonce":"ab",'
        b'"reason":"","set_digest":"00","subject":"round:1","touched":2,"verb":"release_round"}'
    )
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert rules.entry_bytes(**ENTRY | {"at": shanghai}) == rules.entry_bytes(**ENTRY)


@pytest.mark.parametrize("changed", [key for key in ENTRY if key not in {"before", "after", "at"}])
def test_whatever_changes_changes_the_bytes(changed: str) -> None:
    other = 3 if changed == "touched" else "another"
    assert rules.entry_bytes(**ENTRY | {changed: other}) != rules.entry_bytes(**ENTRY)
