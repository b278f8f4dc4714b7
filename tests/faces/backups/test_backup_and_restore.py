"""Back up, change, restore, verify, on the engine that the tests run on; a restore that is killed leaves the old database."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import template
from tests.killing import ROOT
from tests.template import create_postgresql

pytestmark = pytest.mark.usefixtures("django_db_setup")  # so that they run on PostgreSQL too

FILLED: dict[str, Any] = {
    "institutions": ["first", "second"], "files": [["first.csv", 5000], ["second.csv", 6000]], "acts": 4, "leaves": 4,
}  # fmt: skip
CHANGED = {
    "institutions": ["first", "second", "third"], "files": [*FILLED["files"], ["third.csv", 5000]], "acts": 6, "leaves": 6,
}  # fmt: skip

RESTORED = FILLED | {"acts": 5}
"""with the act that says so, which waits for the log"""


@dataclass
class Site:
    """A directory and a database, and the programs that run on them."""

    var: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("ZHUNSHENG_", "DJANGO_"))}
        return clean | {"ZHUNSHENG_VAR": str(self.var), "ZHUNSHENG_DATABASE_URL": self.database}

    def run(self, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "zhunsheng.faces.cli", *arguments], cwd=ROOT, env=self.environment, input=given,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def do(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faces.backups.site", *arguments], cwd=ROOT, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.do("look"))
        return found

    @property
    def name(self) -> str:
        return self.database.split("?")[0].rsplit("/", 1)[1]


def database(directory: Path, name: str) -> str:
    if os.environ["TESTS_DATABASE"] == "sqlite":
        return f"sqlite://{directory / name}.sqlite3"
    return create_postgresql(f"{name}_{os.getpid()}")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    """A site, and the backup that was taken of it with its keys before something more happened."""
    var = tmp_path_factory.mktemp("site")
    site = Site(var, template.address(f"backed_up_{os.getpid()}", var))
    site.do("fill")
    backup = var / "backups" / "one.tar"
    taken = site.run("backup", str(backup), "--with-keys")
    assert taken.returncode == 0, taken.stderr
    assert "Backed up" in taken.stdout and "whoever has the file can sign" in taken.stderr
    site.do("act", "third")
    return site, backup


def test_a_backup_says_what_it_is_and_is_for_its_owner_alone(filled: tuple[Site, Path]) -> None:
    backup = filled[1]
    assert backup.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in backup.parent.iterdir()) == ["one.tar"]  # no draft stays
    with tarfile.open(backup) as tar:
        names = tar.getnames()
        manifest = json.loads(tar.extractfile("manifest.json").read())
    assert names[0] == "manifest.json" and names[1] in {"database.sqlite3", "database.dump"}
    assert {"keys/signing-key.pem", "keys/secret-key", "keys/identity-key"} < set(names)
    assert len([name for name in names if name.startswith("public-keys/")]) == 1
    assert [one["name"] for one in manifest["files"]] == names[1:]
    assert manifest["checkpoint"].startswith("127.0.0.1:8000/journal\n4\n")


def test_without_being_asked_no_secret_leaves_the_site(filled: tuple[Site, Path], tmp_path: Path) -> None:
    assert filled[0].run("backup", str(tmp_path)).returncode == 0
    (made,) = tmp_path.iterdir()
    with tarfile.open(made) as tar:
        assert [name for name in tar.getnames() if name.startswith("keys/")] == []
        held = b"".join(tar.extractfile(one).read() for one in tar.getmembers() if not one.name.startswith("database"))
    assert b"PRIVATE KEY" not in held and b"PUBLIC KEY" in held


def test_on_a_new_machine_everything_comes_back(filled: tuple[Site, Path], tmp_path: Path) -> None:
    new = Site(tmp_path, database(tmp_path, "fresh"))
    done = new.run("restore", str(filled[1]), "--with-keys")
    assert done.returncode == 0, done.stderr
    assert "Sound: 4 acts" in done.stdout and "Restored." in done.stdout
    assert "with the keys that came in it" in done.stderr
    assert new.state == RESTORED
    assert (tmp_path / "signing-key.pem").read_bytes() == (filled[0].var / "signing-key.pem").read_bytes()
    assert (tmp_path / "signing-key.pem").stat().st_mode & 0o777 == 0o600
    assert new.run("journal", "verify").returncode == 0
    new.do("act", "after")  # and it goes on
    assert new.run("journal", "verify").returncode == 0


def test_what_is_there_is_replaced_only_when_that_was_said_twice_and_is_kept(
    filled: tuple[Site, Path], tmp_path: Path
) -> None:
    site = copy_of(filled, tmp_path)
    refused = site.run("restore", str(filled[1]))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert site.run("restore", str(filled[1]), "--replace", given="yes\n").returncode == 1
    assert site.state == CHANGED
    outside = tmp_path / "kept-outside.txt"
    outside.write_text(site.run("journal", "checkpoint").stdout)
    name = site.name
    done = site.run("restore", str(filled[1]), "--replace", given=f"{name}\n")
    assert done.returncode == 0, done.stderr
    assert site.state == RESTORED
    assert site.run("journal", "verify").returncode == 0
    set_back = site.run("journal", "verify", "--checkpoint", str(outside))
    assert (
        set_back.returncode == 1 and "a history that was given up: a backup of 4 leaves was restored" in set_back.stdout
    )
    kept = next(line for line in done.stdout.splitlines() if "is kept: " in line).rsplit("is kept: ", 1)[1]
    old = Site(site.var, f"sqlite://{kept}" if kept.startswith("/") else site.database.replace(site.name, kept))
    assert old.state == CHANGED


def test_a_restored_log_goes_on_under_another_name_and_says_what_was_lost(
    filled: tuple[Site, Path], tmp_path: Path
) -> None:
    site = copy_of(filled, tmp_path)
    outside = tmp_path / "kept-outside.txt"
    outside.write_text(site.run("journal", "checkpoint").stdout)
    refused = site.run("restore", str(filled[1]))
    assert "has 2 acts that the backup's checkpoint does not cover: they will be lost" in refused.stderr
    names = [outside.read_text().splitlines()[0]]
    for lost in (2, 3):  # twice the same backup: no two of the three histories share a name
        done = site.run("restore", str(filled[1]), "--replace", given=f"{site.name}\n")
        assert done.returncode == 0, done.stderr
        said = site.do("restorations")
        assert json.loads(said)[-1]["lost"] == lost
        site.do("act", "other")
        names.append(site.run("journal", "checkpoint").stdout.splitlines()[0])
    assert len(set(names)) == 3 and all(name.startswith(f"{names[0]}/restored-") for name in names[1:])
    verified = site.run("journal", "verify")
    assert verified.returncode == 0 and "3 acts were lost, the log before had 7 leaves" in verified.stdout
    against = site.run("journal", "verify", "--checkpoint", str(outside))
    assert against.returncode == 1 and "a history that was given up" in against.stdout


def test_after_a_restore_no_mail_goes_out_twice_and_nobody_is_signed_in(
    filled: tuple[Site, Path], tmp_path: Path
) -> None:
    site = copy_of(filled, tmp_path)
    site.do("sign_in_and_mail")
    backup = tmp_path / "again.tar"
    assert site.run("backup", str(backup)).returncode == 0
    done = site.run("restore", str(backup), "--replace", given=f"{site.name}\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(site.do("mails_and_sessions")) == {"mails": ["sent", "unknown", "unknown"], "sessions": 0}


def copy_of(filled: tuple[Site, Path], var: Path) -> Site:
    """The site as it is now, elsewhere, with its keys."""
    original, name = filled[0], f"copy_{random.randrange(10**6)}"
    shutil.copytree(original.var, var, dirs_exist_ok=True)
    if original.database.startswith("sqlite"):
        return Site(var, f"sqlite://{var / Path(original.database).name}")
    return Site(var, create_postgresql(f"{name}_{os.getpid()}", template=original.name))


def test_a_restored_database_and_the_one_before_it_are_for_their_owner_alone(
    filled: tuple[Site, Path], tmp_path: Path
) -> None:
    if os.environ["TESTS_DATABASE"] != "sqlite":
        return  # the server keeps its files
    site, backup = copy_of(filled, tmp_path), filled[1]
    place = Path(site.database.removeprefix("sqlite://"))
    place.chmod(0o644)
    done = site.run("restore", str(backup), "--replace", given=f"{site.name}\n")
    assert done.returncode == 0, done.stderr
    left = sorted(place.parent.glob(f"{place.stem}*"))
    assert len(left) == 2 and {one.stat().st_mode & 0o777 for one in left} == {0o600}


def test_what_the_program_writes_is_for_its_owner_alone_and_the_public_key_for_all(tmp_path: Path) -> None:
    script = (
        "import sys; from zhunsheng.faces.cli import main; from pathlib import Path; sys.argv = ['zhunsheng', '--version']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "Path('database').touch()\n"
        "from zhunsheng.foundation.signing import SigningKey; SigningKey.load_or_make(Path('key.pem'))"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, umask=0o022, capture_output=True)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"database": 0o600, "key.pem": 0o600, "key.pub.pem": 0o644}


def test_a_damaged_backup_is_refused_and_nothing_changes(filled: tuple[Site, Path], tmp_path: Path) -> None:
    content = filled[1].read_bytes()
    middle = len(content) // 2
    new = Site(tmp_path, database(tmp_path, "untouched"))
    for spoiled in (
        content[:middle],
        content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        b"",
        b"x" * 99999,
    ):
        (tmp_path / "bad.tar").write_bytes(spoiled)
        done = new.run("restore", str(tmp_path / "bad.tar"))
        assert done.returncode == 1, done.stdout
        assert "damaged" in done.stderr and "Traceback" not in done.stderr
    if new.database.startswith("sqlite"):
        assert sorted(path.name for path in tmp_path.glob("*sqlite3*")) == []


def test_a_backup_of_a_forged_database_is_not_restored_by_mistake(filled: tuple[Site, Path], tmp_path: Path) -> None:
    forged = copy_of(filled, tmp_path / "forged")
    forged.do("spoil")
    assert forged.run("backup", str(tmp_path / "forged.tar")).returncode == 0
    (tmp_path / "new").mkdir()
    new = Site(tmp_path / "new", database(tmp_path / "new", "sound"))
    done = new.run("restore", str(tmp_path / "forged.tar"))
    assert done.returncode == 1
    assert "does not verify" in done.stderr and "attachments_attachment" in done.stderr and "content" in done.stderr
    taken_all_the_same = new.run("restore", str(tmp_path / "forged.tar"), "--accept-damage")
    assert taken_all_the_same.returncode == 0 and "DAMAGED" in taken_all_the_same.stdout
    assert new.state["acts"] == 7, "the six, and the restore itself"


def test_a_database_that_is_open_elsewhere_is_not_replaced(filled: tuple[Site, Path], tmp_path: Path) -> None:
    site = copy_of(filled, tmp_path)
    with opened(site):
        done = site.run("restore", str(filled[1]), "--replace", given=f"{site.name}\n")
    assert done.returncode == 1 and "Stop the service" in done.stderr
    assert site.state == CHANGED


def opened(site: Site) -> Any:
    """A connection that somebody else holds, in the middle of something."""
    if site.database.startswith("sqlite"):
        import contextlib
        import sqlite3

        connection = sqlite3.connect(site.database.removeprefix("sqlite://"))
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("SELECT count(*) FROM journal_entry").fetchone()
        return contextlib.closing(connection)
    import psycopg
    from django.conf import settings

    return psycopg.connect(host=str(settings.DATABASES["default"]["HOST"]), user="postgres", dbname=site.name)


def check_killed(filled: tuple[Site, Path], tmp_path: Path, *, kills: int, seed: int) -> None:
    """Kill −9 the restore and all its children at random moments: the old database or the restored one, whole either way."""
    site, chance = copy_of(filled, tmp_path), random.Random(seed)
    command = [sys.executable, "-m", "zhunsheng.faces.cli", "restore", str(filled[1]), "--replace"]

    def begin() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command, cwd=ROOT, env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        process.stdin.write(f"{site.name}\n".encode())
        process.stdin.close()
        return process

    begun = time.monotonic()
    assert begin().wait(120) == 0
    whole = time.monotonic() - begun
    site.do("act", "third")
    interrupted = 0
    for _ in range(kills):
        process = begin()
        time.sleep(chance.uniform(0.25, 0.98) * whole)
        interrupted += process.poll() is None
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert site.state in (CHANGED, CHANGED | {"acts": 7, "leaves": 7}, RESTORED)
        assert site.run("journal", "verify").returncode == 0
        if site.state == RESTORED:
            site.do("act", "third")
    assert interrupted >= kills // 2, "the kills came too late to interrupt anything"
    last = site.run("restore", str(filled[1]), "--replace", given=f"{site.name}\n")
    assert last.returncode == 0, last.stderr
    assert site.state == RESTORED
    if site.database.startswith("sqlite"):
        assert list(tmp_path.glob(".restoring-*")) == []


def test_a_restore_that_is_killed_leaves_the_old_database(filled: tuple[Site, Path], tmp_path: Path) -> None:
    check_killed(filled, tmp_path, kills=2, seed=2026)


@pytest.mark.long
def test_thirty_killed_restores_leave_the_old_database(filled: tuple[Site, Path], tmp_path: Path) -> None:
    check_killed(filled, tmp_path, kills=30, seed=1978)
