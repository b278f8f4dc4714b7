"""The verbs of a plan: what they write, refuse and leave alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.activities.proficiency.planned import DAYS, PROMISE, RESULTS_UNTIL, draft, metal, planned_round
from tests.cast import AT
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.actions import arranging, planning
from zhunsheng.activities.proficiency.plan.actions.arranging import ItemSaid, MeasurandSaid
from zhunsheng.activities.proficiency.plan.models import Item, Promise
from zhunsheng.activities.proficiency.plan.queries import foreseen_of, lacking_of, measurands_of, told_once
from zhunsheng.activities.proficiency.plan.rules.planning import LatePolicy, PlanRefused, check_late
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(provider: Institution, coordinator: User) -> Round:
    return planned_round(provider, coordinator)


def test_a_planned_round_has_its_parts(round_: Round) -> None:
    assert round_.state == "planned" and round_.attachment is None
    assert [one.position for one in measurands_of(round_)] == [0, 1]
    assert [one.item for one in measurands_of(round_)] == ["A", "A"]
    assert round_.performed_on.isoformat() == "2026-05-29"  # the deadline, in the round's zone
    assert Entry.objects.filter(subject=f"round:{round_.pk}").count() == 4  # plan, item, two measurands


@pytest.mark.parametrize(
    ("days", "where"),
    [
        (replace(DAYS, zone="Asia/Nowhere"), "zone"),
        (replace(DAYS, ship_on=DAYS.enrol_until.date() - timedelta(1)), "ship_on"),
        (replace(DAYS, results_until=DAYS.enrol_until + timedelta(days=1)), "results_until"),
    ],
)
def test_days_out_of_order_are_refused(provider: Institution, coordinator: User, days: object, where: str) -> None:
    with pytest.raises(PlanRefused) as refusal:
        planning.plan_round(provider=provider, scheme=None, draft=draft(days=days), actor=coordinator, at=AT)
    assert refusal.value.field == where and not Round.objects.exists()


def test_the_zone_decides_on_which_day_enrolment_ends(provider: Institution, coordinator: User) -> None:
    """16:00 UTC on 5 May is midnight, so 6 May, in Shanghai: the day of shipping itself will do, the day before would not."""
    until = DAYS.enrol_until.replace(month=5, day=5)
    made = planned_round(provider, coordinator, days=replace(DAYS, enrol_until=until))
    assert made.state == "planned"
    with pytest.raises(PlanRefused):
        planned_round(provider, coordinator, number="2", days=replace(DAYS, enrol_until=until + timedelta(days=1)))


def test_a_number_stands_once(round_: Round, provider: Institution, coordinator: User) -> None:
    with pytest.raises(CannotDo, match="taken"):
        planned_round(provider, coordinator)


@pytest.mark.parametrize(
    ("policy", "field"),
    [(LatePolicy("until", 0), "late_hours"), (LatePolicy("until", 721), "late_hours"), (LatePolicy("perhaps"), "late")],  # type: ignore[arg-type]
)
def test_a_late_policy_that_says_too_little(policy: LatePolicy, field: str) -> None:
    with pytest.raises(PlanRefused) as refusal:
        check_late(policy)
    assert refusal.value.field == field


def test_changing_the_promise_makes_a_new_version_and_nothing_else_does(round_: Round, coordinator: User) -> None:
    planning.change_plan(round_, draft(expected=30), actor=coordinator, at=AT)
    assert Promise.objects.count() == 1
    planning.change_plan(round_, draft(promise=Text(en="Other", zh="另一文本")), actor=coordinator, at=AT)
    assert list(Promise.objects.values_list("version", "text_en")) == [(1, PROMISE.en), (2, "Other")]


def test_announcing_names_all_that_is_lacking(provider: Institution, coordinator: User) -> None:
    made = planning.plan_round(
        provider=provider, scheme=None, draft=draft(promise=Text("", "")), actor=coordinator, at=AT
    )
    assert len(lacking_of(made)) == 3
    with pytest.raises(PlanRefused, match="confidentiality statement"):
        planning.announce(made, actor=coordinator, at=AT)
    assert Round.objects.get().state == "planned"


def test_announcing_after_the_enrolment_would_be_over(round_: Round, coordinator: User) -> None:
    planning_at = DAYS.enrol_until
    with pytest.raises(PlanRefused, match="over already"):
        planning.announce(round_, actor=coordinator, at=planning_at)
    planning.announce(round_, actor=coordinator, at=planning_at - timedelta(seconds=1))
    assert round_.state == "enrolling"


def test_an_announced_plan_stays_as_it_was(round_: Round, coordinator: User) -> None:
    planning.announce(round_, actor=coordinator, at=AT)
    item = Item.objects.get()
    with pytest.raises(NotAllowedNow):
        planning.change_plan(round_, draft(expected=1), actor=coordinator, at=AT)
    with pytest.raises(NotAllowedNow):
        arranging.remove_item(item, actor=coordinator, at=AT)
    with pytest.raises(NotAllowedNow):
        arranging.set_item(round_, ItemSaid("B", Text("b", "乙")), actor=coordinator, at=AT)


def test_a_deadline_is_put_off_with_a_reason_and_never_forward(round_: Round, coordinator: User) -> None:
    planning.announce(round_, actor=coordinator, at=AT)
    later = RESULTS_UNTIL + timedelta(days=3)
    given = {"enrol_until": None, "actor": coordinator, "at": AT}
    with pytest.raises(PlanRefused, match="Say why"):
        planning.put_off(round_, results_until=later, reason=" ", **given)  # type: ignore[arg-type]
    with pytest.raises(PlanRefused, match="only put off"):
        planning.put_off(round_, results_until=RESULTS_UNTIL - timedelta(seconds=1), reason="x", **given)  # type: ignore[arg-type]
    planning.put_off(round_, results_until=later, reason="customs", **given)  # type: ignore[arg-type]
    assert round_.plan.results_until == later and round_.performed_on.isoformat() == "2026-06-01"


def test_an_item_takes_its_measurands_with_it(round_: Round, coordinator: User) -> None:
    item = Item.objects.get()
    arranging.set_item(round_, ItemSaid("A1", item.name, item.matrix), actor=coordinator, at=AT, item=item)
    assert {one.item for one in measurands_of(round_)} == {"A1"}
    arranging.remove_item(item, actor=coordinator, at=AT)
    assert not measurands_of(round_)


def test_positions_have_no_gaps(round_: Round, coordinator: User) -> None:
    arranging.remove_measurand(measurands_of(round_)[0], actor=coordinator, at=AT)
    assert [one.position for one in measurands_of(round_)] == [0]


def test_a_measurand_stands_once_in_an_item(round_: Round, coordinator: User) -> None:
    said = MeasurandSaid(Item.objects.get(), metal("hg-t", "汞", "mercury"), "mg/kg")
    with pytest.raises(PlanRefused, match="already"):
        arranging.set_measurand(round_, said, actor=coordinator, at=AT)
    with pytest.raises(PlanRefused, match="above zero"):
        arranging.set_measurand(
            round_, replace(said, parameter=metal("cd-t", "镉", "cadmium"), step="-1"), actor=coordinator, at=AT
        )


def test_a_clone_has_the_items_but_not_what_was_found_out_about_them(round_: Round, coordinator: User) -> None:
    first = measurands_of(round_)[0]
    first.assigned, first.sigma, first.u_hom = "0.5", "0.05", "0.01"
    first.save()
    like = planning.draft_like(round_, number="PT-2026-02", days=DAYS)
    made = planning.clone_round(round_, like, actor=coordinator, at=AT)
    one = measurands_of(made)[0]
    assert (one.parameter_id, one.step, one.sigma) == (first.parameter_id, "0.001", "0.05")
    assert (one.assigned, one.u_hom) == ("", "") and made.plan.previous == round_
    assert Item.objects.filter(round=made).count() == 1 and Promise.objects.filter(round=made).count() == 1


def test_what_is_foreseen_uses_the_settings_that_hold(round_: Round, coordinator: User) -> None:
    planning.change_plan(round_, draft(expected=10, sigma="sd", assigned="mean"), actor=coordinator, at=AT)
    found = foreseen_of(round_, measurands_of(round_))
    assert any("“unsatisfactory” cannot occur" in one.said.en and one.stops for one in found)
    one = measurands_of(round_)[0]
    one.assigned, one.u_assigned, one.sigma = "0.5", "0.02", "0.1"
    assert foreseen_of(round_, [one]) == []


def test_a_scheme_code_stands_once_a_provider(provider: Institution, coordinator: User) -> None:
    said = {"provider": provider, "title": Text("Feed", "饲料"), "field_code": "", "commissioned_by": None}
    planning.begin_scheme(code="F", **said, actor=coordinator, at=AT)  # type: ignore[arg-type]
    with pytest.raises(PlanRefused, match="taken"):
        planning.begin_scheme(code=" F ", **said, actor=coordinator, at=AT)  # type: ignore[arg-type]


def test_cancelling_wants_a_reason(round_: Round, coordinator: User) -> None:
    with pytest.raises(PlanRefused):
        planning.cancel(round_, reason="", actor=coordinator, at=AT)
    planning.cancel(round_, reason="no item to be had", actor=coordinator, at=AT)
    assert round_.state == "cancelled" and round_.plan.cancelled_because == "no item to be had"


def test_what_holds_for_several_measurands_is_told_once(round_: Round, coordinator: User) -> None:
    planning.change_plan(round_, draft(expected=10, sigma="sd", assigned="mean"), actor=coordinator, at=AT)
    told = told_once(foreseen_of(round_, measurands_of(round_)))
    assert [stops for _, stops, _ in told] == [True, False]
    assert told[0][2] == "汞 / mercury; 铅 / lead"
