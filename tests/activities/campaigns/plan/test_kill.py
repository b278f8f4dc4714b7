"""Kill −9 inside the verbs of a plan: a campaign is published with its job or not at all; enrolling goes on where it stopped."""

from typing import Any

import pytest

from tests.killing import Nursery, Stage, Step


def state(stands: str, rules: bool, enrolled: bool, people: int, journal: list[int]) -> dict[str, Any]:
    jobs = 0 if stands == "draft" else 1
    return {
        "state": [stands], "rules": [rules], "enrolled": [enrolled], "rows": [8, people, jobs], "journal": journal,
    }  # fmt: skip


DRAFT = state("draft", False, False, 0, [1, 0, 0])
PUBLISHED = state("published", True, False, 0, [1, 1, 0])
STEP_BY_STEP = tuple(
    state("published", True, False, people, [1, 1, acts]) for acts, people in enumerate((2, 4, 5), 1)
)  # fmt: skip
ENROLLED = state("published", True, True, 5, [1, 1, 3])
STEPS = {
    "publish": Step(DRAFT, PUBLISHED),
    "enrol": Step(PUBLISHED, ENROLLED, between=STEP_BY_STEP),  # each step of two is whole with its act
}


@pytest.fixture(scope="module")
def stage(nursery: Nursery) -> Stage:
    return Stage(nursery, "tests.activities.campaigns.plan.killed", STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    stage.kill(verb, kills=50, seed=2027)
