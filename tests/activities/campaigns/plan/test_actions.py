"""From the draft of a plan to its end, through the verbs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.plan.campaigns import COMMITMENT, OPENS, plan, published
from tests.cast import AT, institution, institution_of
from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.actions import enrolling
from zhunsheng.activities.campaigns.plan.actions.answering import acknowledge_task, sign_commitment, text_sha256
from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
from zhunsheng.activities.campaigns.plan.actions.leading import (
    TaskGiven,
    open_gate,
    record_meeting,
    set_regional_days,
    set_task,
)
from zhunsheng.activities.campaigns.plan.actions.planning import (
    change_plan,
    clone_campaign,
    close_campaign,
    plan_campaign,
    publish_campaign,
)
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.plan.queries.board import meetings_of, receipts_of, stages_in, tasks_with_receipts
from zhunsheng.activities.campaigns.plan.queries.changes import changes_since
from zhunsheng.activities.campaigns.plan.queries.participants import commitments_by_place, commitments_in
from zhunsheng.activities.campaigns.plan.rules.gates import Count
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.catalogue.actions import enter_standard_states, enter_standards
from zhunsheng.registry.catalogue.models import Standard, StandardState
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.rulebook.queries import pack, rules_on

TODAY = AT.date()


@pytest.fixture
def campaign(authority: Institution, laboratory: User, other_laboratory: User) -> Campaign:
    institution("laboratory", "外省实验室", "Laboratory elsewhere", region_code="440300")
    return published(authority)


def test_the_plan_is_changed_until_it_is_published(authority: Institution) -> None:
    made = plan_campaign(authority=authority, plan=plan(whole=False), actor=None, at=AT)
    with pytest.raises(PlanRefused, match="both languages"):
        publish_campaign(made, actor=None, at=AT)
    change_plan(made, plan(), actor=None, at=AT)
    assert made.stages.count() == 8
    publish_campaign(made, actor=None, at=AT)
    assert made.state == "published"
    assert (pack(made.rulepack).id, pack(made.rulepack).sha256) == (rules_on(TODAY).id, made.rulepack_sha256)
    with pytest.raises(NotAllowedNow):
        change_plan(made, plan(), actor=None, at=AT)
    close_campaign(made, actor=None, at=AT)
    assert [one.verb for one in Entry.objects.filter(subject=f"campaign:{made.pk}").order_by("pk")] == [
        "plan_campaign", "change_plan", "publish_campaign", "close_campaign",
    ]  # fmt: skip


def test_it_enrols_the_laboratories_of_the_area_once(campaign: Campaign) -> None:
    names = set(campaign.participants.values_list("institution__name_en", flat=True))
    assert names == {"Example Laboratory L08", "Example Laboratory L04"}
    assert enrol_participants(campaign.pk, actor=None, at=AT) == 0
    assert Participant.objects.count() == 2 and campaign.enrolled_at == AT


def test_enrolling_asks_as_often_for_three_as_for_three_hundred(authority: Institution) -> None:
    asked: list[int] = []
    for many in (3, 300):
        for n in range(many):
            institution("laboratory", f"室{many}-{n}", f"L{many}-{n}", region_code="330106")
        made = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
        publish_campaign(made, actor=None, at=AT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            enrol_participants(made.pk, actor=None, at=AT)
        asked.append(len(queries) - len([one for one in queries if "INSERT INTO" in one["sql"]]))
    assert asked[0] == asked[1]


def test_a_killed_enrolment_goes_on_where_it_stopped(authority: Institution, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        institution("laboratory", f"室{n}", f"L{n}", region_code="330106")
    made = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    publish_campaign(made, actor=None, at=AT)
    monkeypatch.setattr(enrolling, "STEP", 2)

    def dies(done: int, of: int) -> None:
        assert of == 5
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrol_participants(made.pk, actor=None, at=AT, progress=dies)
    assert made.participants.count() == 4
    assert enrol_participants(made.pk, actor=None, at=AT) == 1
    assert Entry.objects.filter(verb="enrol_participants").count() == 3


def test_a_draft_is_seen_by_its_authority_alone(authority: Institution, regulator: User, county: User) -> None:
    draft = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    assert draft in access.seen_by_authority(Visitor(regulator, TODAY))
    assert draft not in access.seen_by_authority(Visitor(county, TODAY))
    assert not access.public_campaigns().exists()


def test_who_leads_where(campaign: Campaign, regulator: User, county: User, other_province: User) -> None:
    assert access.may_lead(Visitor(regulator, TODAY), campaign, "330106")
    assert not access.may_lead(Visitor(regulator, TODAY), campaign, "440300")
    assert access.may_lead(Visitor(county, TODAY), campaign, "330106")
    assert not access.may_lead(Visitor(county, TODAY), campaign, "330108")
    assert not access.may_lead(Visitor(county, TODAY), campaign, "")
    assert not access.may_lead(Visitor(other_province, TODAY), campaign, "330106")


def test_a_gate_opens_when_all_is_done_or_a_person_says_why(campaign: Campaign, regulator: User) -> None:
    first, second = campaign.stages.order_by("position")[:2]
    with pytest.raises(PlanRefused, match="say why"):
        open_gate(first, "exit", region_code="330106", count=Count(0, 1), reason="", actor=regulator, at=AT)
    opened = open_gate(first, "exit", region_code="330106", count=Count(1, 1), reason="", actor=regulator, at=AT)
    assert opened.met and opened.found == {"done": 1, "of": 1}
    with pytest.raises(PlanRefused, match="already"):
        open_gate(first, "exit", region_code="330106", count=Count(1, 1), reason="", actor=regulator, at=AT)
    assert open_gate(second, "entry", region_code="330106", count=None, reason="", actor=regulator, at=AT).met
    elsewhere = open_gate(second, "entry", region_code="330108", count=None, reason="汛期", actor=regulator, at=AT)
    assert not elsewhere.met and elsewhere.reason == "汛期"


def test_no_gate_opens_before_the_plan_is_published(authority: Institution) -> None:
    draft = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    with pytest.raises(PlanRefused, match="published"):
        open_gate(draft.stages.first(), "entry", region_code="", count=None, reason="", actor=None, at=AT)


def test_a_stage_with_tasks_is_not_left_out(authority: Institution) -> None:
    draft = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    given = TaskGiven(t("Report", "报告"), "regulator", OPENS + timedelta(5), stage=draft.stages.get(key="stocktaking"))
    set_task(draft, given, actor=None, at=AT)
    without = plan()
    shorter = replace(without, stages=[one for one in without.stages if one.key != "stocktaking"])
    with pytest.raises(PlanRefused, match="Stock-taking"):
        change_plan(draft, shorter, actor=None, at=AT)
    assert draft.stages.count() == 8


def test_what_a_colleague_took_out_meanwhile_is_not_published(authority: Institution) -> None:
    seen = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    change_plan(Campaign.objects.get(pk=seen.pk), plan(whole=False), actor=None, at=AT)
    with pytest.raises(PlanRefused, match="both languages"):
        publish_campaign(seen, actor=None, at=AT)


def test_a_region_has_its_own_days(campaign: Campaign) -> None:
    stage = campaign.stages.get(key="selfcheck")
    days = {"starts_on": stage.starts_on + timedelta(3), "ends_on": stage.ends_on + timedelta(9)}
    set_regional_days(stage, region_code="330100", **days, actor=None, at=AT)
    own = {one.stage.key: one for one in stages_in(campaign, "330106", {})}["selfcheck"]
    assert (own.of_region, own.ends_on) == (True, days["ends_on"])  # the county has those of its prefecture
    elsewhere = {one.stage.key: one for one in stages_in(campaign, "440300", {})}["selfcheck"]
    assert (elsewhere.of_region, elsewhere.ends_on) == (False, stage.ends_on)
    assert own.late(own.ends_on + timedelta(1)) and not own.late(own.ends_on)
    with pytest.raises(PlanRefused, match="outside"):
        set_regional_days(
            stage, region_code="330106", starts_on=OPENS, ends_on=date(2030, 1, 1), actor=None, at=AT
        )  # fmt: skip


def test_the_commitment_is_signed_for_the_text_that_was_read(campaign: Campaign, laboratory: User) -> None:
    mine = campaign.participants.get(institution=institution_of(laboratory))
    given: dict[str, Any] = {"responsible": "王一", "position": "法定代表人", "actor": laboratory, "at": AT}
    with pytest.raises(PlanRefused, match="changed"):
        sign_commitment(mine, seen="0" * 64, **given)
    made = sign_commitment(mine, seen=text_sha256(COMMITMENT), **given)
    assert made.text == COMMITMENT
    with pytest.raises(PlanRefused, match="already"):
        sign_commitment(mine, seen=text_sha256(COMMITMENT), **given)
    assert commitments_in(campaign) == Count(1, 2)
    assert commitments_in(campaign, "330106") == Count(1, 1)
    places = commitments_by_place(campaign, beginning="33", digits=6)
    assert places == {"330106": Count(1, 1), "330108": Count(0, 1)}


def test_from_the_agenda_to_the_receipt(campaign: Campaign, laboratory: User) -> None:
    meeting = record_meeting(
        campaign, title="视频会议", held_on=TODAY, attended="各省局", points=[("进度", "逾期的约谈"), ("下步", "")], actor=None, at=AT
    )  # fmt: skip
    first = meeting.points.first()
    given = TaskGiven(t("Report what is late", "报告逾期情况"), "quality_manager", TODAY + timedelta(9), point=first)
    task = set_task(campaign, given, actor=None, at=AT)
    where = institution_of(laboratory)
    for _ in range(2):
        acknowledge_task(task, where, "read", words="", actor=laboratory, at=AT)
    acknowledge_task(task, where, "done", words="已报", actor=laboratory, at=AT)
    (shown,) = tasks_with_receipts(campaign)
    assert (shown.read, shown.done) == (1, 1)
    assert receipts_of([task], where.pk) == {task.pk: {"read", "done"}}
    (kept,) = meetings_of(campaign)
    assert [[one.pk for one in point.tasks.all()] for point in kept.points.all()] == [[task.pk], []]


def test_once_it_is_over_nobody_goes_on_who_looked_before(campaign: Campaign, laboratory: User) -> None:
    given = TaskGiven(t("Report", "报告"), "quality_manager", TODAY + timedelta(9))
    task = set_task(campaign, given, actor=None, at=AT)
    seen, stage = Campaign.objects.get(pk=campaign.pk), campaign.stages.first()
    close_campaign(campaign, actor=None, at=AT)
    days: dict[str, Any] = {"region_code": "330100", "starts_on": stage.starts_on, "ends_on": stage.ends_on}
    stage.campaign = task.campaign = seen
    for verb in (
        lambda: set_task(seen, given, actor=None, at=AT),
        lambda: set_regional_days(stage, **days, actor=None, at=AT),
        lambda: record_meeting(seen, title="会议", held_on=TODAY, attended="", points=[("一", "")], actor=None, at=AT),
        lambda: acknowledge_task(task, institution_of(laboratory), "read", words="", actor=laboratory, at=AT),
    ):
        with pytest.raises(PlanRefused, match="over"):
            verb()


def test_last_years_plan_is_cloned_and_says_what_changed_since(campaign: Campaign) -> None:
    given = TaskGiven(t("Report", "报告"), "regulator", OPENS + timedelta(5))
    set_task(campaign, given, actor=None, at=AT)
    standard = Standard(number="GB 1-2020", name_zh="甲", name_en="A")
    enter_standards([standard], actor=None, at=AT)
    later = AT + timedelta(days=200)
    state = StandardState(
        standard=standard, state="withdrawn", valid_from=later.date(), source="公告", recorded_at=later
    )
    enter_standard_states([state], actor=None, at=later)
    moved = OPENS + timedelta(365)
    made = clone_campaign(campaign, title=t("Again", "再次整顿"), opens_on=moved, actor=None, at=later)
    assert (made.previous, made.state, made.opens_on) == (campaign, "draft", moved)
    assert made.stages.first().starts_on == moved
    assert made.tasks.get().due_on == moved + timedelta(5)
    found = changes_since(campaign, on=later.date())
    assert [(one.standard.number, one.after) for one in found.standards] == [("GB 1-2020", "withdrawn")]
    assert found.rules == []  # no rule changed between the two days


def test_rules_that_changed_since_are_named(authority: Institution) -> None:
    old = Campaign(id=UUID(int=1), authority=authority, opens_on=date(2024, 5, 1), closes_on=date(2024, 9, 1))
    assert changes_since(old, on=TODAY).rules
