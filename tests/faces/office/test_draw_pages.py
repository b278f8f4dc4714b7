"""The pages of a draw: planned, revealed, published, drawn again; what the public sees at each step."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.activities.campaigns.draw.network import (
    BEACON,
    LATER,
    LONG_AGO,
    PROMISE,
    WITNESS_SECRET,
    give_scope,
    inspectors,
    item,
    laboratories,
    promised_draw,
)
from tests.activities.campaigns.plan.campaigns import plan as campaign_plan
from tests.activities.campaigns.plan.campaigns import published
from tests.cast import AT
from zhunsheng.activities.campaigns.draw.actions import publish_draw, reveal_draw
from zhunsheng.activities.campaigns.draw.models import Competence, Draw, Interest
from zhunsheng.activities.campaigns.draw.queries import listed_in
from zhunsheng.activities.campaigns.draw.rules.verification import holds, verify
from zhunsheng.activities.campaigns.plan.actions.planning import plan_campaign
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.models import Institution

ClientOf = Callable[[Any], Client]


@pytest.fixture
def network(authority: Institution) -> list[Institution]:
    them = laboratories(6)
    give_scope(them, item("food"))
    inspectors(authority, 4)
    return them


def form(**changes: Any) -> dict[str, Any]:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "title_zh": "六月抽取", "title_en": "June draw", "beacon_zh": "彩票", "beacon_en": "lottery", "beacon_on": tomorrow.isoformat(),
        "witness_zh": "纪检部门", "witness_en": "Discipline office", "promise": PROMISE, "cap": 5, "quota_food": 2, "excluded": "",
        "no_shows": "", "away": "", **changes,
    }  # fmt: skip


def test_a_draw_is_planned_on_the_page(client_of: ClientOf, regulator: User, network: list[Institution]) -> None:
    client = client_of(regulator)
    assert "Food: quota (6 laboratories)" in client.get("/office/draws/new/").content.decode()
    given = form(
        away="Inspector1 | 休假 | on leave",
        excluded=f"{network[0].name_zh} | 已停业 | closed",
        no_shows=f"{network[1].name_en} | 2",
    )
    answer = client.post("/office/draws/new/", given)
    made = Draw.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/office/draws/{made.pk}/"
    listed = listed_in(made)
    assert [one["reason"] for one in listed["excluded"]] == [{"en": "closed", "zh": "已停业"}]
    assert {one["no_shows"] for one in listed["laboratories"]} == {0, 2}
    assert [one["reason"]["en"] for one in listed["excluded_officers"]] == ["on leave"]
    page = client.get(f"/office/draws/{made.pk}/").content.decode()
    assert made.frozen.sha256 in page and made.secret not in page and "closed" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quota_food": 7}, "6 candidates for a quota of 7"), ({"quota_food": ""}, "at least one field"),
        ({"excluded": "Nobody | 无 | none"}, "names 0 laboratories"), ({"excluded": "half a line"}, "does not have 3 parts"),
        ({"no_shows": "Drawn Laboratory 1 | many"}, "whole number"), ({"promise": "x" * 64}, "64 digits"),
        ({"beacon_on": "2020-01-01"}, "after today"), ({"away": "Nobody | 无 | none"}, "names 0 officers"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_and_nothing_is_kept(
    client_of: ClientOf, regulator: User, network: list[Institution], changes: dict[str, Any], said: str
) -> None:
    answer = client_of(regulator).post("/office/draws/new/", form(**changes))
    assert answer.status_code == 200 and said in answer.content.decode()
    assert not Draw.objects.exists()


def test_the_public_sees_the_promise_first_and_the_rest_when_it_is_published(
    client_of: ClientOf, authority: Institution, regulator: User, network: list[Institution]
) -> None:
    draw, anyone = promised_draw(authority, regulator), client_of(None)

    def public_page() -> str:
        return anyone.get(f"/draws/{draw.pk}/").content.decode()

    assert draw.frozen.sha256 in public_page() and "Drawn Laboratory" not in public_page()
    office = client_of(regulator)
    office.post(f"/office/draws/{draw.pk}/reveal/", {"beacon": BEACON, "secret": WITNESS_SECRET})
    draw.refresh_from_db()
    assert draw.state == "revealed"  # the beacon's day of the cast is long past by the clock of the pages
    assert "Drawn Laboratory" not in public_page() and draw.secret not in public_page()
    assert anyone.get(f"/draws/{draw.pk}/draw.json").status_code == 404
    assert re.search(r"Inspector\d", office.get(f"/office/draws/{draw.pk}/").content.decode())
    office.post(f"/office/draws/{draw.pk}/publish/")
    said = public_page()
    assert "Drawn Laboratory" in said and not re.search(r"Inspector\d", said)
    assert holds(verify(anyone.get(f"/draws/{draw.pk}/draw.json").content))
    assert "Food, June" in anyone.get("/draws/?q=food").content.decode()


def test_a_wrong_secret_is_told_and_nothing_is_drawn(
    client_of: ClientOf, authority: Institution, regulator: User, network: list[Institution]
) -> None:
    draw = promised_draw(authority, regulator)
    answer = client_of(regulator).post(f"/office/draws/{draw.pk}/reveal/", {"beacon": BEACON, "secret": "ab" * 32})
    assert "party 2" in answer.content.decode()
    assert not draw.laboratories.exists()


def test_drawn_again_with_a_reason_that_everybody_reads(
    client_of: ClientOf, authority: Institution, regulator: User, network: list[Institution]
) -> None:
    draw, client = promised_draw(authority, regulator), client_of(regulator)
    page = client.get(f"/office/draws/{draw.pk}/again/").content.decode()
    assert 'value="Food, June"' in page
    assert client.post(f"/office/draws/{draw.pk}/again/", form()).status_code == 200  # no reason, no draw
    again = form(reason_zh="名单遗漏", reason_en="one was missing")
    assert client.post(f"/office/draws/{draw.pk}/again/", again).status_code == 302
    assert "one was missing" in client_of(None).get(f"/draws/{draw.pk}/").content.decode()
    assert client.get(f"/office/draws/{draw.pk}/again/").status_code == 404


def test_fields_and_interests_of_officers_are_entered(
    client_of: ClientOf, authority: Institution, regulator: User, network: list[Institution]
) -> None:
    client, before = client_of(regulator), Competence.objects.count()
    person = Competence.objects.first().person
    client.post(
        "/office/draws/officers/",
        {"verb": "competence", "person": str(person.pk), "field": "water", "valid_from": LONG_AGO.isoformat()},
    )
    assert Competence.objects.count() == before + 1
    interest = {
        "verb": "interest", "officer": str(person.pk), "laboratory": network[0].name_zh, "kind": "consultant",
        "since": "2026-01-01", "until": "2025-01-01",
    }  # fmt: skip
    assert "before the first one" in client.post("/office/draws/officers/", interest).content.decode()
    assert client.post("/office/draws/officers/", {**interest, "until": ""}).status_code == 302
    assert Interest.objects.get().institution == network[0]
    page = client.get("/office/draws/officers/").content.decode()
    assert "Water" in page and "has advised this laboratory" in page


def test_draws_and_officers_are_searched_and_downloaded(
    client_of: ClientOf, regulator: User, authority: Institution, network: list[Institution]
) -> None:
    draw, office = promised_draw(authority, regulator), client_of(regulator)
    rows = read_table(office.get("/office/draws/?format=xlsx").content, filename="draws.xlsx").rows
    assert [row.texts[-1] for row in rows] == [draw.frozen.sha256]
    assert "No draw of that name" in office.get("/office/draws/?q=nothing").content.decode()
    everybody = read_table(office.get("/office/draws/officers/?format=xlsx").content, filename="officers.xlsx").rows
    assert len(everybody) == 4 and all("Food" in row.texts[1] for row in everybody)
    one = everybody[0].texts[0]
    found = read_table(office.get(f"/office/draws/officers/?q={one}&format=xlsx").content, filename="o.xlsx").rows
    assert [row.texts[0] for row in found] == [one]
    assert "No officer of that name or field" in office.get("/office/draws/officers/?q=zzz").content.decode()


def test_pages_ask_a_constant_number_of_questions(
    client_of: ClientOf, authority: Institution, regulator: User, network: list[Institution]
) -> None:
    def published(quota: int) -> Draw:
        made = promised_draw(authority, regulator, quotas={"food": quota})
        reveal_draw(made, beacon=BEACON, secret=WITNESS_SECRET, actor=None, at=LATER)
        return publish_draw(made, actor=None, at=LATER)

    few, many = published(1), published(6)
    for address in ("/draws/{}/", "/office/draws/{}/"):
        counts = []
        for draw in (few, many, few):
            with CaptureQueriesContext(connection) as found:
                assert client_of(regulator).get(address.format(draw.pk)).status_code == 200
            counts.append(len(found))
        assert counts[1] == counts[2]


def test_a_draw_of_a_campaign_leads_there_and_back(
    client_of: ClientOf, regulator: User, authority: Institution, network: list[Institution]
) -> None:
    campaign, client = published(authority), client_of(regulator)
    draft = plan_campaign(authority=authority, plan=campaign_plan(), actor=None, at=AT)
    chosen = client.get(f"/office/draws/new/?campaign={campaign.pk}").content.decode()
    assert re.search(rf'<option value="{campaign.pk}" selected', chosen) and str(draft.pk) not in chosen
    answer = client.post("/office/draws/new/", form(campaign=str(campaign.pk)))
    made = Draw.objects.get()
    assert answer.status_code == 302 and made.campaign == campaign
    promised_draw(authority, None, title=t("Another", "另一次"))
    board = f"/office/campaigns/{campaign.pk}/"
    assert f"/office/draws/?campaign={campaign.pk}" in client.get(board).content.decode()
    listed = client.get(f"/office/draws/?campaign={campaign.pk}").content.decode()
    assert "June draw" in listed and "Another" not in listed and board in listed
    assert "Another" in client.get("/office/draws/?campaign=nothing").content.decode()
    assert board in client.get(f"/office/draws/{made.pk}/").content.decode()
    assert f"/campaigns/{campaign.pk}/" in Client().get(f"/draws/{made.pk}/").content.decode()
