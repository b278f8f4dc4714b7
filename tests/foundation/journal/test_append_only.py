"""The database itself refuses to change or empty the tables on which decisions rest."""

import contextlib
import datetime
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from tests.append_only import unguard
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.journal.append_only import VERBS, guarded_tables

GUARDED = [
    "attachments_attachment",
    "campaign_summary_consent",
    "campaign_summary_figures",
    "campaign_summary_passage",
    "campaign_summary_release",
    "campaigns_agendapoint",
    "campaigns_commitment",
    "campaigns_gate",
    "campaigns_meeting",
    "campaigns_receipt",
    "catalogue_standardstate",
    "draws_competence",
    "draws_drawnlaboratory",
    "draws_drawnofficer",
    "draws_frozenlist",
    "draws_interest",
    "draws_officernumber",
    "draws_outcome",
    "eligibility_decision",
    "evidence_evidence",
    "imports_change",
    "inspections_appeal",
    "inspections_declaration",
    "inspections_disposedfinding",
    "inspections_exhibit",
    "inspections_extension",
    "inspections_look",
    "inspections_record",
    "inspections_signature",
    "institutions_notthesame",
    "institutions_riskclass",
    "institutions_takenback",
    "journal_checkpoint",
    "journal_entry",
    "journal_leaf",
    "journal_manifest",
    "journal_subtree",
    "management_managementrecord",
    "proficiency_correction",
    "proficiency_download",
    "proficiency_evaluation",
    "proficiency_exclusion",
    "proficiency_identity",
    "proficiency_participation",
    "proficiency_report",
    "pt_collect_receipt",
    "pt_enrol_acceptance",
    "pt_enrol_invitation",
    "pt_follow_answer",
    "pt_follow_answerfile",
    "pt_follow_appealdecision",
    "pt_follow_appealfile",
    "pt_follow_caserow",
    "pt_follow_closing",
    "pt_follow_retest",
    "pt_follow_retestrow",
    "pt_follow_review",
    "pt_plan_promise",
    "pt_prepare_assignment",
    "pt_prepare_opening",
    "pt_prepare_seal",
    "pt_prepare_study",
    "pt_prepare_verdict",
    "pt_prepare_waiver",
    "pt_report_laboratoryreport",
    "pt_report_taken",
    "pt_ship_receipt",
    "rectification_effectcheck",
    "rectification_judgement",
    "rectification_lookedback",
    "rectification_neworder",
    "rectification_secondlook",
    "rectification_submission",
    "rectification_submittedfile",
    "screening_evidence",
    "screening_statement",
    "selfcheck_checklist",
    "selfcheck_checklistitem",
    "selfcheck_frozen",
    "selfcheck_proof",
    "selfcheck_withdrawnproof",
]
TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled = 'O'",
}


def triggers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return set(cursor.fetchall())


def wanted() -> set[tuple[str, str]]:
    return {(f"{table}_refuses_{verb.lower()}", table) for table in GUARDED for verb in VERBS[connection.vendor]}


def test_the_models_that_say_so_are_the_ones_that_must() -> None:
    assert guarded_tables() == GUARDED


@pytest.mark.django_db
def test_after_all_migrations_every_guard_is_there_and_no_other_trigger() -> None:
    assert triggers() == wanted()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_django_rebuilds_loses_its_guards_and_the_next_migrate_sets_them_again() -> None:
    rebuild(Evidence)
    assert triggers() < wanted()
    call_command("migrate", verbosity=0)
    assert triggers() == wanted()


def rebuild(model: type[models.Model]) -> None:
    """What a migration does to a table on SQLite; on PostgreSQL triggers survive, so somebody drops them."""
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            editor._remake_table(model)  # type: ignore[attr-defined]
    else:
        unguard(connection, model._meta.db_table)


