"""Kill −9 inside a verb: all of it is there, or nothing; done again, it is there once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.activities.proficiency.killed"

NOTHING: dict[str, Any] = {
    "rounds": 0, "state": None, "measurands": 0, "participants": 0, "identities": 0, "evaluations": 0, "reports": 0, "evidence": 0,
    "journal": {"create_round": 0, "evaluate_round": 0, "release_round": 0},
}  # fmt: skip
CREATED = NOTHING | {
    "rounds": 1, "state": "collected", "measurands": 1, "participants": 21, "identities": 21,
    "journal": {"create_round": 1, "evaluate_round": 0, "release_round": 0},
}  # fmt: skip
EVALUATED = CREATED | {
    "state": "evaluated", "evaluations": 1, "journal": {"create_round": 1, "evaluate_round": 1, "release_round": 0},
}  # fmt: skip
RELEASED = EVALUATED | {
    "state": "released", "reports": 3, "evidence": 21,
    "journal": {"create_round": 1, "evaluate_round": 1, "release_round": 1},
}  # fmt: skip
STEPS = {"create": (NOTHING, CREATED), "evaluate": (CREATED, EVALUATED), "release": (EVALUATED, RELEASED)}


@dataclass
class Stage:
    """A nursery, and for each verb a database in which it is the next thing to do."""

    nursery: Nursery
    ready: dict[str, str]

    def done(self, database: str, verb: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{verb}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    nursery = Nursery(tmp_path_factory.mktemp("victims"))
    stage = Stage(nursery, {"create": nursery.new_database()})
    stage.done(stage.ready["create"], "prepare")
    for verb, then in (("create", "evaluate"), ("evaluate", "release")):
        stage.ready[then] = nursery.copy(stage.ready[verb], f"before_{then}")
        stage.done(stage.ready[then], verb)
    yield stage
    nursery.close()


def check_killed(stage: Stage, verb: str, *, kills: int, seed: int) -> None:
    """Kill the verb at random statements, each time on a fresh copy; then let it be done."""
    before, after = STEPS[verb]
    instants = random.Random(seed)
    whole = stage.nursery.copy(stage.ready[verb], f"{verb}_whole")
    moments = 2 * stage.done(whole, verb)
    assert stage.done(whole, "look") == after
    for number in range(kills):
        victim = stage.nursery.copy(stage.ready[verb], f"{verb}_{number}")
        instant = instants.randint(1, moments)
        assert stage.nursery.order(victim, f"{CALLS}:{verb}", kill_at=instant)["status"] == KILLED
        assert stage.done(victim, "look") in (before, after), f"half done after a kill at {instant} of {moments}"
        stage.done(victim, verb)
        assert stage.done(victim, "look") == after, f"not once after a kill at {instant} of {moments}"


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=5, seed=4110)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=50, seed=1978)
