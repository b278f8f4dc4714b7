"""A row that reads as it was written and that no question finds any more is damage: SQLite takes several texts for one value."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models

from tests.cast import AT, institution_of
from tests.foundation.journal.test_verification import (  # noqa: F401 -- the fixtures
    Verify,
    audited,
    behind_the_guards,
    check,
    first,
    past,
    put,
)
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.actions import record_new
from zhunsheng.foundation.journal.models import Checkpoint, Manifest
from zhunsheng.foundation.journal.verification.stored import OF_SEVERAL_FORMS, Columns, has_several_forms, same
from zhunsheng.registry.institutions.models import RiskClass
from zhunsheng.registry.management.models import ManagementRecord

RiskMaker = Callable[[], RiskClass]


@pytest.fixture
def risk_class(laboratory: User) -> RiskMaker:
    def made() -> RiskClass:
        return RiskClass.objects.create(
            institution=institution_of(laboratory), letter="A", valid_from=date(2026, 1, 1), reason="forged", source="",
            recorded_at=AT,
        )  # fmt: skip

    return made


@pytest.fixture
def kept_record(laboratory: User) -> ManagementRecord:
    """A row with a boolean, and an act that vouches for it."""
    one = ManagementRecord.objects.create(
        institution=institution_of(laboratory), kind="internal_audit", period="2026", held_on=date(2026, 1, 2), title="x", made_by="x",
        recorded_at=AT,
    )  # fmt: skip
    record_new("enter_management_record", [one], actor=laboratory, at=AT)
    return one


def forms_of(kept: Any, field: models.Field[Any, Any]) -> Iterator[Any]:
    """Other texts that are read as the same value: one character more, less or different."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    match field:
        case models.UUIDField():
            spoiled = next(n for n, digit in enumerate(kept) if digit.isalpha())
            yield kept[:spoiled] + kept[spoiled].upper() + kept[spoiled + 1 :]
            yield kept[:8] + "-" + kept[8:]
        case models.DateTimeField():
            yield kept.replace(" ", "T")
            yield kept + ("0" if "." in kept else ".0")
        case models.DateField():
            yield kept.replace("-0", "-", 1)
        case models.BooleanField():
            yield b"%d" % kept
        case models.JSONField():
            yield kept + " "
            yield kept.replace(": ", ":", 1)
            yield kept.replace("{", '{"n": 0, ', 1)
        case models.BinaryField():
            yield bytes(kept).decode("ascii")


