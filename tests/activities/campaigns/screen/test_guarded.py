"""A log is read in a process of its own: the same frame comes home, and what would cost too much is stopped there."""

import io
import os
import subprocess
import sys

import polars as pl
import pytest

from tests.activities.campaigns.screen.small import report_log
from zhunsheng.activities.campaigns.screen.guarded import TOO_COSTLY, read_guarded
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.reading import read_log
from zhunsheng.foundation.spreadsheets import BadFile

REPORTS = LOGS["reports"]


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def test_the_same_comes_home_as_is_read_here() -> None:
    text = report_log("91330100MA2AXXXX0X")
    for content, name in ((text, "r.csv"), (parquet(pl.read_csv(text, infer_schema=False)), "r.parquet")):
        assert read_guarded(content, name, REPORTS).equals(read_log(content, name, REPORTS))


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing of the kind", b"one,two\n1,2\n"])
def test_what_is_refused_here_is_refused_there_in_the_same_words(content: bytes) -> None:
    told = []
    for read in (read_log, read_guarded):
        with pytest.raises(BadFile) as refusal:
            read(content, "r.csv", REPORTS)
        told.append([(one.row, one.column, one.message) for one in refusal.value.faults])
    assert told[0] == told[1]


def test_a_reading_beyond_its_memory_is_stopped_and_told() -> None:
    with pytest.raises(BadFile) as refusal:
        read_guarded(report_log("91330100MA2AXXXX0X"), "r.csv", REPORTS, memory=64 << 20)
    assert [one.message for one in refusal.value.faults] == [TOO_COSTLY]


def test_the_frames_are_not_loaded_with_django() -> None:
    """They cost each process half a second and fifty megabytes, and only the jobs of a screen want them."""
    program = "import django; django.setup(); import zhunsheng.faces.urls, sys; print('polars' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "zhunsheng.settings"},
    )  # fmt: skip
    assert done.stdout.split()[-1] == "False"
