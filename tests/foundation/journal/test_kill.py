"""Kill −9 inside the sequencer: the acts are in the log, or they wait; done again, they are in it once."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.killing import KILLED, Nursery

CALLS = "tests.foundation.journal.killed"
WAITING = {"acts": 170, "leaves": 70, "subtrees": 1, "checkpoints": 1, "root": True, "sound": True, "threads": 1}
LOGGED = WAITING | {"leaves": 170, "subtrees": 3, "checkpoints": 2}


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nursery, str]]:
    made = Nursery(tmp_path_factory.mktemp("victims"))
    database = made.new_database()
    made.ask(database, f"{CALLS}:prepare")
    yield made, database
    made.close()


def check_killed(nursery: Nursery, ready: str, *, kills: int, seed: int) -> None:
    def asked(database: str, what: str) -> Any:
        return nursery.ask(database, f"{CALLS}:{what}")

    instants, whole = random.Random(seed), nursery.copy(ready, "whole")
    moments = 2 * asked(whole, "put")
    assert asked(whole, "look") == LOGGED
    for number in range(kills):
        victim = nursery.copy(ready, f"victim_{number}")
        instant = instants.randint(1, moments)
        assert nursery.order(victim, f"{CALLS}:put", kill_at=instant)["status"] == KILLED
        assert asked(victim, "look") in (WAITING, LOGGED), f"half done after a kill at {instant} of {moments}"
        asked(victim, "put")
        assert asked(victim, "look") == LOGGED, f"not once after a kill at {instant} of {moments}"


@pytest.mark.usefixtures("django_db_setup")
def test_a_kill_inside_the_sequencer_leaves_nothing_half_done(nursery: tuple[Nursery, str]) -> None:
    check_killed(*nursery, kills=5, seed=9162)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
def test_fifty_kills_inside_the_sequencer_leave_nothing_half_done(nursery: tuple[Nursery, str]) -> None:
    check_killed(*nursery, kills=50, seed=6962)
