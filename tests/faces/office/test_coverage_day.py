"""The gap map of another day: whoever was capable then, at the places of then; the day stays in every address."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

pytestmark = pytest.mark.django_db
LIST = reverse("office_coverage")


@pytest.fixture
def office(client_of: Callable[[User | None], Client], regulator: User) -> Client:
    return client_of(regulator)


@pytest.fixture
def line(laboratory: User, mercury: Parameter, feed: Matrix) -> ScopeLine:
    """Mercury in feed, from 2020 to the end of 2021, at a laboratory whose certificate goes on."""
    where, first = institution_of(laboratory), date(2020, 1, 1)
    method = Method.objects.create(number="GB/T 13081-2022", name_zh="汞", name_en="Mercury")
    certificate = Certificate(
        institution=where, scheme="CMA", number="201101110001", valid_from=first, valid_to=date(2099, 1, 1), recorded_at=AT,
    )  # fmt: skip
    enter_certificates([certificate], actor=None, at=AT)
    made = ScopeLine(
        institution=where, parameter=mercury, matrix=feed, method=method,
        valid_from=first, valid_to=date(2021, 12, 31), recorded_at=AT,
    )  # fmt: skip
    enter_scope_lines([made], instruments={}, actor=None, at=AT)
    return made


@pytest.mark.parametrize(
    ("day", "known", "laboratories"),
    [
        ("2021-12-31", "2026-06-01", 1),
        ("2022-01-01", "2026-06-01", 0),
        ("2019-12-31", "2026-06-01", 0),
        ("2021-12-31", "2026-01-01", 0),
    ],
)
def test_the_map_is_of_the_day_asked_as_known_on_a_day(
    office: Client, line: ScopeLine, day: str, known: str, laboratories: int
) -> None:
    item = reverse("office_coverage_item", args=[line.parameter_id, line.matrix_id])
    said = office.get(item, {"on": day, "known": known}).content.decode()
    assert f"Laboratories that can test it: {laboratories}." in said


def test_the_day_goes_with_every_link(office: Client, line: ScopeLine) -> None:
    item = reverse("office_coverage_item", args=[line.parameter_id, line.matrix_id])
    said = office.get(LIST, {"field": "feed", "on": "2021-06-01", "known": "2026-06-01"}).content.decode()
    assert f'href="{item}?km=200&amp;on=2021-06-01&amp;known=2026-06-01"' in said
    shown = office.get(item, {"on": "2021-06-01"}).content.decode()
    assert f'href="{LIST}?field=feed&amp;km=200&amp;on=2021-06-01' in shown
