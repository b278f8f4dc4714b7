"""Kill −9 inside a verb of a visit: all of it is there, or nothing; done again, it is there once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.activities.campaigns.inspection.killed"
BEGUN: dict[str, Any] = {"rows": [0, 0, 0, 0, 0], "states": [], "journal": [0, 0, 0]}
SYNCED = {"rows": [1, 2, 0, 0, 0], "states": ["recorded"] * 2, "journal": [1, 0, 0]}
PROVEN = {"rows": [1, 2, 1, 1, 0], "states": ["recorded"] * 2, "journal": [1, 1, 0]}
SIGNED = {"rows": [1, 2, 2, 2, 0], "states": ["recorded"] * 2, "journal": [1, 2, 0]}
DECIDED = {"rows": [1, 2, 2, 2, 1], "states": ["decided"] * 2, "journal": [1, 2, 1]}
STEPS = {"sync": (BEGUN, SYNCED), "photo": (SYNCED, PROVEN), "dispose": (SIGNED, DECIDED)}


@dataclass
class Stage:
    """A nursery, and for each verb a database in which it is the next thing to do."""

    nursery: Nursery
    ready: dict[str, str]

    def done(self, database: str, verb: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{verb}")

    def on(self, verb: str, then: str, *doing: str) -> None:
        self.ready[then] = self.nursery.copy(self.ready[verb], f"visit_before_{then}")
        for one in doing:
            self.done(self.ready[then], one)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    nursery = Nursery(tmp_path_factory.mktemp("visited"))
    stage = Stage(nursery, {"sync": nursery.new_database()})
    stage.done(stage.ready["sync"], "prepare")
    stage.on("sync", "photo", "sync")
    stage.on("photo", "dispose", "photo", "prepare_signed")
    yield stage
    nursery.close()


def check_killed(stage: Stage, verb: str, *, kills: int, seed: int) -> None:
    """Kill the verb at random statements, each time on a fresh copy; then let it be done."""
    before, after = STEPS[verb]
    instants = random.Random(seed)
    whole = stage.nursery.copy(stage.ready[verb], f"visit_{verb}_whole")
    moments = 2 * stage.done(whole, verb)
    assert stage.done(whole, "look_at") == after
    for number in range(kills):
        victim = stage.nursery.copy(stage.ready[verb], f"visit_{verb}_{number}")
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
