"""An act and its journal row stand or fall together."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import rules
from zhunsheng.foundation.journal.actions import record, record_new
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Parameter

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_the_row_says_who_what_when_and_over_which_rows(coordinator: User) -> None:
    entry = record("count", actor=coordinator, at=AT, subject="thing:1", rows=[{"n": 1}, {"n": 2}], reason="asked")
    entry.refresh_from_db()
    assert (entry.verb, entry.actor, entry.at, entry.subject, entry.reason) == (
        "count",
        coordinator,
        AT,
        "thing:1",
        "asked",
    )
    nonce = json.loads(bytes(entry.canonical))["nonce"].encode()
    assert (entry.set_digest, entry.touched) == (hashlib.sha256(nonce + b'\n{"n":1}\n{"n":2}\n').hexdigest(), 2)


@pytest.mark.django_db
def test_the_leaf_hash_covers_the_very_bytes_that_are_kept() -> None:
    record("count", actor=None, at=AT, subject="thing:1")
    entry = Entry.objects.get()
    assert entry.leaf_hash == rules.leaf_hash(bytes(entry.canonical))
    assert b'"actor":"system"' in bytes(entry.canonical)


@pytest.mark.django_db
def test_two_equal_acts_have_two_hashes() -> None:
    first, second = (record("count", actor=None, at=AT, subject="thing:1") for _ in range(2))
    assert first.leaf_hash != second.leaf_hash


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(TransactionManagementError, match="count"):
        record("count", actor=None, at=AT, subject="thing:1")
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_when_the_act_fails_its_row_is_gone() -> None:
    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert Entry.objects.count() == 0


@transaction.atomic
def act_and_fail() -> None:
    record("count", actor=None, at=AT, subject="thing:1")
    raise ZeroDivisionError


@pytest.mark.django_db
def test_a_naive_moment_is_refused() -> None:
    with pytest.raises((RuntimeWarning, ValueError), match="naive"):
        record("count", actor=None, at=datetime(2026, 4, 15), subject="thing:1")  # noqa: DTZ001 -- the point


@pytest.mark.django_db
def test_new_things_are_digested_column_by_column() -> None:
    made = [Parameter.objects.create(code=code, name_zh="汞", name_en="mercury") for code in ("a", "b")]
    entry = record_new("enter_parameters", made, actor=None, at=AT)
    rows = [{"id": p.pk, "name_zh": "汞", "name_en": "mercury", "code": p.code, "cas": ""} for p in made]
    assert (entry.set_digest, entry.touched) == rules.set_digest(rows, salt=json.loads(bytes(entry.canonical))["nonce"])
    assert entry.subject == "catalogue.parameter"
