"""From the call to the frozen form, through the verbs."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.selfcheck.forms import DUE, called, filled_in
from tests.cast import AT, institution_of, user_with_post
from zhunsheng.activities.campaigns.plan.actions.planning import close_campaign
from zhunsheng.activities.campaigns.selfcheck.actions.answering import (
    answer_items,
    freeze_selfchecks,
    return_selfcheck,
    submit_selfcheck,
)
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import enter_checklist, shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.actions.opening import call_selfcheck
from zhunsheng.activities.campaigns.selfcheck.actions.proving import add_proof, withdraw_proof
from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, Checklist, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import shipped_items
from zhunsheng.activities.campaigns.selfcheck.queries.standing import answers_in, as_submitted, frozen_of, lines_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnsweredMeanwhile, AnswerRefused, Given
from zhunsheng.activities.campaigns.selfcheck.states import FINE, NOT_APPLICABLE, PROBLEM
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution


@pytest.fixture
def call(authority: Institution, laboratory: User, other_laboratory: User) -> Call:
    late_one = Instrument(institution=institution_of(laboratory), serial="S-1", name_zh="天平", name_en="Balance")
    enter_instruments([late_one], actor=None, at=AT)
    return called(authority)


def form_of(user: User) -> SelfCheck:
    return SelfCheck.objects.get(participant__institution=institution_of(user))


@pytest.fixture
def form(call: Call, laboratory: User) -> SelfCheck:
    return form_of(laboratory)


def test_every_form_has_every_item_and_what_the_registers_say(call: Call, form: SelfCheck) -> None:
    assert call.complete and Answer.objects.count() == 100
    lines = {one.item.no: one for one in lines_of(form)}
    assert lines[23].answer.answer == PROBLEM and lines[23].answer.prefilled  # the balance was never calibrated
    assert lines[23].said is not None and "1 of 1 instruments" in lines[23].said.reasons[0].en
    assert lines[18].answer.answer == "" and lines[18].said is None  # no register knows of premises
    assert form.answered == sum(bool(one.answer.answer) for one in lines.values())


def test_a_call_is_made_once_for_a_published_plan(call: Call, authority: Institution) -> None:
    given: dict[str, Any] = {"checklist": call.checklist, "actor": None, "at": AT}
    with pytest.raises(AnswerRefused, match="already"):
        call_selfcheck(call.campaign, due_on=DUE, **given)
    other = published(authority, region_code="330106")
    with pytest.raises(AnswerRefused, match="passed"):
        call_selfcheck(other, due_on=AT.date() - timedelta(1), **given)


def test_half_done_is_kept_and_counted(form: SelfCheck, laboratory: User) -> None:
    before, acts = form.answered, Entry.objects.count()
    assert (
        answer_items(form, [Given(18, FINE), Given(19, PROBLEM, "温度未记录", "已补装温度计")], actor=laboratory, at=AT)
        == 2
    )
    assert (form.answered, form.revision) == (before + 2, 1)
    assert answer_items(form, [Given(18, FINE)], actor=laboratory, at=AT) == 0  # sent twice, kept once
    assert form.revision == 1 and Entry.objects.count() == acts
    with pytest.raises(AnswerRefused, match="no item 99"):
        answer_items(form, [Given(99, FINE)], actor=laboratory, at=AT)


def test_a_proof_is_kept_once(form: SelfCheck, laboratory: User) -> None:
    given: dict[str, Any] = {"name": "证书.pdf", "content": b"%PDF-1.7 proof", "actor": laboratory, "at": AT}
    made = add_proof(form, 23, **given)
    assert add_proof(form, 23, **given) == made
    assert len(made.attachment.sha256) == 64


def test_a_proof_is_taken_back_and_what_was_submitted_with_it_keeps_it(
    form: SelfCheck, laboratory: User, regulator: User
) -> None:
    boss = user_with_post("boss", "institution_admin", institution_of(laboratory))
    given: dict[str, Any] = {"name": "证书.pdf", "content": b"%PDF-1.7 proof", "actor": laboratory, "at": AT}
    made = add_proof(form, 23, **given)
    frozen = submit_selfcheck(filled_in(form, laboratory), actor=boss, at=AT)
    with pytest.raises(NotAllowedNow):
        withdraw_proof(made, actor=laboratory, at=AT)
    return_selfcheck(form, reason="证书不清晰", actor=regulator, at=AT)
    for _ in range(2):
        withdraw_proof(made, actor=laboratory, at=AT)
    assert Entry.objects.filter(verb="withdraw_proof").count() == 1
    line = lines_of(form)[22]
    assert (line.proofs, line.former) == ([], [made])
    assert as_submitted(lines_of(form), frozen)[22].proofs == [made]
    again = add_proof(form, 23, **given)
    assert again != made and lines_of(form)[22].proofs == [again]


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(form: SelfCheck, laboratory: User) -> None:
    seen = lines_of(form)[17].given.stamp
    colleague = user_with_post("colleague", "technical_manager", institution_of(laboratory))
    answer_items(form, [Given(18, PROBLEM, "漏雨")], actor=colleague, at=AT, was={18: seen})
    mine = [Given(18, FINE), Given(19, FINE)]
    with pytest.raises(AnsweredMeanwhile) as clash:
        answer_items(form, mine, actor=laboratory, at=AT, was={18: seen, 19: lines_of(form)[18].given.stamp})
    assert clash.value.items == {18}
    lines = lines_of(form)
    assert (lines[17].answer.answer, lines[18].answer.answer) == (PROBLEM, "")  # nothing of it is kept
    answer_items(form, [Given(18, PROBLEM, "漏雨")], actor=laboratory, at=AT, was={18: seen})  # they agree: no quarrel
    answer_items(form, mine, actor=laboratory, at=AT, was={18: lines[17].given.stamp})
    assert lines_of(form)[17].answer.answer == FINE


def test_nothing_is_answered_when_the_campaign_is_over(form: SelfCheck, laboratory: User) -> None:
    close_campaign(form.call.campaign, actor=None, at=AT)
    with pytest.raises(AnswerRefused, match="over"):
        answer_items(form, [Given(18, FINE)], actor=laboratory, at=AT)


def test_it_is_submitted_by_another_person_when_it_is_complete(form: SelfCheck, laboratory: User) -> None:
    boss = user_with_post("boss", "institution_admin", institution_of(laboratory))
    with pytest.raises(AnswerRefused, match=r"Item 1: confirm what the registers say, or mend it\. 49 more"):
        submit_selfcheck(form, actor=boss, at=AT)
    filled_in(form, laboratory, i23=Given(23, PROBLEM, "未校准", "已送检"))
    with pytest.raises(AnswerRefused, match="another person"):
        submit_selfcheck(form, actor=laboratory, at=AT)
    frozen = submit_selfcheck(form, actor=boss, at=AT)
    assert (form.state, form.problems, frozen.version) == ("submitted", 1, 1)
    said = {one["no"]: one for one in answers_in(frozen)}
    assert (said[23]["remark"], said[23]["register"]) == ("未校准", PROBLEM)
    assert json.loads(bytes(frozen.content))["checklist"]["sha256"] == form.call.checklist.sha256
    with pytest.raises(NotAllowedNow):
        answer_items(form, [Given(18, NOT_APPLICABLE, "无")], actor=laboratory, at=AT)


def test_what_was_submitted_stays_frozen_when_it_is_given_back(
    form: SelfCheck, laboratory: User, regulator: User
) -> None:
    boss = user_with_post("boss", "institution_admin", institution_of(laboratory))
    first = submit_selfcheck(filled_in(form, laboratory), actor=boss, at=AT)
    with pytest.raises(AnswerRefused, match="why"):
        return_selfcheck(form, reason=" ", actor=regulator, at=AT)
    return_selfcheck(form, reason="第 23 项不实", actor=regulator, at=AT)
    assert (form.state, form.reason) == ("returned", "第 23 项不实")
    answer_items(form, [Given(23, PROBLEM, "未校准")], actor=laboratory, at=AT)
    second = submit_selfcheck(form, actor=boss, at=AT)
    assert (second.version, frozen_of(form)) == (2, second) and first.sha256 != second.sha256


def test_what_is_final_is_changed_by_nobody(form: SelfCheck, call: Call, laboratory: User) -> None:
    given: dict[str, Any] = {"campaign": call.campaign_id, "actor": None, "at": AT}
    assert freeze_selfchecks([form.participant_id], **given) == 1
    assert freeze_selfchecks([form.participant_id], **given) == 0
    form.refresh_from_db()
    with pytest.raises(NotAllowedNow):
        answer_items(form, [Given(18, FINE)], actor=laboratory, at=AT)
    assert Entry.objects.get(verb="freeze_selfchecks").touched == 1


def test_a_checklist_has_a_next_version_when_something_changed(db: None) -> None:
    first = shipped_checklist(at=AT)
    assert shipped_checklist(at=AT) == first and Checklist.objects.count() == 1
    given: dict[str, Any] = {"authority": None, "name": t("Ours", "本局表"), "actor": None, "at": AT, "replaces": first}
    with pytest.raises(AnswerRefused, match="Nothing changed"):
        enter_checklist(items=shipped_items(), **given)
    second = enter_checklist(items=shipped_items()[:49], **given)
    assert (second.version, second.items.count()) == (2, 49)
    with pytest.raises(AnswerRefused, match="newer version"):
        enter_checklist(items=shipped_items()[:48], **given)
