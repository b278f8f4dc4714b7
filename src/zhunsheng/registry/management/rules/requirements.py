"""What a management system must show, in which periods, by when."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.management.states import Cycle

Roll = Callable[[date], date]
"""From a day to the working day on which what is due on it may still be done."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One kind of record, since when it must be shown and by which rule."""

    key: str
    cycle: Cycle
    due_months: int
    to_authority: bool
    grace_days: int
    valid_from: date
    valid_to: date | None
    certainty: str
    name: Text
    what: Text
    note: Text
    basis: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A year or a quarter of it; both days count."""

    key: str
    first: date
    last: date

    @property
    def words(self) -> Text:
        year, _, quarter = self.key.partition("Q")
        if not quarter:
            return t("{y}", "{y} 年", y=year)
        return t("{y}, quarter {q}", "{y} 年第 {q} 季度", y=year, q=quarter)


@dataclass(frozen=True, slots=True)
class Due:
    """One requirement in one period: due on a day, shown to the regulator from a later day on."""

    requirement: Requirement
    period: Period
    due_on: date
    opens_on: date

    @property
    def key(self) -> tuple[str, str]:
        return self.requirement.key, self.period.key


def requirement(row: Mapping[str, Any]) -> Requirement:
    """One row of the data file."""
    return Requirement(
        row["key"], Cycle(row["cycle"]), row["due_months"], row["to_authority"], row["grace_days"], row["valid_from"],
        row.get("valid_to"), row["certainty"], Text(**row["name"]), Text(**row["what"]), Text(**row["note"]),
        tuple((regulation, topic) for regulation, topic in row["basis"]),
    )  # fmt: skip


def periods(cycle: Cycle, year: int) -> list[Period]:
    if cycle is Cycle.YEAR:
        return [Period(str(year), date(year, 1, 1), date(year, 12, 31))]
    return [Period(f"{year}Q{q}", date(year, 3 * q - 2, 1), end_of_month(date(year, 3 * q, 1), 0)) for q in range(1, 5)]


def end_of_month(day: date, months: int) -> date:
    """The last day of the month so many months later (or earlier)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def due_in(requirements: Iterable[Requirement], year: int, roll: Roll) -> list[Due]:
    """Everything that a year asks for by a rule in force on the due day, in the order of the requirements and of time."""
    every = [due(one, period, roll) for one in requirements for period in periods(one.cycle, year)]
    return [one for one in every if in_force(one.requirement, one.due_on)]


def in_force(requirement: Requirement, day: date) -> bool:
    return requirement.valid_from <= day and (requirement.valid_to is None or day <= requirement.valid_to)


def due(requirement: Requirement, period: Period, roll: Roll) -> Due:
    nominal = end_of_month(period.last, requirement.due_months)
    due_on = roll(nominal) if requirement.to_authority else nominal
    return Due(requirement, period, due_on, due_on + timedelta(days=requirement.grace_days + 1))
