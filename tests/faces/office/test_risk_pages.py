"""Credit-risk classes as authorities keep them: within reach, with history, entered and published by those who classify."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from tests.registry.management.laboratories import laboratories
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.management.actions import enter_risk_classes

CLASSES, PUBLISH = reverse("office_risk"), reverse("office_risk_publish")
ClientOf = Callable[[User | None], Client]
GIVEN = {
    "letter": "C",
    "valid_from": "2026-02-01",
    "valid_to": "",
    "reason": "两次不实报告",
    "source": "浙市监 2026 年 1 号",
}


def classed(places: list[Institution], letter: str = "B") -> None:
    rows = [
        RiskClass(institution=one, letter=letter, valid_from=date(2026, 1, 1), reason="一般", source="通报")
        for one in places
    ]
    enter_risk_classes(rows, actor=None, at=AT)


@pytest.fixture
def places(db: None) -> list[Institution]:
    made = laboratories(2) + laboratories(1, region_code="330300") + laboratories(1, region_code="320500")
    classed(made[1:])
    return made


def test_each_authority_sees_its_reach_with_filters(
    client_of: ClientOf, places: list[Institution], province: User, regulator: User
) -> None:
    assert "3 laboratories" in text_of(client_of(province).get(CLASSES))
    client = client_of(regulator)
    assert "2 laboratories" in text_of(client.get(CLASSES))
    assert "1 laboratory" in text_of(client.get(CLASSES, {"letter": "B"}))
    assert "1 laboratory" in text_of(client.get(CLASSES, {"letter": "none"}))
    assert "1 laboratory" in text_of(client.get(CLASSES, {"published": "no"}))
    assert "No laboratory matches" in text_of(client.get(CLASSES, {"published": "yes"}))
    assert "No laboratory matches" in text_of(client.get(CLASSES, {"letter": "B", "on": "2025-12-31"}))
    assert "信用风险一般" in text_of(in_chinese(client).get(CLASSES))


def test_the_workbook_holds_what_is_shown(client_of: ClientOf, places: list[Institution], province: User) -> None:
    table = read_table(client_of(province).get(CLASSES, {"letter": "B", "format": "xlsx"}).content, filename="x.xlsx")
    assert {row.texts[3] for row in table.rows} == {"B"} and len(table.rows) == 2


def test_a_class_is_entered_and_corrected_with_its_history(
    client_of: ClientOf, places: list[Institution], province: User
) -> None:
    client, address = client_of(province), reverse("office_risk_one", args=[places[0].pk])
    assert "Not classed yet" in text_of(client.get(address))
    assert "The class was entered" in text_of(client.post(address, GIVEN, follow=True))
    assert "Nothing new was entered" in text_of(client.post(address, GIVEN, follow=True))
    said = text_of(client.post(address, {**GIVEN, "letter": "D", "reason": "复核"}, follow=True))
    assert "High risk" in said and "replaced by a later row" in said and "两次不实报告" in said
    assert "required" in text_of(client.post(address, {**GIVEN, "reason": ""}))
    assert "ends before it begins" in text_of(client.post(address, {**GIVEN, "valid_to": "2026-01-01"}))


def test_publishing_shows_first_and_reaches_only_the_own_area(
    client_of: ClientOf, places: list[Institution], province: User
) -> None:
    client = client_of(province)
    assert "2 classes of the filter are not published yet" in text_of(client.get(PUBLISH))
    assert "2 classes were published" in text_of(client.post(PUBLISH, follow=True))
    assert RiskClass.objects.exclude(published_at=None).count() == 2
    assert not RiskClass.objects.filter(institution=places[3]).exclude(published_at=None).exists(), "another province's"
    assert "Nothing waits" in text_of(client.get(PUBLISH))


def test_publishing_a_filter_publishes_no_more(client_of: ClientOf, places: list[Institution], province: User) -> None:
    client_of(province).post(f"{PUBLISH}?region=330300")
    assert [row.institution_id for row in RiskClass.objects.exclude(published_at=None)] == [places[2].pk]


def test_a_prefecture_looks_and_does_not_classify(
    client_of: ClientOf, places: list[Institution], regulator: User
) -> None:
    client, address = client_of(regulator), reverse("office_risk_one", args=[places[0].pk])
    assert "Enter a class" not in text_of(client.get(address))
    for refused in (client.post(address, GIVEN), client.get(PUBLISH), client.post(PUBLISH)):
        assert refused.status_code == 404
    assert client.get(reverse("office_risk_one", args=[places[2].pk])).status_code == 404, "beyond reach"


def test_the_laboratory_itself_finds_nothing_there(client_of: ClientOf, laboratory: User) -> None:
    classed([institution_of(laboratory)], "D")
    client = client_of(laboratory)
    assert (
        client.get(CLASSES).status_code
        == client.get(reverse("office_risk_one", args=[institution_of(laboratory).pk])).status_code
        == 404
    )


def test_three_and_many_laboratories_cost_the_same(
    client_of: ClientOf, places: list[Institution], province: User
) -> None:
    client = client_of(province)
    few = queries_of(lambda: client.get(CLASSES))
    classed(laboratories(60, region_code="330108"))
    assert queries_of(lambda: client.get(CLASSES)) == few
