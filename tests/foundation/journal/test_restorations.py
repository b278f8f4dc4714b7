"""A checkpoint bears the mark of the last restore before it, and no other."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from tests.cast import AT
from tests.foundation.journal.test_verification import acts
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.models import Checkpoint, Entry
from zhunsheng.foundation.journal.restorations import (
    VERB,
    Restoration,
    checkpoint_facts,
    mark_at,
    marked,
    name_of_log,
)
from zhunsheng.foundation.journal.sequencing import append, newest_checkpoint, sequence, unsequenced
from zhunsheng.foundation.journal.verification import Found, verify
from zhunsheng.foundation.signing import SigningKey

NAME = "127.0.0.1:8000/journal"


def restoration(mark: str, size: int) -> Restoration:
    return Restoration(AT, mark, size, None, None)


@pytest.mark.parametrize(("size", "mark"), [(1, ""), (4, ""), (5, "b"), (9, "b"), (10, "c")])
def test_which_mark_a_size_has(size: int, mark: str) -> None:
    known = [restoration("a", 4), restoration("b", 4), restoration("c", 9)]
    assert mark_at(size, known) == mark


@pytest.mark.parametrize(
    ("origin", "mark"),
    [
        (NAME, ""),
        (f"{NAME}/restored-0123456789abcdef", "restored-0123456789abcdef"),
        (f"{NAME}/restored-01", ""),
        ("", ""),
    ],
)
def test_what_a_name_ends_with(origin: str, mark: str) -> None:
    assert marked(origin) == mark


@transaction.atomic
def restore() -> Entry:
    facts = checkpoint_facts(newest_checkpoint()) | {"revived": None}
    return record(VERB, actor=None, at=AT, subject="backup:x", before={}, after=facts)


@pytest.fixture
def signs(db: None, signing_key: SigningKey) -> Callable[..., Checkpoint]:
    def put(name: str = "", at: datetime = AT) -> Checkpoint:
        """Put one more act into the log: as the sequencer does, or under a name of one's own."""
        acts(1)
        if not name:
            made = sequence(at=at, key=signing_key, origin=NAME)
            assert made is not None
            return made
        newest, last = newest_checkpoint(), 0
        leaves = []
        for pk, leaf in unsequenced().values_list("pk", "leaf_hash"):
            leaves.append(("entry", str(pk), bytes.fromhex(leaf)))
            last = pk
        return append(leaves, newest=newest, settled=last, at=at, key=signing_key, origin=name)

    return put


def verified(key: SigningKey) -> Found:
    return verify(trusted=[key.public])


def test_a_log_that_was_restored_twice_is_sound(signs: Callable[..., Checkpoint], signing_key: SigningKey) -> None:
    signs()
    restore()
    restore()
    signs()
    restore()
    signs()
    signs()
    assert verified(signing_key).damages == []


def test_a_checkpoint_under_the_old_name_after_a_restore_is_named(
    signs: Callable[..., Checkpoint], signing_key: SigningKey
) -> None:
    signs()
    mark = marked(name_of_log(NAME))
    entry = restore()
    wrong = signs(NAME)
    (found,) = verified(signing_key).damages
    assert (found.table, found.key, found.column) == ("journal_checkpoint", str(wrong.size), "note")
    assert mark == "" and f"restored-{entry.leaf_hash[:16]}" in found.what.en


def test_a_name_of_a_restore_that_no_act_tells_of_is_named(
    signs: Callable[..., Checkpoint], signing_key: SigningKey
) -> None:
    signs()
    wrong = signs(f"{NAME}/restored-0123456789abcdef")
    (found,) = verified(signing_key).damages
    assert (found.key, found.column) == (str(wrong.size), "note") and "no act tells" in found.what.en


def test_the_name_of_a_restore_on_a_checkpoint_that_the_restore_found_is_named(
    signs: Callable[..., Checkpoint], signing_key: SigningKey
) -> None:
    with transaction.atomic():  # says that it found a log larger than this one
        record(VERB, actor=None, at=AT, subject="backup:x", before={}, after={"size": 9, "root": "", "revived": None})
    signs()
    (found,) = verified(signing_key).damages
    assert found.column == "note" and "no backup had been restored by then" in found.what.en
