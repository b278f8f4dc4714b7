"""Which state a standard is in on a day, by what was known at an instant; pure."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar

from zhunsheng.registry.catalogue.states import STEPS


class StateRow(Protocol):
    """From a day on, an edition is in a state; recorded at an instant, perhaps to correct another row."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def source(self) -> str: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def supersedes_id(self) -> int | None: ...


Row = TypeVar("Row", bound=Any)  # a StateRow; the checker does not see that a table's row is one
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Change(Generic[Key, Row]):
    """On `day` a standard enters the state of `after`; `before` is what it leaves, None for its first."""

    standard: Key
    day: date
    before: Row | None
    after: Row


def standing(rows: Iterable[Row], known: datetime) -> list[Row]:
    """The rows recorded before an instant that no row recorded before it corrects."""
    by_then = [row for row in rows if row.recorded_at < known]
    corrected = {row.supersedes_id for row in by_then}
    return [row for row in by_then if row.id not in corrected]


def state_on(rows: Iterable[Row], on: date, known: datetime) -> Row | None:
    """The row that says in which state a standard is on a day: the latest begun by then; of two of one day, the later recorded.

    None before its first state, or as long as nothing was known.
    """
    begun = [row for row in standing(rows, known) if row.valid_from <= on]
    return max(begun, key=_age, default=None)


def otherwise(rows: Iterable[Row], on: date, known: datetime) -> list[Row]:
    """The rows that contradict the state found for a day, newest first: sources disagree, a person decides which to correct.

    Contradicting is another state that begins on the same day; a later step of life that began before (a withdrawn standard is not
    current again); and what another source was recorded to say afterwards.
    """
    rows = list(rows)
    if (found := state_on(rows, on, known)) is None:
        return []
    others = [row for row in standing(rows, known) if row.valid_from <= on and row.state != found.state]
    return sorted((row for row in others if _contradicts(row, found)), key=_age, reverse=True)


def timeline(rows: Iterable[Row], known: datetime) -> list[Row]:
    """The states in order of time, one a day, each different from the one before it."""
    days = {row.valid_from: row for row in sorted(standing(rows, known), key=_age)}
    ordered = [days[day] for day in sorted(days)]
    return ordered[:1] + [after for before, after in pairwise(ordered) if after.state != before.state]


def changes(rows: Mapping[Key, Iterable[Row]], *, after: date, until: date, known: datetime) -> list[Change[Key, Row]]:
    """Every change of state after one day, up to and with another, in order of days; what is announced for later counts too."""
    found: list[Change[Key, Row]] = []
    for standard, own in rows.items():
        steps = timeline(own, known)
        for before, now in zip([None, *steps], steps, strict=False):
            if after < now.valid_from <= until:
                found.append(Change(standard, now.valid_from, before, now))
    return sorted(found, key=lambda change: (change.day, change.after.id))


def _age(row: StateRow) -> tuple[date, datetime, int]:
    return row.valid_from, row.recorded_at, row.id


def _contradicts(row: StateRow, found: StateRow) -> bool:
    if row.valid_from == found.valid_from or STEPS[row.state] > STEPS[found.state]:
        return True
    return row.recorded_at > found.recorded_at and row.source != found.source
