"""Lived rules as an authority sees them: shares within reach, and nothing before the days of grace are over."""

from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.pages import in_chinese, queries_of, text_of
from tests.registry.management.laboratories import laboratories, record
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.spreadsheets import read_table

LIVED = reverse("office_lived")
ClientOf = Callable[[User | None], Client]


def on(day: date) -> Any:
    """The page as it is on a day."""
    return patch("zhunsheng.faces.middleware.timezone.localdate", return_value=day)


@pytest.fixture
def network(db: None) -> None:
    near = laboratories(3)
    laboratories(2, region_code="330300")
    laboratories(4, region_code="320500")
    record(near[0])
    record(near[1], held_on=date(2026, 1, 20))


def test_the_share_of_what_was_made_within_reach(client_of: ClientOf, network: None, province: User) -> None:
    with on(date(2026, 6, 1)):
        said = text_of(client_of(province).get(LIVED, {"year": "2025"}))
    assert "Internal audit SAMR Announcement 2023 No. 21, clause 2.12 2025-12-31 5 1 1 3 40 %" in said
    assert "330106" in said and "330300" in said and "320500" not in said


def test_a_region_narrows_it_and_one_beyond_reach_is_not_taken(
    client_of: ClientOf, network: None, province: User
) -> None:
    with on(date(2026, 6, 1)):
        client = client_of(province)
        assert "2025-12-31 3 1 1 1 67 %" in text_of(client.get(LIVED, {"year": "2025", "region": "330100"}))
        assert "2025-12-31 5 1 1 3 40 %" in text_of(client.get(LIVED, {"year": "2025", "region": "320000"}))


@pytest.mark.parametrize(("day", "open_"), [(date(2026, 1, 30), False), (date(2026, 1, 31), True)])
def test_nothing_of_it_is_seen_before_the_days_of_grace_are_over(
    client_of: ClientOf, network: None, county: User, day: date, open_: bool
) -> None:
    """Neither who made it nor who did not: due on 31 December, thirty days of grace."""
    with on(day):
        client = client_of(county)
        said = text_of(client.get(LIVED, {"year": "2025"}))
        sheet = read_table(client.get(LIVED, {"year": "2025", "format": "xlsx"}).content, filename="x.xlsx")
    assert ("Internal audit SAMR" in said) is open_ and ("Not shown yet: Internal audit" in said) is not open_
    assert any("Internal audit" in text for row in sheet.rows for text in row.texts) is open_


def test_nothing_open_says_so(client_of: ClientOf, network: None, county: User) -> None:
    with on(date(2026, 1, 1)):
        assert "Nothing is open for 2026 yet" in text_of(client_of(county).get(LIVED, {"year": "2026"}))
        assert "尚无可查看的内容" in text_of(in_chinese(client_of(county)).get(LIVED, {"year": "2026"}))


def test_only_with_something_missing_and_by_name(client_of: ClientOf, network: None, county: User) -> None:
    with on(date(2026, 1, 31)):
        client = client_of(county)
        assert "3 laboratories" in text_of(client.get(LIVED, {"year": "2025", "missing": "1"}))
        assert "1 laboratory" in text_of(client.get(LIVED, {"year": "2025", "q": "330106-002"}))
        assert "No laboratory matches" in text_of(client.get(LIVED, {"year": "2025", "q": "nobody"}))


def test_the_workbook_holds_every_laboratory_shown(client_of: ClientOf, network: None, province: User) -> None:
    with on(date(2026, 6, 1)):
        table = read_table(
            client_of(province).get(LIVED, {"year": "2025", "format": "xlsx"}).content, filename="x.xlsx"
        )
    assert len(table.rows) == 5 and {row.texts[2] for row in table.rows} == {
        "Xihu District, Hangzhou, Zhejiang",
        "Wenzhou, Zhejiang",
    }


def test_three_and_many_laboratories_cost_the_same(client_of: ClientOf, network: None, county: User) -> None:
    with on(date(2026, 6, 1)):
        client = client_of(county)
        few = queries_of(lambda: client.get(LIVED, {"year": "2025"}))
        laboratories(60, region_code="330106")
        assert queries_of(lambda: client.get(LIVED, {"year": "2025"})) == few
