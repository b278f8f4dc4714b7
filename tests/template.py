"""One migrated database a run, of which every process that tests takes a copy: to migrate takes longer than most tests do."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import ground

POSTGRESQL_NAME = "zhunsheng_migrated"


def shared() -> Path:
    """The directory that all processes of one run have in common."""
    return Path(os.environ["TESTS_SHARED"])


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else of this run is in here."""
    with (shared() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stand_on_copy() -> None:
    """Let Django's connection of this process lead to a copy of its own."""
    from django.db import connection

    with alone():
        if not (shared() / "migrated").exists():
            migrate()
            (shared() / "migrated").touch()
        name = copy(f"test_{os.getpid()}")
    connection.settings_dict["NAME"] = name


def migrate() -> None:
    """Make the template as Django makes a test database; on SQLite a file: one in memory no second process can open."""
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    connection.settings_dict["TEST"]["NAME"] = str(shared() / "migrated.sqlite3") if sqlite else POSTGRESQL_NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()  # the last one: nothing stays in SQLite's write-ahead log, and PostgreSQL copies what nobody uses


def copy(name: str, directory: Path | None = None) -> str:
    """The name, for Django's settings, of a new copy of the template."""
    if os.environ["TESTS_DATABASE"] == "postgresql":
        create_postgresql(name, template=POSTGRESQL_NAME)
        return name
    path = (directory or Path(os.environ["ZHUNSHENG_VAR"])) / f"{name}.sqlite3"
    shutil.copy(shared() / "migrated.sqlite3", path)
    return str(path)


def address(name: str, directory: Path) -> str:
    """The address, for the product's settings, of a new copy of the template; on SQLite it lies in the directory."""
    if os.environ["TESTS_DATABASE"] == "postgresql":
        return create_postgresql(name, template=POSTGRESQL_NAME)
    return f"sqlite://{copy(name, directory)}"


def create_postgresql(name: str, *, template: str = "template1") -> str:
    """The address of a new database."""
    from django.conf import settings

    drop_postgresql(name)
    tell_postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"postgresql://{ground.SUPERUSER}@/{name}?host={settings.DATABASES['default']['HOST']}"


def drop_postgresql(name: str) -> None:
    tell_postgresql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def tell_postgresql(statement: str) -> None:
    import psycopg
    from django.conf import settings

    host = settings.DATABASES["default"]["HOST"]
    with psycopg.connect(f"host={host} user={ground.SUPERUSER} dbname=template1", autocommit=True) as connection:
        connection.execute(statement.encode())
