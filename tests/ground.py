"""Where the tests stand: settings of their own, in a directory of their own, on the database that was asked for.

`prepare` runs before any test file or deeper conftest is read, so that all of them may import models at their top.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Literal

Database = Literal["sqlite", "postgresql"]
SUPERUSER = "postgres"


def prepare(database: Database) -> None:
    """Set the environment, start PostgreSQL if asked for, load the settings and Django."""
    if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker inherits its controller's database
        for name in [name for name in os.environ if name.startswith("ZHUNSHENG_")]:
            del os.environ[name]
        if database == "postgresql":
            os.environ["ZHUNSHENG_DATABASE_URL"] = f"postgresql://{SUPERUSER}@/postgres?host={start_postgresql()}"
        os.environ["TESTS_SHARED"] = str(own_directory())
    var = own_directory()
    (var / "static").mkdir()
    os.environ |= {
        "ZHUNSHENG_VAR": str(var),
        "ZHUNSHENG_SECOND_FACTOR_REQUIRED": "0",  # the test of the second factor asks for it itself
    }
    load_django()


def load_django() -> None:
    """Settings that make tests quick: a cheap password hash, no manifest of static files."""
    import django
    from django.conf import settings

    assert not settings.configured, (
        "unset DJANGO_SETTINGS_MODULE: the settings were read before the tests had their say"
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhunsheng.settings"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    del os.environ[
        "DJANGO_SETTINGS_MODULE"
    ]  # else pytest-xdist's workers, which inherit it, would read settings too early


def own_directory() -> Path:
    path = Path(tempfile.mkdtemp(prefix="zhunsheng-test-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def start_postgresql() -> Path:
    """A throw-away cluster from Debian's binaries, reached by a socket only; return the socket's directory."""
    binaries = newest_postgresql()
    directory = Path(tempfile.mkdtemp(prefix="zs-pg-", dir="/tmp"))  # short: a socket's path has at most 107 characters
    data = directory / "data"
    as_whom = unprivileged(directory)
    quiet: dict[str, Any] = {
        "check": True,
        "stdout": subprocess.DEVNULL,
        "stdin": subprocess.DEVNULL,
        "cwd": "/",
        **as_whom,
    }
    subprocess.run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        **quiet,
    )
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    options = f"-k {directory} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    subprocess.run([binaries / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", options, "start"], **quiet)
    atexit.register(lambda: subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet))
    return directory


def newest_postgresql() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: apt-get install --no-install-recommends postgresql")
    return found[-1]


def unprivileged(directory: Path) -> dict[str, Any]:
    """How to start PostgreSQL, which refuses root: as the user postgres then, else as whoever runs the tests."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    os.chown(directory, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
