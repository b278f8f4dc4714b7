"""The questions asked of the calendar."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from zhunsheng.foundation.calendar.models import CalendarDay
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.states import DayKind


def working_calendar(first: date, last: date) -> WorkingCalendar:
    """The calendar of every year from that of `first` to that of `last`, in one query."""
    return of_rows(days_of_years(first.year, last.year).values_list("day", "kind"))


def days_of_years(first: int, last: int) -> QuerySet[CalendarDay]:
    """The listed days of these years, in order."""
    return CalendarDay.objects.filter(day__gte=date(first, 1, 1), day__lte=date(last, 12, 31)).order_by("day")


def of_rows(rows: Iterable[tuple[date, str]]) -> WorkingCalendar:
    """A calendar of days and their kinds as the table stores them."""
    return WorkingCalendar({day: DayKind(kind) for day, kind in rows})
