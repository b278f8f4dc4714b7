"""Kill −9 inside an import, most often inside a verb: all or nothing is all or nothing, and run again it ends the same."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.foundation.imports.killed"


@dataclass
class Stage:
    """A nursery, and for each mode a database in which a file waits to be checked."""

    nursery: Nursery
    ready: dict[str, str]

    def ask(self, database: str, call: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{call}")


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    stage = Stage(nursery, {})
    empty = nursery.new_database("imports")
    for mode in ("all", "rows"):
        stage.ready[mode] = nursery.copy(empty, f"imports_ready_{mode}")
        stage.ask(stage.ready[mode], f"prepare_{mode}")
    return stage


def check_killed(stage: Stage, mode: str, *, kills: int, seed: int) -> None:
    """Kill the import at random statements, each time on a fresh copy; then let the worker go on."""
    instants = random.Random(seed)
    whole = stage.nursery.copy(stage.ready[mode], f"imports_{mode}_whole")
    before = stage.ask(whole, "register_only")
    moments = 2 * stage.ask(whole, "run")
    after, done = stage.ask(whole, "look"), stage.ask(whole, "register_only")
    assert after["state"] == "done" and after["staged"] == after["tables"] == after["drafts"] == 0
    assert done != before
    for turn in range(kills):
        victim = stage.nursery.copy(stage.ready[mode], f"imports_{mode}_{turn}")
        instant = instants.randint(1, moments)
        assert stage.nursery.order(victim, f"{CALLS}:run", kill_at=instant)["status"] == KILLED
        left = stage.ask(victim, "register_only")
        if mode == "all":
            assert left in (before, done), f"half done after a kill at {instant} of {moments}"
        stage.ask(victim, "run")
        assert stage.ask(victim, "look") == after, f"another end after a kill at {instant} of {moments}"
        stage.nursery.discard(victim)


@pytest.mark.parametrize("mode", ["all", "rows"])
def test_a_kill_inside_an_import_leaves_nothing_half_done(stage: Stage, mode: str) -> None:
    check_killed(stage, mode, kills=5, seed=2010)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["all", "rows"])
def test_fifty_kills_inside_an_import_leave_nothing_half_done(stage: Stage, mode: str) -> None:
    check_killed(stage, mode, kills=50, seed=1163)
