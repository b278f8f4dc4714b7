"""Whoever changes a character behind the guards is found: the table and the row are named, whatever the column."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from tests.append_only import unguard
from tests.cast import AT, institution_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf, Manifest, Subtree
from zhunsheng.foundation.journal.rules.checkpoints import opened
from zhunsheng.foundation.journal.rules.entries import leaf_hash
from zhunsheng.foundation.journal.sequencing import sequence
from zhunsheng.foundation.journal.verification import Found, verify
from zhunsheng.foundation.journal.verification.damage import Damage
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.people.queries import visitor

ORIGIN = "pt.example.gov.cn/journal"
Verify = Callable[..., Found]


@pytest.fixture
def put(signing_key: SigningKey) -> Callable[[], Checkpoint]:
    return lambda: sequence(at=AT, key=signing_key, origin=ORIGIN)


@pytest.fixture
def check(signing_key: SigningKey) -> Verify:
    return lambda **more: verify(trusted=[signing_key.public], **more)


@transaction.atomic
def acts(n: int) -> list[Entry]:
    return [record("count", actor=None, at=AT, subject=f"thing:{i}", reason="why", before={"n": i}) for i in range(n)]


@pytest.fixture
def past(
    released_round: Round, regulator: User, laboratory: User, mercury: Parameter, feed: Matrix, put: Callable[[], Checkpoint]
) -> None:  # fmt: skip
    """A round was released, a decision taken, and the log has three checkpoints and a kept subtree; two acts wait."""
    put()
    decide(
        institution=institution_of(laboratory), parameter=mercury, matrix=feed, on=AT.date(), visitor=visitor(regulator, on=AT.date()),
        at=AT,
    )  # fmt: skip
    acts(260)
    put()
    acts(3)
    put()
    acts(2)


@contextmanager
def behind_the_guards() -> Iterator[None]:
    """What is done inside is done as by somebody who owns the database, and taken back."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        for table in {model._meta.db_table for model in audited()}:
            unguard(connection, table)
        yield
        transaction.set_rollback(True)


def audited() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def first(found: Found) -> Damage:
    assert found.damages, "nothing was found"
    return found.damages[0]


def test_an_untouched_journal_is_sound(past: None, check: Verify) -> None:
    found = check()
    assert found.damages == []
    assert (found.leaves, found.checkpoints, found.waiting) == (Leaf.objects.count(), 3, 2)
    assert found.acts == Entry.objects.count() == found.leaves + 2
    assert found.rows == sum(
        model._base_manager.count() for model in audited() if model not in {Entry, Manifest, Leaf, Subtree, Checkpoint}
    )
    assert found.unlisted == {} and found.beyond_reading == {}


def test_an_empty_journal_is_sound(db: None, check: Verify) -> None:
    assert check().sound


def other(value: Any, field: models.Field[Any, Any]) -> Any:
    """A value of the same kind, one character away, that breaks no constraint."""
    if isinstance(value, bytes | memoryview):
        return bytes([bytes(value)[0] ^ 1]) + bytes(value)[1:]
    for kind, changed in CHANGED:
        if isinstance(value, kind):
            return changed(value)
    assert value is None
    related = field.target_field if isinstance(field, models.ForeignKey) else field
    return next(made for kind, made in FROM_NOTHING if isinstance(related, kind))


def spoiled_payload(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "n": value["n"] + 1}


CHANGED: list[tuple[type[Any], Callable[[Any], Any]]] = [
    (dict, spoiled_payload),
    (uuid.UUID, lambda v: uuid.UUID(int=v.int ^ 1)),
    (datetime, lambda v: v + timedelta(microseconds=1)),
    (date, lambda v: v + timedelta(days=1)),
    (int, lambda v: v + 10 ** len(str(v))),
    (str, lambda v: (chr(ord(v[0]) ^ 1) if len(v) == 64 else "~") + v[1:]),  # a hash stays one; a code becomes nobody's
]
FROM_NOTHING: list[tuple[type[Any], Any]] = [
    (models.UUIDField, uuid.UUID(int=7)),
    (models.DateTimeField, datetime(2026, 1, 1, tzinfo=UTC)),
    (models.DateField, date(2026, 1, 1)),
    (models.IntegerField, 7),
    (models.CharField, "x"),
]


