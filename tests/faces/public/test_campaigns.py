"""Campaigns in public: what is published anyone reads, a draft nobody; days by region, numbers without names, draws meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.activities.campaigns.draw.network import give_scope, inspectors, item, laboratories, promised_draw
from tests.activities.campaigns.plan.campaigns import plan, published
from tests.cast import AT, XIHU, institution, laboratory_name
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.campaigns.plan.actions.leading import set_regional_days
from zhunsheng.activities.campaigns.plan.actions.planning import close_campaign, plan_campaign
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

LIST = reverse("campaigns")


@pytest.fixture
def campaign(authority: Institution, laboratory: User, other_laboratory: User) -> Campaign:
    return published(authority)


def at(campaign: Campaign) -> str:
    return reverse("campaign", args=[campaign.pk])


def test_before_anything_is_published_the_list_says_so_and_a_draft_is_not_there(
    client: Client, authority: Institution
) -> None:
    draft = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    assert "No campaign was published yet" in text_of(client.get(LIST))
    assert client.get(at(draft)).status_code == 404


def test_the_list_names_who_runs_it_where_and_how_many_take_part(client: Client, campaign: Campaign) -> None:
    said = text_of(client.get(LIST, {"q": "example authority"}))
    assert (
        "1 campaign" in said and "Testing work put in order" in said and "Hangzhou" in said and " 2 ◐ under way" in said
    )
    assert "No campaign matches" in text_of(client.get(LIST, {"q": "nothing of this name"}))
    assert "检测工作整顿" in text_of(in_chinese(client).get(LIST, {"sort": "title"}))


def test_a_plan_is_there_in_both_languages_with_numbers_and_no_names(client: Client, campaign: Campaign) -> None:
    said = text_of(client.get(at(campaign)))
    assert (
        "Guiding idea: as decided" in said
        and "Institutions that take part 2" in said
        and "Inspection of a random sample" in said
    )
    assert "Institutions that take part, by place" in said and laboratory_name("L08") not in said
    assert "指导思想：按部署执行" in text_of(in_chinese(client).get(at(campaign)))
    close_campaign(campaign, actor=None, at=AT)
    assert "closed" in text_of(client.get(at(campaign))) or "已结束" in text_of(client.get(at(campaign)))


def test_the_days_of_a_region_can_be_asked_for(client: Client, campaign: Campaign) -> None:
    assert "Days of a region" not in text_of(client.get(at(campaign)))
    stage = campaign.stages.get(key="selfcheck")
    ends = stage.ends_on + timedelta(days=3)
    set_regional_days(stage, region_code=XIHU, starts_on=stage.starts_on, ends_on=ends, actor=None, at=AT)
    assert ends.isoformat() in text_of(client.get(at(campaign), {"region": XIHU}))
    for region in ("", "330108", "nonsense"):
        assert stage.ends_on.isoformat() in text_of(client.get(at(campaign), {"region": region}))


def test_draws_of_authorities_of_its_area_lead_to_where_they_can_be_checked(
    client: Client, campaign: Campaign, authority: Institution, regulator: User
) -> None:
    assert "No draw was promised yet" in text_of(client.get(at(campaign)))
    give_scope(laboratories(6), item("food"))
    inspectors(authority, 4)
    draw = promised_draw(authority, regulator)
    assert reverse("draw", args=[draw.pk]) in client.get(at(campaign)).content.decode()
    elsewhere = published(
        institution("authority", "示例外地局", "Elsewhere", region_code="320100", level="prefecture"),
        region_code="320100",
    )
    assert reverse("draw", args=[draw.pk]) not in client.get(at(elsewhere)).content.decode()


def test_many_campaigns_ask_no_more_than_few(client: Client, authority: Institution, laboratory: User) -> None:
    for _ in range(3):
        published(authority)
    few = queries_of(lambda: client.get(LIST))
    for _ in range(9):
        published(authority)
    assert queries_of(lambda: client.get(LIST)) == few
