"""Kill −9 inside a verb of the draw: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step

NOTHING: dict[str, Any] = {"states": [], "rows": [0, 0, 0, 0, 0], "journal": [0, 0, 0, 0]}
PROMISED = {"states": ["committed"], "rows": [1, 4, 0, 0, 0], "journal": [1, 0, 0, 0]}
REVEALED = {"states": ["revealed"], "rows": [1, 4, 1, 3, 6], "journal": [1, 1, 0, 0]}
PUBLISHED = {"states": ["published"], "rows": [1, 4, 1, 3, 6], "journal": [1, 1, 1, 0]}
REDRAWN = {"states": ["committed", "redrawn"], "rows": [2, 8, 1, 3, 6], "journal": [1, 1, 1, 1]}
STEPS = {
    "commit": Step(NOTHING, PROMISED),
    "reveal": Step(PROMISED, REVEALED),
    "publish": Step(REVEALED, PUBLISHED),
    "again": Step(PUBLISHED, REDRAWN),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.draw.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
