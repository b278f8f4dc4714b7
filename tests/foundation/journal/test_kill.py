"""Kill −9 inside the sequencer: the acts are in the log, or they wait; done again, they are in it once."""

import pytest

from tests.killing import Nursery, Stage, Step

WAITING = {"acts": 170, "leaves": 70, "subtrees": 1, "checkpoints": 1, "root": True, "sound": True, "threads": 1}
LOGGED = WAITING | {"leaves": 170, "subtrees": 3, "checkpoints": 2}
STEPS = {
    "put": Step(WAITING, LOGGED),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.foundation.journal.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=9162)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=6962)
