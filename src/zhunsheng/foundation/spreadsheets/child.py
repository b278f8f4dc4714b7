"""The process that reads what nobody trusts: it sets its own bounds, reads, and sends texts home; it can do nothing else.

Started by `guarded` with a bare interpreter. The answer is a series of frames: four bytes of length, then JSON. JSON and
not pickle, because whoever took over this process must not thereby take over the one that asked.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import struct
import sys
from collections.abc import Iterator
from typing import IO, Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.faults import BadFile, whole_file
from zhunsheng.foundation.spreadsheets.reading import is_workbook, read_table
from zhunsheng.foundation.spreadsheets.streaming import Stream, stream_csv, stream_xlsx
from zhunsheng.foundation.spreadsheets.table import LARGE, LIMITS, Row

ROWS_A_FRAME = 2_000
HELD_BYTES = 8 * 2**20
"""Above this a file is read row by row: what unpacks from 8 MB fits the memory of a child."""


def bound(memory: int, seconds: int) -> None:
    """From here on: so much memory, so much of the processor, no file written, no further process, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))


def opened(source: IO[bytes], name: str) -> Stream:
    """The table in the file: held whole where that is quicker, else on its way. Raises BadFile."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    if size > LARGE.file_bytes:
        message = t(
            "The file is larger than {n} MB. Split it.", "文件超过 {n} MB，请拆分后分别上传。", n=LARGE.file_bytes >> 20
        )
        raise whole_file(name, message)
    if size > HELD_BYTES:
        start = source.read(1 << 20)
        return (stream_xlsx if is_workbook(start, name) else stream_csv)(source, name, LARGE)
    table = read_table(source.read(), filename=name, limits=LIMITS)
    head = Row(table.header[0].row, [cell.text for cell in table.header])
    rows = itertools.chain([head], table.rows)
    return Stream(name, table.sheet, rows, table.other_sheets, dict(table.damaged), dict(table.formulas))


def frames(stream: Stream) -> Iterator[dict[str, Any]]:
    """The table in pieces: first where it stands, then its rows with what is the matter in them."""
    yield {"sheet": stream.sheet, "others": list(stream.other_sheets)}
    while rows := list(itertools.islice(stream.rows, ROWS_A_FRAME)):
        last = rows[-1].number
        yield {
            "rows": rows,
            "damaged": _taken(stream.damaged, last),
            "formulas": [place for place, _, _ in _taken(stream.formulas, last)],
            "at": stream.position,
        }


def _taken(places: dict[tuple[int, int], Text], last: int) -> list[tuple[tuple[int, int], str, str]]:
    """The places up to a row, which are forgotten here: a sheet may be all formulas."""
    found = [(place, text.en, text.zh) for place, text in places.items() if place[0] <= last]
    for place, _, _ in found:
        del places[place]
    return found


def refusal(bad: BadFile) -> dict[str, Any]:
    return {
        "faults": [(f.sheet, f.row, f.column, f.message.en, f.message.zh) for f in bad.faults[:200]],
        "total": bad.total,
    }


def peak_bytes() -> int:
    """The most memory that this process ever had resident; `getrusage` would count what its parent had before it."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), 0)


def send(frame: dict[str, Any]) -> None:
    data = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()


def main() -> None:
    """Arguments: memory in bytes, seconds, the file's name. The file is the standard input."""
    memory, seconds, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    bound(memory, seconds)
    try:
        for frame in frames(opened(sys.stdin.buffer, name)):
            send(frame)
    except BadFile as bad:
        send(refusal(bad))
    except MemoryError:
        send({"too_much": "memory"})
    send({"end": True, "peak": peak_bytes() if os.path.exists("/proc/self/status") else 0})
