"""Kill −9 inside a verb of whoever fills in a self-check, or makes it final: all of it is there, or nothing; done again, once."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step


def found(
    state: str, answers: int, rows: list[int], tallied: int, turnout: list[int], journal: list[int]
) -> dict[str, Any]:
    """What is found of the form, its own count of answers always being theirs."""
    return {
        "form": [state, True, 1 if answers else 0], "answers": answers, "rows": rows, "tallied": tallied,
        "turnout": [turnout], "journal": journal,
    }  # fmt: skip


OPEN, SUBMITTED, RETURNED, FINAL = [1, 0, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]
BLANK = found("open", 0, [0, 0, 0], 0, OPEN, [0, 0, 0, 0, 0])
ANSWERED = found("open", 50, [0, 0, 0], 0, OPEN, [0, 0, 0, 0, 0])
PROVEN = found("open", 50, [1, 0, 0], 0, OPEN, [1, 0, 0, 0, 0])
TAKEN_BACK = found("open", 50, [1, 1, 0], 0, OPEN, [1, 1, 0, 0, 0])
HANDED_IN = found("submitted", 50, [1, 1, 1], 50, SUBMITTED, [1, 1, 1, 0, 0])
GIVEN_BACK = found("returned", 50, [1, 1, 1], 0, RETURNED, [1, 1, 1, 1, 0])
FROZEN = found("frozen", 50, [1, 1, 1], 0, FINAL, [1, 1, 1, 1, 1])
STEPS = {
    "answer": Step(BLANK, ANSWERED),
    "prove": Step(ANSWERED, PROVEN),
    "unprove": Step(PROVEN, TAKEN_BACK),
    "submit": Step(TAKEN_BACK, HANDED_IN),
    "give_back": Step(HANDED_IN, GIVEN_BACK),
    "freeze": Step(GIVEN_BACK, FROZEN),
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.selfcheck.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
