"""Kill −9 inside a verb of rectification: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

OPENED: dict[str, Any] = {"state": "open", "rows": [0, 0, 0, 0], "journal": [0, 0]}
SUBMITTED = {"state": "submitted", "rows": [1, 1, 0, 0], "journal": [1, 0]}
ACCEPTED = {"state": "accepted", "rows": [1, 1, 1, 1], "journal": [1, 1]}
STEPS = {
    "submit": Step(OPENED, SUBMITTED),
    "accept": Step(SUBMITTED, ACCEPTED),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.rectification.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
