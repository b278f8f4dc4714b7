"""The page on which a coordinator watches results come in, reminds, reopens and closes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.activities.proficiency.collect.collected import handed_in, part, running_round
from tests.activities.proficiency.collect.test_closing import made_in_bulk
from tests.cast import institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.collect.models import Submission
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.faces.jobs.actions import run
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.messages.models import Message
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(coordinator: User, provider: Institution, laboratory: User, other_laboratory: User) -> Round:
    labs = [institution_of(laboratory), institution_of(other_laboratory), None]
    made = running_round(provider, coordinator, laboratories=labs)
    Plan.objects.filter(round=made).update(results_until=timezone.now() + timedelta(days=3))
    return made


@pytest.fixture
def desk(coordinator: User, client: Client) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def second(laboratory: User) -> User:
    return user_with_post("second", "technical_manager", institution_of(laboratory))


def at(name: str, round_: Round, *more: Any) -> str:
    return reverse(name, args=[round_.pk, *more])


def submitted(round_: Round, code: str, by: User, approved_by: User | None = None) -> None:
    handed_in(round_, code, ("0.120", "0.300"), by=by, approved_by=approved_by, at=timezone.now())


def test_who_is_how_far_and_the_counts_add_up(desk: Client, laboratory: User, second: User, round_: Round) -> None:
    submitted(round_, "K01", laboratory, second)
    submitted(round_, "K02", laboratory)
    page = desk.get(at("office_round_collect", round_))
    assert "3 = 1 nothing yet + 0 draft + 1 submitted + 1 approved" in text_of(page)
    assertContains(page, "Example Laboratory L08")
    only_one = desk.get(at("office_round_collect", round_) + "?state=none")
    assertContains(only_one, "K03")
    assertNotContains(only_one, "K01")
    assertContains(desk.get(at("office_round_collect", round_) + "?q=Laboratory+L04"), "K02")
    file = desk.get(at("office_round_collect", round_) + "?state=approved&format=csv").content.decode("utf-8-sig")
    assert "K01" in file and "K02" not in file
    assertContains(in_chinese(desk).get(at("office_round_collect", round_)), "结果收集")


def test_a_reminder_goes_to_those_who_have_not_submitted_once_a_day(
    desk: Client, laboratory: User, round_: Round
) -> None:
    submitted(round_, "K01", laboratory)
    for _ in range(2):
        desk.post(at("office_round_collect_remind", round_))
    told = Message.objects.get()
    assert told.recipient.username == "other_laboratory"
    assert "K02" not in told.subject_en + told.body_en + told.address


def test_reopened_with_a_reason(desk: Client, laboratory: User, round_: Round) -> None:
    submitted(round_, "K01", laboratory)
    there = at("office_round_collect_reopen", round_, part(round_, "K01").pk)
    assertContains(desk.post(there, {"reason": ""}), "required")
    Plan.objects.filter(round=round_).update(results_until=timezone.now() - timedelta(hours=1))
    assertContains(desk.post(there, {"reason": "Lost post"}), "give this participant a new one")
    assertContains(
        desk.post(there, {"reason": "Lost post", "until": "2099-01-01T12:00"}, follow=True),
        "can enter its results again",
    )
    found = Submission.objects.get()
    assert found.state == "draft" and found.open_until is not None and found.open_until.hour == 4  # 12:00 in Shanghai


def test_closed_after_the_number_was_typed(desk: Client, laboratory: User, second: User, round_: Round) -> None:
    submitted(round_, "K01", laboratory, second)
    submitted(round_, "K02", laboratory)
    there = at("office_round_collect_close", round_)
    said = {"number": round_.number, "with_submitted": "yes"}
    assertContains(desk.post(there, said), "may still be submitted")
    Plan.objects.filter(round=round_).update(results_until=timezone.now() - timedelta(seconds=1))
    assertContains(desk.get(there), "1 approved, 1 submitted and not approved, 0 drafts, 1 without anything.")
    assertContains(desk.post(there, {**said, "number": "other"}), "type the number")
    assertContains(desk.post(there, {"number": round_.number}), "type the number")
    assert Round.objects.get(pk=round_.pk).state == "running"
    assertContains(desk.post(there, said, follow=True), "Closing the collection")
    job = Job.objects.get(kind="close_collection")
    desk.post(there, said)
    assert Job.objects.count() == 1, "asked for twice, it is done once"
    run(str(job.pk))
    assert Round.objects.get(pk=round_.pk).state == "collected"
    assertContains(desk.get(at("office_round_collect", round_)), "Evaluate the round next")
    Job.objects.filter(pk=job.pk).update(state="queued")
    run(str(job.pk))
    assert Job.objects.get().state == "done", "another attempt finds the work done"
    assertContains(desk.post(there, said, follow=True), "not coming in now")


def test_why_it_was_not_closed_is_told_where_it_was_asked_for(desk: Client, laboratory: User, round_: Round) -> None:
    submitted(round_, "K01", laboratory)
    Plan.objects.filter(round=round_).update(results_until=timezone.now() - timedelta(seconds=1))
    desk.post(at("office_round_collect_close", round_), {"number": round_.number, "with_submitted": "yes"})
    run(str(Job.objects.get().pk))
    assertContains(desk.get(at("office_round_collect", round_)), "fewer than two laboratories")
    assertContains(in_chinese(desk).get(at("office_round_collect", round_)), "未能结束收集")


def test_as_many_questions_for_3_participants_as_for_300(
    desk: Client, coordinator: User, provider: Institution
) -> None:
    asked = []
    for n in (3, 300):
        made = running_round(provider, coordinator, laboratories=[], number=f"N-{n}")
        made_in_bulk(made, n)
        asked.append(queries_of(lambda made=made: desk.get(at("office_round_collect", made))))  # type: ignore[misc]
        asked.append(queries_of(lambda made=made: desk.get(at("office_round_collect", made) + "?format=csv")))  # type: ignore[misc]
    assert asked[:2] == asked[2:]
