"""Kill −9 while the clocks are looked at, or while e-mail leaves: nothing is told twice, no e-mail leaves twice."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.foundation.messages.post_office import PostOffice, post_office
from tests.killing import KILLED, Nursery

CALLS = "tests.foundation.messages.killed"
PEOPLE, MESSAGES = 2, 6


@dataclass
class Stage:
    """A nursery whose children speak to a real mail server, an empty site, and one whose messages wait to be mailed."""

    nursery: Nursery
    office: PostOffice
    empty: str
    told: str

    def done(self, database: str, call: str) -> Any:
        return self.nursery.ask(database, f"{CALLS}:{call}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with post_office() as office, pytest.MonkeyPatch.context() as environment:
        environment.setenv("ZHUNSHENG_EMAIL_URL", f"smtp://127.0.0.1:{office.port}")
        nursery = Nursery(tmp_path_factory.mktemp("victims"))
        stage = Stage(nursery, office, nursery.new_database("messages"), "")
        stage.done(stage.empty, "prepare")
        stage.told = nursery.copy(stage.empty, "told")
        stage.done(stage.told, "look_at_clocks")
        yield stage
        nursery.close()


def kills(stage: Stage, ready: str, call: str, number: int, seed: int) -> Iterator[tuple[str, int]]:
    """Fresh copies on which the call was killed, each at another instant."""
    whole = stage.nursery.copy(ready, f"{call}_whole")
    moments = 2 * stage.done(whole, call)
    for n, instant in enumerate(random.Random(seed).sample(range(1, moments + 1), min(number, moments))):
        stage.office.received.clear()
        victim = stage.nursery.copy(ready, f"{call}_{n}")
        assert stage.nursery.order(victim, f"{CALLS}:{call}", kill_at=instant)["status"] == KILLED
        yield victim, instant


def check_telling(stage: Stage, number: int) -> None:
    for victim, instant in kills(stage, stage.empty, "look_at_clocks", number, seed=163):
        assert stage.done(victim, "told") in ([0, 0], [MESSAGES, 1]), f"half told after a kill at {instant}"
        stage.done(victim, "look_at_clocks")
        assert stage.done(victim, "told") == [MESSAGES, 1], f"not once after a kill at {instant}"


def check_mailing(stage: Stage, number: int) -> None:
    outcomes = set()
    for victim, instant in kills(stage, stage.told, "post", number, seed=5321):
        states = stage.done(victim, "post_later")
        ids = stage.office.ids
        assert len(set(ids)) == len(ids) <= PEOPLE, f"an e-mail left twice after a kill at {instant}: {ids}"
        assert len(states) == PEOPLE and set(states) <= {"sent", "unknown"}, f"{states} after a kill at {instant}"
        assert states.count("sent") <= len(ids), f"called sent and was not, after a kill at {instant}"
        outcomes |= set(states)
    assert "sent" in outcomes


@pytest.mark.usefixtures("django_db_setup")
def test_a_kill_while_the_clocks_are_looked_at_tells_nothing_twice(stage: Stage) -> None:
    check_telling(stage, 5)


@pytest.mark.usefixtures("django_db_setup")
def test_a_kill_while_email_leaves_sends_nothing_twice(stage: Stage) -> None:
    check_mailing(stage, 6)


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")
def test_a_kill_at_any_instant_tells_and_sends_nothing_twice(stage: Stage) -> None:
    check_telling(stage, 50)
    check_mailing(stage, 50)
