"""Kill −9 inside a verb of a visit: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

BEGUN: dict[str, Any] = {"rows": [0, 0, 0, 0, 0], "states": [], "journal": [0, 0, 0]}
SYNCED = {"rows": [1, 2, 0, 0, 0], "states": ["recorded"] * 2, "journal": [1, 0, 0]}
PROVEN = {"rows": [1, 2, 1, 1, 0], "states": ["recorded"] * 2, "journal": [1, 1, 0]}
SIGNED = {"rows": [1, 2, 2, 2, 0], "states": ["recorded"] * 2, "journal": [1, 2, 0]}
DECIDED = {"rows": [1, 2, 2, 2, 1], "states": ["decided"] * 2, "journal": [1, 2, 1]}
STEPS = {
    "sync": Step(BEGUN, SYNCED),
    "photo": Step(SYNCED, PROVEN),
    "dispose": Step(SIGNED, DECIDED, prepared_by=("prepare_signed",)),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.inspection.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
