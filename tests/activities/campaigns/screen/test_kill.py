"""Kill −9 inside a verb of the screen: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step


def state(screen: str, log: str, suspicions: list[str], rows: list[int], journal: list[int]) -> dict[str, Any]:
    return {"screen": screen, "log": log, "suspicions": suspicions, "rows": rows, "journal": journal}


RECEIVED = state("gathering", "received", [], [0, 1, 0, 0, 0], [0, 0, 0, 0])
READ = state("gathering", "read", [], [1, 0, 0, 0, 0], [1, 0, 0, 0])
BEGUN = state("running", "read", [], [1, 0, 0, 0, 0], [1, 1, 0, 0])
DONE = state("done", "read", ["open", "open"], [1, 0, 1, 2, 0], [1, 1, 1, 0])
ASKED = state("done", "read", ["asked", "open"], [1, 0, 1, 2, 1], [1, 1, 1, 1])
STEPS = {
    "read": Step(RECEIVED, READ),
    "run": Step(READ, DONE, between=(BEGUN,)),  # begun by a person, then done in the background
    "ask": Step(DONE, ASKED),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.screen.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
