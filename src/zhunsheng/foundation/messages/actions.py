"""The verbs of messages: look at the clocks, tell people, note what was read and what is wanted by e-mail."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.messages.models import LastRun, Message, Preference
from zhunsheng.foundation.messages.rules import TOO_LATE, Clock, Notice, Who, gathered, notices

CHUNK = 500  # keys in one question: SQLite takes no more than some thousands of parameters
YEAR = timedelta(days=366)
Thing = TypeVar("Thing")


def remind(clocks: Iterable[Clock], *, who: Who, at: datetime) -> int:
    """Look at every clock and tell what has reached a stage that was not told yet; returns how many messages that made.

    Idempotent: a second look on the same day, or one after a kill, tells nothing twice. What is found is found outside the
    transaction that writes, which would keep every other writer of a SQLite site waiting.
    """
    on = timezone.localdate(at)
    calendar = working_calendar(on - YEAR, on + YEAR)
    told = [
        notice
        for clock in clocks
        for due in clock.find(
            on=on, since=calendar.add(on, -TOO_LATE), until=clock.horizon(on, calendar), calendar=calendar, where=None
        )
        for notice in notices(clock, due, on=on, calendar=calendar)
    ]
    return tell(told, who=who, at=at)


@transaction.atomic
def tell(told: Sequence[Notice], *, who: Who, at: datetime) -> int:
    """Put notices into the inboxes of the people behind them, each once for ever; returns how many were new."""
    everybody = {post for notice in told for post in (notice.to, notice.not_to) if post is not None}
    people = who(everybody, on=timezone.localdate(at)) if told else {}
    wanted: defaultdict[tuple[str, int], list[Notice]] = defaultdict(list)
    for notice in told:
        for user in recipients(notice, people):
            wanted[notice.key, user].append(notice)
    by_key = {f"{key}|{user}": (some, user, people[some[0].to][user]) for (key, user), some in wanted.items()}
    new = [_message(key, gathered(some), user, place, at=at) for key in _unknown(by_key)
           for some, user, place in (by_key[key],)]  # fmt: skip
    if not new:
        return 0
    Message.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    journal.record(
        "tell", actor=None, at=at, subject="messages",
        rows=({"key": one.key, "subject": one.subject_en, "about": one.about} for one in new),
    )  # fmt: skip
    return len(new)


def recipients(notice: Notice, people: Mapping[Hashable, Mapping[int, UUID]]) -> list[int]:
    """The users whom a notice goes to."""
    left_out = people.get(notice.not_to, ()) if notice.not_to is not None else ()
    return [user for user in people.get(notice.to, ()) if user not in left_out]


def _message(key: str, notice: Notice, user: int, place: UUID, *, at: datetime) -> Message:
    return Message(
        recipient_id=user, place=place, kind=notice.kind, subject_en=notice.subject.en, subject_zh=notice.subject.zh,
        body_en=notice.body.en, body_zh=notice.body.zh, address=notice.address, about=notice.about, due_on=notice.due_on,
        created_at=at, key=key,
    )  # fmt: skip


def _unknown(wanted: Mapping[str, object]) -> list[str]:
    """The keys that were never told, in the order given."""
    known: set[str] = set()
    for some in chunks(wanted):
        known |= set(Message.objects.filter(key__in=some).values_list("key", flat=True))
    return [key for key in wanted if key not in known]


def chunks(things: Iterable[Thing], size: int = CHUNK) -> Iterator[list[Thing]]:
    """Lists of at most `size` things."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def take_turn(what: str, *, every: timedelta, at: datetime) -> bool:
    """Is it time again for what is done now and then? True for one of all workers; the turn is taken even if the work then fails."""
    if LastRun.objects.filter(what=what, at__gt=at - every).exists():
        return False  # asked first: an UPDATE takes SQLite's one write lock
    LastRun.objects.bulk_create([LastRun(what=what, at=at - every)], ignore_conflicts=True)
    return LastRun.objects.filter(what=what, at__lte=at - every).update(at=at) == 1


def read(messages: QuerySet[Message], *, at: datetime) -> int:
    """Note that a person has seen messages; what was seen before keeps its moment. No act upon anybody: not in the journal."""
    return messages.filter(read_at=None).update(read_at=at)


@transaction.atomic
def prefer(user: User, *, kinds: Collection[str], by_mail: Collection[str], at: datetime) -> None:
    """Note which of `kinds` a person wants by e-mail."""
    Preference.objects.bulk_create(
        [Preference(user=user, kind=kind, by_mail=kind in by_mail) for kind in kinds],
        update_conflicts=True, unique_fields=["user", "kind"], update_fields=["by_mail"],
    )  # fmt: skip
    after = {kind: kind in by_mail for kind in sorted(kinds)}
    journal.record("prefer_mail", actor=user, at=at, subject=f"user:{user.pk}", rows=[after], after=after)
