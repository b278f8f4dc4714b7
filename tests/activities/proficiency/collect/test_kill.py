"""Kill −9 inside a verb: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

BEFORE: dict[str, Any] = {
    "state": "running", "closed": False, "attachments": 0, "lines": 0, "values": 6, "receipts": 2,
    "submissions": ["approved", "approved", "draft"],
    "journal": {"submit_results": 2, "close_collection": 0, "take_results": 0, "keep_attachment": 0},
}  # fmt: skip
SUBMITTED = BEFORE | {
    "receipts": 3, "submissions": ["approved", "approved", "submitted"],
    "journal": {"submit_results": 3, "close_collection": 0, "take_results": 0, "keep_attachment": 0},
}  # fmt: skip
CLOSED = SUBMITTED | {
    "state": "collected", "closed": True, "attachments": 1, "lines": 7,
    "journal": {"submit_results": 3, "close_collection": 1, "take_results": 1, "keep_attachment": 1},
}  # fmt: skip
STEPS = {"submit": Step(BEFORE, SUBMITTED), "close": Step(SUBMITTED, CLOSED)}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.proficiency.collect.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=5529)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2905)
