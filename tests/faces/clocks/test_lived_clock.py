"""The clock of lived rules: the quality manager first, the authority after the days of grace, once for all laboratories."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import institution, institution_of, user_with_post
from tests.registry.management.laboratories import approve, laboratories, record
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.today import due_at
from zhunsheng.faces.clocks.who import AuthorityOver, HoldersAt, who
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.foundation.messages.models import Message
from zhunsheng.foundation.messages.rules import Due
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.states import Post

ZONE = ZoneInfo("Asia/Shanghai")
AUDITED = ("internal_audit", "management_review", "training", "self_declaration")
"""What a year asks by its last day."""
LIVED = CLOCKS["lived_rules"]
YEAR_END = date(2025, 12, 31)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)


def found(on: date, where: Institution | None = None) -> list[Due]:
    """What is due on the last day of 2025."""
    calendar = working_calendar(on - timedelta(366), on + timedelta(366))
    since, until = calendar.add(on, -60), LIVED.horizon(on, calendar)
    places = None if where is None else [where.pk]
    every = LIVED.find(on=on, since=since, until=until, calendar=calendar, where=places)
    return [due for due in every if due.due_on == YEAR_END]


def told_to(user: User) -> QuerySet[Message]:
    return Message.objects.filter(recipient=user, due_on=YEAR_END)


def look(day: date) -> int:
    return remind([LIVED], who=who, at=morning(day))


@pytest.fixture
def approved(laboratory: User) -> Institution:
    where = institution_of(laboratory)
    approve([where], date(2024, 1, 1), date(2029, 12, 31))
    return where


def shown(where: Institution, *kinds: str, period: str = "2025") -> None:
    for kind in kinds:
        record(where, kind, period)


def test_all_that_is_due_on_one_day_is_one_thing_of_the_quality_manager(approved: Institution) -> None:
    (due,) = found(date(2025, 12, 15))
    assert due.due_on == date(2025, 12, 31) and due.superior is None
    assert due.holder == HoldersAt(approved.pk, (Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN))
    assert all(words in due.what.en for words in ("Internal audit (2025)", "Management review (2025)"))
    assert "2025 年内部审核；2025 年管理评审" in due.what.zh
    assert due.why == Text(en="The authority sees it from 2026-01-31.", zh="自 2026-01-31 起监管部门可见。")


def test_a_record_stops_its_clock_and_its_withdrawal_starts_it_again(approved: Institution) -> None:
    shown(approved, *AUDITED[1:])
    (due,) = found(date(2025, 12, 15))
    assert due.what.en == "Make and enter: Internal audit (2025)"
    shown(approved, AUDITED[0])
    assert found(date(2025, 12, 15)) == [] == found(date(2025, 12, 15), approved)


def test_the_authority_hears_nothing_before_the_days_of_grace_are_over(approved: Institution, regulator: User) -> None:
    """Due on the 31st, grace of 30 days: the 30th of January is the last that is the laboratory's own."""
    look(date(2026, 1, 30))
    assert not told_to(regulator).exists()
    look(date(2026, 1, 31))
    told = told_to(regulator).get()
    assert told.due_on == date(2025, 12, 31) and approved.name_en in told.body_en
    assert told.address == f"{reverse('office_lived')}?year=2025&missing=1"


def test_the_quality_manager_is_told_at_each_stage_and_the_administrator_where_there_is_none(
    approved: Institution, laboratory: User, institution_admin: User
) -> None:
    for n, day in enumerate(
        (date(2025, 12, 4), date(2025, 12, 26), YEAR_END, date(2026, 1, 5), date(2026, 1, 23)), start=1
    ):
        look(day)
        look(day)
        assert told_to(laboratory).count() == n, day
    assert not told_to(institution_admin).exists()
    laboratory.is_active = False
    laboratory.save()
    look(date(2026, 1, 23))
    assert told_to(institution_admin).count() == 1


def test_an_authority_over_many_gets_one_message_with_their_number(approved: Institution, regulator: User) -> None:
    some = laboratories(6, region_code=approved.region_code)
    look(date(2026, 2, 2))
    told = told_to(regulator).get()
    assert told.body_en.startswith("7 institutions are late, ") and told.body_zh.startswith("共 7 家机构逾期，包括")
    shown(some[0], *AUDITED)
    look(date(2026, 2, 3))
    assert told_to(regulator).count() == 1, "fewer than yesterday is no news"


def test_an_email_says_neither_who_nor_what(approved: Institution, laboratory: User, regulator: User) -> None:
    look(date(2026, 2, 2))
    subjects = "".join(one.subject_en + one.subject_zh for one in Message.objects.all())
    assert told_to(laboratory).exists() and told_to(regulator).exists()
    for secret in (approved.name_en, approved.name_zh, "audit", "审核"):
        assert secret not in subjects


def test_who_held_no_approval_on_the_last_day_is_asked_nothing(laboratory: User) -> None:
    approve([institution_of(laboratory)], date(2024, 1, 1), date(2025, 12, 30))
    assert found(date(2026, 1, 5)) == []
    assert len(found(date(2025, 12, 15))) == 1, "while the period runs, today's approval counts"


def test_a_merged_entry_is_asked_once_under_the_one_that_stands_for_it(approved: Institution) -> None:
    (old,) = laboratories(1)
    Institution.objects.filter(pk=old.pk).update(merged_into=approved, merged_at=morning(YEAR_END))
    shown(old, *AUDITED)
    assert found(date(2025, 12, 15)) == []


def test_an_institution_of_another_place_goes_to_its_own_authority(approved: Institution) -> None:
    laboratories(1, region_code="510104")
    assert {due.superior for due in found(date(2026, 2, 2))} == {
        AuthorityOver(approved.region_code), AuthorityOver("510104"),
    }  # fmt: skip


def test_nobody_else_of_the_laboratory_finds_it_on_the_list_of_today(approved: Institution) -> None:
    due, _ = due_at([approved.pk], on=date(2026, 1, 5))
    assert not [one for one in due if "lived" in one.due.about]


def test_three_and_three_hundred_laboratories_cost_the_same(db: None) -> None:
    counted: list[int] = []
    for n in (3, 300):
        made = laboratories(n - Institution.objects.filter(kind="laboratory").count())
        shown(made[0], *AUDITED)
        with CaptureQueriesContext(connection) as asked:
            assert len(found(date(2025, 12, 15))) == n - 1 - len(counted)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_an_administrator_of_another_institution_hears_nothing(approved: Institution) -> None:
    other = institution("laboratory", "别处实验室", "Elsewhere")
    stranger = user_with_post("stranger", "quality_manager", other)
    look(date(2026, 1, 5))
    assert not Message.objects.filter(recipient=stranger).exists()
