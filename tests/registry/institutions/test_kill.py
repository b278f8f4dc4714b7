"""Kill −9 inside a merge and its undoing: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step
from tests.registry.institutions.killed import FIRST, SECOND, THIRD

OWN, MOVED = "91330100MA2X7K3B2M", "91350200MA2X7K3B2Y"

APART: dict[str, Any] = {
    "heads": {FIRST: None, SECOND: None, THIRD: SECOND}, "codes": {FIRST: OWN, SECOND: MOVED, THIRD: None},
    "names": {FIRST: FIRST, SECOND: SECOND, THIRD: THIRD}, "suspected": 1, "merges": [False],
    "journal": {"merge_institutions": 1, "undo_merge": 0},
}  # fmt: skip
TOGETHER = APART | {
    "heads": {FIRST: None, SECOND: FIRST, THIRD: FIRST}, "codes": {FIRST: MOVED, SECOND: OWN, THIRD: None},
    "names": {FIRST: SECOND, SECOND: SECOND, THIRD: THIRD}, "suspected": 0, "merges": [False, False],
    "journal": {"merge_institutions": 2, "undo_merge": 0},
}  # fmt: skip
UNDONE = APART | {
    "suspected": 0, "merges": [False, True], "journal": {"merge_institutions": 2, "undo_merge": 1},
}  # fmt: skip
STEPS = {
    "merge": Step(APART, TOGETHER),
    "undo": Step(TOGETHER, UNDONE),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.registry.institutions.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2010)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2026)
