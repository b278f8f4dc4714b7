"""Real workers on both engines of the queue: one killed by −9 loses nothing, and nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import template
from tests.faces.jobs.at_work import STEPS
from tests.killing import ROOT

ENGINES = ["database", "procrastinate"] if os.environ["TESTS_DATABASE"] == "postgresql" else ["database"]


@dataclass
class Site:
    """A database and what programs beside it are told."""

    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def program(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tests.faces.jobs.at_work", *arguments]

    def ask(self, *arguments: str) -> Any:
        done = subprocess.run(
            self.program(*arguments), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def worker(self) -> subprocess.Popen[bytes]:
        self.workers.append(subprocess.Popen(self.program("work"), cwd=ROOT, env=self.environment))
        return self.workers[-1]


@pytest.fixture(params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path, django_db_setup: None) -> Iterator[Site]:
    site = Site(
        {
            **os.environ,
            "ZHUNSHENG_VAR": str(tmp_path),
            "ZHUNSHENG_QUEUE": request.param,
            "ZHUNSHENG_DATABASE_URL": template.address(f"workers_{request.param}_{os.getpid()}", tmp_path),
            "ZHUNSHENG_JOB_HEARTBEAT": "0.2",
            "ZHUNSHENG_JOB_LOST_AFTER": "1.5",
        }
    )
    if request.param != "database":
        site.ask("migrate")
    yield site
    for worker in site.workers:
        worker.kill()
        worker.wait()


def once(*things: str) -> list[str]:
    return sorted(f"{thing}:{step}" for thing in things for step in range(STEPS))


def test_a_worker_killed_in_its_work_loses_nothing(site: Site) -> None:
    site.ask("start", "thing:1")
    doomed = site.worker()
    assert site.ask("until", "2")
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    other = site.worker()
    assert site.ask("until", "done")
    jobs, steps = site.ask("look")
    assert (jobs, steps) == ([["thing:1", "done", 2]], once("thing:1"))
    other.terminate()
    assert other.wait(20) is not None, "a worker that is told to stop stops"


def test_what_a_worker_took_and_never_began_is_queued_again(site: Site) -> None:
    site.ask("start", "thing:1")
    site.ask("drop", "running")
    site.worker()
    assert site.ask("until", "done")
    assert site.ask("look") == [[["thing:1", "done", 1]], once("thing:1")]
