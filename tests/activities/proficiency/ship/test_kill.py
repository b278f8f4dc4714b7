"""Kill −9 inside a verb: all of it is there, or nothing; done again, it is there once."""

import pytest

from tests.killing import Nursery, Stage, Step

NOTHING = {"packed": 0, "sent": 0, "lost": 0, "pack_items": 0, "send_items": 0, "lose_items": 0, "replace_items": 0}
PACKED = NOTHING | {"packed": 200, "pack_items": 1}
SENT = PACKED | {"packed": 0, "sent": 200, "send_items": 1}
LOST = SENT | {"sent": 199, "lost": 1, "lose_items": 1}
REPLACED = LOST | {"packed": 1, "replace_items": 1}
STEPS = {
    "pack": Step(NOTHING, PACKED),
    "send": Step(PACKED, SENT),
    "replace": Step(LOST, REPLACED, prepared_by=("lose",)),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.proficiency.ship.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=7741)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=1477)
