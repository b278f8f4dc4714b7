"""Kill −9 inside a verb of a bulletin: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

DRAFT: dict[str, Any] = {"bulletins": [[0, "draft"]], "rows": [1, 2, 0], "journal": [1, 0]}
RELEASED: dict[str, Any] = {"bulletins": [[1, "released"]], "rows": [1, 2, 1], "journal": [1, 1]}
CORRECTED: dict[str, Any] = {"bulletins": [[0, "draft"], [1, "released"]], "rows": [2, 4, 1], "journal": [2, 1]}
REPLACED: dict[str, Any] = {"bulletins": [[1, "replaced"], [2, "released"]], "rows": [2, 4, 2], "journal": [2, 2]}
STEPS = {
    "release": Step(DRAFT, RELEASED), "correct": Step(RELEASED, CORRECTED), "replace": Step(CORRECTED, REPLACED),
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.summary.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
