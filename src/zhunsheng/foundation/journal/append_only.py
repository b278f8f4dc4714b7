"""Tables that the database itself refuses to change or empty.

The guards are triggers, set after every `migrate` and not in a migration: Django rebuilds a SQLite table for many schema
changes and drops its triggers without a word. A model is guarded by `append_only = True` on its class.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = """
CREATE TRIGGER IF NOT EXISTS "{table}_refuses_{verb_lower}" BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END
"""
SQLITE_REPLACE = """
CREATE TRIGGER "{table}_refuses_replace" BEFORE INSERT ON "{table}" WHEN {taken}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: REPLACE refused'); END
"""
"""SQLite removes the row that INSERT OR REPLACE replaces without asking the guard of DELETE, unless each connection wants it to."""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$
"""
POSTGRESQL = """
CREATE OR REPLACE TRIGGER "{table}_refuses_{verb_lower}" BEFORE {verb} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
VERBS = {"sqlite": ("UPDATE", "DELETE", "REPLACE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


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
            if verb == "REPLACE":
                _guard_against_replacing(cursor, table)
            else:
                cursor.execute(statement.format(table=table, verb=verb, verb_lower=verb.lower()))


def _guard_against_replacing(cursor: Any, table: str) -> None:
    """Refuse a row under a key that is taken: set anew each time, since the keys may have changed."""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_refuses_replace"')
    cursor.execute(SQLITE_REPLACE.format(table=table, taken=" OR ".join(_taken(cursor, table))))


def _taken(cursor: Any, table: str) -> Iterator[str]:
    """For each unique key of a table the condition that a row with the new one's values is there already."""
    cursor.execute(f'PRAGMA table_info("{table}")')
    columns = cursor.fetchall()
    keys = [([row[1] for row in columns if row[5]], "")]
    cursor.execute(f'PRAGMA index_list("{table}")')
    for name, partial in [(row[1], row[4]) for row in cursor.fetchall() if row[2]]:
        cursor.execute(f'PRAGMA index_info("{name}")')
        named = [row[2] for row in cursor.fetchall()]
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [name])
        keys.append((named, cursor.fetchone()[0].partition(" WHERE ")[2] if partial else ""))
    for named, where in keys:
        same = [f'"{column}" = NEW."{column}"' for column in named]
        new = where
        for row in columns:
            new = new.replace(f'"{row[1]}"', f'NEW."{row[1]}"')
        conditions = [*same, *([f"({where})", f"({new})"] if where else [])]
        yield f'EXISTS (SELECT 1 FROM "{table}" WHERE {" AND ".join(conditions)})'  # noqa: S608 -- names of the schema


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


def uncorrected(model: type[models.Model]) -> models.Q:
    """Rows of a table that corrects itself by `supersedes` which no later row corrects.

    Not `filter(superseded_by=None)`: after ANALYZE SQLite reads the whole table again for each row of that outer join, since nearly
    all of the column is NULL.
    """
    return ~models.Q(models.Exists(model._default_manager.filter(supersedes=models.OuterRef("pk"))))