def changes() -> Iterator[tuple[type[models.Model], Any, models.Field[Any, Any]]]:
    """Every column of every audited table, in a row of its middle."""
    for model in audited():
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for field in model._meta.concrete_fields:
            yield model, keys[len(keys) // 2] if keys else None, field


def test_whatever_column_is_changed_the_row_is_named(past: None, check: Verify) -> None:
    missed, looked_at = [], 0
    for model, key, field in changes():
        if key is None:
            continue
        with behind_the_guards():
            row = model._base_manager.filter(pk=key)
            was = row.values_list(field.attname, flat=True).get()
            assert row.update(**{field.attname: other(was, field)}) == 1
            found = check()
            looked_at += 1
            named = [(one.table, one.key, one.column) for one in found.damages]
            wanted = (model._meta.db_table, str(key), field.attname)
            # A row whose key is another one is gone under its own; the lists say no more than that.
            short = named and named[0][:2] == wanted[:2] and (named[0][2] == wanted[2] or field.primary_key)
            if not short or [one for one in named[1:] if one[0] != wanted[0]]:
                missed.append((wanted, named[:3]))
    assert missed == []
    assert looked_at >= 75


def test_after_all_that_it_is_sound_again(past: None, check: Verify) -> None:
    with behind_the_guards():
        Evidence.objects.all().update(kind="x")
        assert not check().sound
    assert check().sound


@pytest.mark.parametrize("model", [Evidence, Attachment, Entry, Leaf, Subtree, Checkpoint])
def test_a_row_that_is_gone_is_named(past: None, check: Verify, model: type[models.Model]) -> None:
    keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    with behind_the_guards():
        model._base_manager.filter(pk=keys[len(keys) // 2])._raw_delete("default")
        damage = first(check())
        assert (damage.table, damage.key) == (model._meta.db_table, str(keys[len(keys) // 2]))
        assert damage.sentence.en.endswith("the row is gone") and damage.sentence.zh.endswith("该行已不存在")


def test_a_list_that_is_gone_is_missed(past: None, check: Verify) -> None:
    act = Entry.objects.get(verb="release_round")
    with behind_the_guards():
        act.manifests.all()._raw_delete("default")
        assert first(check()).what.en == f"a part of the list of act {act.pk} is gone"


def test_a_row_put_in_past_the_journal_is_named(past: None, check: Verify) -> None:
    """The guards let new rows in; but no act vouches for this one."""
    line = Evidence.objects.order_by("pk")[0]
    line.pk, line.source = uuid.uuid4(), "round:nobody"
    line._state.adding = True
    line.save(force_insert=True)
    damage = first(check())
    assert (damage.table, damage.key) == ("evidence_evidence", str(line.pk))
    assert "no act vouches for it" in damage.what.en


def test_an_act_put_in_where_the_log_had_come_past_is_named(past: None, check: Verify) -> None:
    with behind_the_guards():
        forged = Entry.objects.filter(verb="count").order_by("pk")[3]
        forged.canonical = bytes(forged.canonical).replace(b"count", b"kount")
        forged.pk, forged.leaf_hash = -5, leaf_hash(bytes(forged.canonical))
        forged._state.adding = True
        forged.save(force_insert=True)
        damage = first(check())
        assert (damage.table, damage.key) == ("journal_entry", "-5")


def test_an_act_rewritten_with_care_does_not_stand_under_the_root(past: None, check: Verify) -> None:
    """Columns, bytes and hash in the row agree with each other: only the log contradicts."""
    act = Entry.objects.filter(verb="count").order_by("pk")[100]
    with behind_the_guards():
        bytes_ = bytes(act.canonical).replace(b'"reason":"why"', b'"reason":"who"')
        Entry.objects.filter(pk=act.pk).update(canonical=bytes_, reason="who", leaf_hash=leaf_hash(bytes_))
        found = check()
        assert [(one.table, one.key) for one in found.damages] == [("journal_entry", str(act.pk))]
        assert "does not stand under the signed root" in found.damages[0].what.en


def test_acts_and_leaves_rewritten_together_do_not_lead_to_the_root(past: None, check: Verify) -> None:
    act = Entry.objects.filter(verb="count").order_by("pk")[100]
    with behind_the_guards():
        bytes_ = bytes(act.canonical).replace(b'"reason":"why"', b'"reason":"who"')
        Leaf.objects.filter(key=str(act.pk)).update(leaf_hash=leaf_hash(bytes_))
        Entry.objects.filter(pk=act.pk).update(canonical=bytes_, reason="who", leaf_hash=leaf_hash(bytes_))
        damage = first(check())
        assert damage.table == "journal_leaf" and "rewritten together" in damage.what.en
        begun, end = damage.key.split("–")
        assert int(begun) <= Leaf.objects.get(key=str(act.pk)).index <= int(end)


def test_everything_rewritten_and_signed_again_contradicts_what_was_kept_outside(
    past: None, check: Verify, put: Callable[[], Checkpoint], signing_key: SigningKey
) -> None:
    """Whoever has the key and the database writes another history; a checkpoint kept elsewhere is all that tells."""
    kept = opened(Checkpoint.objects.order_by("size")[1].note, [signing_key.public])
    assert check(outside=[kept]).sound
    act = Entry.objects.filter(verb="count").order_by("pk")[100]
    with behind_the_guards():
        bytes_ = bytes(act.canonical).replace(b'"reason":"why"', b'"reason":"who"')
        Entry.objects.filter(pk=act.pk).update(canonical=bytes_, reason="who", leaf_hash=leaf_hash(bytes_))
        for model in (Checkpoint, Subtree, Leaf):
            model.objects.all()._raw_delete("default")
        put()
        assert check().sound  # it is whole in itself
        found = check(outside=[kept])
        assert [one.what.en.split(":")[0] for one in found.damages] == [
            "the checkpoint kept outside was signed over another history"
        ]


def test_an_older_state_that_went_on_contradicts_what_was_kept_outside(
    past: None, check: Verify, put: Callable[[], Checkpoint], signing_key: SigningKey
) -> None:
    newest = opened(Checkpoint.objects.first().note, [signing_key.public])
    assert check(outside=[newest]).sound
    old = Checkpoint.objects.order_by("size")[1].size
    with behind_the_guards():
        restore_to(old)
        assert check().sound
        shorter = check(outside=[newest])
        assert f"the log has {old} leaves, the checkpoint kept outside {newest.size}" in shorter.damages[0].what.en
        acts(40)
        put()
        assert check().sound
        assert "another history" in first(check(outside=[newest])).what.en


def restore_to(size: int) -> None:
    """The journal as it was when the log had so many leaves."""
    later = Leaf.objects.filter(index__gte=size)
    Entry.objects.exclude(
        pk__in=[int(key) for key in Leaf.objects.filter(index__lt=size).values_list("key", flat=True)]
    )._raw_delete("default")
    later._raw_delete("default")
    Checkpoint.objects.filter(size__gt=size)._raw_delete("default")


def test_a_key_that_is_not_trusted_signs_nothing(past: None) -> None:
    found = verify(trusted=[])
    assert {(one.table, one.column) for one in found.damages} == {("journal_checkpoint", "note")}


def test_a_cut_off_end_is_noticed_from_the_newest_checkpoint(past: None, check: Verify) -> None:
    with behind_the_guards():
        last = Leaf.objects.order_by("-index")[0]
        Leaf.objects.filter(pk=last.pk)._raw_delete("default")
        damage = first(check())
        assert (damage.table, damage.key) == ("journal_leaf", str(last.index))


@pytest.mark.parametrize(
    "garbage",
    [
        ("journal_entry", "canonical", "x"),
        ("evidence_evidence", "payload", '"nothing"'),
        ("evidence_evidence", "occurred_on", "2026-99-99"),
        ("evidence_evidence", "institution_id", "nobody"),
        ("evidence_evidence", "recorded_at", "at noon"),
        ("attachments_attachment", "at", ""),
        ("journal_checkpoint", "at", "yesterday"),
        ("journal_entry", "at", "2026"),
    ],
)
def test_what_cannot_even_be_read_is_named_too(past: None, check: Verify, garbage: tuple[str, str, str]) -> None:
    """SQLite takes any text in any column; PostgreSQL would not."""
    table, column, value = garbage
    if connection.vendor == "postgresql" and column != "canonical":
        return
    model = next(one for one in audited() if one._meta.db_table == table)
    key = model._base_manager.order_by("pk").values_list("pk", flat=True)[0]
    with behind_the_guards(), connection.cursor() as cursor:
        raw = key.hex if isinstance(key, uuid.UUID) and connection.vendor == "sqlite" else key
        given = value.encode() if column == "canonical" else value
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{model._meta.pk.column}" = %s', [given, raw])
        assert cursor.rowcount == 1
        damage = first(check())
        assert (damage.table, damage.key, damage.column) == (table, str(key), column)


def test_a_column_added_later_leaves_old_lists_whole(
    past: None, check: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list names its columns: one that the table did not have then is not looked at; one it has no more is told apart."""
    manifest = Manifest.objects.get(table="eligibility_decision")
    assert "sha256" in manifest.columns.split()
    fields = {f.attname for f in apps.get_model("eligibility", "Decision")._meta.concrete_fields}
    with monkeypatch.context() as patch:
        from zhunsheng.foundation.journal.verification import lists

        patch.setattr(lists, "_has", lambda model, names: model._meta.db_table != "eligibility_decision")
        found = check()
    assert found.beyond_reading == {"eligibility_decision": 1} and found.damages == []
    assert set(manifest.columns.split()) < fields


def test_it_asks_no_more_for_more(db: None, put: Callable[[], Checkpoint], check: Verify) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert check().sound
        return len(asked)

    acts(3)
    put()
    few = cost()
    acts(250)
    put()
    assert cost() <= few + 1


def test_progress_is_told(past: None, check: Verify) -> None:
    seen: list[tuple[int, int]] = []
    check(progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (Leaf.objects.count(), Leaf.objects.count())
