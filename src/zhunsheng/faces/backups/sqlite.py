"""A SQLite database: copied while it is in use, put back beside the one there is, switched to by one rename."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from zhunsheng.faces.backups import NOT_IN_BACKUPS, CannotBackUp
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.rules.settling import UNSETTLED

FILE = "database.sqlite3"
TABLES_THAT_TELL = ("journal_entry", "accounts_user")
"""A database without a row in these has never been used."""


def path_of() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def copy_to(target: Path) -> None:
    """The database as it is at this moment, through SQLite's online backup: nobody who writes has to wait. Raises CannotBackUp."""
    try:
        with (
            contextlib.closing(
                sqlite3.connect(f"file:{quote(str(path_of()))}?mode=ro", uri=True, timeout=60)
            ) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that it is one file, whatever the original was
            _forget(copy, NOT_IN_BACKUPS)
            copy.execute("VACUUM")  # what was deleted, here or long ago, still stands in the free pages
    except sqlite3.Error as fault:
        raise CannotBackUp(
            t("The database {p} cannot be copied: {e}.", "无法复制数据库 {p}：{e}。", p=path_of(), e=fault)
        ) from fault
    check(target)


def _forget(database: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Empty those of these tables that there are."""
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name in tables:
        if name in there:
            database.execute(f"DELETE FROM {name}")  # noqa: S608 -- names of our own
    database.commit()


def mark(path: Path, request: str) -> None:
    """Write into a restored database what has to be settled in it, and let nobody be signed in. Raises CannotBackUp."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as opened:
            opened.execute(f"DROP TABLE IF EXISTS {UNSETTLED}")
            opened.execute(f"CREATE TABLE {UNSETTLED} (request text NOT NULL)")
            opened.execute(f"INSERT INTO {UNSETTLED} VALUES (?)", [request])  # noqa: S608 -- a name of our own
            _forget(opened, NOT_IN_BACKUPS)
    except sqlite3.Error as fault:
        raise CannotBackUp(
            t("The database in {p} is damaged: {e}.", "{p} 中的数据库已损坏：{e}。", p=path, e=fault)
        ) from fault


def check(path: Path) -> None:
    """Is the file whole, as SQLite sees it? Raises CannotBackUp."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as opened:
            said = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as fault:
        said = str(fault)
    if said != "ok":
        raise CannotBackUp(
            t("The database in {p} is damaged: {e}.", "{p} 中的数据库已损坏：{e}。", p=path, e=said)
        )  # fmt: skip


def is_in_use() -> bool:
    """Does the configured database hold anything that a restore would replace?"""
    path = path_of()
    if not path.exists() or path.stat().st_size == 0:
        return False
    with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as opened:
        try:
            return any(opened.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in TABLES_THAT_TELL)  # noqa: S608
        except sqlite3.OperationalError:
            return bool(opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())


def beside(stamp: str) -> Path:
    """Where a restored database waits: beside the one there is, since a rename works within one disk only."""
    return path_of().with_name(f".restoring-{stamp}.sqlite3")


def address(path: Path) -> str:
    return f"sqlite://{path}"


def forget_unfinished() -> None:
    """Remove what restores left behind that were killed."""
    for left in path_of().parent.glob(".restoring-*.sqlite3*"):
        left.unlink(missing_ok=True)


def fold_up(path: Path) -> None:
    """Bring a database back into its one file; whoever looked at it left a write-ahead log beside it."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")


def switch(restored: Path, stamp: str) -> Path | None:
    """Put the restored database in place of the one there is, in one step; return where the old one is kept.

    Raises CannotBackUp while another program has the database open.
    """
    path, kept = path_of(), path_of().with_name(f"{path_of().stem}.before-restore-{stamp}{path_of().suffix}")
    connections.close_all()
    existed = path.exists()
    if existed:
        _alone_with(path)
        path.chmod(0o600)  # it may have been made by a program that let others of this machine read it
        os.link(path, kept)
    restored.chmod(0o600)
    os.replace(restored, path)
    directory = os.open(path.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return kept if existed else None


def _alone_with(path: Path) -> None:
    """Make sure that nobody has the database open, and that nothing of it lies in a write-ahead log.

    A log left beside would be taken for one of the restored database.
    """
    with contextlib.closing(sqlite3.connect(path, timeout=2, isolation_level=None)) as opened:
        try:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            alone = opened.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
        except sqlite3.OperationalError:
            alone = False
    if not alone or path.with_name(path.name + "-wal").exists():
        raise CannotBackUp(
            t(
                "Another program has {p} open. Stop the service, then restore again; nothing was changed.",
                "{p} 正被其他程序使用。请先停止服务再恢复；未作任何改动。",
                p=path,
            )
        )
