"""What the clocks say about one institution today, for its list of things to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.lived_rules import LIVED_RULES
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import days_left
from zhunsheng.foundation.messages.rules import Due

YEAR = timedelta(days=366)
HORIZON = 60
"""Working days: about three months."""


@dataclass(frozen=True, slots=True)
class DueToday:
    """A due thing with how far off it is."""

    due: Due
    remaining: int

    @property
    def late(self) -> bool:
        return self.remaining < 0

    @property
    def words(self) -> Text:
        return days_left(self.remaining)


EVERYBODYS = tuple(kind for kind in CLOCKS if kind != LIVED_RULES.kind)
"""Without lived rules: those are for whoever keeps the management system, and not for all who work there."""


def due_at(
    where: Collection[UUID], *, on: date, kinds: Collection[str] = EVERYBODYS
) -> tuple[list[DueToday], list[Text]]:
    """All that is due at these institutions from a year ago to three months ahead, the most urgent first; and what to warn of."""
    calendar = working_calendar(on - YEAR, on + YEAR)
    since, until = on - YEAR, calendar.add(on, HORIZON)
    found = [
        DueToday(due, calendar.between(on, due.due_on))
        for kind in kinds
        for due in CLOCKS[kind].find(on=on, since=since, until=until, calendar=calendar, where=where)
    ]
    last = max((one.due.due_on for one in found), default=on)
    return sorted(found, key=lambda one: (one.remaining, one.due.about)), calendar.warnings(on, last)
