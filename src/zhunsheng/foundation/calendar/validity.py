"""The two axes of time: from when to when something is good, and since when until when it was what we knew."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone


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


class Known(models.Model):
    """Base of rows that say what was known: a change closes the row (`superseded_at`) and enters a new one, nothing is overwritten."""

    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


def end_of(day: date) -> datetime:
    """The first instant after a day, in the site's zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def known(on: date, *, path: str = "") -> Q:
    """Rows that were what we knew when a day ended."""
    end, gone = end_of(on), f"{path}superseded_at"
    return Q(**{f"{path}recorded_at__lt": end}) & (Q(**{f"{gone}__isnull": True}) | Q(**{f"{gone}__gte": end}))
