"""How a test that commits leaves empty tables behind, though the database refuses to empty the guarded ones."""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

from zhunsheng.foundation.journal.append_only import VERBS, guard, guarded_tables

flush = BaseDatabaseOperations.execute_sql_flush


def let_tests_empty_guarded_tables() -> None:
    """Lift the guards for Django's flush between two committing tests, for nothing else, and set them again."""

    def flush_unguarded(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        for table in guarded_tables():
            unguard(self.connection, table)
        flush(self, sql_list)
        for table in guarded_tables():
            guard(self.connection, table)

    BaseDatabaseOperations.execute_sql_flush = flush_unguarded  # type: ignore[method-assign]


def unguard(connection: BaseDatabaseWrapper, table: str) -> None:
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in VERBS[connection.vendor]:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_refuses_{verb.lower()}"{on}')
