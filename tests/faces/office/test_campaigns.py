"""Campaigns on pages of the office: plan, publish, enrol in the background, look at the board, begin next year's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.activities.campaigns.plan.campaigns import CLOSES, COMMITMENT, OPENS
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.states import SECTIONS
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
BEGUN = {
    "title_zh": "检测工作整顿", "title_en": "Testing put in order", "region_code": "330100", "opens_on": OPENS.isoformat(),
    "closes_on": CLOSES.isoformat(),
}  # fmt: skip


def filled_in(campaign: Campaign, **changes: str) -> dict[str, str]:
    """The form of the plan as a browser would send it."""
    written = {f"{key}_{lang}": "as decided" for key in SECTIONS for lang in ("zh", "en")}
    days = {f"{one.key}_starts": one.starts_on.isoformat() for one in campaign.stages.all()}
    days |= {f"{one.key}_ends": one.ends_on.isoformat() for one in campaign.stages.all()}
    return {**BEGUN, **written, **days, "commitment_zh": COMMITMENT.zh, "commitment_en": COMMITMENT.en, **changes}


def work_off() -> None:
    for job in Job.objects.filter(state="queued").order_by("created_at"):
        jobs.run(str(job.pk))


def said(response: Any) -> str:
    return response.content.decode()


def test_from_the_first_words_to_everybody_enrolled(
    client_of: SignIn, regulator: User, laboratory: User, other_laboratory: User
) -> None:
    office = client_of(regulator)
    assert "No campaign yet" in said(office.get("/office/campaigns/"))
    office.post("/office/campaigns/new/", BEGUN)
    campaign = Campaign.objects.get()
    at = f"/office/campaigns/{campaign.pk}/"
    assert "“Background” is not written in both languages." in said(office.get(at))
    office.post(f"{at}publish/", {"sure": "on"})
    campaign.refresh_from_db()
    assert campaign.state == "draft"
    office.post(f"{at}plan/", filled_in(campaign))
    assert "2 institutions" in said(office.get(f"{at}publish/"))
    shown = said(office.post(f"{at}publish/", {"sure": "on"}, follow=True))
    assert "Enrolling institutions" in shown
    work_off()
    campaign.refresh_from_db()
    assert campaign.state == "published" and campaign.enrolled_at and campaign.participants.count() == 2
    shown = said(office.get(at))
    assert "Where it stands: Deployment" in shown and "0 <small>of 2</small>" in shown
    office.post(f"{at}close/", {"sure": "on"})
    campaign.refresh_from_db()
    assert campaign.state == "closed"
