"""The site's clocks: what they run to, whom they call, what stops them, and what nobody else hears."""

from collections.abc import Collection, Hashable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.certificates import apply_by, due_day, months_before
from zhunsheng.faces.clocks.follow_up import due_day as follow_up_day
from zhunsheng.faces.clocks.today import due_at
from zhunsheng.faces.clocks.who import AuthorityOver, HoldersAt, who
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.shipped import shipped_days
from zhunsheng.foundation.calendar.states import DayKind
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.foundation.messages.models import Message
from zhunsheng.foundation.messages.rules import Due
from zhunsheng.registry.equipment.actions import enter_calibrations, enter_instruments
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.people.states import Post

TODAY = date(2026, 4, 15)
BEFORE = datetime(2020, 1, 1, tzinfo=AT.tzinfo)
CALENDAR = WorkingCalendar({date.fromisoformat(row["day"]): DayKind(row["kind"]) for row in shipped_days()})


def users(wanted: Collection[Hashable], *, on: date) -> dict[Hashable, list[int]]:
    """Who is called, without where."""
    return {one: sorted(people) for one, people in who(wanted, on=on).items()}


def certificate(where: Institution, number: str, valid_to: date, scheme: str = "CMA") -> Certificate:
    made = Certificate(
        institution=where,
        scheme=scheme,
        number=number,
        valid_from=date(2020, 1, 1),
        valid_to=valid_to,
        recorded_at=BEFORE,
    )
    enter_certificates([made], actor=None, at=AT)
    return made


def calibrated(where: Institution, *serials: str, valid_to: date) -> list[Instrument]:
    made = [Instrument(institution=where, serial=one, name_zh="天平", name_en="Balance") for one in serials]
    enter_instruments(made, actor=None, at=AT)
    calibrate(*made, valid_to=valid_to)
    return made


def calibrate(*instruments: Instrument, valid_to: date) -> None:
    rows = [
        Calibration(
            instrument=one, certificate=f"C-{one.serial}-{valid_to}", valid_from=date(2025, 1, 1), valid_to=valid_to,
            recorded_at=BEFORE,
        )
        for one in instruments
    ]  # fmt: skip
    enter_calibrations(rows, actor=None, at=AT)


def found(kind: str, *, on: date = TODAY, where: list[UUID] | None = None) -> list[Due]:
    """What a clock finds from sixty working days ago to sixty ahead."""
    calendar = working_calendar(date(2025, 1, 1), date(2027, 12, 31))
    since, until = calendar.add(on, -60), calendar.add(on, 60)
    return list(CLOCKS[kind].find(on=on, since=since, until=until, calendar=calendar, where=where))


# Certificates


@pytest.mark.parametrize(
    ("valid_to", "day"),
    [
        ("2026-12-31", "2026-09-30"), ("2026-05-31", "2026-02-28"), ("2027-01-15", "2026-10-15"), ("2024-05-31", "2024-02-29"),
        ("2026-03-01", "2025-12-01"),
    ],
)  # fmt: skip
def test_three_months_before(valid_to: str, day: str) -> None:
    assert months_before(date.fromisoformat(valid_to), 3) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("valid_to", "last"),
    [
        ("2027-01-05", "2026-09-30"),  # 5 October lies in National Day: the last working day before it
        ("2027-01-10", "2026-10-10"),  # a Saturday that is worked
        ("2027-01-11", "2026-10-10"),  # a Sunday that is not
        ("2026-07-20", "2026-04-20"),
    ],
)
def test_the_last_day_to_apply_is_a_working_day(valid_to: str, last: str) -> None:
    assert apply_by(date.fromisoformat(valid_to), CALENDAR) == date.fromisoformat(last)


def test_when_the_day_to_apply_has_passed_the_clock_runs_to_the_end() -> None:
    ends = date(2026, 7, 20)
    assert due_day(ends, date(2026, 4, 20), CALENDAR) == date(2026, 4, 20)
    assert due_day(ends, date(2026, 4, 21), CALENDAR) == ends


