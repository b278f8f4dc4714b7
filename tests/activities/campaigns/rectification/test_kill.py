"""Kill −9 inside a verb of rectification: all of it is there, or nothing; done again, it is there once."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.activities.campaigns.rectification.killed"
OPENED: dict[str, Any] = {"state": "open", "rows": [0, 0, 0, 0], "journal": [0, 0]}
SUBMITTED = {"state": "submitted", "rows": [1, 1, 0, 0], "journal": [1, 0]}
ACCEPTED = {"state": "accepted", "rows": [1, 1, 1, 1], "journal": [1, 1]}
STEPS = {"submit": (OPENED, SUBMITTED), "accept": (SUBMITTED, ACCEPTED)}


class Stage:
    """A nursery, and for each verb a database in which it is the next thing to do."""

    def __init__(self, directory: Path) -> None:
        self.nursery = Nursery(directory)
        self.ready = {"submit": self.nursery.new_database()}
        self.done(self.ready["submit"], "prepare")
        self.ready["accept"] = self.nursery.copy(self.ready["submit"], "rectified_before_accept")
        self.done(self.ready["accept"], "submit")

    def done(self, database: str, verb: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{verb}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("rectified"))
    yield made
    made.nursery.close()


def check_killed(stage: Stage, verb: str, *, kills: int, seed: int) -> None:
    """Kill the verb at random statements, each time on a fresh copy; then let it be done."""
    before, after = STEPS[verb]
    instants = random.Random(seed)
    whole = stage.nursery.copy(stage.ready[verb], f"rectified_{verb}_whole")
    moments = 2 * stage.done(whole, verb)
    assert stage.done(whole, "look_at") == after
    for number in range(kills):
        victim = stage.nursery.copy(stage.ready[verb], f"rectified_{verb}_{number}")
        instant = instants.randint(1, moments)
        assert stage.nursery.order(victim, f"{CALLS}:{verb}", kill_at=instant)["status"] == KILLED
        assert stage.done(victim, "look_at") in (before, after), f"half done after a kill at {instant} of {moments}"
        stage.done(victim, verb)
        assert stage.done(victim, "look_at") == after, f"not once after a kill at {instant} of {moments}"


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=50, seed=2027)