@pytest.mark.django_db
@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE", "REPLACE", "UPSERT"])
def test_a_change_is_refused(table: str, verb: str) -> None:
    if verb == "REPLACE" and connection.vendor == "postgresql":
        return  # it knows no such statement
    if verb not in (*VERBS[connection.vendor], "UPSERT"):
        assert (connection.vendor, verb) == ("sqlite", "TRUNCATE")  # which it does not have: DELETE is all there is
        return
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    statement = {
        "UPDATE": f'UPDATE "{table}" SET "{model._meta.pk.column}" = "{model._meta.pk.column}"',
        "DELETE": f'DELETE FROM "{table}"',
        "TRUNCATE": f'TRUNCATE "{table}" CASCADE',
        "REPLACE": f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"',
        "UPSERT": f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE 1 = 1 ON CONFLICT ("{model._meta.pk.column}")'
        f' DO UPDATE SET "{model._meta.pk.column}" = excluded."{model._meta.pk.column}"',
    }[verb]
    with transaction.atomic():
        if verb != "TRUNCATE":  # which a fresh row would block, so that the guard is not even asked
            any_row(model)
        with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        transaction.set_rollback(True)  # its foreign keys point nowhere


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no INSERT OR REPLACE")
@pytest.mark.parametrize("table", [table for table in GUARDED if table != "journal_checkpoint"])
def test_a_row_is_not_replaced_by_one_under_a_key_of_its_own_that_takes_another_unique_key(table: str) -> None:
    """INSERT OR REPLACE removes whatever row holds any of the unique keys, not only the one with the same primary key."""
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    with connection.cursor() as cursor:
        unique = connection.introspection.get_constraints(cursor, table).values()
    if not any(one["unique"] and not one["primary_key"] for one in unique):
        return  # it has one key only
    columns = [field.column for field in model._meta.concrete_fields]
    other = {"IntegerField": "2", "BigIntegerField": "2", "AutoField": "2", "BigAutoField": "2"}
    key = other.get(model._meta.pk.get_internal_type(), f"'{'f' * 32}'")
    taken = ", ".join(key if column == model._meta.pk.column else f'"{column}"' for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    with transaction.atomic():
        any_row(model)
        before = list(model._default_manager.values_list("pk", flat=True))
        with contextlib.suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'INSERT OR REPLACE INTO "{table}" ({named}) SELECT {taken} FROM "{table}"')
        assert set(before) <= set(
            model._default_manager.values_list("pk", flat=True)
        )  # one with an empty key is but added
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_new_row_is_not_refused() -> None:
    with transaction.atomic():
        any_row(Evidence)
        assert Evidence.objects.count() == 1
        transaction.set_rollback(True)  # its foreign keys point nowhere


def any_row(model: type[models.Model]) -> None:
    """Some row, whatever it says, inside a transaction that will not be kept."""
    model._default_manager.bulk_create(
        [model(**{field.attname: any_value(field, n) for n, field in enumerate(model._meta.concrete_fields, 1)})]
    )


def any_value(field: models.Field[Any, Any], n: int) -> Any:
    """A value for column number n; keys rise with n, since some tables want theirs in order."""
    if field.null:
        return None
    if isinstance(field, models.ForeignKey):
        return any_value(field.target_field, n)
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=n)
    if field.choices:
        return field.choices[0][0]
    for kind, value in ANY:
        if isinstance(field, kind):
            return value
    raise AssertionError(f"say what a {type(field).__name__} may hold")


ANY: list[tuple[type[Any], Any]] = [
    (models.FloatField, 1.0),
    (models.BooleanField, False),
    (models.BooleanField, True),
    (models.IntegerField, 1),
    (models.BinaryField, b"1"),
    (models.JSONField, {}),
    (models.DateTimeField, datetime.datetime(2026, 4, 15, tzinfo=datetime.UTC)),
    (models.DateField, datetime.date(2026, 4, 15)),
    (models.CharField, "1"),
    (models.TextField, "1"),
]
