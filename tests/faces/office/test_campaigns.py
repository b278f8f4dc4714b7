"""Campaigns on pages of the office: plan, publish, enrol in the background, look at the board, begin next year's."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.plan.campaigns import CLOSES, COMMITMENT, OPENS, plan, published
from tests.cast import AT, institution_of
from zhunsheng.activities.campaigns.plan.actions.answering import acknowledge_task, sign_commitment, text_sha256
from zhunsheng.activities.campaigns.plan.actions.leading import TaskGiven, record_meeting, set_task
from zhunsheng.activities.campaigns.plan.actions.planning import change_plan, plan_campaign
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.receipts import asked_by
from zhunsheng.activities.campaigns.plan.states import SECTIONS
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution

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


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(client_of: SignIn, regulator: User) -> None:
    campaign = plan_campaign(authority=institution_of(regulator), plan=plan(), actor=None, at=AT)
    office, at = client_of(regulator), f"/office/campaigns/{campaign.pk}/plan/"
    carried = unescape(re.findall(r'name="seen" value="([^"]*)"', said(office.get(at)))[0])
    colleague = plan()
    change_plan(campaign, replace(colleague, title=t("Another name", "另一名称")), actor=None, at=AT)
    shown = said(office.post(at, {**filled_in(campaign), "title_en": "Mine", "seen": carried}))
    assert "Somebody else has changed this entry" in shown
    campaign.refresh_from_db()
    assert campaign.title_en == "Another name"


def test_the_stages_are_spread_anew_without_saving(client_of: SignIn, regulator: User) -> None:
    campaign = plan_campaign(authority=institution_of(regulator), plan=plan(), actor=None, at=AT)
    later = (OPENS + timedelta(30)).isoformat()
    changed = filled_in(campaign, opens_on=later, verb="propose")
    shown = said(client_of(regulator).post(f"/office/campaigns/{campaign.pk}/plan/", changed))
    assert f'name="deployment_starts" value="{later}"' in shown
    assert campaign.stages.get(key="deployment").starts_on == OPENS
    half = filled_in(campaign, summary_ends="")
    assert "needs both days, or none" in said(client_of(regulator).post(f"/office/campaigns/{campaign.pk}/plan/", half))


def test_next_years_campaign_says_what_changed(client_of: SignIn, regulator: User, laboratory: User) -> None:
    campaign = published(institution_of(regulator))
    office, at = client_of(regulator), f"/office/campaigns/{campaign.pk}/next/"
    assert f'value="{OPENS.replace(year=OPENS.year + 1).isoformat()}"' in said(office.get(at))
    names = {"title_zh": "再次整顿", "title_en": "Again", "opens_on": "2027-04-15"}
    shown = said(office.post(at, names, follow=True))
    assert "What changed since the last campaign" in shown and "No standard changed" in shown
    assert Campaign.objects.get(title_en="Again").previous == campaign


def test_gates_say_what_is_missing_and_who_opened_them(
    client_of: SignIn, regulator: User, county: User, laboratory: User, other_laboratory: User
) -> None:
    campaign = published(institution_of(regulator))
    office, district = client_of(regulator), client_of(county)
    at = f"/office/campaigns/{campaign.pk}/stages/"
    here = {"region": "330106", "stage": "deployment"}
    district.post(f"{at}gate/", {**here, "side": "entry"})
    assert "Missing: every institution has signed the commitment – 0 of 1" in said(district.get(f"{at}?region=330106"))
    district.post(f"{at}gate/", {**here, "side": "exit"})
    assert "opened all the same" not in said(office.get(f"{at}?region=330106"))
    district.post(f"{at}gate/", {**here, "side": "exit", "reason": "The road is flooded."})
    shown = said(office.get(f"{at}?region=330106"))
    assert "opened all the same" in shown and "The road is flooded." in shown and "Example District" in shown
    assert "County" in said(district.get(f"{at}?region=330106"))  # a colleague by name, to others the institution
    district.post(f"{at}days/", {**here, "starts_on": "2026-04-20", "ends_on": "2026-04-25"})
    assert "(days of the region)" in said(district.get(f"{at}?region=330106"))
    assert "(days of the region)" not in said(office.get(at))


def test_an_authority_sees_its_own_area_of_anothers_campaign(
    client_of: SignIn, regulator: User, county: User, laboratory: User, other_laboratory: User
) -> None:
    campaign = published(institution_of(regulator))
    at = f"/office/campaigns/{campaign.pk}/"
    mine = said(client_of(county).get(f"{at}institutions/"))
    assert "Example Laboratory L08" in mine and "Example Laboratory L04" not in mine
    assert "Example Laboratory L04" in said(client_of(regulator).get(f"{at}institutions/"))
    task = set_task(campaign, TaskGiven(t("Report", "报告"), "quality_manager", CLOSES), actor=None, at=AT)
    shown = said(client_of(county).get(f"{at}tasks/{task.pk}/"))
    assert "Example Laboratory L08" in shown and "Example Laboratory L04" not in shown


def test_from_the_meeting_to_the_task_and_back(
    client_of: SignIn, regulator: User, laboratory: User, other_laboratory: User
) -> None:
    campaign = published(institution_of(regulator))
    office, at = client_of(regulator), f"/office/campaigns/{campaign.pk}/"
    held = {"title": "Video conference", "held_on": OPENS.isoformat(), "attended": "A\nB"}
    office.post(f"{at}meetings/new/", {**held, "agenda_1": "Progress", "decision_1": "Report every week"})
    meeting = campaign.meetings.get()
    point = meeting.points.get()
    given = {
        "text_zh": "每周报告", "text_en": "Report weekly", "role": "quality_manager", "due_on": CLOSES.isoformat(), "point": point.pk,
    }  # fmt: skip
    office.post(f"{at}tasks/new/", given)
    task = campaign.tasks.get()
    acknowledge_task(task, institution_of(laboratory), "read", words="", actor=laboratory, at=AT)
    shown = said(office.get(f"{at}tasks/{task.pk}/"))
    assert "Video conference" in shown and "Report every week" in shown
    assert f"/tasks/{task.pk}/" in said(office.get(f"{at}meetings/{meeting.pk}/"))
    unread = said(office.get(f"{at}tasks/{task.pk}/?standing=unread"))
    assert "Example Laboratory L04" in unread and "Example Laboratory L08" not in unread
    assert "1／2" in said(office.get(f"{at}tasks/"))


def test_tasks_of_authorities_are_set_to_those_below(
    client_of: SignIn, regulator: User, county: User, province: User, national: User, other_province: User
) -> None:
    campaign = published(institution_of(regulator))
    task = set_task(campaign, TaskGiven(t("Report", "报告"), "regulator", CLOSES), actor=None, at=AT)
    assert set(asked_by(task)) == {institution_of(county)}


def test_a_page_asks_as_often_of_three_as_of_three_hundred(client_of: SignIn, regulator: User) -> None:
    asked: dict[str, list[int]] = {}
    client = client_of(regulator)
    for many in (3, 300):
        several = [
            Institution(kind="laboratory", name_zh=f"室{many}-{n}", name_en=f"L{many}-{n}", region_code="330106")
            for n in range(many)
        ]
        enter_institutions(several, actor=None, at=AT)
        campaign = published(institution_of(regulator))
        filled(campaign, max(2, many // 10))
        for page in ("", "institutions/", "tasks/", "stages/", "meetings/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/office/campaigns/{campaign.pk}/{page}").status_code == 200
            asked.setdefault(page, []).append(len(queries))
    assert all(few == many for few, many in asked.values()), asked


def filled(campaign: Campaign, many: int) -> None:
    """With so many meetings of a decision and a task each."""
    for n in range(many):
        meeting = record_meeting(
            campaign, title=f"第 {n} 次会议", held_on=OPENS, attended="", points=[("进度", "约谈")], actor=None, at=AT
        )  # fmt: skip
        given = TaskGiven(t("Report", "报告"), "quality_manager", CLOSES, point=meeting.points.get())
        set_task(campaign, given, actor=None, at=AT)


def test_the_list_is_searched_sorted_and_taken_home(client_of: SignIn, regulator: User) -> None:
    authority = institution_of(regulator)
    for n in range(30):
        title = t("Campaign {n:02}", "行动{n:02}", n=n)
        plan_campaign(authority=authority, plan=replace(plan(), title=title), actor=None, at=AT)
    office = client_of(regulator)
    with CaptureQueriesContext(connection) as queries:
        shown = said(office.get("/office/campaigns/?sort=title"))
    assert "Campaign 00" in shown and "Campaign 29" not in shown and len(queries) < 20
    assert "Campaign 29" in said(office.get("/office/campaigns/?sort=-title"))
    assert "1 campaign" in said(office.get("/office/campaigns/?q=campaign+07"))
    assert "No campaign matches" in said(office.get("/office/campaigns/?state=closed"))
    table = read_table(office.get("/office/campaigns/?format=xlsx").content, filename="campaigns.xlsx")
    assert len(table.rows) == 30


def test_the_institutions_are_taken_home(client_of: SignIn, regulator: User, laboratory: User) -> None:
    campaign = published(institution_of(regulator))
    mine = campaign.participants.get(institution=institution_of(laboratory))
    sign_commitment(
        mine, responsible="王一", position="", seen=text_sha256(COMMITMENT), actor=laboratory, at=AT
    )  # fmt: skip
    office, at = client_of(regulator), f"/office/campaigns/{campaign.pk}/institutions/"
    table = read_table(office.get(f"{at}?format=xlsx").content, filename="participants.xlsx")
    assert [row.texts[4] for row in table.rows] == ["王一"]
    assert "No institution matches" in said(office.get(f"{at}?signed=unsigned"))
