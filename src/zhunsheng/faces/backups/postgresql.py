"""A PostgreSQL database: dumped while it is in use, restored under another name, switched to by renaming both in one transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from zhunsheng.faces.backups import NOT_IN_BACKUPS, CannotBackUp
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.rules.settling import UNSETTLED

if TYPE_CHECKING:
    import psycopg

FILE = "database.dump"
TABLES_THAT_TELL = ("journal_entry", "accounts_user")
UNFINISHED = "_restoring_"


def configured() -> dict[str, Any]:
    found: dict[str, Any] = settings.DATABASES["default"]
    return found


def name_of() -> str:
    return str(configured()["NAME"])


def copy_to(target: Path) -> None:
    """The database as it is at this moment, as pg_dump's custom format. Raises CannotBackUp."""
    without = [f"--exclude-table-data={name}" for name in NOT_IN_BACKUPS]
    _run(
        [
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            *without,
            f"--file={target}",
            f"--dbname={name_of()}",
        ]
    )


def is_in_use() -> bool:
    """Does the configured database hold anything that a restore would replace?"""
    with connections["default"].cursor() as cursor:
        for table in TABLES_THAT_TELL:
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0] is None:
                continue
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608
            if cursor.fetchone()[0]:
                return True
    return False


def put_beside(dump: Path, stamp: str) -> str:
    """Restore a dump into a new database beside the one there is; return its name. Raises CannotBackUp."""
    name = f"{name_of()[:30]}{UNFINISHED}{stamp}"
    with _maintenance() as session:
        _execute(session, f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    _run(["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}", str(dump)])
    return name


def mark(name: str, request: str) -> None:
    """Write into a restored database what has to be settled in it, and let nobody be signed in. Raises CannotBackUp."""
    with _session(name) as session, session.transaction():
        _execute(session, f"DROP TABLE IF EXISTS {UNSETTLED}")
        _execute(session, f"CREATE TABLE {UNSETTLED} (request text NOT NULL)")
        session.execute(f"INSERT INTO {UNSETTLED} VALUES (%s)".encode(), [request])  # noqa: S608 -- a name of our own
        for table in NOT_IN_BACKUPS:
            there = session.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if there and there[0]:
                _execute(session, f"DELETE FROM {table}")  # noqa: S608 -- names of our own


def address(name: str) -> str:
    """The configured address with another database's name."""
    parts = urlsplit(os.environ["ZHUNSHENG_DATABASE_URL"])
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


def forget_unfinished() -> None:
    """Remove what restores left behind that were killed."""
    with _maintenance() as session:
        left = session.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{name_of()[:30]}{UNFINISHED}"]
        ).fetchall()
        for (name,) in left:
            _execute(session, f"DROP DATABASE {_quoted(name)} WITH (FORCE)")


def drop(name: str) -> None:
    with _maintenance() as session:
        _execute(session, f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def switch(restored: str, stamp: str) -> str:
    """Put the restored database in place of the one there is, in one step; return the name under which the old one is kept.

    Raises CannotBackUp while another program is connected.
    """
    kept = f"{name_of()[:30]}_before_restore_{stamp}"
    connections.close_all()
    with _maintenance() as session, session.transaction():
        others = session.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name_of()]).fetchone()
        if others and others[0]:
            raise CannotBackUp(_connected(others[0]))
        _execute(session, f"ALTER DATABASE {_quoted(name_of())} RENAME TO {_quoted(kept)}")
        _execute(session, f"ALTER DATABASE {_quoted(restored)} RENAME TO {_quoted(name_of())}")
    return kept


def _connected(others: int) -> Any:
    return t(
        "{n} other connections to {p} are open. Stop the service, then restore again; nothing was changed.",
        "还有 {n} 个连接正在使用 {p}。请先停止服务再恢复；未作任何改动。",
        n=others,
        p=name_of(),
    )


def _maintenance() -> psycopg.Connection[Any]:
    """A connection to the server beside the database itself. Raises CannotBackUp."""
    for name in ("template1", "postgres"):
        if name == name_of():
            continue
        try:
            return _session(name)
        except CannotBackUp as fault:
            refusal = fault
    raise refusal


def _session(name: str) -> psycopg.Connection[Any]:
    """A connection to one database of the server. Raises CannotBackUp."""
    import psycopg

    given = configured()
    try:
        return psycopg.connect(
            dbname=name, host=given["HOST"] or None, port=given["PORT"] or None, user=given["USER"] or None,
            password=given["PASSWORD"] or None, autocommit=True,
        )  # fmt: skip
    except psycopg.OperationalError as fault:
        said = str(fault).strip()
        raise CannotBackUp(t("The server cannot be reached: {e}", "无法连接数据库服务器：{e}", e=said)) from fault


def _execute(session: psycopg.Connection[Any], statement: str) -> None:
    import psycopg

    try:
        session.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege as fault:
        raise CannotBackUp(
            t(
                "The database user may not create and rename databases. As the server's administrator: ALTER ROLE … CREATEDB.",
                "数据库用户无权创建和重命名数据库。请由数据库管理员执行：ALTER ROLE … CREATEDB。",
            )
        ) from fault
    except psycopg.errors.ObjectInUse as fault:
        raise CannotBackUp(_connected(1)) from fault


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _run(command: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs against the configured server. Raises CannotBackUp with what it said."""
    program, given = _program(command[0]), configured()
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{name: str(given[key]) for name, key in names.items() if given[key]}}
    done = subprocess.run(  # noqa: S603 -- programs of PostgreSQL, names from the settings
        [program, "--no-password", *command[1:]], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise CannotBackUp(
            t("{p} failed: {e}", "{p} 执行失败：{e}", p=command[0], e=said[0] if said else done.returncode)
        )  # fmt: skip


def _program(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)  # the newest one reads every older server
    if found is None:
        raise CannotBackUp(
            t(
                "The program {p} is not installed. Install PostgreSQL's client programs: apt-get install postgresql-client.",
                "未安装程序 {p}。请安装 PostgreSQL 客户端程序：apt-get install postgresql-client。",
                p=name,
            )
        )
    return found
