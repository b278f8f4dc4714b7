"""The main job on the command line: a results file becomes a report that anyone can check."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
import rfc8785
from typer.testing import CliRunner

from tests.activities.proficiency.rules.json_schema import complaints
from zhunsheng.activities import proficiency
from zhunsheng.activities.proficiency.documents import report_facts
from zhunsheng.faces.cli import app, outputs, speech
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import SigningKey, qr_claim, qr_png

ROUNDS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "published_rounds.json").read_text("utf-8"))
GIVEN = ("--assigned", "0.044", "--u-assigned", "0.0041", "--sigma", "0.0066")
CJK = re.compile("[\u3400-\u9fff]")


def run(*arguments: object, stdin: bytes | None = None) -> Any:
    result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNSHENG_HOME", str(tmp_path_factory.getbasetemp() / "cli-home"))


@dataclass(frozen=True)
class Done:
    """One evaluation of the mercury round, made once."""

    source: Path
    out: Path
    stdout: str

    @property
    def report(self) -> Path:
        return self.out / "report.pdf"

    def document(self) -> Any:
        return json.loads((self.out / "evaluation.json").read_bytes())


def mercury(path: Path) -> Path:
    published = ROUNDS["mercury"]
    rows = [[r["laboratory"], r["result"], r["uncertainty"], r["k"], "mg/kg", "汞"] for r in published["results"]]
    book = openpyxl.Workbook()
    for row in [["实验室", "结果", "不确定度", "k", "单位", "被测量"], *rows]:
        book.worksheets[0].append(row)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    base = tmp_path_factory.mktemp("done")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHUNSHENG_HOME", str(tmp_path_factory.getbasetemp() / "cli-home"))
        source = mercury(base / "汞.xlsx")
        result = run("evaluate", source, "--out", base / "out", *GIVEN, "--title", "饲料中汞 Mercury in feed")
        assert result.exit_code == 0, result.output
        yield Done(source, base / "out", result.stdout)


# --- evaluate ---------------------------------------------------------------------------------------------------------


def test_the_directory_gets_three_files_and_no_more(done: Done) -> None:
    assert sorted(p.name for p in done.out.iterdir()) == ["evaluation.json", "report.pdf", "scores.xlsx"]


def test_the_json_is_canonical_and_keeps_to_its_schema(done: Done) -> None:
    data = (done.out / "evaluation.json").read_bytes()
    document = done.document()
    schema = json.loads((Path(proficiency.__file__).parent / "evaluation.schema.json").read_text("utf-8"))
    assert rfc8785.dumps(document) == data and complaints(document, schema) == []
    assert document["input_sha256"] == hashlib.sha256(done.source.read_bytes()).hexdigest()
    assert [s["z"] for s in document["scores"]] == pytest.approx(ROUNDS["mercury"]["printed"]["z"], abs=0.005 + 1e-9)


def test_the_report_carries_the_same_json(done: Done) -> None:
    with pikepdf.open(done.report) as pdf:
        attached = pdf.attachments["evaluation.json"].get_file().read_bytes()
    assert attached == (done.out / "evaluation.json").read_bytes()


def test_the_workbook_has_results_as_text_and_scores_as_numbers(done: Done) -> None:
    page = openpyxl.load_workbook(done.out / "scores.xlsx").worksheets[0]
    first = [cell.value for cell in page[2]]
    assert "L04" in first and "0.013" in first
    assert any(isinstance(value, float) and value == pytest.approx(-4.6969697) for value in first)


def test_the_same_input_gives_the_same_bytes(done: Done, tmp_path: Path) -> None:
    run("evaluate", done.source, "--out", tmp_path, *GIVEN, "--title", "饲料中汞 Mercury in feed")
    for name in ("evaluation.json", "scores.xlsx", "report.pdf"):
        assert (tmp_path / name).read_bytes() == (done.out / name).read_bytes(), name


def test_a_short_summary_is_said_in_both_languages(done: Done) -> None:
    assert "21 laboratories, 21 scored: 12 acceptable, 1 warning, 8 action" in done.stdout
    assert "满意 12" in done.stdout and "evaluation.json" in done.stdout


def test_a_key_made_on_first_use_is_told_and_kept_to_its_owner(tmp_path: Path, done: Done) -> None:
    key = tmp_path / "keys" / "mine.pem"
    first = run("evaluate", done.source, "--out", tmp_path / "o", *GIVEN, "--key", key, "--lang", "en")
    assert "A signing key was made" in first.stdout and "mine.pub.pem" in first.stdout
    assert key.stat().st_mode & 0o777 == 0o600 and key.with_name("mine.pub.pem").exists()
    assert not CJK.search(first.stdout.replace("汞", ""))
    assert run("verify", tmp_path / "o" / "report.pdf", "--trust", key.with_name("mine.pub.pem")).exit_code == 0


FAULTY = "lab,result,U\nL1,abc,0.1\nL2,0.5,-1\nL3,0.5,\n"


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_faults_stand_one_a_line_and_nothing_is_written(tmp_path: Path, lang: str) -> None:
    (tmp_path / "bad.csv").write_text(FAULTY, "utf-8")
    result = run("evaluate", tmp_path / "bad.csv", "--out", tmp_path / "out", "--lang", lang)
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines), result.stdout) == (1, 2, "")
    assert all("bad.csv" in line for line in lines)
    if lang != "zh":
        assert "sheet 1, row 2, column B" in lines[0] and "sheet 1, row 3, column C" in lines[1]
    if lang != "en":
        assert "工作表 1，第 2 行，B 列：" in lines[0]
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_evaluated_is_the_data_s_fault(tmp_path: Path) -> None:
    (tmp_path / "equal.csv").write_text("lab,result\na,5\nb,5\nc,5\n", "utf-8")
    result = run("evaluate", tmp_path / "equal.csv", "--out", tmp_path / "out", "--lang", "en")
    assert result.exit_code == 1 and "--sigma" in result.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate",),
        ("evaluate", "nothing-there.csv", "--out", "x"),
        ("evaluate", "{source}"),
        ("evaluate", "{source}", "--out", "{source}"),
        ("evaluate", "{source}", "--out", "x", "--assigned", "no-such-method"),
        ("evaluate", "{source}", "--out", "x", "--sigma", "0"),
        ("evaluate", "{source}", "--out", "x", "--u-assigned", "-1"),
        ("evaluate", "{source}", "--out", "x", "--lang", "fr"),
        ("evaluate", "{source}", "--out", "x", "--no-such-option"),
        ("verify",),
        ("verify", "nothing-there.pdf"),
        ("verify", "{source}", "--trust", "nothing-there.pem"),
        ("verify", "{source}", "--trust", "{source}"),
        ("no-such-command",),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], done: Done, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*(a.format(source=done.source) for a in arguments))
    assert result.exit_code == 2 and not list(tmp_path.iterdir())


def test_help_lists_the_methods() -> None:
    text = run("evaluate", "--help").stdout
    assert all(method in text for method in ("algorithm-a", "median-niqr", "mad-e", "horwitz", "sd"))
    assert "退出码" in text and "Exit code" in text


# --- all or nothing ---------------------------------------------------------------------------------------------------


def test_files_appear_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def disk_full_at_b(path: Path, content: bytes) -> None:
        if ".b." in path.name:
            raise OSError(28, "No space left on device", str(path))
        path.write_bytes(content)

    monkeypatch.setattr(outputs, "_write_flushed", disk_full_at_b)
    with pytest.raises(OSError, match="No space"):
        outputs.write_together(tmp_path, {"a": b"new", "b": b"new", "c": b"new"})
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"old")]


def test_a_disk_that_is_full_is_told(done: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(outputs, "_write_flushed", full)
    result = run("evaluate", done.source, "--out", tmp_path / "o", *GIVEN)
    assert result.exit_code == 1 and "No space left" in result.stderr and not list((tmp_path / "o").iterdir())


# --- verify -----------------------------------------------------------------------------------------------------------


def verified(path: object, *arguments: object) -> tuple[int, str]:
    result = run("verify", path, *arguments, "--lang", "en")
    return result.exit_code, result.stdout.splitlines()[0]


def test_an_untouched_report_is_valid_and_its_facts_are_shown(done: Done) -> None:
    result = run("verify", done.report)
    assert result.exit_code == 0 and result.stdout.startswith("有效 / valid\n")
    assert "x_pt: 0.044" in result.stdout and "acceptable/warning/action: 12/1/8" in result.stdout


def test_a_changed_word_on_a_page_is_seen_under_an_intact_attachment(done: Done, tmp_path: Path) -> None:
    with pikepdf.open(done.report) as pdf:
        contents = pdf.pages[0].Contents
        contents.write(contents.read_bytes() + b"\n% one more line\n")
        pdf.save(tmp_path / "changed.pdf")
    with pikepdf.open(tmp_path / "changed.pdf") as pdf:
        attached = pdf.attachments["evaluation.json"].get_file().read_bytes()
    assert attached == (done.out / "evaluation.json").read_bytes()
    assert verified(tmp_path / "changed.pdf") == (1, "altered")


def test_a_flipped_byte_is_seen(done: Done, tmp_path: Path) -> None:
    data = bytearray(done.report.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "flipped.pdf").write_bytes(data)
    assert verified(tmp_path / "flipped.pdf") == (1, "altered")


def test_an_unknown_key_cannot_tell(done: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SigningKey.load_or_make(tmp_path / "other.pem")
    assert verified(done.report, "--trust", tmp_path / "other.pub.pem") == (3, "cannot tell")
    monkeypatch.setenv("ZHUNSHENG_HOME", str(tmp_path / "nobody"))
    assert verified(done.report) == (3, "cannot tell")
    assert not (tmp_path / "nobody").exists()


def test_one_trusted_key_of_several_is_enough(done: Done, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    SigningKey.load_or_make(other)
    own = tmp_path.parent / "cli-home" / "signing-key.pub.pem"
    assert verified(done.report, "--trust", other, "--trust", own) == (0, "valid")


@pytest.mark.parametrize(
    "content", [b"", b"some text", b"%PDF-1.7 but broken", b"\x89PNG\r\n\x1a\nbroken", b"ZS1:BROKEN"]
)
def test_what_carries_no_signature_cannot_tell(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    assert verified(tmp_path / "x") == (3, "cannot tell")


@pytest.fixture
def code(done: Done, tmp_path: Path) -> str:
    key = SigningKey.load(tmp_path.parent / "cli-home" / "signing-key.pem")
    digest = hashlib.sha256((done.out / "evaluation.json").read_bytes()).digest()
    return qr_claim(report_facts(done.document()), digest, key)


def test_the_code_is_verified_as_text_from_standard_input_and_as_a_picture(code: str, tmp_path: Path) -> None:
    (tmp_path / "code.png").write_bytes(qr_png(code))
    assert verified(code) == (0, "valid")
    assert verified(tmp_path / "code.png") == (0, "valid")
    assert run("verify", "-", stdin=code.encode() + b"\n").exit_code == 0


def test_a_changed_code_is_not_valid(code: str) -> None:
    assert verified(code[:-4] + "0000")[0] in (1, 3)


# --- quick and quiet --------------------------------------------------------------------------------------------------


def test_the_two_commands_do_not_wait_for_django_nor_verify_for_the_statistics() -> None:
    script = (
        "import sys; from zhunsheng.faces.cli import load; load('evaluate'); load('verify');"
        "assert not {'django', 'numpy', 'rich', 'cryptography'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_evaluating_needs_no_django(done: Done, tmp_path: Path) -> None:
    script = (
        "import sys; from zhunsheng.faces.cli import app\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "assert 'django' not in sys.modules"
    )
    command = [sys.executable, "-c", script, "evaluate", str(done.source), "--out", str(tmp_path / "o"), *GIVEN]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_bar_is_shown_on_a_terminal_only_when_the_work_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown_after(patience: float) -> str:
        terminal = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", terminal)
            patch.setattr(speech, "PATIENCE_SECONDS", patience)
            with speech.steps(speech.Lang.BOTH) as step:
                step(t("Computing", "统计计算"), 1, 2)
                time.sleep(0.3)
        return terminal.getvalue()

    assert "统计计算" in shown_after(0) and shown_after(60) == ""
