"""From when to when something is good, and the database question for it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Validity:
    """Both days count; no last day means until further notice."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def holding(on: date, *, path: str = "") -> Q:
    """Rows whose `valid_from`/`valid_to` (behind `path`, like "certificates__") cover a day."""
    start, end = f"{path}valid_from", f"{path}valid_to"
    return Q(**{f"{start}__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": on}))
