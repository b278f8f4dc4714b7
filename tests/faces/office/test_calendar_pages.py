"""The working calendar as a page: a year at a glance, a day changed, a notice imported; a missing year says so."""

import datetime as dt
import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.faces.office.calendar import weeks
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.calendar.models import CalendarDay
from zhunsheng.foundation.journal.models import Entry

YEAR = reverse("calendar")
NOTICE = """日期,类型,中文名称,英文名称
2027-01-01,放假,元旦,New Year's Day
2027-01-03,调休上班,元旦,
2027-02-08,放假,春节,
2027-10-01,放假,国庆节,
"""
Clients = Callable[[User | None], Client]


@pytest.fixture
def keeper(client_of: Clients, national: User) -> Client:
    return client_of(national)


def upload(client: Client, content: bytes, name: str = "2027.csv") -> str:
    answer = client.post(reverse("calendar_import"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def test_a_month_is_rows_of_seven_from_monday() -> None:
    rows = weeks(2026, 2)
    assert all(len(row) == 7 for row in rows) and rows[0].index(date(2026, 2, 1)) == 6
    assert [day.day for row in rows for day in row if day] == list(range(1, 29))


def test_a_year_at_a_glance(client_of: Clients, laboratory: User) -> None:
    page = client_of(laboratory).get(YEAR, {"year": "2026"})
    said, body = text_of(page), page.content.decode()
    assert "Working calendar 2026" in said and "Working days 248" in said
    assert body.count('<table class="month">') == 12 and body.count('class="day off"') == 19 + 1  # and the legend's
    assert "National Day" in said and "no table" not in said and "Import a year" not in said
    assert "国庆节" in text_of(in_chinese(client_of(laboratory)).get(YEAR, {"year": "2026"}))


def test_a_year_without_a_table_says_so(client_of: Clients, laboratory: User, keeper: Client) -> None:
    said = text_of(client_of(laboratory).get(YEAR, {"year": "2027"}))
    assert "2027 has no table of days off yet: counted by weekdays." in said and "No day is listed" in said
    assert "Import the State Council" in text_of(keeper.get(YEAR, {"year": "2027"}))


@pytest.mark.parametrize("year", ["", "x", "0", "99999", "1800", "２０２６", "-1"])
def test_a_year_that_is_none_is_this_one(client_of: Clients, laboratory: User, year: str) -> None:
    assert client_of(laboratory).get(YEAR, {"year": year}).status_code == 200


def test_a_keeper_changes_a_day_and_takes_it_back(keeper: Client, national: User) -> None:
    address = reverse("calendar_day", args=["2026-08-05"])
    answer = keeper.post(address, {"kind": "holiday", "name_zh": "台风停工", "name_en": "Typhoon"}, follow=True)
    assert "2026-08-05 was saved." in text_of(answer) and "Typhoon" in text_of(answer)
    assert CalendarDay.objects.get(day=date(2026, 8, 5)).by == national
    keeper.post(address, {"kind": ""})
    assert not CalendarDay.objects.filter(day=date(2026, 8, 5)).exists()
    assert Entry.objects.filter(actor=national, subject="calendar:2026").count() == 2


def test_a_wrong_kind_is_named_and_changes_nothing(keeper: Client) -> None:
    answer = keeper.post(reverse("calendar_day", args=["2026-08-05"]), {"kind": "perhaps"})
    assert "Nothing was done" in text_of(answer) and not CalendarDay.objects.filter(day=date(2026, 8, 5)).exists()


@pytest.mark.parametrize("day", ["2026-02-30", "x", "20260805", "0001-01-01"])
def test_a_day_that_is_none_is_not_there(keeper: Client, day: str) -> None:
    assert keeper.get(reverse("calendar_day", args=[day])).status_code == 404


def test_the_field_leads_to_the_day(keeper: Client) -> None:
    answer = keeper.get(reverse("calendar_find_day"), {"day": "2026-08-05"})
    assert answer.headers["Location"] == reverse("calendar_day", args=["2026-08-05"])
    assert keeper.get(reverse("calendar_find_day"), {"day": "x"}).headers["Location"] == YEAR


def test_a_notice_is_shown_before_it_is_put_in_place(keeper: Client) -> None:
    preview = upload(keeper, NOTICE.encode())
    said = text_of(keeper.get(preview))
    assert "4 days change" in said and "make-up working day 元旦" in said
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    answer = keeper.post(preview, follow=True)
    assert "Working calendar 2027" in text_of(answer) and "no table" not in text_of(answer)
    assert CalendarDay.objects.filter(day__year=2027).count() == 4
    assert Draft.objects.count() == 0 and Attachment.objects.get().name == "2027.csv"


def test_a_second_notice_replaces_the_first(keeper: Client) -> None:
    keeper.post(upload(keeper, NOTICE.encode()))
    preview = upload(keeper, NOTICE.replace("2027-01-03", "2027-01-09").encode())
    assert "2 days change" in text_of(keeper.get(preview))
    keeper.post(preview)
    days = set(CalendarDay.objects.filter(day__year=2027).values_list("day", flat=True))
    assert date(2027, 1, 9) in days and date(2027, 1, 3) not in days and len(days) == 4
    assert "Nothing changes" in text_of(keeper.get(upload(keeper, NOTICE.replace("2027-01-03", "2027-01-09").encode())))


def test_a_faulty_notice_names_its_rows_and_can_be_left(keeper: Client) -> None:
    preview = upload(keeper, b"day,kind\n2027-02-30,holiday\n2027-01-01,perhaps\n")
    said = text_of(keeper.get(preview))
    assert "row 2, column A" in said and "row 3, column B" in said and "Put it in place" not in said
    keeper.post(preview)
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    assert keeper.post(preview + "discard/").status_code == 302 and Draft.objects.count() == 0


def test_dates_that_a_spreadsheet_program_made_are_read(keeper: Client) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["日期", "类型"])
    for day in (dt.datetime(2027, 1, 1), dt.date(2027, 2, 8), "2027/10/1"):  # noqa: DTZ001 -- as openpyxl wants it
        book.active.append([day, "放假"])
    book.save(buffer)
    assert "3 days change" in text_of(keeper.get(upload(keeper, buffer.getvalue(), "2027.xlsx")))


@pytest.mark.parametrize("reader", [lambda client: client, in_chinese])
def test_what_is_exported_can_be_imported(keeper: Client, reader: Callable[[Client], Client]) -> None:
    exported = reader(keeper).get(YEAR, {"year": "2026", "format": "xlsx"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(exported)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 25
    said = text_of(keeper.get(upload(keeper, exported, "2026.xlsx")))
    assert "Nothing changes" in said or "没有更改" in said


def test_an_empty_and_a_full_year_cost_the_same(client_of: Clients, laboratory: User) -> None:
    client = client_of(laboratory)
    few = queries_of(lambda: client.get(YEAR, {"year": "2030"}))
    assert queries_of(lambda: client.get(YEAR, {"year": "2026"})) == few
