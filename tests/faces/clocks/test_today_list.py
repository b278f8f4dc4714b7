"""Today: what the clocks say stands on the list with its working days, late first; what was passed on stands at the authority."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.who import who
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.models import CalendarDay
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.registry.equipment.actions import enter_calibrations, enter_instruments
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate, Institution

HOME = reverse("home")
Clients = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def weekdays_only(db: None) -> None:
    """No table: what is counted depends on the day on which the tests run as little as can be."""
    CalendarDay.objects.all().delete()


def ended(where: Institution, days: int) -> None:
    now = timezone.now()
    row = Certificate(
        institution=where, scheme="CMA", number="231100000001", valid_from=now.date() - timedelta(2000),
        valid_to=timezone.localdate() - timedelta(days), recorded_at=now - timedelta(2000),
    )  # fmt: skip
    enter_certificates([row], actor=None, at=now)


def calibrated(where: Institution, n: int, days: int) -> None:
    now = timezone.now()
    instruments = [
        Instrument(institution=where, serial=f"{days}-{i:03}", name_zh="天平", name_en="Balance") for i in range(n)
    ]
    enter_instruments(instruments, actor=None, at=now)
    rows = [
        Calibration(
            instrument=one, certificate=one.serial, valid_from=now.date() - timedelta(300),
            valid_to=timezone.localdate() + timedelta(days + i), recorded_at=now - timedelta(300),
        )
        for i, one in enumerate(instruments)
    ]  # fmt: skip
    enter_calibrations(rows, actor=None, at=now)


def test_what_is_late_comes_first_and_says_so_in_words(client_of: Clients, laboratory: User) -> None:
    where = institution_of(laboratory)
    calibrated(where, 1, 28)
    ended(where, 14)
    client = client_of(laboratory)
    page = client.get(HOME)
    said = text_of(page)
    assert said.index("Renew CMA 231100000001") < said.index("Calibrate Balance 28-000")
    assert "10 working days overdue" in said and "20 working days left" in said
    assert '<span class="chip bad"><i aria-hidden="true">!</i>10 working days overdue</span>' in page.content.decode()
    assert "已逾期 10 个工作日" in text_of(in_chinese(client).get(HOME))


def test_a_count_without_a_table_is_warned_of(client_of: Clients, laboratory: User) -> None:
    calibrated(institution_of(laboratory), 1, 28)
    said = text_of(client_of(laboratory).get(HOME))
    assert f"{timezone.localdate().year} has no table of days off yet: counted by weekdays." in said


def test_what_is_passed_on_waits_at_the_authority_until_it_is_opened(
    client_of: Clients, laboratory: User, regulator: User
) -> None:
    where = institution_of(laboratory)
    ended(where, 14)
    remind(CLOCKS.values(), who=who, at=timezone.now())
    client = client_of(regulator)
    page = client.get(HOME)
    assert "passed on to you" in text_of(page) and where.name_en in text_of(page)
    message = regulator.messages.get()
    answer = client.get(reverse("messages_open", args=[message.pk]), follow=True)
    assert answer.status_code == 200, "the regulator may open what the message points to"
    assert "passed on to you" not in text_of(client.get(HOME))


def test_an_unsatisfactory_result_is_on_the_list_of_its_laboratory_alone(
    client_of: Clients, released_round: Round, laboratory: User, other_laboratory: User
) -> None:
    assert "Find the cause: Total mercury in Feed" in text_of(client_of(other_laboratory).get(HOME))
    assert "Find the cause" not in text_of(client_of(laboratory).get(HOME))


def test_three_and_three_hundred_due_things_cost_the_same(client_of: Clients, laboratory: User) -> None:
    client, where = client_of(laboratory), institution_of(laboratory)
    calibrated(where, 3, 1)
    few = queries_of(lambda: client.get(HOME))
    calibrated(where, 297, -200)
    assert queries_of(lambda: client.get(HOME)) == few
