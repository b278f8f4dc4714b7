"""`serve` as a process: it takes a free port only, says so when the web answers, and leaves nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import free_port
from zhunsheng.faces.cli.serve import cannot_listen

Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`serve(port)`: the command, with a database of its own."""
    started: list[subprocess.Popen[str]] = []
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ZHUNSHENG_", "DJANGO_"))}

    def start(port: int, *more: str) -> subprocess.Popen[str]:
        with (tmp_path / "stderr").open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "zhunsheng.faces.cli", "serve", "--port", str(port), "--workers", "1", *more],
                env=clean | {"ZHUNSHENG_VAR": str(tmp_path), "ZHUNSHENG_DEMO": "1"}, cwd=tmp_path, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
            )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=20)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def descendants(pid: int) -> set[int]:
    children = {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children.union(*(descendants(child) for child in children))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(fact: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.05)
    return fact()


def lines_until_ready(process: "subprocess.Popen[str]") -> list[str]:
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "ready in" in line:
            return lines
    raise AssertionError(lines)


def test_a_port_that_is_taken_is_refused_before_anything_is_done(serve: Serve, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server itself does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = serve(port)
        assert process.communicate(timeout=30)[0] == ""
    said = (tmp_path / "stderr").read_text()
    assert process.returncode == 2
    assert f"Port {port} of 127.0.0.1 is in use" in said and f"端口 {port}" in said and "--port" in said
    assert not (tmp_path / "zhunsheng.sqlite3").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_is_not_this_machines_is_refused(host: str) -> None:
    refusal = cannot_listen(host, 8000)
    assert host in refusal.en and "--host" in refusal.en and host in refusal.zh
    assert cannot_listen("127.0.0.1", free_port()) is None


def test_it_is_ready_when_the_web_answers_and_a_hard_kill_leaves_nobody(serve: Serve, tmp_path: Path) -> None:
    port = free_port()
    process = serve(port)
    assert f"http://127.0.0.1:{port} " in lines_until_ready(process)[-1]
    assert is_listening(port)
    family = descendants(process.pid)
    assert len(family) == 3  # the web, its one worker, the job worker
    process.send_signal(signal.SIGKILL)
    process.wait(5)
    assert wait_until(lambda: not any(is_alive(one) for one in family), 5), family
    assert not is_listening(port)
    assert (tmp_path / "stderr").read_text() == ""


def test_a_web_server_that_is_killed_leaves_no_worker_to_share_the_port(serve: Serve) -> None:
    port = free_port()
    process = serve(port)
    lines_until_ready(process)
    family = descendants(process.pid)
    web = next(
        one for one in family if "faces.cli.web" in Path(f"/proc/{one}/cmdline").read_text() and descendants(one)
    )
    old = {web} | descendants(web)
    os.kill(web, signal.SIGKILL)
    assert wait_until(lambda: not any(is_alive(one) for one in old), 5)
    assert wait_until(lambda: is_listening(port), 20)
