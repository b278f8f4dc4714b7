"""Reading an upload in a process of its own, so that what is built to harm harms that process only.

A child costs about 0.15 s to start (measured; most of it is Python itself), a fork server would save two thirds of that and
stand in memory for ever.
"""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zhunsheng
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import BadFile, Fault, whole_file
from zhunsheng.foundation.spreadsheets.formulas import FORMULA
from zhunsheng.foundation.spreadsheets.table import Row, Table

MEMORY = 512 * 2**20
SECONDS, FREE_BYTES, SECONDS_A_MEGABYTE = 5, 2**20, 3
"""Small files have five seconds of the processor; a large one has more, by its size: a sheet of 90 MB takes two minutes."""
PATIENCE = 4
"""How many times as long the clock may run on a busy machine, while we wait for the child; what we do with its rows does not count."""
_LONGEST_FRAME = 128 * 2**20
_PROGRAM = "import sys; sys.path[:0] = sys.argv.pop(1).split('|'); from zhunsheng.foundation.spreadsheets.child import main; main()"
Places = dict[tuple[int, int], Text]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table, what is the matter in them, and how far the reading is (0 to 1)."""

    rows: list[Row]
    damaged: Places
    formulas: Places
    position: float


@dataclass
class Reading:
    """A table that a child reads; use it as a context and go through `pieces()` once.

    `sheet` and `other_sheets` are known as soon as it is entered; `peak_bytes` when all is read. The first piece begins
    with the first row that has text: which row is the header is for the caller to say. Raises BadFile whenever the child
    refuses the file, or is stopped because the file would cost too much.
    """

    source: Path | bytes
    filename: str
    memory: int = MEMORY
    seconds: float | None = None
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    peak_bytes: int = 0
    _file: IO[bytes] | None = field(default=None, repr=False)
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _patience: float = 0.0

    def __enter__(self) -> Reading:
        self._file = self.source.open("rb") if isinstance(self.source, Path) else _temporary(self.source)
        size = os.fstat(self._file.fileno()).st_size
        seconds = self.seconds or SECONDS + max(0, size - FREE_BYTES) * SECONDS_A_MEGABYTE // 2**20
        self._patience = PATIENCE * seconds
        self._child = subprocess.Popen(  # noqa: S603 - our own program; the file's name is an argument, never a command
            [sys.executable, "-I", "-S", "-c", _PROGRAM, "|".join(_paths()), str(self.memory), str(round(seconds) + 1), self.filename],
            stdin=self._file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env={},
        )  # fmt: skip
        try:
            head = self._frame()
        except BaseException:
            self.__exit__()
            raise
        self.sheet, self.other_sheets = str(head["sheet"]), tuple(map(str, head["others"]))
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None and self._child.stdout is not None:
            self._child.stdout.close()
            self._child.kill()
            self._child.wait()
        if self._file is not None:
            self._file.close()

    def pieces(self) -> Iterator[Piece]:
        """The rows, some thousands at a time."""
        while "rows" in (frame := self._frame()):
            yield Piece(
                [Row(int(number), list(map(str, texts))) for number, texts in frame["rows"]],
                {(row, column): Text(en=en, zh=zh) for (row, column), en, zh in frame["damaged"]},
                dict.fromkeys(map(tuple, frame["formulas"]), FORMULA),
                float(frame["at"]),
            )

    def table(self) -> Table:
        """The whole table at once, for what is known to be small; raises BadFile where there is no row at all."""
        pieces = list(self.pieces())
        rows = [row for piece in pieces for row in piece.rows]
        if not rows:
            raise whole_file(self.filename, EMPTY, sheet=self.sheet)
        header = [rows[0].cell(index) for index in range(len(rows[0].texts))]
        damaged = {place: text for piece in pieces for place, text in piece.damaged.items()}
        formulas = {place: text for piece in pieces for place, text in piece.formulas.items()}
        return Table(self.filename, self.sheet, header, rows[1:], damaged, self.other_sheets, formulas)

    def _frame(self) -> dict[str, Any]:
        """The child's next word; raises BadFile where it refuses, or ends without one."""
        (length,) = struct.unpack(">I", self._bytes(4))
        if length > _LONGEST_FRAME:
            raise whole_file(self.filename, TOO_COSTLY)
        frame: dict[str, Any] = json.loads(self._bytes(length).decode("utf-8", "surrogatepass"))
        if "faults" in frame or "too_much" in frame:
            self.peak_bytes = int(self._last().get("peak", 0))
            raise self._refusal(frame)
        if "end" in frame:
            self.peak_bytes = int(frame["peak"])
        return frame

    def _last(self) -> dict[str, Any]:
        (length,) = struct.unpack(">I", self._bytes(4))
        last: dict[str, Any] = json.loads(self._bytes(min(length, 1000)))
        return last

    def _refusal(self, frame: dict[str, Any]) -> BadFile:
        if "too_much" in frame:
            return whole_file(self.filename, TOO_COSTLY)
        faults = [
            Fault(self.filename, sheet, row, column, Text(en=en, zh=zh))
            for sheet, row, column, en, zh in frame["faults"]
        ]
        return BadFile(faults, total=int(frame["total"]))

    def _bytes(self, count: int) -> bytes:
        assert self._child is not None and self._child.stdout is not None
        pipe, pieces = self._child.stdout.fileno(), list[bytes]()
        while count:
            asked = time.monotonic()
            ready = self._patience > 0 and select.select([pipe], [], [], self._patience)[0]
            piece = os.read(pipe, min(count, 1 << 20)) if ready else b""
            self._patience -= time.monotonic() - asked
            if not piece:
                raise whole_file(self.filename, TOO_COSTLY)
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)


EMPTY = t("The sheet is empty. Put a header row and rows in it.", "工作表为空。请填入表头和数据。")
TOO_COSTLY = t(
    "Reading the file takes more time or memory than an honest table of its size and was stopped. Copy the table alone"
    " into a new workbook.",
    "读取该文件所需的时间或内存远超同等大小的正常表格，已停止读取。请只将表格内容复制到新的工作簿中。",
)


def read_guarded(source: Path | bytes, *, filename: str) -> Table:
    """Read an uploaded table whole, in a child of 512 MB and five seconds; raises BadFile."""
    with Reading(source, filename) as reading:
        return reading.table()


def _temporary(data: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reading closes it
    file.write(data)
    file.flush()
    file.seek(0)
    return file


def _paths() -> list[str]:
    """Where the child finds us and the reader: two places, without all that `site` would do."""
    ours = str(Path(zhunsheng.__file__).parent.parent)
    return list(dict.fromkeys([ours, sysconfig.get_path("platlib"), sysconfig.get_path("purelib")]))
