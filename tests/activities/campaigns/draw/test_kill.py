"""Kill −9 inside a verb of the draw: all of it is there, or nothing; done again, it is there once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.activities.campaigns.draw.killed"
NOTHING: dict[str, Any] = {"states": [], "rows": [0, 0, 0, 0, 0], "journal": [0, 0, 0, 0]}
PROMISED = {"states": ["committed"], "rows": [1, 4, 0, 0, 0], "journal": [1, 0, 0, 0]}
REVEALED = {"states": ["revealed"], "rows": [1, 4, 1, 3, 6], "journal": [1, 1, 0, 0]}
PUBLISHED = {"states": ["published"], "rows": [1, 4, 1, 3, 6], "journal": [1, 1, 1, 0]}
REDRAWN = {"states": ["committed", "redrawn"], "rows": [2, 8, 1, 3, 6], "journal": [1, 1, 1, 1]}
STEPS = {
    "commit": (NOTHING, PROMISED), "reveal": (PROMISED, REVEALED), "publish": (REVEALED, PUBLISHED), "again": (PUBLISHED, REDRAWN),
}  # fmt: skip


@dataclass
class Stage:
    """A nursery, and for each verb a database in which it is the next thing to do."""

    nursery: Nursery
    ready: dict[str, str]

    def done(self, database: str, verb: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{verb}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    nursery, verbs = Nursery(tmp_path_factory.mktemp("drawn")), list(STEPS)
    stage = Stage(nursery, {verbs[0]: nursery.new_database()})
    stage.done(stage.ready[verbs[0]], "prepare")
    for verb, then in pairwise(verbs):
        stage.ready[then] = nursery.copy(stage.ready[verb], f"draw_before_{then}")
        stage.done(stage.ready[then], verb)
    yield stage
    nursery.close()


def check_killed(stage: Stage, verb: str, *, kills: int, seed: int) -> None:
    """Kill the verb at random statements, each time on a fresh copy; then let it be done."""
    before, after = STEPS[verb]
    instants = random.Random(seed)
    whole = stage.nursery.copy(stage.ready[verb], f"draw_{verb}_whole")
    moments = 2 * stage.done(whole, verb)
    assert stage.done(whole, "look") == after
    for number in range(kills):
        victim = stage.nursery.copy(stage.ready[verb], f"draw_{verb}_{number}")
        instant = instants.randint(1, moments)
        assert stage.nursery.order(victim, f"{CALLS}:{verb}", kill_at=instant)["status"] == KILLED
        assert stage.done(victim, "look") in (before, after), f"half done after a kill at {instant} of {moments}"
        stage.done(victim, verb)
        assert stage.done(victim, "look") == after, f"not once after a kill at {instant} of {moments}"


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_verb_leaves_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=5, seed=2026)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_verb_leave_nothing_half_done(stage: Stage, verb: str) -> None:
    check_killed(stage, verb, kills=50, seed=2027)
