"""What a restore brings back to life, and a restore that is killed before it is journaled."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import template
from tests.faces.backups.test_backup_and_restore import Site
from tests.killing import ROOT

pytestmark = pytest.mark.usefixtures("django_db_setup")  # so that they run on PostgreSQL too


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    """A site with a signed-in user with token, invitation, post and second factor; its backup; then all that ended."""
    var = tmp_path_factory.mktemp("lively")
    site = Site(var, template.address(f"lively_{os.getpid()}", var))
    site.do("fill")
    site.do("give_rights")
    assert site.run("backup", str(var / "one.tar")).returncode == 0
    site.do("end_rights")
    return site, var / "one.tar"


def restored(site: Site, backup: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    done = site.run("restore", str(backup), "--replace", *options, given=f"{site.name}\n")
    assert done.returncode == 0, done.stderr
    return done


def rights(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.do("look_at_rights"))
    return found


ALIVE = {"tokens": 1, "invitations": 1, "posts": 1}


def test_a_restore_lists_what_came_alive_again_and_revokes_tokens_in_one_step(filled: tuple[Site, Path]) -> None:
    site, backup = filled
    assert rights(site)["alive"] == {"tokens": 0, "invitations": 0, "posts": 0}
    said = restored(site, backup).stdout
    for what in ("the token zsa_", "the invitation of Invited", "the post of Holder"):
        assert f"Alive again: {what}" in said, said
    found = rights(site)
    assert found["alive"] == ALIVE and {kind: len(keys) for kind, keys in found["named"].items()} == ALIVE
    assert "1 tokens revoked" in site.run("revoke-tokens").stdout
    assert rights(site)["alive"] == ALIVE | {"tokens": 0}
    assert "0 tokens revoked" in site.run("revoke-tokens").stdout
    assert "1 tokens revoked" in restored(site, backup, "--revoke-tokens").stdout
    assert rights(site)["alive"] == ALIVE | {"tokens": 0}


def test_on_a_new_machine_it_is_said_that_nobody_knows_and_that_factors_cannot_be_opened(
    filled: tuple[Site, Path], tmp_path: Path
) -> None:
    new = Site(tmp_path, template.address(f"lively_new_{os.getpid()}", tmp_path))
    done = new.run("restore", str(filled[1]))
    assert done.returncode == 0, done.stderr
    assert "No database was replaced" in done.stdout and "zhunsheng revoke-tokens" in done.stdout
    assert "The second factors of 1 users were sealed with another key" in done.stdout
    assert rights(new)["named"] is None and rights(new)["alive"] == ALIVE
    assert "1 tokens revoked" in new.run("revoke-tokens").stdout
    assert "the second factors of 1 users" in new.run("forget-factors").stdout


def test_no_session_is_in_a_backup(filled: tuple[Site, Path]) -> None:
    content = filled[1].read_bytes()
    assert b"session-of-somebody" not in content and b"old-session" not in content
    if filled[0].database.startswith("sqlite"):
        import tarfile

        with tarfile.open(filled[1]) as tar:
            member = tar.extractfile("database.sqlite3")
            assert member is not None
            (filled[0].var / "out.sqlite3").write_bytes(member.read())
        with sqlite3.connect(filled[0].var / "out.sqlite3") as opened:
            assert opened.execute("SELECT count(*) FROM django_session").fetchone() == (0,)


def test_a_restore_killed_before_it_is_journaled_leaves_nobody_signed_in_and_is_journaled_at_the_next_start(
    filled: tuple[Site, Path],
) -> None:
    site, backup = filled
    before = len(json.loads(site.do("restorations")))
    site.do("sign_in")
    process = subprocess.Popen(
        [sys.executable, "-m", "zhunsheng.faces.cli", "restore", str(backup), "--replace", "--accept-damage"],
        cwd=ROOT, env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdin.write(f"{site.name}\n")
    process.stdin.flush()
    os.kill(examiner_of(process), signal.SIGKILL)
    assert "not in the journal yet" in process.communicate()[1] and process.returncode == 0
    assert json.loads(site.do("restorations")) == [] != before
    assert rights(site)["sessions"] == 0
    site.do("act", "before the start")
    assert site.state["leaves"] < site.state["acts"], "the log stands still"
    site.do("serve_by_wsgi")
    site.do("start")  # once is enough
    assert len(json.loads(site.do("restorations"))) == 1 and rights(site)["named"] is not None
    site.do("act", "after the start")
    checkpoint = site.run("journal", "checkpoint").stdout
    assert "/journal/restored-" in checkpoint.splitlines()[0]
    assert site.run("journal", "verify").returncode == 0


def examiner_of(process: "subprocess.Popen[str]") -> int:
    """The process that examines the restored database, as soon as there is one: it has not come to the journal by then."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:
            if b"zhunsheng.faces.backups.examine" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        time.sleep(0.005)
    raise AssertionError("no examination was seen")
