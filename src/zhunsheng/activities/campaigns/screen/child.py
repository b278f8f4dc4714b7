"""The process that reads a log which nobody trusts: it sets its own bounds, reads, and sends a frame or a refusal home.

Started by `guarded`. Unlike the reader of spreadsheets it may start threads, which polars needs.
"""

import json
import resource
import sys

from zhunsheng.activities.campaigns.screen.guarded import FRAME, REFUSAL
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.reading import read_log
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.foundation.spreadsheets.child import refusal


def bound(memory: int, seconds: int) -> None:
    """From here on: so much memory, so much of the processor, no file written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))


def main() -> None:
    """Arguments: the file's name, the kind of log, memory in bytes, seconds. The file is the standard input."""
    name, kind, memory, seconds = sys.argv[1], LOGS[sys.argv[2]], int(sys.argv[3]), int(sys.argv[4])
    bound(memory, seconds)
    home = sys.stdout.buffer
    try:
        frame = read_log(sys.stdin.buffer.read(), name, kind)
    except BadFile as bad:
        home.write(REFUSAL + json.dumps(refusal(bad)).encode())
    else:
        home.write(FRAME)
        frame.write_ipc_stream(home, compression="uncompressed")
    home.flush()
