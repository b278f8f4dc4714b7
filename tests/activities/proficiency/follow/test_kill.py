"""Kill −9 inside a verb: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

RELEASED: dict[str, Any] = {
    "cases": {}, "rows": 0, "closings": 0, "appeal": "open", "decisions": 0, "correcting": False,
    "journal": {"open_cases": 0, "decide_appeal": 0, "begin_correction": 0},
}  # fmt: skip
OPENED = RELEASED | {
    "cases": {"open": 4}, "rows": 4, "journal": {"open_cases": 1, "decide_appeal": 0, "begin_correction": 0},
}  # fmt: skip
DECIDED = OPENED | {
    "appeal": "upheld", "decisions": 1, "correcting": True,
    "journal": {"open_cases": 1, "decide_appeal": 1, "begin_correction": 1},
}  # fmt: skip
CORRECTED = DECIDED | {"correcting": False}
SETTLED = CORRECTED | {
    "cases": {"resolved": 4}, "closings": 4, "journal": {"open_cases": 2, "decide_appeal": 1, "begin_correction": 1},
}  # fmt: skip
STEPS = {
    "open_cases": Step(RELEASED, OPENED),
    "decide_appeal": Step(OPENED, DECIDED),
    "settle_cases": Step(CORRECTED, SETTLED, prepared_by=("correct",)),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.proficiency.follow.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=7301)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=1187)
