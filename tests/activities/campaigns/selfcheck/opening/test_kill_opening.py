"""Kill −9 while a self-check is called and its forms are made: steps are whole, and the next run makes the rest, each once."""

from typing import Any

import pytest

from tests.activities.campaigns.selfcheck.opening.killed import INSTITUTIONS, STEP
from tests.killing import Nursery, Stage, Step

ITEMS = 50


def made(forms: int, *, steps: int, complete: bool = False) -> dict[str, Any]:
    """So many forms, made in so many steps."""
    counted = forms or None
    return {"calls": [complete], "forms": forms, "answers": forms * ITEMS, "counted": counted, "journal": [1, steps]}


NOTHING = {**made(0, steps=0), "calls": [], "journal": [0, 0]}
BETWEEN = (made(STEP, steps=1), made(2 * STEP, steps=2), made(INSTITUTIONS, steps=3))
STEPS = {
    "call": Step(NOTHING, made(0, steps=0)),
    "open_all": Step(made(0, steps=0), made(INSTITUTIONS, steps=3, complete=True), between=BETWEEN),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.selfcheck.opening.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