def stored(model: type[models.Model]) -> Iterator[tuple[Any, models.Field[Any, Any], Any]]:
    """The rowid of a row in the middle, and what it keeps in each column that can be spelt in another way."""
    table = model._meta.db_table
    for field in model._meta.concrete_fields:
        if not (has_several_forms(field) or isinstance(field, models.BinaryField)):
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT rowid, +"{field.column}" FROM "{table}" WHERE "{field.column}" IS NOT NULL ORDER BY 1'
            )
            rows = cursor.fetchall()
        if rows:
            rowid, kept = rows[len(rows) // 2]
            yield rowid, field, kept


def is_ascii(kept: Any) -> bool:
    return not isinstance(kept, bytes) or kept.isascii()


def test_another_text_for_the_same_value_is_named(past: None, kept_record: ManagementRecord, check: Verify) -> None:  # noqa: F811
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has one form for each value")
    missed, looked_at, kinds = [], 0, set()
    for model in audited():
        for rowid, field, kept in list(stored(model)):
            for spelt in forms_of(kept, field) if is_ascii(kept) else ():
                if spelt == kept and type(spelt) is type(kept):
                    continue
                with behind_the_guards(), connection.cursor() as cursor:
                    cursor.execute("PRAGMA defer_foreign_keys = ON")
                    cursor.execute(
                        f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE rowid = %s', [spelt, rowid]
                    )
                    named = [(one.table, one.column) for one in check().damages]
                looked_at += 1
                kinds.add(type(field))
                if not named or named[0] not in {
                    (model._meta.db_table, field.attname),
                    (field.primary_key and model._meta.db_table, ""),
                }:
                    missed.append((model._meta.db_table, field.attname, spelt, named[:3]))
    assert missed == []
    assert looked_at >= 30
    assert kinds >= {
        models.UUIDField, models.DateTimeField, models.DateField, models.BooleanField, models.JSONField, models.BinaryField,
        models.ForeignKey,
    }  # fmt: skip
    assert check().sound


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("evidence_evidence", "institution_id = upper(institution_id)"),
        ("evidence_evidence", "occurred_on = replace(occurred_on, '-0', '-')"),
        ("evidence_evidence", "recorded_at = replace(recorded_at, ' ', 'T')"),
        ("journal_entry", "at = replace(at, ' ', 'T')"),
        ("journal_checkpoint", "at = replace(at, ' ', 'T')"),
    ],
)
def test_a_whole_table_hidden_from_questions_is_damage(past: None, check: Verify, table: str, change: str) -> None:  # noqa: F811
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has one form for each value")
    with behind_the_guards(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(f'UPDATE "{table}" SET {change}')
        damage = first(check())
    assert (damage.table, damage.column) == (table, change.split(" ")[0])


def test_a_root_in_capitals_is_not_what_was_written(past: None, check: Verify) -> None:  # noqa: F811
    newest = Checkpoint.objects.all()[0]
    with behind_the_guards():
        Checkpoint.objects.filter(pk=newest.pk).update(root=newest.root.upper())
        damage = first(check())
    assert (damage.table, damage.key, damage.column) == ("journal_checkpoint", str(newest.pk), "root")


def test_a_second_row_under_a_key_in_capitals_is_named(past: None, check: Verify) -> None:  # noqa: F811
    """No guard has to be lifted for this one."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has one form for each value")
    one = Evidence.objects.order_by("pk")[0]
    names = [
        field.column for field in Evidence._meta.concrete_fields if not field.primary_key and field.column != "source"
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO evidence_evidence (id, source, {', '.join(names)}) SELECT upper(id), 'x', {', '.join(names)} "
            "FROM evidence_evidence WHERE id = %s",
            [one.pk.hex],
        )
    damage = first(check())
    assert (damage.table, damage.key) == ("evidence_evidence", str(one.pk))
    assert "no act vouches for it" in damage.what.en


def test_the_first_row_of_a_table_is_named_when_no_act_vouches_for_it(
    past: None, check: Verify, risk_class: RiskMaker  # noqa: F811
) -> None:  # fmt: skip
    row = risk_class()
    found = check()
    assert [(one.table, one.key) for one in found.damages] == [("institutions_riskclass", str(row.pk))]
    assert "no act vouches for it" in found.damages[0].what.en and "没有操作" in found.damages[0].what.zh
    assert found.unlisted == {"institutions_riskclass": 1} and not found.sound


def test_the_first_row_of_all_is_named_too(db: None, check: Verify, risk_class: RiskMaker) -> None:  # noqa: F811
    row = risk_class()
    assert not Manifest.objects.exists()
    assert (first(check()).table, first(check()).key) == ("institutions_riskclass", str(row.pk))


def test_the_first_row_is_sound_when_an_act_vouches_for_it(
    past: None, check: Verify, risk_class: RiskMaker, regulator: User  # noqa: F811
) -> None:  # fmt: skip
    record_new("set_risk_class", [risk_class()], actor=regulator, at=AT)
    assert check().damages == []


@pytest.mark.parametrize(
    ("field", "written", "others"),
    [
        (models.DecimalField(max_digits=8, decimal_places=2), Decimal("1.20"), [1.2000001, "1.20x", None]),
        (models.TimeField(), time(9, 5), ["9:05:00", "09:05:00.0"]),
        (models.DurationField(), timedelta(seconds=1), [1000000.4]),
        (models.BooleanField(), False, [2, b"1", ""]),
        (models.UUIDField(), uuid.UUID(int=10), [uuid.UUID(int=10).hex.upper()]),
        (models.DateTimeField(), datetime(2026, 3, 2, tzinfo=UTC), ["2026-03-02T00:00:00", "2026-03-02 00:00"]),
    ],
)
def test_kinds_that_guarded_tables_may_come_to_have(
    db: None, field: models.Field[Any, Any], written: Any, others: list[Any]
) -> None:  # fmt: skip
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has one form for each value")
    assert isinstance(field, OF_SEVERAL_FORMS)
    kept = field.get_db_prep_save(written, connection)
    as_sqlite_keeps_it = float(kept) if isinstance(kept, Decimal) else kept
    assert same(field)(as_sqlite_keeps_it, kept)
    assert not any(same(field)(one, kept) for one in others)


def test_it_is_one_question_and_only_sqlite_is_asked_more(past: None, django_assert_num_queries: Any) -> None:  # noqa: F811
    asked = Columns(Evidence, ["institution_id", "kind", "occurred_on"])
    assert len(asked.forms) == (2 if connection.vendor == "sqlite" else 0)
    with django_assert_num_queries(1):
        rows = asked.of(Evidence.objects.all())
    assert all(len(values) == 3 for _, values in rows) and rows


TEXTS = (models.CharField, models.TextField, models.UUIDField)


def test_bytes_that_are_no_text_are_named_by_row_and_column_and_the_rest_is_looked_at(
    past: None,  # noqa: F811
    kept_record: ManagementRecord,
    check: Verify,  # noqa: F811
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes no bytes that are no text")
    missed, looked_at = [], 0
    for model in audited():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            kept = field.target_field if isinstance(field, models.ForeignKey) else field
            if not isinstance(kept, TEXTS):
                continue
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT max(rowid) FROM "{table}" WHERE "{field.column}" IS NOT NULL')
                (rowid,) = cursor.fetchone()
            if rowid is None:
                continue
            with behind_the_guards(), connection.cursor() as cursor:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                cursor.execute(
                    f'UPDATE "{table}" SET "{field.column}" = CAST(x\'61ff62\' AS TEXT) WHERE rowid = %s', [rowid]
                )
                found = check()
                named = [(one.table, one.column) for one in found.damages]
                assert all(one.sentence.both().encode() for one in found.damages)
            looked_at += 1
            if not {(table, field.attname), (field.primary_key and table, "")} & set(named):
                missed.append((table, field.attname, named[:3]))
    assert not missed and looked_at > 15