def test_a_certificate_is_due_until_its_successor_is_known(laboratory: User) -> None:
    where = institution_of(laboratory)
    certificate(where, "1", date(2026, 7, 20))
    (due,) = found("certificate")
    assert (due.due_on, due.what.en, due.whose) == (date(2026, 4, 20), "Apply for renewal of CMA 1", where.name)
    assert due.superior is None and due.holder == HoldersAt(where.pk, (Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN))
    certificate(where, "other scheme", date(2032, 7, 20), scheme="CNAS")
    assert len(found("certificate")) == 1
    certificate(where, "2", date(2032, 7, 20))
    assert found("certificate") == []


def test_an_ended_certificate_goes_to_the_authority_above(laboratory: User) -> None:
    where = institution_of(laboratory)
    certificate(where, "1", date(2026, 4, 10))
    (due,) = found("certificate")
    assert (due.due_on, due.superior) == (date(2026, 4, 10), AuthorityOver(where.region_code))
    assert due.what.zh == "办理 CMA 1 延续"


def test_certificates_of_one_day_are_told_in_one_message_that_leads_to_all(laboratory: User) -> None:
    where = institution_of(laboratory)
    for number in ("1", "2", "3", "4"):
        certificate(where, number, date(2026, 4, 10), scheme="CNAS")
    certificate(where, "5", date(2026, 7, 20))
    ended, applying = sorted(found("certificate"), key=lambda due: due.due_on)
    assert ended.what.en == "Renew CNAS 1, CNAS 2, CNAS 3 … (4 in all)" and ended.what.zh.endswith("等 4 份证书 延续")
    assert applying.what.en == "Apply for renewal of CMA 5"
    assert ended.address == reverse("workspace_institution") + "#certificates"


# Calibrations


def test_instruments_that_end_on_one_day_are_one_thing(laboratory: User) -> None:
    where = institution_of(laboratory)
    calibrated(where, "B", "A", "C", valid_to=date(2026, 5, 3))  # a Sunday in the Labour Day holidays
    calibrated(where, "D", valid_to=date(2026, 5, 20))
    calibrated(where, "E", valid_to=date(2027, 5, 20))
    three, one = found("calibration")
    assert (three.due_on, three.what.en) == (date(2026, 4, 30), "Calibrate 3 instruments, A among them")
    assert three.what.zh == "校准 A 等 3 台仪器设备" and one.what.en == "Calibrate Balance D"


def test_a_new_calibration_stops_the_clock(laboratory: User) -> None:
    (instrument,) = calibrated(institution_of(laboratory), "A", valid_to=date(2026, 5, 3))
    calibrate(instrument, valid_to=date(2027, 5, 3))
    assert found("calibration") == []


# After an unsatisfactory result


def test_thirty_working_days_from_when_it_was_known() -> None:
    assert follow_up_day(date(2026, 4, 15), CALENDAR) == date(2026, 5, 29)  # over Labour Day, with 9 May worked


def test_an_action_signal_starts_a_clock_for_the_laboratory_alone(
    released_round: Round, other_laboratory: User, authority: Institution
) -> None:
    (due,) = found("follow_up")
    where = institution_of(other_laboratory)
    assert (due.due_on, due.what.en) == (date(2026, 5, 29), "Find the cause: Total mercury in Feed")
    assert due.holder == HoldersAt(where.pk, (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER))
    assert due.superior == HoldersAt(authority.pk, (Post.REGULATOR,)), "the authority that was announced"


def test_where_no_authority_was_announced_none_hears_of_it(
    mercury_round: Round, request: pytest.FixtureRequest
) -> None:
    Round.objects.update(commissioned_by=None)
    request.getfixturevalue("released_round")
    (due,) = found("follow_up")
    assert due.superior is None


