"""Reading a log in a process of its own, so that a file built to harm harms that process only.

Text and Parquet are read there by polars and come home as an Arrow stream; a workbook goes to the guarded reader of spreadsheets.
"""

from __future__ import annotations

import io
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl

import zhunsheng
from zhunsheng.activities.campaigns.screen.rules.columns import LogKind
from zhunsheng.activities.campaigns.screen.rules.reading import read_log
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import BadFile, Fault
from zhunsheng.foundation.spreadsheets.faults import whole_file
from zhunsheng.foundation.spreadsheets.reading import is_workbook

MEMORY = 6 * 2**30
"""Address space, of which polars reserves more than it uses; 1.5 million rows take about 1 GB."""
SECONDS, SECONDS_A_MEGABYTE = 30, 1
PATIENCE = 2
"""How many times as long the clock may run on a busy machine."""
LARGEST = 4 * 2**30
FRAME, REFUSAL = b"F", b"R"
PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from zhunsheng.activities.campaigns.screen.child import main; main()"
TOO_COSTLY = t(
    "Reading the file takes more time or memory than an honest log of its size and was stopped. Export it anew as CSV UTF-8.",
    "读取该文件所需的时间或内存远超同等大小的正常台账，已停止读取。请重新导出为 CSV UTF-8。",
)


def read_guarded(
    content: bytes, name: str, kind: LogKind, *, memory: int = MEMORY, seconds: int | None = None
) -> pl.DataFrame:
    """The same as `rules.reading.read_log`; raises BadFile also where the child is stopped or dies."""
    if is_workbook(content, name):
        return read_log(content, name, kind)
    allowed = seconds or SECONDS + SECONDS_A_MEGABYTE * (len(content) >> 20)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        said = _answer(file, [name, kind.key, str(memory), str(allowed)], PATIENCE * allowed)
    if said[:1] == FRAME:
        return pl.read_ipc_stream(io.BytesIO(memoryview(said)[1:]))
    raise _refusal(said, name)


def _answer(file: Any, arguments: list[str], patience: float) -> bytes:
    """All that the child says, or nothing if it takes too long or says too much."""
    source = str(Path(zhunsheng.__file__).parent.parent)
    with subprocess.Popen(  # noqa: S603 - our own program; the file's name is an argument, never a command
        [sys.executable, "-I", "-c", PROGRAM, source, *arguments], stdin=file, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd="/", env={"POLARS_MAX_THREADS": "2"},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        said, until = bytearray(), time.monotonic() + patience
        while len(said) <= LARGEST and select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            piece = os.read(child.stdout.fileno(), 1 << 20)
            if not piece:
                return bytes(said) if child.wait() == 0 else b""
            said += piece
        child.kill()
    return b""


def _refusal(said: bytes, name: str) -> BadFile:
    if said[:1] != REFUSAL:
        return whole_file(name, TOO_COSTLY)
    told = json.loads(said[1:])
    faults = [Fault(name, sheet, row, column, Text(en=en, zh=zh)) for sheet, row, column, en, zh in told["faults"]]
    return BadFile(faults, total=int(told["total"]))
