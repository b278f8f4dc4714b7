"""The verbs of rectification: what each needs, writes and refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.activities.campaigns.inspection.visits import TODAY
from tests.activities.campaigns.rectification.cases import FILES, REPORT, Case, judged
from tests.cast import AT, user_with_post
from zhunsheng.activities.campaigns.draw.actions import declare_interest
from zhunsheng.activities.campaigns.draw.models import Interest
from zhunsheng.activities.campaigns.inspection.models import Finding
from zhunsheng.activities.campaigns.rectification import actions
from zhunsheng.activities.campaigns.rectification.models import (
    EffectCheck,
    Judgement,
    LookBack,
    LookedBack,
    Rectification,
    SecondLook,
    Submission,
)
from zhunsheng.activities.campaigns.rectification.queries import counted
from zhunsheng.activities.campaigns.rectification.rules.reports import RectificationRefused
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.catalogue.models import Matrix, Parameter

pytestmark = pytest.mark.django_db
BEACON = t("a lottery", "某彩票")
LATER = AT + timedelta(days=3)


@pytest.fixture
def case(db: None) -> Case:
    return Case()


def written() -> tuple[int, ...]:
    kinds: tuple[Any, ...] = (
        Entry,
        Rectification,
        Submission,
        Judgement,
        EffectCheck,
        LookBack,
        LookedBack,
        SecondLook,
        Evidence,
    )
    return tuple(one.objects.count() for one in kinds)


def test_a_rectification_opens_with_the_day_that_was_decided(case: Case) -> None:
    one = case.opened()
    assert (one.due_on, one.state, one.effect_check) == (case.disposition.due_on, "open", "re_inspection")
    with pytest.raises(RectificationRefused):
        actions.open_rectifications(case.disposition, effect_check="hope", actor=None, at=AT)


def test_a_case_that_is_handed_over_is_put_right_within_thirty_working_days(db: None) -> None:
    case = Case(kind="case")
    case.disposition.due_on = None
    assert case.opened().due_on == date(2026, 5, 29), "over the Labour Day with its make-up Saturday"


def test_a_report_is_submitted_once_until_it_comes_back(case: Case) -> None:
    first = case.submitted()
    assert (first.number, first.files.count()) == (1, 1)
    before = written()
    with pytest.raises(NotAllowedNow):
        case.submitted(first.rectification)
    assert written() == before
    judged(first, case.regulator, outcome="returned", due_on=TODAY + timedelta(days=20))
    again = actions.submit(first.rectification, REPORT, FILES, actor=case.manager, at=AT)
    assert (again.number, again.rectification.state) == (2, "submitted")
    assert again.rectification.due_on == TODAY + timedelta(days=20)


def test_nobody_verifies_what_he_submitted_or_works_for_or_mentors(case: Case) -> None:
    made = case.submitted()
    with pytest.raises(RectificationRefused, match="Another person"):
        judged(made, case.manager)
    with pytest.raises(RectificationRefused, match="own institution"):
        judged(made, user_with_post("colleague", "analyst", case.where))
    mentor = case.other.person
    declare_interest(
        Interest(person=mentor, institution=case.where, kind="mentor", valid_from=date(2026, 1, 1)), actor=None, at=AT
    )
    with pytest.raises(RectificationRefused, match="mentors"):
        judged(made, case.other)
    assert judged(made, case.regulator).outcome == "accepted"


def test_a_judgement_has_reasons_and_a_new_day_where_it_gives_back(case: Case) -> None:
    made = case.submitted()
    with pytest.raises(RectificationRefused, match="new day"):
        judged(made, case.regulator, outcome="returned", due_on=TODAY)
    with pytest.raises(RectificationRefused, match="Say why"):
        actions.judge(made, outcome="accepted", reason=" ", actor=case.regulator, at=AT)
    judged(made, case.regulator, outcome="failed")
    with pytest.raises(NotAllowedNow):
        judged(made, case.other)
    assert Rectification.objects.get().state == "failed"


def test_the_outcome_becomes_evidence_about_what_the_finding_concerns(
    case: Case, mercury: Parameter, feed: Matrix
) -> None:
    one = case.accepted(items=[(mercury.pk, feed.pk)])
    line = Evidence.objects.get()
    assert (line.kind, line.payload["outcome"], line.payload["code"]) == ("finding_outcome", "accepted", "F07")
    assert (line.institution, line.disclosed_to) == (case.where, case.authority)
    actions.check_effect(one, effective=True, basis="复查 2026-00009", actor=case.regulator, at=LATER)
    assert sorted(Evidence.objects.values_list("payload__outcome", flat=True)) == ["accepted", "effective"]
    assert one.state == "effective"


def test_the_effect_is_a_state_of_its_own_and_comes_after_the_acceptance(case: Case) -> None:
    made = case.submitted()
    with pytest.raises(NotAllowedNow):
        actions.check_effect(made.rectification, effective=True, basis="复查", actor=case.regulator, at=AT)
    judged(made, case.regulator)
    with pytest.raises(RectificationRefused):
        actions.check_effect(made.rectification, effective=True, basis="", actor=case.regulator, at=AT)
    actions.check_effect(made.rectification, effective=False, basis="盲样仍不合格", actor=case.regulator, at=AT)
    assert Rectification.objects.get().state == "ineffective"


def test_a_look_back_reopens_by_a_value_that_nobody_knew(case: Case) -> None:
    one = case.accepted()
    promised = actions.promise_look_back(
        case.authority, share=(1, 10), beacon=BEACON, beacon_on=TODAY + timedelta(days=2), actor=None, at=AT
    )
    with pytest.raises(RectificationRefused, match="known from"):
        actions.draw_look_back(promised, value="051118", actor=None, at=AT)
    drawn = actions.draw_look_back(promised, value="051118", actor=None, at=LATER)
    one.refresh_from_db()
    assert ([row.rectification for row in drawn], one.state, drawn[0].reopened) == ([one], "look_back", True)
    with pytest.raises(NotAllowedNow):
        actions.draw_look_back(promised, value="051119", actor=None, at=LATER)
    with pytest.raises(RectificationRefused, match="Another person"):
        actions.judge_look_back(drawn[0], held=True, reason="属实", actor=case.regulator, at=LATER)
    with pytest.raises(RectificationRefused, match="new day"):
        actions.judge_look_back(drawn[0], held=False, reason="仍有过期天平", actor=case.other, at=LATER)
    day = LATER.date() + timedelta(days=9)
    actions.judge_look_back(drawn[0], held=False, reason="仍有过期天平", actor=case.other, at=LATER, due_on=day)
    one.refresh_from_db()
    assert (one.state, one.due_on, drawn[0].second_look.held) == ("returned", day, False)


def test_what_failed_or_did_not_help_is_ordered_anew_with_a_new_day(case: Case) -> None:
    made = case.submitted()
    day = TODAY + timedelta(days=40)
    with pytest.raises(NotAllowedNow):
        actions.order_anew(made.rectification, due_on=day, reason="重做", actor=case.regulator, at=AT)
    judged(made, case.regulator, outcome="failed")
    one = Rectification.objects.get()
    before = written()
    for reason, until in (("重做", TODAY), (" ", day)):
        with pytest.raises(RectificationRefused):
            actions.order_anew(one, due_on=until, reason=reason, actor=case.regulator, at=AT)
    assert written() == before
    actions.order_anew(one, due_on=day, reason="重做", actor=case.regulator, at=AT)
    assert (one.state, one.due_on, one.new_orders.get().reason) == ("open", day, "重做")
    assert Entry.objects.filter(verb="order_anew", subject=f"rectification:{one.pk}").count() == 1
    again = case.submitted(one)
    assert again.number == 2
    judged(again, case.regulator)
    actions.check_effect(one, effective=False, basis="盲样仍不合格", actor=case.regulator, at=AT)
    actions.order_anew(one, due_on=day, reason="再次整改", actor=case.regulator, at=AT)
    assert (one.state, one.new_orders.count()) == ("open", 2)


def test_who_submitted_orders_nothing_anew(case: Case) -> None:
    made = case.submitted()
    judged(made, case.regulator, outcome="failed")
    with pytest.raises(RectificationRefused, match="Another person"):
        actions.order_anew(
            made.rectification, due_on=TODAY + timedelta(days=9), reason="重做", actor=case.manager, at=AT
        )


def test_one_outcome_stands_as_evidence_however_often_it_is_judged(
    case: Case, mercury: Parameter, feed: Matrix
) -> None:
    """Failed twice, accepted, found otherwise by the look-back, accepted again: five lines, each superseding the one before."""
    items = [(mercury.pk, feed.pk)]
    one = case.opened()
    for outcome in ("failed", "failed", "accepted"):
        if one.state == "failed":
            actions.order_anew(one, due_on=TODAY + timedelta(days=9), reason="重做", actor=case.regulator, at=AT)
        judged(case.submitted(one), case.regulator, outcome=outcome, items=items)
        one.refresh_from_db()
    looked = actions.promise_look_back(
        case.authority, share=(1, 1), beacon=BEACON, beacon_on=TODAY + timedelta(days=2), actor=None, at=AT
    )
    drawn = actions.draw_look_back(looked, value="051118", actor=None, at=LATER)[0]
    day = LATER.date() + timedelta(days=9)
    actions.judge_look_back(drawn, held=False, reason="仍有过期天平", actor=case.other, at=LATER, due_on=day)
    one.refresh_from_db()
    judged(case.submitted(one), case.regulator, items=items, at=LATER)
    assert Evidence.objects.filter(superseded_by=None).get().payload["outcome"] == "accepted"
    said = list(Evidence.objects.values_list("payload__outcome", flat=True))
    assert sorted(said) == ["accepted", "accepted", "failed", "failed", "overturned"]


def test_what_was_drawn_and_what_was_found_never_change(case: Case) -> None:
    case.accepted()
    promised = actions.promise_look_back(
        case.authority, share=(1, 1), beacon=BEACON, beacon_on=TODAY + timedelta(days=2), actor=None, at=AT
    )
    drawn = actions.draw_look_back(promised, value="051118", actor=None, at=LATER)[0]
    actions.judge_look_back(drawn, held=True, reason="属实", actor=case.other, at=LATER)
    for rows, change in ((LookedBack.objects.all(), {"reopened": False}), (SecondLook.objects.all(), {"held": False})):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(NotAllowedNow):
        actions.judge_look_back(
            drawn, held=False, reason="不实", actor=case.other, at=LATER, due_on=LATER.date() + timedelta(9)
        )


def test_a_look_back_is_promised_before_the_value_is_known(case: Case) -> None:
    case.accepted()
    for share, day in (((0, 1), TODAY + timedelta(days=2)), ((1, 10), TODAY)):
        with pytest.raises(RectificationRefused):
            actions.promise_look_back(case.authority, share=share, beacon=BEACON, beacon_on=day, actor=None, at=AT)


def test_what_moved_on_since_the_list_was_frozen_is_drawn_and_not_reopened(case: Case) -> None:
    one = case.accepted()
    promised = actions.promise_look_back(
        case.authority, share=(1, 1), beacon=BEACON, beacon_on=TODAY + timedelta(days=2), actor=None, at=AT
    )
    actions.check_effect(one, effective=False, basis="盲样不合格", actor=case.regulator, at=AT)
    drawn = actions.draw_look_back(promised, value="051118", actor=None, at=LATER)
    assert [row.reopened for row in drawn] == [False]
    assert Rectification.objects.get().state == "ineffective"


def test_a_revoked_decision_ends_its_rectifications(case: Case) -> None:
    one = case.opened()
    assert actions.void_rectifications(case.disposition, actor=None, at=AT) == 1
    one.refresh_from_db()
    assert one.state == "void"
    with pytest.raises(NotAllowedNow):
        case.submitted(one)


@pytest.mark.parametrize("state", ["look_back", "ineffective", "failed"])
def test_a_revoked_decision_ends_what_is_looked_at_again_or_had_no_effect(case: Case, state: str) -> None:
    one = case.opened()
    Rectification.objects.filter(pk=one.pk).update(state=state)
    assert actions.void_rectifications(case.disposition, actor=None, at=AT) == 1
    one.refresh_from_db()
    assert one.state == "void"


def test_what_is_late_is_counted(case: Case) -> None:
    case.opened()
    assert counted(Rectification.objects.all(), TODAY) == {"open": 1, "late": 0}
    assert counted(Rectification.objects.all(), TODAY + timedelta(days=31)) == {"open": 1, "late": 1}
    assert Finding.objects.get().state == "decided"
