"""Kill a process at a chosen SQL statement of a verb, as kill −9 or a power cut would, and look at what is left.

Run as a program it is a nursery: it loads Django once, then for every order that comes in (a line of JSON) forks a child that
calls `module:function` on the database named in the order. The child dies by SIGKILL just before (odd N) or just after (even N)
statement number ⌈N/2⌉, counted from where the called function sets `killer.statements = 0`.

A room names in its `killed.py` what is done to it: `prepare`, one function for each verb, and `look`, which tells all that the
verbs could have left. Its `test_kill.py` makes a `Stage` of them.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests import ground, template

ROOT = Path(__file__).parent.parent
KILLED = -signal.SIGKILL


@dataclass
class Nursery:
    """The program whose children do the work and die of it, and where their databases lie."""

    directory: Path

    def __post_init__(self) -> None:
        environment = {
            **os.environ,
            "ZHUNSHENG_VAR": str(self.directory),
            "DJANGO_SETTINGS_MODULE": "zhunsheng.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def close(self) -> None:
        self.process.communicate(timeout=20)

    def order(self, database: str, call: str, kill_at: int | None = None) -> dict[str, Any]:
        """Let a child do it; {"status": exit status, "answer": what the function returned}."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"database": database, "call": call, "kill_at": kill_at}) + "\n")
        self.process.stdin.flush()
        done: dict[str, Any] = json.loads(self.process.stdout.readline())
        return done

    def ask(self, database: str, call: str) -> Any:
        """What the function returns, when nobody is killed."""
        done = self.order(database, call)
        assert done["status"] == 0, done
        return done["answer"]

    def new_database(self, name: str) -> str:
        """The address of a migrated database in which nothing has happened, on the engine that the tests run on."""
        return template.address(f"{name}_{os.getpid()}", self.directory)

    def copy(self, database: str, name: str) -> str:
        if database.startswith("sqlite"):
            path = self.directory / f"{name}.sqlite3"
            shutil.copy(database.removeprefix("sqlite://"), path)
            return f"sqlite://{path}"
        return template.create_postgresql(f"{name}_{os.getpid()}", template=database.split("?")[0].rsplit("/", 1)[1])

    def discard(self, database: str) -> None:
        if database.startswith("sqlite"):
            Path(database.removeprefix("sqlite://")).unlink()
        else:
            template.drop_postgresql(database.split("?")[0].rsplit("/", 1)[1])


@dataclass(frozen=True)
class Step:
    """What is found before a verb and after it; `between`, if it is more than one act; what else prepares it."""

    before: Any
    after: Any
    between: tuple[Any, ...] = ()
    prepared_by: tuple[str, ...] = ()


class Stage:
    """The functions of a `killed.py`, and for each verb a database in which it is the next thing to do: each follows the one before."""

    def __init__(self, nursery: Nursery, module: str, steps: dict[str, Step]) -> None:
        self.nursery, self.module, self.steps = nursery, module, steps
        self.room, verbs = module.split(".")[-2], list(steps)
        self.ready = {verbs[0]: nursery.new_database(self.room)}
        self.done(self.ready[verbs[0]], "prepare")
        for verb, then in pairwise(verbs):
            self.ready[then] = self.copy(verb, f"before_{then}")
            for doing in (verb, *steps[then].prepared_by):
                self.done(self.ready[then], doing)

    def copy(self, verb: str, name: str) -> str:
        return self.nursery.copy(self.ready[verb], f"{self.room}_{name}")

    def done(self, database: str, verb: str) -> Any:
        return self.nursery.ask(database, f"{self.module}:{verb}")

    def kill(self, verb: str, *, kills: int, seed: int) -> None:
        """Kill the verb at random statements, each time on a fresh copy; then let it be done."""
        step, instants = self.steps[verb], random.Random(seed)
        whole = self.copy(verb, f"{verb}_whole")
        moments = 2 * self.done(whole, verb)
        assert self.done(whole, "look") == step.after
        for number in range(kills):
            self.kill_once(self.copy(verb, f"{verb}_{number}"), verb, instants.randint(1, moments), moments)
        self.nursery.discard(whole)

    def kill_once(self, victim: str, verb: str, instant: int, moments: int) -> None:
        step = self.steps[verb]
        assert self.nursery.order(victim, f"{self.module}:{verb}", kill_at=instant)["status"] == KILLED
        left = self.done(victim, "look")
        assert left in (step.before, *step.between, step.after), f"half done after a kill at {instant} of {moments}"
        self.done(victim, verb)
        assert self.done(victim, "look") == step.after, f"not once after a kill at {instant} of {moments}"
        self.nursery.discard(victim)


class Killer:
    """Counts statements and dies at the appointed one."""

    def __init__(self, at: int | None) -> None:
        self.at, self.statements = at, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        if self.at == 2 * self.statements - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(sql, params, many, context)
        if self.at == 2 * self.statements:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def child(order: dict[str, Any], pipe: int) -> None:
    """Connect to the ordered database, do what was ordered, send the answer home."""
    from django.db import connection, connections

    from zhunsheng.settings import database

    del connections["default"]
    connections.settings["default"] |= database(order["database"])

    killer = Killer(order["kill_at"])
    module, function = order["call"].split(":")
    called = getattr(importlib.import_module(module), function)
    with connection.execute_wrapper(killer):
        answer = called(killer)
    connection.close()
    os.write(pipe, json.dumps(answer).encode())


def fork(order: dict[str, Any]) -> dict[str, Any]:
    importlib.import_module(order["call"].split(":")[0])  # here, once, and not in every child
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        status = 1
        try:
            child(order, writing)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, ended = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(ended), "answer": json.loads(answer) if answer else None}


def main() -> None:
    ground.load_django()
    for line in sys.stdin:
        print(json.dumps(fork(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
