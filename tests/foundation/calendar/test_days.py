"""The table of days: shipped years enter once, people's edits stay, every verb leaves its row in the journal."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.actions import enter_days, remove_days, replace_years
from zhunsheng.foundation.calendar.models import CalendarDay, ShippedYear
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.reading import read_days
from zhunsheng.foundation.calendar.rules import ListedDay
from zhunsheng.foundation.calendar.shipped import enter_missing_years, shipped_days
from zhunsheng.foundation.calendar.states import DayKind
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.spreadsheets import BadFile

pytestmark = pytest.mark.django_db

NATIONAL_DAY, TYPHOON = date(2026, 10, 1), date(2026, 8, 5)


def listed() -> dict[date, str]:
    return dict(CalendarDay.objects.values_list("day", "kind"))


def test_a_new_database_has_the_shipped_years() -> None:
    assert listed() == {date.fromisoformat(row["day"]): row["kind"] for row in shipped_days()}
    assert set(ShippedYear.objects.values_list("year", flat=True)) == set(range(2020, 2027))
    assert CalendarDay.objects.get(day=NATIONAL_DAY).name.both() == "国庆节 / National Day"


def test_what_people_changed_outlives_every_migrate(administrator: User) -> None:
    enter_days([ListedDay(TYPHOON, DayKind.HOLIDAY, "台风停工", "Typhoon")], actor=administrator, at=AT)
    enter_days([ListedDay(NATIONAL_DAY, DayKind.WORKDAY)], actor=administrator, at=AT)
    remove_days([date(2026, 10, 2)], actor=administrator, at=AT)
    before = listed()
    call_command("migrate", verbosity=0)
    assert listed() == before
    assert before[TYPHOON] == "holiday" and before[NATIONAL_DAY] == "workday" and date(2026, 10, 2) not in before


def test_a_year_that_people_entered_before_it_was_shipped_is_theirs(administrator: User) -> None:
    ShippedYear.objects.filter(year=2026).delete()
    CalendarDay.objects.filter(day__year=2026).delete()
    enter_days([ListedDay(TYPHOON, DayKind.HOLIDAY)], actor=administrator, at=AT)
    enter_missing_years(using="default")
    assert {day for day in listed() if day.year == 2026} == {TYPHOON}


def test_entering_is_written_in_the_journal_with_before_and_after(administrator: User) -> None:
    enter_days([ListedDay(NATIONAL_DAY, DayKind.WORKDAY, "国庆节", "National Day")], actor=administrator, at=AT)
    entry = Entry.objects.get(verb="enter_calendar_days")
    said = json.loads(bytes(entry.canonical))
    assert (entry.actor, entry.subject, entry.touched) == (administrator, "calendar:2026", 1)
    assert (said["before"]["kind"], said["after"]["kind"]) == ("holiday", "workday")
    row = CalendarDay.objects.get(day=NATIONAL_DAY)
    assert (row.by, row.recorded_at) == (administrator, AT)


def test_removing_is_written_too(administrator: User) -> None:
    remove_days([NATIONAL_DAY, TYPHOON], actor=administrator, at=AT)
    entry = Entry.objects.get(verb="remove_calendar_days")
    assert entry.touched == 1 and NATIONAL_DAY not in listed()  # the other was not listed


def test_a_notice_replaces_its_years_and_no_other(administrator: User) -> None:
    days = [ListedDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦", "New Year's Day")]
    replace_years(days, actor=administrator, at=AT)
    replace_years([*days, ListedDay(date(2027, 1, 2), DayKind.WORKDAY)], actor=administrator, at=AT)
    replace_years(days, actor=administrator, at=AT)
    assert {day for day in listed() if day.year == 2027} == {date(2027, 1, 1)}
    assert len(listed()) == len(shipped_days()) + 1
    assert [e.touched for e in Entry.objects.filter(verb="replace_calendar_years").order_by("pk")] == [1, 2, 2]


@pytest.mark.parametrize("n", [1, 60])
def test_a_verb_asks_the_same_for_one_day_and_for_many(administrator: User, n: int) -> None:
    days = [ListedDay(date(2027, 1 + i // 20, 1 + i % 20), DayKind.HOLIDAY) for i in range(n)]
    with CaptureQueriesContext(connection) as asked:
        enter_days(days, actor=administrator, at=AT)
    work = [one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len([one for one in work if "calendar_calendarday" in one["sql"]]) == 2


def test_the_calendar_of_some_years_is_one_question() -> None:
    with CaptureQueriesContext(connection) as asked:
        calendar = working_calendar(date(2025, 12, 1), date(2027, 2, 1))
        assert calendar.unknown_years(date(2025, 12, 1), date(2027, 2, 1)) == (2027,)
    assert len(asked) == 1
    assert calendar.add(date(2026, 9, 30), 3) == date(2026, 10, 10)


# A year from a file

CSV = "日期,类型,中文名称,英文名称\n2027-01-01,放假,元旦,New Year's Day\n2027/1/2,调休上班,,\n2027年2月8日,休,春节,\n"


def test_a_year_is_read_from_a_file_as_people_write_it() -> None:
    assert read_days(CSV.encode(), filename="2027.csv") == [
        ListedDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦", "New Year's Day"),
        ListedDay(date(2027, 1, 2), DayKind.WORKDAY),
        ListedDay(date(2027, 2, 8), DayKind.HOLIDAY, "春节", ""),
    ]


def test_the_shipped_table_can_be_read_as_a_file() -> None:
    lines = ["day,kind,name_zh,name_en", *(",".join(row.values()) for row in shipped_days())]
    assert len(read_days("\n".join(lines).encode(), filename="years.csv")) == len(shipped_days())


@pytest.mark.parametrize(
    ("rows", "row", "column", "en"),
    [
        ("2027-02-30,放假", 2, "A", "“2027-02-30” is not a day. Write it like 2026-10-01."),
        ("1/2/2027,放假", 2, "A", "“1/2/2027” is not a day. Write it like 2026-10-01."),
        ("46388,放假", 2, "A", "“46388” is not a day. Write it like 2026-10-01."),
        ("2027-01-01,也许", 2, "B", "“也许” is neither “day off” nor “make-up working day”."),
        ("2027-01-01,放假\n2027/01/01,上班", 3, "A", "2027-01-01 is listed twice."),
    ],
)
def test_every_fault_is_named_with_its_place(rows: str, row: int, column: str, en: str) -> None:
    with pytest.raises(BadFile) as bad:
        read_days(f"day,kind\n{rows}\n".encode(), filename="2027.csv")
    (fault,) = bad.value.faults
    assert (fault.row, fault.column, fault.message.en) == (row, column, en)


def test_a_file_without_the_columns_or_without_a_day_is_refused() -> None:
    with pytest.raises(BadFile, match="no column “day”"):
        read_days(b"date of the month,what\n2027-01-01,off\n", filename="2027.csv")
    with pytest.raises(BadFile, match="no day in the file"):
        read_days(b"day,kind\n", filename="2027.csv")
