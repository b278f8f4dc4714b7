"""Telling: each thing once for ever, however often it is looked at; in a constant number of questions."""

from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.messages.actions import prefer, read, remind, take_turn
from zhunsheng.foundation.messages.models import Message, Preference
from zhunsheng.foundation.messages.queries import kinds_not_mailed, messages_of, unread_count
from zhunsheng.foundation.messages.rules import Clock, Due, Notice

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def manager(db: None) -> User:
    return User.objects.create_user(username="manager", email="manager@example.invalid", password="long-enough-42")


@pytest.fixture
def regulator(db: None) -> User:
    return User.objects.create_user(username="regulator", email="regulator@example.invalid", password="long-enough-42")


PLACE = UUID(int=7)


def who(*people: User) -> Callable[..., Mapping[Hashable, Mapping[int, UUID]]]:
    """Everybody holds the post that is called like the user, at one place."""

    def found(wanted: Collection[Hashable], *, on: date) -> Mapping[Hashable, Mapping[int, UUID]]:
        return {user.username: {user.pk: PLACE} for user in people if user.username in wanted}

    return found


def clock(n: int = 1, *, due_on: date = date(2026, 4, 20)) -> Clock:
    """A clock on which n things are due on a day (2026-04-20 is three working days after the cast's day)."""
    things = [
        Due(
            f"thing:{i}", due_on, t("Mend it", "整改"), t("Because.", "理由。"), f"/thing/{i}/", t("Go", "前往"), "manager",
            t("Example", "示例"), "regulator",
        )
        for i in range(n)
    ]  # fmt: skip
    return Clock("mending", t("Rectification", "整改"), t("Rules", "规定"), (10, 3, 0, -1), 5, lambda **_: things)


def test_a_look_at_the_clocks_tells_each_thing_once(manager: User, regulator: User) -> None:
    holders = who(manager, regulator)
    assert remind([clock(2)], who=holders, at=AT) == 2
    assert remind([clock(2)], who=holders, at=AT) == 0
    assert remind([clock(2)], who=holders, at=AT + DAY) == 0  # two days left: the same stage
    assert remind([clock(3)], who=holders, at=AT) == 1
    assert {m.recipient for m in Message.objects.all()} == {manager} and unread_count(manager, [PLACE]) == 3


def test_each_stage_is_told_and_at_last_whoever_stands_above(manager: User, regulator: User) -> None:
    told = {}
    for days in range(-20, 15):
        if new := remind([clock()], who=who(manager, regulator), at=AT + timedelta(days=days)):
            told[(AT + timedelta(days=days)).date().isoformat()] = new
    # 15 and 20 April, the day after, and the fifth working day late: 27 April
    assert told == {"2026-04-03": 1, "2026-04-15": 1, "2026-04-20": 1, "2026-04-21": 1, "2026-04-27": 1}
    assert [m.subject_en for m in messages_of(regulator, [PLACE])] == [
        "Rectification: overdue since 2026-04-20, passed on to you"
    ]


def test_another_due_day_is_another_matter(manager: User) -> None:
    remind([clock()], who=who(manager), at=AT)
    assert remind([clock(due_on=date(2026, 4, 21))], who=who(manager), at=AT + DAY) == 1


def test_nobody_passes_a_thing_on_to_himself(manager: User) -> None:
    def both(wanted: Collection[Hashable], *, on: date) -> Mapping[Hashable, Mapping[int, UUID]]:
        return {post: {manager.pk: PLACE} for post in wanted}

    assert remind([clock()], who=both, at=AT + timedelta(days=14)) == 1
    assert "passed on" not in Message.objects.get().subject_en


def test_nobody_in_the_post_means_no_message_until_somebody_is(manager: User) -> None:
    assert remind([clock()], who=who(), at=AT) == 0
    assert remind([clock()], who=who(manager), at=AT) == 1


def test_what_was_told_is_written_once_in_the_journal(manager: User) -> None:
    remind([clock(3)], who=who(manager), at=AT)
    remind([clock(3)], who=who(manager), at=AT)
    assert Entry.objects.get(verb="tell").touched == 3


@pytest.mark.parametrize("n", [3, 300])
def test_three_and_three_hundred_cost_the_same(manager: User, n: int) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert remind([clock(n)], who=who(manager), at=AT) == n
    work = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    written = [one for one in work if 'INTO "notices_message"' in one]
    assert len(work) - len(written) == 3  # the calendar, what was told before, the journal
    assert len(written) <= 1 + n // 50  # SQLite takes some 60 rows in one INSERT


@pytest.mark.parametrize("address", ["https://elsewhere.invalid/", "//elsewhere.invalid/", "/\\elsewhere.invalid", ""])
def test_an_address_that_leads_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="path on this site"):
        Notice("manager", "k", "news", t("a", "甲"), t("b", "乙"), address, "x:1")
    with pytest.raises(IntegrityError):
        Message.objects.create(recipient=User.objects.create(username="x"), address=address or "x", created_at=AT)


def test_reading_keeps_the_first_moment_and_touches_nobody_elses(manager: User, regulator: User) -> None:
    remind([clock()], who=who(manager, regulator), at=AT + timedelta(days=14))
    assert read(messages_of(manager, [PLACE]), at=AT) == 1
    assert read(messages_of(manager, [PLACE]), at=AT + DAY) == 0
    assert Message.objects.get(recipient=manager).read_at == AT
    assert (unread_count(manager, [PLACE]), unread_count(regulator, [PLACE])) == (0, 1)


def test_preferences_are_kept_and_journaled(manager: User) -> None:
    prefer(manager, kinds=["a", "b"], by_mail=["a"], at=AT)
    prefer(manager, kinds=["a", "b"], by_mail=["b"], at=AT)
    assert kinds_not_mailed(manager) == {"a"} and Preference.objects.count() == 2
    assert Entry.objects.filter(verb="prefer_mail", actor=manager).count() == 2


def test_a_turn_is_taken_by_one_and_comes_again(db: None) -> None:
    assert take_turn("remind", every=HOUR, at=AT)
    assert not take_turn("remind", every=HOUR, at=AT)
    assert not take_turn("remind", every=HOUR, at=AT + HOUR - timedelta(seconds=1))
    assert take_turn("remind", every=HOUR, at=AT + HOUR)
    assert take_turn("other", every=HOUR, at=AT)
