"""The clocks of a campaign: whom each calls, by the days of the region, what stops it, who hears when it is late, and at what cost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.plan.campaigns import COMMITMENT, published
from tests.activities.campaigns.selfcheck.forms import DUE, called, filled_in
from tests.cast import AT, BINJIANG, XIHU, institution_of, user_with_post
from zhunsheng.activities.campaigns.plan.actions.answering import acknowledge_task, sign_commitment, text_sha256
from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
from zhunsheng.activities.campaigns.plan.actions.leading import TaskGiven, open_gate, set_regional_days, set_task
from zhunsheng.activities.campaigns.plan.actions.planning import close_campaign
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant, Task
from zhunsheng.activities.campaigns.selfcheck.actions.answering import return_selfcheck, submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.today import due_at
from zhunsheng.faces.clocks.who import who
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.foundation.messages.models import Message
from zhunsheng.foundation.messages.rules import Due
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution

KINDS = ("commitment", "campaign_task_read", "campaign_task", "selfcheck", "campaign_stage")
TODAY = AT.date()


def found(kind: str, *, on: date = TODAY, where: list[UUID] | None = None) -> list[Due]:
    calendar = working_calendar(date(2025, 1, 1), date(2027, 12, 31))
    since, until = calendar.add(on, -60), calendar.add(on, 60)
    return list(CLOCKS[kind].find(on=on, since=since, until=until, calendar=calendar, where=where))


def look(kind: str, on: date) -> set[tuple[str, str]]:
    """Who is told on a day, and where it leads."""
    before = set(Message.objects.values_list("pk", flat=True))
    remind([CLOCKS[kind]], who=who, at=datetime.combine(on, AT.timetz()))
    return set(Message.objects.exclude(pk__in=before).values_list("recipient__username", "address"))


def told(kind: str, on: date) -> set[str]:
    return {name for name, _ in look(kind, on)}


def task_of(campaign: Campaign, role: str = "quality_manager", *, days: int = 30, region_code: str = "") -> Task:
    words = t("Name a contact.", "确定联络人。")
    return set_task(campaign, TaskGiven(words, role, TODAY + timedelta(days), region_code), actor=None, at=AT)


def signed(part: Participant) -> None:
    sign_commitment(part, responsible="示例", position="", seen=text_sha256(COMMITMENT), actor=None, at=AT)


@pytest.fixture
def campaign(authority: Institution, regulator: User, laboratory: User) -> Campaign:
    return published(authority)


@pytest.fixture
def part(campaign: Campaign) -> Participant:
    return Participant.objects.get(campaign=campaign)


# The commitment


def test_whoever_answers_for_the_institution_is_reminded_to_sign_then_the_authority_is_told_once(
    campaign: Campaign, part: Participant
) -> None:
    (due,) = found("commitment")
    last = campaign.stages.get(key="deployment").ends_on
    assert (due.due_on, due.what.zh) == (last, "签署承诺书：检测工作整顿")
    mine = f"/workspace/campaigns/{part.pk}/#commitment"
    assert look("commitment", last) == {("laboratory", mine)}
    assert look("commitment", last) == set(), "nothing twice"
    late = last + timedelta(days=1)
    while not working_calendar(last, late).between(last, late):
        late += timedelta(days=1)
    assert look("commitment", late) == {("laboratory", mine), ("regulator", f"/office/campaigns/{campaign.pk}/")}
    assert told("commitment", late) == set()


def test_a_signature_stops_it_and_so_does_the_end_of_the_campaign(campaign: Campaign, part: Participant) -> None:
    for kind in ("commitment", "campaign_stage"):
        assert found(kind)
    signed(part)
    assert found("commitment") == [] and found("campaign_stage")
    close_campaign(campaign, actor=None, at=AT)
    assert found("campaign_stage") == []


def test_the_day_is_that_of_the_smallest_region_that_has_days_of_its_own(
    campaign: Campaign, other_laboratory: User
) -> None:
    enrol_participants(campaign.pk, actor=None, at=AT)
    stage = campaign.stages.get(key="deployment")
    for code, days in (("330000", 3), (XIHU, 5)):
        ends = stage.ends_on + timedelta(days)
        set_regional_days(stage, region_code=code, starts_on=stage.starts_on, ends_on=ends, actor=None, at=AT)
    late = {due.whose.en: (due.due_on - stage.ends_on).days for due in found("commitment")}
    assert late == {"Example Laboratory L08": 5, "Example Laboratory L04": 3}


# Tasks


def test_a_task_reaches_its_role_on_the_day_it_is_set_and_waits_for_a_receipt(
    campaign: Campaign, part: Participant
) -> None:
    user_with_post("boss", "institution_admin", part.institution)
    task = task_of(campaign)
    address = f"/workspace/campaigns/{part.pk}/#task-{task.pk}"
    assert look("campaign_task_read", TODAY) == {("laboratory", address)}
    (due,) = found("campaign_task_read")
    assert due.due_on == date(2026, 4, 20), "three working days after Wednesday"
    late = {("laboratory", address), ("regulator", f"/office/campaigns/{campaign.pk}/")}
    assert look("campaign_task_read", date(2026, 4, 21)) == late
    acknowledge_task(task, part.institution, "read", words="", actor=None, at=AT)
    assert found("campaign_task_read") == []
    assert [due.due_on for due in found("campaign_task")] == [task.due_on]
    acknowledge_task(task, part.institution, "done", words="", actor=None, at=AT)
    assert found("campaign_task") == []


def test_an_unread_task_is_to_be_done_once_its_day_is_near(campaign: Campaign, part: Participant) -> None:
    task = task_of(campaign)
    assert found("campaign_task", on=task.due_on - timedelta(days=14)) == []
    near = task.due_on - timedelta(days=2)
    assert len(found("campaign_task", on=near)) == 1
    assert found("campaign_task_read", on=near) == [], "said once, not twice"
    assert told("campaign_task", task.due_on) == {"laboratory"}


def test_what_is_done_needs_no_receipt(campaign: Campaign, part: Participant) -> None:
    acknowledge_task(task_of(campaign), part.institution, "done", words="", actor=None, at=AT)
    assert found("campaign_task_read") == found("campaign_task") == []


def test_where_nobody_holds_the_role_whoever_answers_for_the_institution_hears(
    campaign: Campaign, part: Participant
) -> None:
    task_of(campaign, "technical_manager")
    assert told("campaign_task_read", TODAY) == {"laboratory"}
    user_with_post("boss", "technical_manager", part.institution)
    task_of(campaign, "technical_manager")
    assert told("campaign_task_read", TODAY) == {"boss"}


def test_a_task_of_a_region_asks_nobody_elsewhere(campaign: Campaign, other_laboratory: User) -> None:
    enrol_participants(campaign.pk, actor=None, at=AT)
    task_of(campaign, region_code=BINJIANG)
    assert told("campaign_task_read", TODAY) == {"other_laboratory"}


def test_a_lower_authority_is_asked_too_and_whoever_runs_the_campaign_hears_when_it_is_late(
    campaign: Campaign, county: User, province: User
) -> None:
    task = task_of(campaign, "regulator")
    address = f"/workspace/campaigns/received/#task-{task.pk}"
    assert look("campaign_task_read", TODAY) == {("county", address)}, "neither those above nor its own"
    assert told("campaign_task_read", date(2026, 4, 21)) == {"county", "regulator"}
    assert found("campaign_task") == [], "not read, and its day is far"
    acknowledge_task(task, institution_of(county), "read", words="", actor=None, at=AT)
    assert [due.address for due in found("campaign_task", where=[institution_of(county).pk])] == [address]
    acknowledge_task(task, institution_of(county), "done", words="", actor=None, at=AT)
    assert found("campaign_task") == []


def test_a_task_of_a_draft_is_told_once_the_plan_is_published(authority: Institution, laboratory: User) -> None:
    campaign = published(authority)
    before = AT - timedelta(days=40)
    task = Task(
        campaign=campaign, role="quality_manager", text_zh="旧", text_en="old", due_on=TODAY + timedelta(30), set_at=before
    )  # fmt: skip
    task.save()
    assert [due.due_on for due in found("campaign_task_read")] == [date(2026, 4, 20)]


@pytest.mark.parametrize("role", ["quality_manager", "regulator"])
def test_what_a_superior_hears_of_a_late_task_leads_to_a_page_that_opens(
    role: str, campaign: Campaign, county: User, client_of: Callable[[Any], Client]
) -> None:
    task = task_of(campaign, role)
    for kind, day in (("campaign_task_read", TODAY), ("campaign_task", task.due_on)):
        look(kind, day + timedelta(days=7))
    leading = Message.objects.filter(address__startswith="/office/").select_related("recipient")
    assert {one.recipient.username for one in leading} == {"county" if role == "quality_manager" else "regulator"}
    for one in leading:
        assert client_of(one.recipient).get(one.address).status_code == 200, (one.recipient, one.address)


# The self-check and the stages


def test_a_self_check_is_due_until_it_is_submitted_and_again_when_it_is_given_back(
    authority: Institution, regulator: User, laboratory: User
) -> None:
    called(authority)
    form = SelfCheck.objects.get()
    (due,) = found("selfcheck")
    assert (due.due_on, due.address) == (DUE, f"/workspace/campaigns/selfchecks/{form.pk}/")
    assert told("selfcheck", DUE) == {"laboratory"}
    keeper = user_with_post("keeper", "technical_manager", form.participant.institution)
    submit_selfcheck(filled_in(form, keeper), actor=laboratory, at=AT)
    assert found("selfcheck") == []
    return_selfcheck(form, reason="补充证明", actor=regulator, at=AT)
    assert [due.why.zh for due in found("selfcheck")] == ["已退回：补充证明"]


def test_a_stage_reminds_whoever_leads_it_until_it_is_left(campaign: Campaign, county: User) -> None:
    stage = campaign.stages.get(key="deployment")
    set_regional_days(stage, region_code=XIHU, starts_on=stage.starts_on, ends_on=stage.ends_on, actor=None, at=AT)
    board = f"/office/campaigns/{campaign.pk}/"
    assert look("campaign_stage", stage.ends_on) == {("regulator", board), ("county", f"{board}?region={XIHU}")}
    own = [due for due in found("campaign_stage", where=[institution_of(county).pk]) if due.due_on == stage.ends_on]
    assert [due.address for due in own] == [f"{board}?region={XIHU}"]
    before = len(found("campaign_stage"))
    open_gate(stage, "exit", region_code=XIHU, count=None, reason="示例", actor=None, at=AT)
    open_gate(stage, "exit", region_code="", count=None, reason="示例", actor=None, at=AT)
    assert len(found("campaign_stage")) == before - 2


# Regions with days of their own


def days_of(campaign: Campaign, key: str, region_code: str, *, later: int) -> date:
    """A region gets its own last day for a stage, so many days after that of the plan; answers it."""
    stage = campaign.stages.get(key=key)
    ends = stage.ends_on + timedelta(later)
    set_regional_days(stage, region_code=region_code, starts_on=stage.starts_on, ends_on=ends, actor=None, at=AT)
    return ends


def test_a_self_check_is_due_by_the_days_of_its_region_and_elsewhere_by_the_call(
    authority: Institution, laboratory: User, other_laboratory: User
) -> None:
    call = called(authority)
    ends = days_of(call.campaign, "selfcheck", XIHU, later=5)
    here = {institution_of(laboratory).name.en: ends, institution_of(other_laboratory).name.en: DUE}
    assert ends != DUE and {due.whose.en: due.due_on for due in found("selfcheck")} == here
    days = working_calendar(date(2026, 1, 1), date(2027, 12, 31))
    assert told("selfcheck", DUE) == {"other_laboratory"} | (
        {"laboratory"} if days.between(DUE, ends) in (2, 5, 10) else set()
    )


def test_a_task_of_a_stage_is_due_by_the_days_of_the_region_unless_it_was_set_for_that_region(
    campaign: Campaign, laboratory: User, other_laboratory: User
) -> None:
    enrol_participants(campaign.pk, actor=None, at=AT)
    ends = days_of(campaign, "selfcheck", XIHU, later=5)
    stage = campaign.stages.get(key="selfcheck")
    wide = task_of(campaign)
    Task.objects.filter(pk=wide.pk).update(stage=stage)
    by_name = {due.whose.en: due.due_on for due in found("campaign_task", on=max(ends, wide.due_on))}
    here, there = institution_of(laboratory).name.en, institution_of(other_laboratory).name.en
    assert by_name == {here: ends, there: wide.due_on} and ends != wide.due_on
    Task.objects.filter(pk=wide.pk).update(region_code=XIHU)
    assert [due.due_on for due in found("campaign_task", on=max(ends, wide.due_on))] == [wide.due_on]


def test_a_region_without_days_of_its_own_is_reminded_of_the_stage_by_the_days_of_the_plan(
    campaign: Campaign, county: User, other_laboratory: User
) -> None:
    enrol_participants(campaign.pk, actor=None, at=AT)
    stage, board = campaign.stages.get(key="deployment"), f"/office/campaigns/{campaign.pk}/"
    here = ("county", f"{board}?region={XIHU}")
    assert look("campaign_stage", stage.ends_on) == {("regulator", board), here}
    own = [institution_of(county).pk]
    assert (stage.ends_on, here[1]) in {(due.due_on, due.address) for due in found("campaign_stage", where=own)}
    later = days_of(campaign, "deployment", XIHU, later=4)
    of_county = [due for due in found("campaign_stage", where=own) if due.about == f"stage:{stage.pk}:{XIHU}"]
    assert [due.due_on for due in of_county] == [later], "its own day, once"
    open_gate(stage, "exit", region_code="", count=None, reason="示例", actor=None, at=AT)
    assert [due.about for due in found("campaign_stage", where=own) if due.due_on == stage.ends_on] == []


# At what cost


@pytest.mark.parametrize("kind", KINDS)
def test_many_institutions_ask_no_more_than_few(
    kind: str, authority: Institution, regulator: User, laboratory: User
) -> None:
    call = called(authority)
    for role in ("quality_manager", "technical_manager", "regulator"):
        task_of(call.campaign, role)
        task_of(call.campaign, role, days=2)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            found(kind)
        return len(queries)

    asked()
    few, n = asked(), len(found(kind))
    more = [
        Institution(kind="laboratory", name_zh=f"新{i}", name_en=f"New {i}", region_code=XIHU) for i in range(300)
    ]  # fmt: skip
    enter_institutions(more, actor=None, at=AT)
    enrol_participants(call.campaign_id, actor=None, at=AT)
    if kind == "selfcheck":
        SelfCheck.objects.bulk_create(
            [SelfCheck(participant=one, call=call) for one in Participant.objects.filter(selfcheck=None)]
        )
    assert asked() == few <= 9
    assert len(found(kind)) >= n + 300 or kind == "campaign_stage"


def test_the_list_of_today_names_it_all(campaign: Campaign, part: Participant) -> None:
    task_of(campaign)
    due, _ = due_at([part.institution_id], on=TODAY)
    assert [one.due.verb.en for one in due] == ["Open the task", "Read and sign"]
