"""Working days: the day of the act does not count, days off do not, make-up days do, and a year without a table says so."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.rules import WorkingCalendar, days_left
from zhunsheng.foundation.calendar.shipped import shipped_days
from zhunsheng.foundation.calendar.states import DayKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHIPPED = {date.fromisoformat(row["day"]): DayKind(row["kind"]) for row in shipped_days()}
CALENDAR = WorkingCalendar(SHIPPED)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-04-15", True), ("2026-04-18", False), ("2026-04-19", False),  # a Wednesday, a weekend
        ("2026-10-01", False), ("2026-10-07", False), ("2026-10-08", True),  # National Day
        ("2026-09-20", True), ("2026-10-10", True),  # the Sunday and the Saturday worked for it
        ("2025-01-26", True), ("2025-02-08", True), ("2025-02-09", False),
        ("2027-10-01", True), ("2027-10-02", False),  # no table: weekdays
    ],
)  # fmt: skip
def test_a_day_is_worked_as_its_year_was_announced(day: str, worked: bool) -> None:
    assert CALENDAR.is_working(d(day)) is worked


@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        ("2026-04-15", 1, "2026-04-16"),  # the day of the act is not counted
        ("2026-04-17", 1, "2026-04-20"),  # Friday → Monday
        ("2026-04-18", 1, "2026-04-20"),  # an act on a Saturday: Monday is the first day
        ("2026-09-30", 1, "2026-10-08"),  # the whole of National Day lies between
        ("2026-09-30", 3, "2026-10-10"),  # Thursday, Friday, and the Saturday that is worked
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-09-18", 1, "2026-09-20"),  # Friday → the Sunday that is worked
        ("2026-09-18", 5, "2026-09-24"),  # that Sunday and four days; Mid-Autumn is the day after
        ("2026-09-18", 6, "2026-09-28"),
        ("2025-09-26", 15, "2025-10-23"),  # 15 working days of appeal over 2025-09-28 and 2025-10-11
        ("2024-02-09", 5, "2024-02-22"),  # Spring Festival, with 2024-02-18 worked
        ("2026-12-30", 3, "2027-01-04"),  # 31 December, then 2027 by weekdays: 1 January counts
        ("2026-10-03", 0, "2026-10-08"),  # nothing to count: the first working day
        ("2026-10-08", 0, "2026-10-08"),
        ("2026-10-12", -4, "2026-09-30"),  # back over the same days
        ("2026-10-08", -1, "2026-09-30"),
    ],
)
def test_a_period_of_working_days(start: str, n: int, last: str) -> None:
    assert CALENDAR.add(d(start), n) == d(last)


@pytest.mark.parametrize(
    ("a", "b", "n"),
    [
        ("2026-09-30", "2026-10-10", 3), ("2026-09-30", "2026-10-07", 0), ("2026-09-30", "2026-09-30", 0),
        ("2026-10-10", "2026-09-30", -3), ("2026-01-01", "2026-12-31", 248),
    ],
)  # fmt: skip
def test_how_many_working_days_lie_between(a: str, b: str, n: int) -> None:
    assert CALENDAR.between(d(a), d(b)) == n


def test_the_year_has_the_working_days_that_one_counts_by_hand() -> None:
    """261 weekdays, less 19 weekdays off, plus 6 weekend days worked: New Year's Day, the first, is off itself."""
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(365)]
    assert sum(map(CALENDAR.is_working, days)) == 261 - 19 + 6 == 248


@given(st.dates(date(2019, 6, 1), date(2028, 6, 1)), st.integers(1, 300))
def test_counting_there_and_counting_back_agree(start: date, n: int) -> None:
    last = CALENDAR.add(start, n)
    assert CALENDAR.is_working(last)
    assert CALENDAR.between(start, last) == n and CALENDAR.between(last, start) == -n
    assert n == sum(CALENDAR.is_working(start + timedelta(days=i)) for i in range(1, (last - start).days + 1))


@pytest.mark.parametrize(
    ("instant", "n", "until"),
    [
        ("2026-09-30T10:00+08:00", 3, "2026-10-10T23:59:59.999999+08:00"),
        ("2026-09-29T17:00+00:00", 1, "2026-10-08T23:59:59.999999+08:00"),  # already the 30th in Shanghai
        ("2026-09-30T23:59:59+08:00", 1, "2026-10-08T23:59:59.999999+08:00"),
        ("2026-10-01T00:00+08:00", 1, "2026-10-08T23:59:59.999999+08:00"),
    ],
)
def test_a_deadline_is_the_end_of_the_last_day_where_the_reader_is(instant: str, n: int, until: str) -> None:
    assert CALENDAR.deadline(datetime.fromisoformat(instant), n, SHANGHAI) == datetime.fromisoformat(until)


