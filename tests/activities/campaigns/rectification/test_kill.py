"""Kill −9 inside a verb of rectification: all of it is there, or nothing; done again, it is there once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step


def at(state: str, *rows: int, journal: int) -> dict[str, Any]:
    """Reports, files, judgements, look-backs, drawn, second looks, lines of evidence; and how many of the verbs were journalled."""
    return {"state": state, "rows": list(rows), "journal": [1] * journal + [0] * (5 - journal)}


STEPS = {
    "submit": Step(at("open", 0, 0, 0, 0, 0, 0, 0, journal=0), at("submitted", 1, 1, 0, 0, 0, 0, 0, journal=1)),
    "accept": Step(at("submitted", 1, 1, 0, 0, 0, 0, 0, journal=1), at("accepted", 1, 1, 1, 0, 0, 0, 1, journal=2)),
    "promise": Step(at("accepted", 1, 1, 1, 0, 0, 0, 1, journal=2), at("accepted", 1, 1, 1, 1, 0, 0, 1, journal=3)),
    "draw": Step(at("accepted", 1, 1, 1, 1, 0, 0, 1, journal=3), at("look_back", 1, 1, 1, 1, 1, 0, 1, journal=4)),
    "overturn": Step(at("look_back", 1, 1, 1, 1, 1, 0, 1, journal=4), at("returned", 1, 1, 1, 1, 1, 1, 2, journal=5)),
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
