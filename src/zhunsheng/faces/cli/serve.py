"""`zhunsheng serve`: the web and the job worker, started together and stopped together; `zhunsheng work`: a worker alone."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

import typer

from zhunsheng.foundation.bilingual import Text, t

STOP_SECONDS = 8.0
WEB_STOP_SECONDS = 6  # in which the web server ends its own processes, before it is ended itself


def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on. 监听地址。"),
    port: int = typer.Option(8000, min=1, max=65535, help="Port. 端口。"),
    workers: int = typer.Option(2, help="Web processes. Web 进程数。"),
    demo: bool = typer.Option(False, "--demo", help="Load the demonstration first. 先载入演示数据。"),
) -> None:
    """Start the web and the job worker together. 同时启动网站与后台任务。"""
    if demo:
        os.environ["ZHUNSHENG_DEMO"] = "1"
    started = time.monotonic()
    if refusal := cannot_listen(host, port):
        typer.echo(refusal.both(), err=True)
        raise typer.Exit(2)
    prepare(demo=demo)
    web = [
        sys.executable, "-m", "zhunsheng.faces.cli.web", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "2", "--workers-kill-timeout", str(WEB_STOP_SECONDS),
        "--no-access-log", "--log-level", "warning", "zhunsheng.faces.wsgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "zhunsheng.faces.cli", "work"]
    household = Household({"web": web, "worker": worker}, is_ready=partial(answers, host, port))
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    household.when_ready = lambda: announce(address, demo=demo, seconds=time.monotonic() - started)
    raise typer.Exit(household.run())


def cannot_listen(host: str, port: int) -> Text | None:
    """Why the port is not ours to take. The web server would share it with whoever has it, and each get half the visitors."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a server just ended may linger
            probe.bind(address)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            return t(
                "Port {port} of {host} is in use. Stop the program that uses it, or choose another port with --port.",
                "{host} 的端口 {port} 已被占用。请停止占用该端口的程序，或用 --port 另选端口。",
                host=host,
                port=port,
            )
        return t(
            "Cannot listen on port {port} of {host} ({why}). Choose others with --host and --port.",
            "无法监听 {host} 的端口 {port}（{why}）。请用 --host 和 --port 另行指定。",
            host=host,
            port=port,
            why=fault.strerror,
        )
    return None


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def setup() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")
    import django

    django.setup()


def prepare(*, demo: bool) -> None:
    """Bring the database up to date, gather static files where they are served from one place, load the demonstration."""
    setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    (settings.VAR / "static").mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    finish_restore()
    if not settings.DEMO:
        call_command("collectstatic", verbosity=0, interactive=False)
    if demo and not is_loaded():
        from zhunsheng.faces.demo.load import load
        from zhunsheng.foundation.signing import SigningKey

        typer.echo("Loading the demonstration … 正在载入演示数据……")
        load(at=timezone.now(), key=SigningKey.load_or_make(settings.SIGNING_KEY))


def finish_restore() -> None:
    """Journal a restore that was interrupted before it was, and say what came alive again by it."""
    from zhunsheng.faces.backups.settling import settle

    for line in settle():
        typer.echo(line.both(), err=True)


def is_loaded() -> bool:
    """Asked before the loader is imported: it brings the statistics and the typesetter with it, seconds of every start."""
    from zhunsheng.faces.demo import SIGN_INS
    from zhunsheng.foundation.accounts.models import User

    return User.objects.filter(username=SIGN_INS[0][0]).exists()


def announce(address: str, *, demo: bool, seconds: float) -> None:
    """Say where to look and, in the demonstration, who may sign in."""
    typer.echo(f"\nZhunsheng 准绳  {address}   (ready in {seconds:.1f} s; stop with Ctrl-C, 按 Ctrl-C 停止)")
    if demo:
        from django.conf import settings

        from zhunsheng.faces.demo import SIGN_INS

        typer.echo(f"\nWho may sign in, all with the password {settings.DEMO_PASSWORD} / 可登录账户（密码同上）：")
        for name, what in SIGN_INS:
            typer.echo(f"  {name:20} {what.en} / {what.zh}")
        typer.echo(f"\nStart at {address}/accounts/login/ · anyone may check a report at {address}/check/")


class Household:
    """Child processes that live and die together: one that falls is started again, a signal stops all.

    `when_ready` is called once, as soon as `is_ready`.
    """

    def __init__(self, commands: dict[str, list[str]], *, is_ready: Callable[[], bool]) -> None:
        self.commands = commands
        self.is_ready = is_ready
        self.when_ready: Callable[[], None] | None = None
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        for name in self.commands:
            self.start(name)
        while not self.stopping:
            self.raise_the_fallen()
            if self.when_ready and self.is_ready():
                self.when_ready()
                self.when_ready = None
            time.sleep(0.1 if self.when_ready else 0.2)
        return self.end()

    def raise_the_fallen(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None and not self.stopping:
                typer.echo(f"{name} ended with {child.returncode}; starting it again", err=True)
                kill_group(child.pid)  # what it has started itself and left behind
                time.sleep(1)
                self.start(name)
                return

    def start(self, name: str) -> None:
        # A process group of its own: Ctrl-C reaches this process alone, which then stops the children in order.
        self.children[name] = subprocess.Popen(  # noqa: S603 -- our own programs, no user input
            self.commands[name], start_new_session=True, env={**os.environ, "ZHUNSHENG_CHILD_OF": str(os.getpid())}
        )

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def end(self) -> int:
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kill_group(child.pid)
        return 0


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def work(interval: float = typer.Option(0.5, help="Seconds between looks at the queue. 查看队列的间隔秒数。")) -> None:
    """Run a job worker: it takes jobs, beats while it works, and rescues jobs of workers that died. 启动后台任务进程。"""
    setup()
    from zhunsheng.faces.jobs import queues
    from zhunsheng.faces.jobs.actions import sweep_for_ever
    from zhunsheng.faces.jobs.sequencer import sequence_for_ever

    leave_with_parent()
    finish_restore()
    stop = threading.Event()
    for loop in (sweep_for_ever, sequence_for_ever):
        threading.Thread(target=loop, args=(stop,), daemon=True).start()
    try:
        queues.chosen().work(interval=interval)
    finally:
        stop.set()


def leave_with_parent() -> None:
    """End when the parent is killed so hard that it cannot stop us: an orphan would go on working with nobody to ask it."""
    parent = int(os.environ.get("ZHUNSHENG_CHILD_OF", "0"))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    if parent:
        threading.Thread(target=watch, daemon=True).start()
