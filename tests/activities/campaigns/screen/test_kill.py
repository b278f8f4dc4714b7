"""Kill −9 inside a verb of the screen: all of it is there, or nothing; done again, it is there once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.activities.campaigns.screen.killed"


def state(screen: str, log: str, suspicions: list[str], rows: list[int], journal: list[int]) -> dict[str, Any]:
    return {"screen": screen, "log": log, "suspicions": suspicions, "rows": rows, "journal": journal}


RECEIVED = state("gathering", "received", [], [0, 1, 0, 0, 0], [0, 0, 0, 0])
READ = state("gathering", "read", [], [1, 0, 0, 0, 0], [1, 0, 0, 0])
BEGUN = state("running", "read", [], [1, 0, 0, 0, 0], [1, 1, 0, 0])
DONE = state("done", "read", ["open", "open"], [1, 0, 1, 2, 0], [1, 1, 1, 0])
ASKED = state("done", "read", ["asked", "open"], [1, 0, 1, 2, 1], [1, 1, 1, 1])
STEPS = {"read": (RECEIVED, READ), "run": (READ, DONE), "ask": (DONE, ASKED)}
BETWEEN = {"run": [BEGUN]}
"""A run is two acts: begun by a person, then done in the background."""


@dataclass
class Stage:
    """A nursery, and for each verb a database in which it is the next thing to do."""

    nursery: Nursery
    ready: dict[str, str]

    def done(self, database: str, verb: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{verb}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    nursery, verbs = Nursery(tmp_path_factory.mktemp("screened")), list(STEPS)
    stage = Stage(nursery, {verbs[0]: nursery.new_database()})
    stage.done(stage.ready[verbs[0]], "prepare")
    for verb, then in pairwise(verbs):
        stage.ready[then] = nursery.copy(stage.ready[verb], f"screen_before_{then}")
        stage.done(stage.ready[then], verb)
    yield stage
    nursery.close()


def check_killed(stage: Stage, verb: str, *, kills: int, seed: int) -> None:
    """Kill the verb at random statements, each time on a fresh copy; then let it be done."""
    before, after = STEPS[verb]
    allowed = [before, *BETWEEN.get(verb, []), after]
    instants = random.Random(seed)
    whole = stage.nursery.copy(stage.ready[verb], f"screen_{verb}_whole")
    moments = 2 * stage.done(whole, verb)
    assert stage.done(whole, "look") == after
    for number in range(kills):
        victim = stage.nursery.copy(stage.ready[verb], f"screen_{verb}_{number}")
        instant = instants.randint(1, moments)
        assert stage.nursery.order(victim, f"{CALLS}:{verb}", kill_at=instant)["status"] == KILLED
        assert stage.done(victim, "look") in allowed, f"half done after a kill at {instant} of {moments}"
        stage.done(victim, verb)
        assert stage.done(victim, "look") == after, f"not once after a kill at {instant} of {moments}"


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=50, seed=2027)
