"""Tables that the database itself refuses to change or empty.

The guards are triggers, set after every `migrate` and not in a migration: Django rebuilds a SQLite table for many schema
changes and drops its triggers without a word. A model is guarded by `append_only = True` on its class.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = """
CREATE TRIGGER IF NOT EXISTS "{table}_refuses_{verb_lower}" BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$
"""
POSTGRESQL = """
CREATE OR REPLACE TRIGGER "{table}_refuses_{verb_lower}" BEFORE {verb} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
VERBS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


def guarded_tables() -> list[str]:
    """The tables of all models that declare themselves append-only."""
    return sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False))


def guard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Set the triggers on one table; harmless when they are there already."""
    statement = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for verb in VERBS[connection.vendor]:
            cursor.execute(statement.format(table=table, verb=verb, verb_lower=verb.lower()))


def guard_all(using: str, **_: Any) -> None:
    """Signal handler for post_migrate: set whatever guard is missing."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for table in guarded_tables():
        if table in existing:
            guard(connection, table)


class AppendOnly(models.Model):
    """Base of every model whose rows are never changed or removed."""

    append_only = True

    class Meta:
        abstract = True
