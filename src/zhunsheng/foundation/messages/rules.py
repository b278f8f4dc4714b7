"""Clocks: what is due when, at which stages people are reminded, and when it goes to whoever stands above; pure."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar

ESCALATED = "escalated"
TOO_LATE = 60
"""Working days after which nobody is told of a thing any more: what lies so long is a state, and not news."""
NAMED = 3
"""Institutions that a message about many names."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is to be done by a day. `holder` and `superior` are whatever the site's `Who` can name people for."""

    about: str
    """what it is done to: kind:id"""
    due_on: date
    what: Text
    why: Text
    address: str
    verb: Text
    """words of the link that leads there"""
    holder: Hashable
    whose: Text
    """the institution that has to do it, for a superior who oversees many"""
    superior: Hashable | None = None
    superior_address: str = "/home/"
    """where a superior sees it, who may not open the holder's pages"""
    together: str | None = None
    """what it is told to a superior as a part of: things with the same words and day make one message for each who oversees many"""


class Find(Protocol):
    """All that is still to be done and due from a day to a day, in the whole register or at some institutions."""

    def __call__(
        self, *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
    ) -> Iterable[Due]: ...


class Who(Protocol):
    """The users behind each holder or superior on a day, with where each holds the post that it is told to; nobody where there is none."""

    def __call__(self, wanted: Collection[Hashable], *, on: date) -> Mapping[Hashable, Mapping[int, UUID]]: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """A period that runs for many: its reminders, in working days left (negative: late), and from when it is passed on."""

    kind: str
    name: Text
    """what the inbox calls the matter; e-mail does not name it"""
    basis: Text
    offsets: tuple[int, ...]
    escalate_after: int | None
    find: Find

    def horizon(self, on: date, calendar: WorkingCalendar) -> date:
        """The last due day of which anybody is reminded on a day."""
        return calendar.add(on, max(self.offsets))


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to whoever holds a post; `key` makes it the same message however often it is thought of.

    Raises ValueError for an address that is not a path on this site.
    """

    to: Hashable
    key: str
    kind: str
    subject: Text
    body: Text
    address: str
    about: str
    due_on: date | None = None
    not_to: Hashable | None = None
    """whose people are left out: nobody passes a thing on to himself"""
    whose: Text | None = None
    """the institution that it is about, where notices of several may be gathered"""

    def __post_init__(self) -> None:
        if not self.address.startswith("/") or self.address.startswith(("//", "/\\")):
            raise ValueError(f"{self.address!r} is not a path on this site")


def stage(remaining: int, offsets: Iterable[int]) -> int | None:
    """The stage that a clock has reached with so many working days left: the smallest offset not yet passed; None before all.

    Only the last stage reached is told: who was on leave for a fortnight finds one reminder, not five.
    """
    return min((offset for offset in offsets if remaining <= offset), default=None)


def notices(clock: Clock, due: Due, *, on: date, calendar: WorkingCalendar) -> Iterator[Notice]:
    """What is to be told of one due thing on a day: to its holder, and from `escalate_after` working days late to the superior."""
    remaining = calendar.between(on, due.due_on)
    if remaining < -TOO_LATE:
        return
    if (reached := stage(remaining, clock.offsets)) is not None:
        yield _to_holder(clock, due, reached, late=remaining < 0)
    if clock.escalate_after is not None and -remaining >= clock.escalate_after and due.superior is not None:
        yield _to_superior(clock, due, due.superior)


def _to_holder(clock: Clock, due: Due, reached: int, *, late: bool) -> Notice:
    words = (
        t("{name}: overdue since {d}", "{name}：期限 {d} 已过") if late else t("{name}: due on {d}", "{name}：期限 {d}")
    )
    body = t("{what}. {why}", "{what}。{why}", what=due.what, why=due.why)
    subject = words.with_(name=clock.name, d=due.due_on.isoformat())
    return Notice(
        due.holder, _key(clock, due, str(reached)), clock.kind, subject, body, due.address, due.about, due.due_on
    )


def _to_superior(clock: Clock, due: Due, superior: Hashable) -> Notice:
    subject = t(
        "{name}: overdue since {d}, passed on to you", "{name}：期限 {d} 已过，现提请您处理",
        name=clock.name, d=due.due_on.isoformat(),
    )  # fmt: skip
    body = t("{whose}: {what}. {why}", "{whose}：{what}。{why}", whose=due.whose, what=due.what, why=due.why)
    about = due.together or due.about
    return Notice(
        superior, _key(clock, due, ESCALATED, about=about), clock.kind, subject, body, due.superior_address, about,
        due.due_on, not_to=due.holder, whose=due.whose,
    )  # fmt: skip


def _key(clock: Clock, due: Due, stage: str, *, about: str = "") -> str:
    return f"{clock.kind}|{about or due.about}|{due.due_on.isoformat()}|{stage}"


def gathered(told: Sequence[Notice]) -> Notice:
    """One notice for all that a person would get under one key: the first of them, with how many there are and some named."""
    first = told[0]
    if len(told) == 1 or first.whose is None:
        return first
    some = join((one.whose for one in told[:NAMED] if one.whose is not None), en=", ", zh="、")
    return replace(
        first,
        body=t("{n} institutions are late, {x} among them.", "共 {n} 家机构逾期，包括{x}等。", n=len(told), x=some)
        if len(told) > NAMED
        else t("{n} institutions are late: {x}.", "共 {n} 家机构逾期：{x}。", n=len(told), x=some),
    )
