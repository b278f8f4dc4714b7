"""Was it done? Made in time, made late, missing, or not yet due; with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.management.rules.requirements import Due
from zhunsheng.registry.management.states import MADE, State


class Record(Protocol):
    """A record as the rule looks at it."""

    @property
    def kind(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def held_on(self) -> date: ...
    @property
    def recorded_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement in one period as it stands on a day."""

    due: Due
    state: State
    reason: Text
    record: Record | None = None

    @property
    def made(self) -> bool:
        return self.state in MADE


def lived(dues: Iterable[Due], records: Iterable[Record], as_of: date) -> list[Line]:
    """The state of everything due; of several records for one thing, the one that was made first counts."""
    first: dict[tuple[str, str], Record] = {}
    for record in sorted(records, key=lambda one: one.held_on, reverse=True):
        first[record.kind, record.period] = record
    return [line(one, first.get(one.key), as_of) for one in dues]


def line(due: Due, record: Record | None, as_of: date) -> Line:
    if record is not None:
        return made(due, record)
    if as_of <= due.due_on:
        left = (due.due_on - as_of).days
        return Line(due, State.NOT_DUE, t("due on {d}, {n} d left", "{d} 到期，还有 {n} 天", d=day(due.due_on), n=left))
    over = (as_of - due.due_on).days
    return Line(
        due, State.MISSING, t("was due on {d}, {n} d ago", "应于 {d} 完成，已逾期 {n} 天", d=day(due.due_on), n=over)
    )


def made(due: Due, record: Record) -> Line:
    """In time is judged by the day on which it was done; a later entry is said, since a day is easily written back."""
    late = (record.held_on - due.due_on).days
    if late > 0:
        return Line(
            due,
            State.LATE,
            t("made on {d}, {n} d late", "{d} 完成，逾期 {n} 天", d=day(record.held_on), n=late),
            record,
        )
    if record.recorded_on > due.due_on:
        said = t(
            "made on {d}, entered on {e} after it was due", "{d} 完成，到期后于 {e} 录入",
            d=day(record.held_on), e=day(record.recorded_on),
        )  # fmt: skip
        return Line(due, State.IN_TIME, said, record)
    return Line(due, State.IN_TIME, t("made on {d}", "{d} 完成", d=day(record.held_on)), record)


def missing(lines: Iterable[Line]) -> list[Line]:
    """What should have been made and was not, the longest overdue first."""
    return sorted((one for one in lines if one.state is State.MISSING), key=lambda one: one.due.due_on)


def opened(dues: Iterable[Due], as_of: date) -> list[Due]:
    """What a regulator may see on a day: nothing of it, neither made nor missing, before its days of grace are over.

    Were the made ones shown earlier, the rest would be known to be missing.
    """
    return [one for one in dues if one.opens_on <= as_of]


def day(value: date) -> str:
    return value.isoformat()
