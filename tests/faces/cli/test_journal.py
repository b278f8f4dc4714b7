"""`zhunsheng journal`: what it prints, with which exit code, in both languages; and the sequencer's clock beside the worker."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from typer.testing import CliRunner, Result

from tests.append_only import unguard
from tests.cast import AT, institution
from zhunsheng.faces.cli import app
from zhunsheng.faces.jobs import sequencer
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf
from zhunsheng.foundation.signing import SigningKey

Run = Callable[..., Result]


@pytest.fixture
def run(db: None) -> Run:
    def command(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["journal", *arguments])

    return command


@pytest.fixture
def logged(db: None, signing_key: SigningKey) -> list[Entry]:
    """Three acts in the log."""
    for n in range(3):
        institution("laboratory", f"示例实验室 {n}", f"Laboratory {n}")
    assert sequencer.sequence_what_waits(threading.Event()) == 1
    return list(Entry.objects.order_by("pk"))


def test_a_sound_journal_says_what_was_looked_at(run: Run, logged: list[Entry]) -> None:
    said = run("verify")
    assert said.exit_code == 0
    assert "Sound: 3 acts (0 wait for the log), 3 leaves under 1 signed checkpoints" in said.output
    assert "完好：操作 3 次" in said.output


def test_a_damaged_one_names_the_row_and_the_column_first(run: Run, logged: list[Entry]) -> None:
    with transaction.atomic():
        unguard(connection, "journal_entry")
        Entry.objects.filter(pk=logged[1].pk).update(subject="nobody")
        said = run("verify", "--lang", "zh")
        both = run("verify")
        transaction.set_rollback(True)
    assert said.exit_code == both.exit_code == 1
    assert said.output.startswith(f"已受损。首处：journal_entry 表 {logged[1].pk} 行 subject 列：与写入时不符")
    assert (
        f"DAMAGED. First: journal_entry, row {logged[1].pk}, column subject: it is not what was written" in both.output
    )


def test_a_checkpoint_kept_outside_is_believed_if_it_is_signed(run: Run, logged: list[Entry], tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(run("checkpoint").output)
    assert kept.read_text() == Checkpoint.objects.get().note
    assert run("verify", "--checkpoint", str(kept)).exit_code == 0
    kept.write_text(kept.read_text().replace("\n3\n", "\n4\n"))
    refused = run("verify", "--checkpoint", str(kept))
    assert refused.exit_code == 2 and "does not count" in refused.output


def test_a_log_that_was_set_back_is_found_by_what_was_kept(run: Run, logged: list[Entry], tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(run("checkpoint").output)
    with transaction.atomic():
        for table in ("journal_entry", "journal_leaf", "journal_checkpoint"):
            unguard(connection, table)
        for model in (Leaf, Checkpoint, Entry):
            model.objects.all()._raw_delete("default")
        said = run("verify", "--checkpoint", str(kept))
        transaction.set_rollback(True)
    assert said.exit_code == 1 and "an older state was restored" in said.output


def test_the_proof_of_an_act_is_checked_without_the_database(
    run: Run, logged: list[Entry], tmp_path: Path, django_db_blocker: Any
) -> None:
    proof, key = tmp_path / "proof.json", settings.SIGNING_KEY.with_name("signing-key.pub.pem")
    proof.write_text(run("prove", str(logged[1].pk)).output)
    with django_db_blocker.block():
        good = run("check", str(proof), "--trust", str(key))
        assert good.exit_code == 0
        assert "act 1 of 3 in the log of 127.0.0.1:8000/journal" in good.output and "证明成立" in good.output
        given = json.loads(proof.read_text())
        proof.write_text(json.dumps(given | {"entry": given["entry"].replace("enter", "leave")}))
        assert run("check", str(proof), "--trust", str(key)).exit_code == 1
        proof.write_text("{")
        assert run("check", str(proof), "--trust", str(key)).exit_code == 1


def test_what_is_not_there_is_said(run: Run, signing_key: SigningKey) -> None:
    assert run("checkpoint").exit_code == 3
    assert run("prove", "999").exit_code == 2
    institution("laboratory", "示例实验室", "Laboratory")
    waiting = run("prove", str(Entry.objects.get().pk))
    assert waiting.exit_code == 3 and "waits to be put into the log" in waiting.output and "尚待收录" in waiting.output


def test_without_a_key_nothing_is_signed_and_nothing_breaks(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "broken.pem").write_text("no key")
    (tmp_path / "broken.pem").chmod(0o600)
    monkeypatch.setattr(settings, "SIGNING_KEY", tmp_path / "broken.pem")
    institution("laboratory", "示例实验室", "Laboratory")
    run_once(monkeypatch)
    assert "the log cannot be signed" in caplog.text and not Checkpoint.objects.exists()


def test_the_clock_puts_acts_into_the_log(db: None, monkeypatch: pytest.MonkeyPatch, signing_key: SigningKey) -> None:
    institution("laboratory", "示例实验室", "Laboratory")
    run_once(monkeypatch)
    newest = Checkpoint.objects.get()
    assert newest.size == 1 and newest.at > AT and newest.note.startswith("127.0.0.1:8000/journal\n1\n")


def run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    asked: list[float] = []

    def waited(seconds: float) -> bool:
        asked.append(seconds)
        return len(asked) > 1

    monkeypatch.setattr(stop, "wait", waited)
    for closing in ("close_old_connections", "connection.close"):  # it would close the test's own connection
        monkeypatch.setattr(f"zhunsheng.faces.jobs.sequencer.{closing}", lambda: None)
    sequencer.sequence_for_ever(stop)
    assert asked[0] == settings.SEQUENCE_SECONDS
