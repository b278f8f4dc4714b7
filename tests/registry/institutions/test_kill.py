"""Kill −9 inside a merge and its undoing: all of it is there, or nothing; done again, it is there once."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.killing import KILLED, Nursery
from tests.registry.institutions.killed import FIRST, SECOND, THIRD

CALLS = "tests.registry.institutions.killed"
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
STEPS = {"merge": (APART, TOGETHER), "undo": (TOGETHER, UNDONE)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nursery, dict[str, str]]]:
    nursery = Nursery(tmp_path_factory.mktemp("merged"))
    ready = {"merge": nursery.new_database()}
    nursery.ask(ready["merge"], f"{CALLS}:prepare")
    ready["undo"] = nursery.copy(ready["merge"], "before_undo")
    nursery.ask(ready["undo"], f"{CALLS}:merge")
    yield nursery, ready
    nursery.close()


def check_killed(stage: tuple[Nursery, dict[str, str]], verb: str, *, kills: int, seed: int) -> None:
    nursery, ready = stage
    before, after = STEPS[verb]
    instants = random.Random(seed)
    whole = nursery.copy(ready[verb], f"{verb}_whole")
    moments = 2 * nursery.ask(whole, f"{CALLS}:{verb}")
    assert nursery.ask(whole, f"{CALLS}:look") == after
    for number in range(kills):
        victim = nursery.copy(ready[verb], f"{verb}_{number}")
        instant = instants.randint(1, moments)
        assert nursery.order(victim, f"{CALLS}:{verb}", kill_at=instant)["status"] == KILLED
        left = nursery.ask(victim, f"{CALLS}:look")
        assert left in (before, after), f"half done after a kill at {instant} of {moments}"
        nursery.ask(victim, f"{CALLS}:{verb}")
        assert nursery.ask(victim, f"{CALLS}:look") == after, f"not once after a kill at {instant} of {moments}"


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_a_kill_inside_a_merge_leaves_nothing_half_done(stage: tuple[Nursery, dict[str, str]], verb: str) -> None:
    check_killed(stage, verb, kills=5, seed=2010)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("verb", STEPS)
def test_fifty_kills_inside_a_merge_leave_nothing_half_done(stage: tuple[Nursery, dict[str, str]], verb: str) -> None:
    check_killed(stage, verb, kills=50, seed=2026)
