"""`zhunsheng draw verify`: what it says of the shipped vectors, with which exit code, in both languages; without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.activities.campaigns.draw.vectors import FILES
from zhunsheng.faces.cli import app


def verify(name: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["draw", "verify", str(FILES / f"{name}.json"), *options])


def test_a_sound_draw_is_told_so_with_what_remains_to_be_compared() -> None:
    done = verify("accept-weights-recusals", "--lang", "en")
    assert done.exit_code == 0
    assert done.output.count("✓") == 8 and "The draw holds." in done.output
    assert "the beacon (a lottery, two digits a ball) of 2026-06-03 was “051118202733”" in done.output


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "✕ /list/laboratories/3/tickets: The file says 2; computed again it is 1."),
        ("zh", "✕ /list/laboratories/3/tickets：文件中为 2，重新计算得 1。"),
    ],
)
def test_a_flipped_ticket_is_named_by_its_place(lang: str, said: str) -> None:
    done = verify("reject-flipped-ticket", "--lang", lang)
    assert done.exit_code == 1
    assert said in done.output.splitlines()


def test_the_answer_as_json() -> None:
    answer = json.loads(verify("reject-not-json", "--json").output)
    assert answer["holds"] is False and answer["beyond_the_file"] is None
    assert [one["outcome"] for one in answer["checks"]] == ["differs"] + ["not_examined"] * 7
    assert answer["checks"][0]["place"] == ""
    assert json.loads(verify("accept-plain", "--json").output)["beyond_the_file"]["zh"]


def test_standard_input_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    data = (FILES / "accept-plain.json").read_bytes()
    assert CliRunner().invoke(app, ["draw", "verify", "-"], input=data).exit_code == 0
    assert CliRunner().invoke(app, ["draw", "verify", str(tmp_path / "none.json")]).exit_code == 2


def test_it_never_waits_for_django() -> None:
    script = (
        "import sys; from zhunsheng.faces.cli import app\n"
        f"try: app(['draw', 'verify', {str(FILES / 'accept-plain.json')!r}])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