def test_a_deadline_needs_an_instant_with_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.deadline(datetime(2026, 9, 30), 3, SHANGHAI)  # noqa: DTZ001 -- what is refused
    assert CALENDAR.deadline(datetime(2026, 9, 30, tzinfo=UTC), 1, SHANGHAI).tzinfo == SHANGHAI


def test_a_year_without_a_table_is_counted_by_weekdays_and_said() -> None:
    first, last = d("2026-12-30"), d("2027-02-10")
    assert CALENDAR.unknown_years(first, last) == (2027,) == CALENDAR.unknown_years(last, first)
    (said,) = CALENDAR.warnings(first, last)
    assert said.en == "2027 has no table of days off yet: counted by weekdays."
    assert said.zh == "2027 年尚无节假日安排表，暂按周一至周五计算工作日。"
    weekdays = sum((d("2026-12-31") + timedelta(days=i)).weekday() < 5 for i in range(42))
    assert CALENDAR.between(first, last) == weekdays


def test_a_year_with_a_table_needs_no_warning() -> None:
    assert CALENDAR.warnings(d("2020-01-01"), d("2026-12-31")) == []


def test_one_closed_day_does_not_make_a_table() -> None:
    some = WorkingCalendar({d("2027-01-01"): DayKind.HOLIDAY, d("2027-01-02"): DayKind.WORKDAY})
    assert some.unknown_years(d("2027-01-01"), d("2027-12-31")) == (2027,)
    whole = WorkingCalendar({d("2027-02-08"): DayKind.HOLIDAY, d("2027-10-01"): DayKind.HOLIDAY})
    assert whole.unknown_years(d("2027-01-01"), d("2027-12-31")) == ()


def test_a_day_off_on_a_weekend_and_a_make_up_day_on_a_weekday_change_no_count() -> None:
    """A file may list a festival whole, weekends included."""
    listed = WorkingCalendar({d("2026-10-03"): DayKind.HOLIDAY, d("2026-10-08"): DayKind.WORKDAY})
    bare = WorkingCalendar({})
    assert listed.between(d("2026-09-30"), d("2026-10-31")) == bare.between(d("2026-09-30"), d("2026-10-31"))


@pytest.mark.parametrize(
    ("day", "after", "before"),
    [
        ("2026-10-03", "2026-10-08", "2026-09-30"),
        ("2026-10-10", "2026-10-10", "2026-10-10"),
        ("2026-10-11", "2026-10-12", "2026-10-10"),
    ],
)
def test_a_period_of_calendar_days_ends_on_a_working_day(day: str, after: str, before: str) -> None:
    assert (CALENDAR.on_or_after(d(day)), CALENDAR.on_or_before(d(day))) == (d(after), d(before))


@pytest.mark.parametrize(
    ("remaining", "en", "zh"),
    [
        (3, "3 working days left", "还剩 3 个工作日"), (1, "1 working day left", "还剩 1 个工作日"), (0, "due today", "今日到期"),
        (-1, "1 working day overdue", "已逾期 1 个工作日"), (-12, "12 working days overdue", "已逾期 12 个工作日"),
    ],
)  # fmt: skip
def test_how_far_off_in_words(remaining: int, en: str, zh: str) -> None:
    assert days_left(remaining) == Text(en=en, zh=zh)


# What comes with the software

PUBLISHED = {
    2020: (19, 6), 2021: (18, 7), 2022: (18, 7), 2023: (18, 7), 2024: (19, 8), 2025: (18, 5), 2026: (19, 6),
}  # fmt: skip
"""Weekdays off and weekend days worked, of each year."""


def test_every_day_off_is_a_weekday_and_every_make_up_day_lies_on_a_weekend() -> None:
    wrong = [day for day, kind in SHIPPED.items() if (day.weekday() < 5) != (kind is DayKind.HOLIDAY)]
    assert wrong == [] and len(SHIPPED) == len(shipped_days()) == sum(map(sum, PUBLISHED.values()))


@pytest.mark.parametrize("year", sorted(PUBLISHED))
def test_a_shipped_year_is_whole(year: int) -> None:
    kinds = [kind for day, kind in SHIPPED.items() if day.year == year]
    assert (kinds.count(DayKind.HOLIDAY), kinds.count(DayKind.WORKDAY)) == PUBLISHED[year]
    names = {row["name_en"] for row in shipped_days() if row["day"].startswith(str(year)) and row["kind"] == "holiday"}
    assert len(names) >= 6  # in 2020, 2023 and 2025 Mid-Autumn fell into the National Day's week
    assert year in CALENDAR.years