def test_an_email_never_says_what_was_found(released_round: Round, other_laboratory: User, regulator: User) -> None:
    """The subject is all that is mailed: no round, parameter, laboratory or code in it."""
    for days in (0, 47):
        remind(CLOCKS.values(), who=who, at=AT + timedelta(days=days))
    subjects = {one.recipient.username: one.subject_en + one.subject_zh for one in Message.objects.all()}
    assert set(subjects) == {"other_laboratory", "regulator"}
    for secret in ("IMEP", "mercury", "汞", "Example Laboratory", "示例实验室", "L04", "Feed", "饲料"):
        assert secret not in str(subjects)
    assert "Example Laboratory L04" in Message.objects.get(recipient=regulator).body_en
    places = {one.recipient.username: one.place for one in Message.objects.select_related("recipient")}
    assert places == {one.username: institution_of(one).pk for one in (other_laboratory, regulator)}


# Who


def test_the_first_post_that_anybody_holds_is_called(laboratory: User) -> None:
    where = institution_of(laboratory)
    both = HoldersAt(where.pk, (Post.TECHNICAL_MANAGER, Post.QUALITY_MANAGER))
    nobody = HoldersAt(where.pk, (Post.SAMPLER,))
    assert users([both, nobody], on=TODAY) == {both: [laboratory.pk], nobody: []}
    technical = user_with_post("technical", "technical_manager", where)
    assert users([both], on=TODAY) == {both: [technical.pk]}
    assert users([both], on=date(2019, 12, 31)) == {both: []}
    technical.is_active = False
    technical.save()
    assert users([both], on=TODAY) == {both: [laboratory.pk]}


def authority_at(level: str, code: str) -> User:
    where = institution("authority", f"示例局 {code}", f"Authority {code}")
    Institution.objects.filter(pk=where.pk).update(level=level, region_code=code)
    return user_with_post(f"regulator-{code}-{level}", "regulator", where)


def test_the_nearest_authority_above_a_place_is_called(db: None) -> None:
    nation, province = authority_at("national", "110000"), authority_at("provincial", "330000")
    city, county = authority_at("prefecture", "330100"), authority_at("county", "330106")
    called = {
        "330106": county, "330105": city, "330110": city, "330200": province, "330782": province, "440300": nation,
        "110000": nation,
    }  # fmt: skip
    wanted = [AuthorityOver(code) for code in called]
    assert users(wanted, on=TODAY) == {AuthorityOver(code): [user.pk] for code, user in called.items()}


def test_where_no_authority_has_people_nobody_is_called(db: None) -> None:
    assert users([AuthorityOver("330106")], on=TODAY) == {AuthorityOver("330106"): []}


# All of it


def test_what_is_due_at_a_laboratory_comes_in_order_with_a_warning(laboratory: User, other_laboratory: User) -> None:
    where = institution_of(laboratory)
    calibrated(where, "A", valid_to=date(2026, 11, 20))
    certificate(where, "1", date(2027, 2, 1))
    calibrated(institution_of(other_laboratory), "B", valid_to=date(2026, 10, 20))
    due, warnings = due_at([where.pk], on=date(2026, 11, 16))
    assert [(one.due.what.en, one.words.en) for one in due] == [
        ("Calibrate Balance A", "4 working days left"),
        ("Renew CMA 1", "55 working days left"),
    ]
    assert [one.en for one in warnings] == ["2027 has no table of days off yet: counted by weekdays."]


def test_three_and_three_hundred_due_things_cost_the_same(laboratory: User, db: None) -> None:
    counted = []
    for n in (3, 300):
        for i in range(Certificate.objects.count(), n):
            where = institution("laboratory", f"实验室 {i}", f"Laboratory {i}")
            certificate(where, str(i), date(2026, 7, 20))
            user_with_post(f"manager-{i}", "quality_manager", where)
            calibrated(where, f"S{i}", valid_to=date(2026, 4, 30))
        with CaptureQueriesContext(connection) as asked:
            assert remind(CLOCKS.values(), who=who, at=AT + timedelta(minutes=n)) > 0
        work = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "INSERT"))]
        counted.append(len(work))
    assert counted[1] - counted[0] <= 3  # the second chunks of 500: posts, their institutions, keys
