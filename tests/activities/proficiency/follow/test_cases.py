"""A case from the release to its end: opened once, answered, reviewed by another person, retested, confirmed, given back."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.proficiency.follow.cases import (
    FILES,
    LATER,
    RETESTED_ON,
    SAID,
    answered_and_asked,
    case_of,
    corrected,
    retested,
)
from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.follow.actions.answering import accept, answer, close, return_
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases, set_terms
from zhunsheng.activities.proficiency.follow.actions.retesting import ask_retest, confirm
from zhunsheng.activities.proficiency.follow.models import Case, CaseRow, Closing, Retest
from zhunsheng.activities.proficiency.follow.queries import cases_to_open, counted, days_of, rows_of
from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import document, issued_evaluation
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import capability
from zhunsheng.capability.profile.rules import Suspension
from zhunsheng.faces.suspended import suspensions_seen_by
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.catalogue.actions import enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.people.actions import enter_posts
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.queries import visitor


def held(about: User, parameter: Parameter, *, by: User, on: date) -> Suspension | None:
    """Whether the capability page of this visitor shows the item as suspended."""
    seen = visible_to(visitor(by, on=on))
    return capability(
        institution_of(about), parameter, Matrix.objects.get(), on=on, known_on=on, evidence=seen
    ).suspended


def test_every_unsatisfactory_laboratory_has_one_case_however_often_they_are_opened(
    released_round: Round, coordinator: User
) -> None:
    issued = issued_evaluation(released_round)
    assert issued is not None and cases_to_open(released_round)
    bad = {one["laboratory"] for one in document(issued)["scores"] if one["signal"] == "action"}
    made = open_cases(released_round, actor=coordinator, at=AT)
    assert {one.participation.code for one in made.opened} == bad and len(bad) > 3
    assert not open_cases(released_round, actor=coordinator, at=AT) and not cases_to_open(released_round)
    assert Case.objects.count() == CaseRow.objects.count() == len(bad)
    assert Entry.objects.filter(verb="open_cases").count() == 1
    one = Case.objects.all()[0]
    assert (one.state, one.due_on) == (
        "open",
        date(2026, 5, 29),
    )  # 30 working days over Labour Day, with its make-up day
    assert counted(Case.objects.all(), date(2026, 5, 29)) == {"open": len(bad), "late": 0}
    assert counted(Case.objects.all(), date(2026, 5, 30))["late"] == len(bad)


def test_no_case_before_the_release_and_no_other_days_after_it(evaluated_round: Round, coordinator: User) -> None:
    with pytest.raises(FollowRefused, match="not released"):
        open_cases(evaluated_round, actor=coordinator, at=AT)
    assert days_of(evaluated_round, on=AT.date()).appeal == 15  # SAMR 2023 No. 13, art. 14
    set_terms(evaluated_round, answer_days=10, appeal_days=5, actor=coordinator, at=AT)
    assert (days_of(evaluated_round, on=AT.date()).answer, days_of(evaluated_round, on=AT.date()).appeal) == (10, 5)
    with pytest.raises(FollowRefused, match="working days"):
        set_terms(evaluated_round, answer_days=0, appeal_days=5, actor=coordinator, at=AT)
    Round.objects.filter(pk=evaluated_round.pk).update(state="released")
    with pytest.raises(FollowRefused, match="stay as they were"):
        set_terms(evaluated_round, answer_days=1, appeal_days=5, actor=coordinator, at=AT)


def test_one_failed_item_is_suspended_until_its_retest_is_confirmed_and_the_others_never(
    released_round: Round, coordinator: User, laboratory: User, other_laboratory: User, regulator: User, mercury: Parameter
) -> None:  # fmt: skip
    """The trap of one failed parameter: derived from evidence at each step, on the page of the laboratory and of the authority."""
    lead = Parameter(code="lead", name_zh="铅", name_en="Lead", cas="7439-92-1")
    enter_parameters([lead], actor=None, at=AT)
    case, then = case_of(released_round, other_laboratory), LATER.date()
    for who in (other_laboratory, regulator):
        shown = held(other_laboratory, mercury, by=who, on=AT.date())
        assert shown is not None and shown.passed is None
        assert held(other_laboratory, lead, by=who, on=AT.date()) is None
        assert held(laboratory, mercury, by=who, on=AT.date()) is None
    answered_and_asked(case, laboratory=other_laboratory, coordinator=coordinator)
    with pytest.raises(NotAllowedNow):
        confirm(case, reason="x", visitor=visitor(regulator, on=then), at=LATER)

    made = retested(case, by=coordinator)
    assert made.passed and case.state == "passed" and made.rows.get().score == 0
    for who in (other_laboratory, regulator):
        shown = held(other_laboratory, mercury, by=who, on=then)
        assert (
            shown is not None and shown.passed is not None and "passed the retest of 2026-05-20" in shown.explanation.en
        )
    with pytest.raises(FollowRefused, match="Say why"):
        confirm(case, reason=" ", visitor=visitor(regulator, on=then), at=LATER)
    with pytest.raises(FollowRefused, match="authority"):
        close(case, reason="x", actor=coordinator, at=LATER)

    confirm(case, reason="原始记录已核实", visitor=visitor(regulator, on=then), at=LATER)
    assert case.state == "closed" and Closing.objects.get().by == regulator
    for who in (other_laboratory, regulator):
        assert held(other_laboratory, mercury, by=who, on=then) is None
        assert held(other_laboratory, mercury, by=who, on=RETESTED_ON) is not None  # until then it was suspended
    spans = [
        one for one in suspensions_seen_by(visitor(regulator, on=then)) if one[0] == institution_of(other_laboratory).pk
    ]
    assert [(one[1], one[3], one[4]) for one in spans] == [
        (mercury.pk, released_round.performed_on, then - timedelta(days=1))
    ]
    entry = Entry.objects.get(verb="confirm_case")
    assert entry.reason == "原始记录已核实" and entry.touched == 2
    with pytest.raises(NotAllowedNow):
        confirm(case, reason="twice", visitor=visitor(regulator, on=then), at=LATER)


def test_a_failed_retest_lifts_nothing_and_the_laboratory_answers_again(
    released_round: Round, coordinator: User, other_laboratory: User, regulator: User, mercury: Parameter
) -> None:
    case = case_of(released_round, other_laboratory)
    answered_and_asked(case, laboratory=other_laboratory, coordinator=coordinator)
    assert not retested(case, result="0.030", by=coordinator).passed and case.state == "failed"
    shown = held(other_laboratory, mercury, by=regulator, on=LATER.date())
    assert shown is not None and shown.passed is None
    assert Evidence.objects.get(kind="retest_result").payload["verdict"] == "failed"
    answered_and_asked(case, laboratory=other_laboratory, coordinator=coordinator, at=LATER)
    assert retested(case, by=coordinator).number == 2 and case.state == "passed"
    shown = held(other_laboratory, mercury, by=regulator, on=LATER.date())
    assert shown is not None and shown.passed is not None


def test_only_the_authority_that_commissioned_the_round_confirms(
    released_round: Round, coordinator: User, other_laboratory: User, national: User, province: User
) -> None:
    """Neither the national office nor the province is told of a round that another authority commissioned."""
    case = case_of(released_round, other_laboratory)
    answered_and_asked(case, laboratory=other_laboratory, coordinator=coordinator)
    retested(case, by=coordinator)
    for user in (national, province, coordinator, other_laboratory):
        with pytest.raises(PermissionError):
            confirm(case, reason="x", visitor=visitor(user, on=LATER.date()), at=LATER)
    Round.objects.filter(pk=released_round.pk).update(commissioned_by=None)
    case.round.refresh_from_db()
    close(case, reason="补测合格", actor=coordinator, at=LATER)  # nobody has to confirm a round without an authority
    assert case.state == "closed" and not Evidence.objects.filter(kind="retest_confirmed").exists()


def test_who_answered_never_reviews_and_nobody_reviews_for_the_own_laboratory(
    released_round: Round, coordinator: User, provider: Any, other_laboratory: User
) -> None:
    case = case_of(released_round, other_laboratory)
    answer(case, SAID, FILES, actor=coordinator, at=AT)  # on behalf of a laboratory without an account, say
    with pytest.raises(FollowRefused, match="Another person"):
        accept(case, reason="x", actor=coordinator, at=AT)
    both = user_with_post("both", "coordinator", provider)
    post = Post(
        person=both.person, institution=institution_of(other_laboratory), kind="analyst", valid_from=date(2020, 1, 1)
    )
    enter_posts([post], actor=None, at=AT)
    for verb in (
        lambda: accept(case, reason="x", actor=both, at=AT),
        lambda: return_(case, reason="x", due_on=AT.date() + timedelta(days=9), actor=both, at=AT),
        lambda: return_(case, reason="x", due_on=AT.date() + timedelta(days=9), actor=coordinator, at=AT),
    ):
        with pytest.raises(FollowRefused):
            verb()
    assert case.state == "answered"
    third = user_with_post("third", "coordinator", provider)
    return_(case, reason="未说明举一反三", due_on=date(2026, 6, 30), actor=third, at=AT)
    assert (case.state, case.due_on) == ("returned", date(2026, 6, 30))
    answer(case, SAID, {}, actor=other_laboratory, at=AT)
    assert accept(case, reason="x", actor=third, at=AT).answer.number == 2
    assert [one.sha256 != case.answers.get(number=1).sha256 for one in case.answers.filter(number=2)] == [True]


def test_a_corrigendum_settles_what_it_mended_and_opens_what_it_spoiled(
    released_round: Round, coordinator: User, other_laboratory: User, signing_key: SigningKey
) -> None:
    case = case_of(released_round, other_laboratory)
    before = Case.objects.count()
    answer(case, SAID, {}, actor=other_laboratory, at=AT)
    corrected(released_round, sigma="0.02", by=coordinator, key=signing_key, at=LATER)
    assert cases_to_open(released_round)
    made = open_cases(released_round, actor=coordinator, at=LATER)
    case.refresh_from_db()
    assert case.state == "resolved" and len(made.resolved) == before and not made.opened
    assert "更正后" in case.closings.get().reason
    assert not open_cases(released_round, actor=coordinator, at=LATER)

    corrected(released_round, sigma="0.003", by=coordinator, key=signing_key, at=LATER + timedelta(days=1))
    made = open_cases(released_round, actor=coordinator, at=LATER + timedelta(days=1))
    case.refresh_from_db()
    assert case.state == "open" and case.due_on > LATER.date() and len(made.reopened) == before and len(made.opened) > 0
    assert rows_of(case)[0].evaluation == issued_evaluation(released_round)
    assert case.answers.count() == 1 and case.rows.count() == 2  # nothing of before is lost


def test_what_is_confirmed_stays_confirmed_when_the_score_is_corrected(
    released_round: Round, coordinator: User, other_laboratory: User, regulator: User, mercury: Parameter, signing_key: SigningKey
) -> None:  # fmt: skip
    case = case_of(released_round, other_laboratory)
    answered_and_asked(case, laboratory=other_laboratory, coordinator=coordinator)
    retested(case, by=coordinator)
    confirm(case, reason="x", visitor=visitor(regulator, on=LATER.date()), at=LATER)
    corrected(released_round, sigma="0.005", by=coordinator, key=signing_key, at=LATER)
    assert held(other_laboratory, mercury, by=regulator, on=LATER.date()) is None
    made = open_cases(released_round, actor=coordinator, at=LATER)
    case.refresh_from_db()
    assert case.state == "closed" and case not in made.reopened


def test_a_retest_that_cannot_be_is_refused_and_leaves_nothing(
    released_round: Round, coordinator: User, other_laboratory: User
) -> None:
    case = case_of(released_round, other_laboratory)
    with pytest.raises(NotAllowedNow):
        ask_retest(case, reason="x", actor=coordinator, at=AT)
    answered_and_asked(case, laboratory=other_laboratory, coordinator=coordinator)
    for changed in ({"result": "<0.01"}, {"performed_on": date(2026, 3, 2)}, {"performed_on": date(2027, 1, 1)}):
        with pytest.raises(FollowRefused):
            retested(case, by=coordinator, **changed)
    with pytest.raises(FollowRefused, match="Another person"):
        retested(case, by=other_laboratory)
    assert case.state == "retesting" and not Retest.objects.exists()
    assert not Evidence.objects.filter(kind="retest_result").exists()


@pytest.mark.parametrize("laboratories", [3, 300])
def test_cases_are_opened_in_a_constant_number_of_queries(
    laboratories: int, coordinator: User, provider: Any, mercury: Parameter, feed: Matrix, signing_key: SigningKey
) -> None:
    """However many there are: twice as many laboratories, half of them far off."""
    rows = [f"Lab {n},{'1.0' if n % 2 else '9.0'},mg/kg" for n in range(2 * laboratories)]
    content = "\n".join(["laboratory,result,unit", *rows]).encode()
    file = keep(name="results.csv", content=content, actor=coordinator, at=AT)
    made = actions.create_round(
        attachment=file, number="MANY", title_zh="多", title_en="Many", performed_on=AT.date(), assigned="1.0", u_assigned="0.01",
        sigma="0.1", catalogue={0: (mercury, feed)}, commissioned_by=None, provider=provider, actor=coordinator, at=AT,
        draw=random.Random(1),
    )  # fmt: skip
    found = actions.evaluate(made.pk, actor=coordinator, at=AT)
    actions.release(made.pk, evaluation_id=found.pk, actor=coordinator, at=AT, key=signing_key)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        opened = open_cases(made, actor=coordinator, at=AT)
    assert len(opened.opened) == laboratories
    assert len(queries) <= 22, [one["sql"][:80] for one in queries.captured_queries]


def test_a_laboratory_that_the_register_does_not_know_has_a_case_and_leaves_no_evidence(
    released_round: Round, coordinator: User, other_laboratory: User
) -> None:
    open_cases(released_round, actor=coordinator, at=AT)
    unknown = Identity.objects.filter(participation__case__isnull=False, institution=None).first()
    assert unknown is not None
    case = unknown.participation.case
    answer(case, SAID, {}, actor=other_laboratory, at=AT)
    accept(case, reason="x", actor=coordinator, at=AT)
    ask_retest(case, reason="x", actor=coordinator, at=AT)
    before = Evidence.objects.count()
    assert retested(case, by=coordinator).passed and Evidence.objects.count() == before
    assert institution("laboratory", "新", "New")  # nothing is left locked
