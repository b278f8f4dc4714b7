"""Counting working days; pure."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import accumulate

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.states import DayKind

DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59, 999_999)


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day off, or a weekend day that is worked instead, with the festival it belongs to."""

    day: date
    kind: DayKind
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday, but for the listed days off and make-up days.

    A period of n working days begins on the day after the act (Civil Code of the PRC, art. 201; Civil Procedure Law, art. 85:
    期间开始的日不计算在期间内), days off are not counted (Administrative Licensing Law, art. 82), and it ends at 24:00 of its
    last day (Civil Code, art. 203). `days` holds whole years.
    """

    days: Mapping[date, DayKind]

    def is_working(self, day: date) -> bool:
        """Is the day worked?"""
        kind = self.days.get(day)
        return day.weekday() < 5 if kind is None else kind is DayKind.WORKDAY

    def on_or_after(self, day: date) -> date:
        """The day, if it is worked, else the next that is: where a period of calendar days ends (Civil Code, art. 203)."""
        while not self.is_working(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day, if it is worked, else the last before it that is: by when something is to be done *before* a day."""
        while not self.is_working(day):
            day -= DAY
        return day

    def add(self, start: date, n_working_days: int) -> date:
        """The last day of a period of n working days that an act on `start` begins; the day of the act is not counted.

        A negative n counts back; 0 gives the first working day on or after `start`. Raises OverflowError beyond the year 9999.
        """
        if n_working_days == 0:
            return self.on_or_after(start)
        step = DAY if n_working_days > 0 else -DAY
        day, left = start, abs(n_working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, a: date, b: date) -> int:
        """How many working days lie after `a`, up to and with `b`; negative when `b` is the earlier day.

        The inverse of `add`: between(a, add(a, n)) = n for n > 0.
        """
        return self._worked_until(b) - self._worked_until(a)

    def deadline(self, instant: datetime, n_working_days: int, zone: tzinfo) -> datetime:
        """The last instant, in `zone`, of the period of n working days that an act at `instant` begins.

        Raises ValueError for an instant without a zone: which day it fell on would be a guess.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        last = self.add(instant.astimezone(zone).date(), n_working_days)
        return datetime.combine(last, END_OF_DAY, tzinfo=zone)

    @cached_property
    def years(self) -> frozenset[int]:
        """The years with a table: days off at both ends, the Spring Festival's and the National Day's.

        One closed day that somebody entered for next year does not make a table of it.
        """
        off = {day for day, kind in self.days.items() if kind is DayKind.HOLIDAY}
        begun, ended = ({day.year for day in off if day.month in months} for months in ((1, 2), (10,)))
        return frozenset(begun & ended)

    def unknown_years(self, a: date, b: date) -> tuple[int, ...]:
        """The years without a table that a count from `a` to `b` (in either order) touches."""
        first, last = min(a, b).year, max(a, b).year
        return tuple(year for year in range(first, last + 1) if year not in self.years)

    def warnings(self, a: date, b: date) -> list[Text]:
        """What a reader of a count from `a` to `b` must be told."""
        return [no_table(year) for year in self.unknown_years(a, b)]

    @cached_property
    def _corrections(self) -> tuple[list[date], list[int]]:
        """Days that differ from their weekday, in order, and by how much the count up to each differs."""
        differing = sorted(day for day in self.days if self.is_working(day) != (day.weekday() < 5))
        return differing, list(accumulate((1 if self.is_working(day) else -1 for day in differing), initial=0))

    def _worked_until(self, day: date) -> int:
        """Working days from 0001-01-01, a Monday, up to and with `day`."""
        weeks, rest = divmod(day.toordinal(), 7)
        differing, sums = self._corrections
        return 5 * weeks + min(rest, 5) + sums[bisect_right(differing, day)]


def no_table(year: int) -> Text:
    """The sentence for a year that nobody has entered yet."""
    return t(
        "{y} has no table of days off yet: counted by weekdays.",
        "{y} 年尚无节假日安排表，暂按周一至周五计算工作日。",
        y=year,
    )


def days_left(remaining: int) -> Text:
    """How far off a due day is, in working days; a negative number is how late it is."""
    if remaining < 0:
        return _one_or_many(
            -remaining,
            t("1 working day overdue", "已逾期 1 个工作日"),
            t("{n} working days overdue", "已逾期 {n} 个工作日"),
        )
    if remaining == 0:
        return t("due today", "今日到期")
    return _one_or_many(
        remaining, t("1 working day left", "还剩 1 个工作日"), t("{n} working days left", "还剩 {n} 个工作日")
    )


def _one_or_many(n: int, one: Text, many: Text) -> Text:
    return one if n == 1 else many.with_(n=n)
