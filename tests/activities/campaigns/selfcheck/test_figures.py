"""The figures of a self-check: of what was submitted, kept with every verb, and equal to a recount."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.selfcheck.forms import DUE, called, filled_in
from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.activities.campaigns.selfcheck.actions import opening
from zhunsheng.activities.campaigns.selfcheck.actions.answering import (
    answer_items,
    freeze_selfchecks,
    return_selfcheck,
    submit_selfcheck,
)
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.actions.opening import call_selfcheck, open_selfchecks
from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import (
    by_field,
    by_group,
    by_item,
    by_place,
    by_place_and_item,
    recounted,
    total,
    turned_out,
    without_a_problem,
)
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import shipped_items
from zhunsheng.activities.campaigns.selfcheck.queries.standing import lines_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, FINE, NOT_APPLICABLE, PROBLEM, group_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

PLACES = ("330106", "330108", "330203", "110101")
FIELDS: tuple[list[str], ...] = ([], ["food"], ["food", "feed"])


def agree(call: Call) -> None:
    """Every figure kept is what a recount of the forms gives, at every level and in every field."""
    for field in ("", "food", "feed"):
        for within in ("", "33", "3301", "44"):
            assert by_item(call, within=within, field=field) == recounted(call, within=within, field=field)
            counted = turned_out(call, within=within, digits=6, field=field)
            assert by_place(call, within=within, digits=6, field=field) == counted


@pytest.fixture
def forms(authority: Institution) -> list[SelfCheck]:
    """Of eight laboratories in four counties, of no field, one, or two."""
    for n in range(8):
        institution("laboratory", f"室{n}", f"L{n}", region_code=PLACES[n % 4])
    campaign = published(authority, region_code="")
    for n, one in enumerate(Participant.objects.filter(campaign=campaign).order_by("region_code", "pk")):
        Participant.objects.filter(pk=one.pk).update(fields=FIELDS[n % 3])
    made = call_selfcheck(campaign, checklist=shipped_checklist(at=AT), due_on=DUE, actor=None, at=AT)
    open_selfchecks(made, actor=None, at=AT)
    return list(SelfCheck.objects.filter(call=made).order_by("pk"))


def answers_at_random(chance: random.Random, form: SelfCheck, by: User) -> None:
    some = chance.sample(range(1, 51), chance.choice((3, 50)))
    given = [Given(no, chance.choice([FINE, FINE, PROBLEM, NOT_APPLICABLE]), "如实填写") for no in some]
    answer_items(form, given, actor=by, at=AT)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_figures_are_what_a_recount_gives_whatever_was_done_in_which_order(
    forms: list[SelfCheck], laboratory: User, regulator: User, seed: int
) -> None:
    boss = user_with_post("boss", "institution_admin", institution_of(laboratory))
    chance, call = random.Random(seed), forms[0].call
    verbs: dict[str, Callable[[SelfCheck], Any]] = {
        "answer": lambda one: answers_at_random(chance, one, laboratory),
        "submit": lambda one: submit_selfcheck(filled_in(one, laboratory), actor=boss, at=AT),
        "return": lambda one: return_selfcheck(one, reason="不实", actor=regulator, at=AT),
        "freeze": lambda one: freeze_selfchecks([one.participant_id], campaign=call.campaign_id, actor=None, at=AT),
    }
    possible = {
        "open": ["answer", "answer", "submit", "freeze"],
        "submitted": ["return", "return", "freeze"],
        "returned": ["answer", "submit", "submit", "freeze"],
        "frozen": ["answer"],
    }
    for step in range(40):
        one = chance.choice(forms)
        one.refresh_from_db()
        if one.state == "frozen":
            continue
        verbs[chance.choice(possible[one.state][: 4 if step > 24 else -1])](one)
        if step % 10 == 9:
            agree(call)
    agree(call)
    reached = total(by_place(call).values())
    assert reached.all == 8 and reached.handed_in and min(reached.by_state["frozen"], reached.by_state["returned"] + 1)


def test_a_draft_is_in_no_figure(forms: list[SelfCheck], laboratory: User) -> None:
    answer_items(forms[0], [Given(18, PROBLEM, "漏雨")], actor=laboratory, at=AT)
    assert by_item(forms[0].call) == {}
    assert total(by_place(forms[0].call).values()).by_state["open"] == 8


def test_what_was_given_back_counts_no_more_until_it_is_submitted_again(
    forms: list[SelfCheck], laboratory: User, regulator: User
) -> None:
    boss, form = user_with_post("boss", "institution_admin", institution_of(laboratory)), forms[0]
    submit_selfcheck(filled_in(form, laboratory, i23=Given(23, PROBLEM, "未校准")), actor=boss, at=AT)
    assert by_item(form.call)[23].problems == 1
    return_selfcheck(form, reason="不实", actor=regulator, at=AT)
    assert by_item(form.call) == {} and form.submitted_at is None
    assert total(by_place(form.call).values()).by_state["returned"] == 1
    freeze_selfchecks([form.participant_id], campaign=form.call.campaign_id, actor=None, at=AT)
    found = total(by_place(form.call).values())
    assert (found.by_state["frozen"], found.handed_in) == (1, 0)  # made final while it was being mended: nothing stands


def test_tables_by_class_region_and_field_say_the_same(forms: list[SelfCheck], laboratory: User) -> None:
    boss, call = user_with_post("boss", "institution_admin", institution_of(laboratory)), forms[0].call
    for one in forms[:4]:
        submit_selfcheck(filled_in(one, laboratory, i23=Given(23, PROBLEM, "未校准")), actor=boss, at=AT)
    for digits in (2, 4, 6):
        placed = by_place_and_item(call, digits=digits)
        assert sum(items[23].problems for items in placed.values()) == 4
        assert all(placed[place] == by_item(call, within=place) for place in placed)
    groups = by_group(by_item(call), {one.no: group_of(one.clause) for one in shipped_items()})
    assert sum(one.answered for one in groups.values()) == 200
    for code, progress in by_field(call).items():
        assert progress == total(by_place(call, field=code).values())


def test_no_problem_at_all_is_a_fact_by_place(authority: Institution, laboratory: User, other_laboratory: User) -> None:
    boss, call = user_with_post("boss", "institution_admin", institution_of(laboratory)), called(authority)
    form = SelfCheck.objects.get(participant__institution=institution_of(laboratory))
    submit_selfcheck(filled_in(form, laboratory), actor=boss, at=AT)
    found = by_place(call, digits=6)
    assert (found["330106"].zero_share, found["330108"].zero_share) == (1.0, None)
    assert by_place(call)["33"].handed_in == 1
    assert [one.participant.institution for one in without_a_problem(call)] == [institution_of(laboratory)]


def test_a_killed_opening_goes_on_where_it_stopped(authority: Institution, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        institution("laboratory", f"室{n}", f"L{n}", region_code="330106")
    made = call_selfcheck(published(authority), checklist=shipped_checklist(at=AT), due_on=DUE, actor=None, at=AT)
    monkeypatch.setattr(opening, "STEP", 2)

    def dies(done: int, of: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_selfchecks(made, actor=None, at=AT, progress=dies)
    assert SelfCheck.objects.count() == 4 and Answer.objects.count() == 200
    assert open_selfchecks(made, actor=None, at=AT) == 1
    agree(made)


def test_questions_do_not_grow_with_institutions(authority: Institution) -> None:
    asked: list[int] = []
    for many in (3, 300):
        for n in range(many):
            institution("laboratory", f"室{many}-{n}", f"L{many}-{n}", region_code="330106")
        made = called(authority)
        with CaptureQueriesContext(connection) as queries:
            by_item(made, within="33")
            by_place(made, digits=6)
            by_field(made)
            by_place_and_item(made, digits=6)
            lines_of(SelfCheck.objects.filter(call=made).select_related("call", "participant__institution")[0])
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_every_answer_has_its_column() -> None:
    assert list(ANSWERS) == ["fine", "problem", "na"]
