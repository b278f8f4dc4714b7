"""Kill −9 inside a verb: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

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
STEPS = {
    "create": Step(NOTHING, CREATED),
    "evaluate": Step(CREATED, EVALUATED),
    "release": Step(EVALUATED, RELEASED),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.proficiency.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=4110)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=1978)
