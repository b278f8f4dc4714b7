"""Who is approved for a wider matrix is found for what lies within it; a line beside a certificate that has ended says so."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.registry.scopes import ground
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.actions import enter_certificate, merge_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution

pytestmark = pytest.mark.django_db
SINCE = date(2019, 1, 1)


def certified(where: Institution, last: date, n: int = 1) -> None:
    held = Certificate(institution=where, scheme="CMA", number=f"2311{n:08d}", valid_from=SINCE, valid_to=last)
    enter_certificate(held, actor=None, at=AT)


@pytest.fixture
def dairy() -> Institution:
    """A laboratory approved for dairy products, within which raw milk lies."""
    where = ground.laboratory("甲")
    [what], wide = ground.parameters("melamine"), ground.matrix("dairy")
    ground.matrix("rawmilk", wide)
    ground.matrix("feed")
    ground.line(where, what, wide, ground.method("GB/T 22388-2008"))
    certified(where, date(2099, 1, 1))
    return where


@pytest.mark.parametrize(
    "address", ["/find/?what=melamine&place=330100&km=200", "/scopes/?what=melamine", "/substances/4/?place=330100"]
)
def test_a_line_for_a_wider_matrix_is_found_and_said_to_be_wider(
    dairy: Institution, client: Client, address: str
) -> None:
    for matrix, found, wider in (("rawmilk", True, True), ("dairy", True, False), ("feed", False, False)):
        shown = client.get(f"{address}&matrix={matrix}").content.decode()
        assert ("甲</a>" in shown, "approved for a wider matrix" in shown) == (found, wider), matrix


def test_the_api_finds_it_too(dairy: Institution, client: Client) -> None:
    near = "/api/v1/near?parameter=melamine&region=330100&matrix="
    assert [client.get(near + code).json()["found"] for code in ("rawmilk", "dairy", "feed")] == [1, 1, 0]


def test_lines_chosen_to_be_changed_are_those_asked_for_alone(
    dairy: Institution, client_of: Any, national: User
) -> None:
    page = client_of(national).get(f"/office/scopes/{dairy.pk}/?matrix=rawmilk").content.decode()
    assert "GB/T 22388-2008" not in page


def test_a_line_says_how_the_certificate_stands_on_the_day(client: Client) -> None:
    where = ground.laboratory("甲")
    [what], milk, method = ground.parameters("melamine"), ground.matrix("milk"), ground.method("GB/T 22388-2008")
    ground.line(where, what, milk, method)
    certified(where, date(2025, 1, 1))
    assert "certificate: Ended" in client.get("/scopes/?what=melamine&on=2026-04-15").content.decode()
    assert "certificate: Valid" in client.get("/scopes/?what=melamine&on=2024-06-01").content.decode()
    assert "certificate: Ended" in client.get(f"/scopes/{where.pk}/?on=2026-04-15").content.decode()
    other = ground.laboratory("乙")
    certified(other, date(2099, 1, 1), 2)
    merge_institutions(where, other, reason="one institution", actor=None, at=AT)
    assert "certificate: Valid" in client.get("/scopes/?what=melamine&on=2026-04-15").content.decode()


def test_the_certificates_of_a_page_cost_no_question_a_line(client: Client) -> None:
    [what], milk, method = ground.parameters("melamine"), ground.matrix("milk"), ground.method("GB/T 22388-2008")

    def asked(n: int) -> int:
        for _ in range(n):
            where = ground.laboratory(f"实验室 {Institution.objects.count()}")
            ground.line(where, what, milk, method)
            certified(where, date(2099, 1, 1), Institution.objects.count())
        with CaptureQueriesContext(connection) as seen:
            client.get("/scopes/?what=melamine")
        return len(seen)

    asked(2)
    assert asked(1) == asked(17)
