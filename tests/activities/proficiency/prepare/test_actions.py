"""The verbs of preparation: what they write, refuse, and leave alone."""

import json
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.activities.proficiency.planned import RESULTS_UNTIL, planned_round
from tests.activities.proficiency.prepare.studies import ARSENIC, ARSENIC_SIGMA, COPPER, studied, units
from tests.cast import AT
from zhunsheng.activities.proficiency.models import Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.actions.arranging import remove_item, remove_measurand
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.plan.rules.planning import PlanRefused
from zhunsheng.activities.proficiency.prepare.actions.assigning import assign_variants, replace_variant
from zhunsheng.activities.proficiency.prepare.actions.sealing import open_seals, seal
from zhunsheng.activities.proficiency.prepare.actions.studying import judge_again, take_studies, waive
from zhunsheng.activities.proficiency.prepare.models import Assignment, Opening, Seal, Study, Verdict, Waiver
from zhunsheng.activities.proficiency.prepare.queries import (
    assignments,
    gate,
    known_of,
    opened_values,
    overview,
    places,
)
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
LATE = RESULTS_UNTIL + timedelta(seconds=1)


@pytest.fixture
def round_(provider: Institution, coordinator: User) -> Round:
    return planned_round(provider, coordinator, sigma=ARSENIC_SIGMA, variants=2)


@pytest.fixture
def mercury(round_: Round) -> RoundMeasurand:
    return round_.measurands.get(position=0)


def running(round_: Round, n: int) -> Round:
    Round.objects.filter(pk=round_.pk).update(state="running")
    Participation.objects.bulk_create(Participation(round=round_, code=f"K{i:05}") for i in range(n))
    round_.refresh_from_db()
    return round_


def test_studies_open_the_gate(round_: Round, coordinator: User) -> None:
    assert len(gate(round_).missing) == 4
    studied(round_, "homogeneity", coordinator)
    assert len(gate(round_).missing) == 2
    verdicts = studied(round_, "stability", coordinator)  # one group: against the homogeneity results
    assert [one.outcome for one in verdicts] == ["passed", "passed"] and all(one.against for one in verdicts)
    assert gate(round_).open
    stamp = round_.settings_stamp
    round_.refresh_from_db()
    assert round_.settings_stamp == stamp + 2
    mercury = round_.measurands.get(position=0)
    assert (mercury.u_hom, mercury.u_stab) == ("0.002631", "0.003811")
    assert Entry.objects.filter(verb="take_item_study").count() == 2
    kept = Verdict.objects.filter(study__kind="homogeneity").first()
    assert kept is not None and kept.sigma == ARSENIC_SIGMA and kept.n == 20 and kept.engine.startswith("intercomp ")


def test_texts_are_kept_as_written_and_a_new_study_supersedes(
    round_: Round, mercury: RoundMeasurand, coordinator: User
) -> None:
    studied(round_, "homogeneity", coordinator, mercury)
    first = Study.objects.get()
    assert first.rows[5]["values"] == ["0.188", "0.180"]
    studied(round_, "homogeneity", coordinator, mercury, values=COPPER)
    assert known_of(round_, mercury, "homogeneity").standing.outcome == "failed"
    assert list(Study.objects.values_list("version", flat=True)) == [1, 2]
    with pytest.raises(DatabaseError), transaction.atomic():
        Study.objects.filter(pk=first.pk).update(rows=[])


def test_one_group_needs_homogeneity_results(round_: Round, mercury: RoundMeasurand, coordinator: User) -> None:
    with pytest.raises(CannotDo) as refusal:
        studied(round_, "stability", coordinator, mercury)
    assert "homogeneity" in refusal.value.reason.en and not Study.objects.exists()
    two = units((("0.19", "0.19"), ("0.18", "0.19")), "1") + units((("0.19", "0.20"),), "2")
    kept = keep(name="t.csv", content=b"x", actor=coordinator, at=AT)
    take_studies(round_, "stability", {mercury.pk: two}, attachment=kept, sheet="", actor=coordinator, at=AT)
    assert known_of(round_, mercury, "stability").standing.outcome == "passed"


def test_without_sigma_a_person_accepts_and_a_known_sigma_ends_it(provider: Institution, coordinator: User) -> None:
    round_ = planned_round(provider, coordinator, sigma="algorithm-a")
    one = round_.measurands.get(position=0)
    verdict = studied(round_, "homogeneity", coordinator, one)[0]
    assert verdict.outcome == "undecided" and verdict.sigma == ""
    assert verdict.figures["s_s"] and verdict.figures["limit"] is None
    one.refresh_from_db()
    assert one.u_hom == "0.002631"
    waive(round_, one, "homogeneity", verdict=verdict.pk, reason="s_s is small", actor=coordinator, at=AT)
    assert known_of(round_, one, "homogeneity").standing.settled
    Round.objects.filter(pk=round_.pk).update(sigma=ARSENIC_SIGMA)
    round_.refresh_from_db()
    assert known_of(round_, one, "homogeneity").standing.stale
    again = judge_again(round_, one, "homogeneity", actor=coordinator, at=AT)
    assert (again.outcome, again.number) == ("passed", 2)
    assert known_of(round_, one, "homogeneity").standing.settled
    with pytest.raises(CannotDo):
        judge_again(round_, one, "homogeneity", actor=coordinator, at=AT)


def test_a_waiver_needs_a_reason_and_holds_for_what_was_seen(
    round_: Round, mercury: RoundMeasurand, coordinator: User
) -> None:
    with pytest.raises(CannotDo):
        waive(round_, mercury, "stability", verdict=None, reason=" ", actor=coordinator, at=AT)
    waive(round_, mercury, "stability", verdict=None, reason="known from five rounds", actor=coordinator, at=AT)
    assert known_of(round_, mercury, "stability").standing.settled
    assert Entry.objects.get(verb="waive_item_study").reason == "known from five rounds"
    failed = studied(round_, "homogeneity", coordinator, mercury, values=COPPER)[0]
    with pytest.raises(CannotDo):  # not what was looked at
        waive(round_, mercury, "homogeneity", verdict=None, reason="x", actor=coordinator, at=AT)
    waive(round_, mercury, "homogeneity", verdict=failed.pk, reason="x", actor=coordinator, at=AT)
    assert known_of(round_, mercury, "homogeneity").standing.settled
    studied(round_, "homogeneity", coordinator, mercury, values=COPPER)
    assert not known_of(round_, mercury, "homogeneity").standing.settled
    studied(round_, "homogeneity", coordinator, mercury)
    passed = known_of(round_, mercury, "homogeneity").verdict
    assert passed is not None
    with pytest.raises(CannotDo):  # nothing to waive
        waive(round_, mercury, "homogeneity", verdict=passed.pk, reason="x", actor=coordinator, at=AT)


def test_new_homogeneity_results_and_another_unit_are_noticed(
    round_: Round, mercury: RoundMeasurand, coordinator: User
) -> None:
    studied(round_, "homogeneity", coordinator, mercury)
    studied(round_, "stability", coordinator, mercury)
    studied(round_, "homogeneity", coordinator, mercury, values=ARSENIC[:8])
    assert known_of(round_, mercury, "stability").standing.stale
    assert judge_again(round_, mercury, "stability", actor=coordinator, at=AT).outcome == "passed"
    RoundMeasurand.objects.filter(pk=mercury.pk).update(unit="µg/kg")
    assert known_of(round_, mercury, "homogeneity").standing.other_unit
    with pytest.raises(CannotDo):
        judge_again(round_, mercury, "homogeneity", actor=coordinator, at=AT)


def test_nothing_is_learnt_about_the_items_of_a_released_round(
    round_: Round, mercury: RoundMeasurand, coordinator: User
) -> None:
    Round.objects.filter(pk=round_.pk).update(state="released")
    with pytest.raises(CannotDo):
        studied(round_, "homogeneity", coordinator, mercury)
    assert not Study.objects.exists()


def test_a_measurand_with_results_stays(round_: Round, mercury: RoundMeasurand, coordinator: User) -> None:
    studied(round_, "homogeneity", coordinator, mercury)
    with pytest.raises(PlanRefused):
        remove_measurand(mercury, actor=coordinator, at=AT)
    with pytest.raises(PlanRefused):
        remove_item(Item.objects.get(), actor=coordinator, at=AT)
    assert round_.measurands.count() == 2


def test_variants_are_drawn_once_and_balanced(round_: Round, coordinator: User) -> None:
    with pytest.raises(CannotDo):  # codes are not drawn yet
        assign_variants(round_, draw=random.Random(1), actor=coordinator, at=AT)
    running(round_, 31)
    assert assign_variants(round_, draw=random.Random(1), actor=coordinator, at=AT) == 31
    counts = Counter(assignments(round_).values_list("variant", flat=True))
    assert sorted(counts.values()) == [15, 16]
    with pytest.raises(CannotDo):
        assign_variants(round_, draw=random.Random(1), actor=coordinator, at=AT)
    Participation.objects.create(round=round_, code="Z99999")
    assert assign_variants(round_, draw=random.Random(1), actor=coordinator, at=AT) == 1
    assert set(Counter(assignments(round_).values_list("variant", flat=True)).values()) == {16}
    assert Entry.objects.filter(verb="assign_item_variants").count() == 2


def test_a_replacement_is_a_new_row_with_a_reason(round_: Round, coordinator: User) -> None:
    running(round_, 2)
    assign_variants(round_, draw=random.Random(1), actor=coordinator, at=AT)
    one, item = Participation.objects.order_by("code")[0], Item.objects.get()
    was = assignments(round_).get(participation=one).variant
    other = 3 - was
    for variant, reason in ((other, " "), (was, "broken"), (3, "broken")):
        with pytest.raises(CannotDo):
            replace_variant(round_, one, item, variant=variant, reason=reason, actor=coordinator, at=AT)
    replace_variant(round_, one, item, variant=other, reason="broken", actor=coordinator, at=AT)
    assert assignments(round_).get(participation=one).variant == other
    assert Assignment.objects.filter(participation=one).count() == 2


def test_without_variants_nothing_is_drawn(provider: Institution, coordinator: User) -> None:
    with pytest.raises(CannotDo):
        assign_variants(running(planned_round(provider, coordinator), 3), draw=random.Random(1), actor=None, at=AT)


def asked(do: object) -> list[str]:
    """The statements of a verb but the inserts of its rows, which come in batches."""
    with CaptureQueriesContext(connection) as statements:
        do()  # type: ignore[operator]
    return [one["sql"] for one in statements if "INSERT INTO" not in one["sql"]]


def test_the_draw_asks_no_more_for_many(provider: Institution, coordinator: User) -> None:
    counts = []
    for number, n in (("1", 3), ("2", 300)):
        made = running(planned_round(provider, coordinator, number=number, variants=3), n) if n == 3 else None
        if made is None:
            made = planned_round(provider, coordinator, number=number, variants=3)
            Round.objects.filter(pk=made.pk).update(state="running")
            Participation.objects.bulk_create(Participation(round=made, code=f"K{i:05}") for i in range(n))
        counts.append(len(asked(lambda one=made: assign_variants(one, draw=random.Random(1), actor=None, at=AT))))
    assert counts[0] == counts[1]


def test_the_overview_asks_no_more_for_many_versions(round_: Round, coordinator: User) -> None:
    studied(round_, "homogeneity", coordinator)
    few = len(asked(lambda: overview(round_)))
    for _ in range(4):
        studied(round_, "homogeneity", coordinator)
        studied(round_, "stability", coordinator)
    assert len(asked(lambda: overview(round_))) == few == 3


def sealed(
    round_: Round, one: RoundMeasurand, actor: User, variant: int = 1, assigned: str = "0.187", reason: str = ""
) -> Seal:
    return seal(round_, one, variant=variant, assigned=assigned, u="0.002", reason=reason, actor=actor, at=AT)


def test_a_seal_is_seen_by_whoever_sealed_until_the_deadline(
    round_: Round, mercury: RoundMeasurand, coordinator: User, outsider: User
) -> None:
    sealed(round_, mercury, coordinator)
    assert [one.visible for one in places(round_, asker=coordinator, at=AT)] == [True, False, False, False]
    assert not any(one.visible for one in places(round_, asker=outsider, at=RESULTS_UNTIL))
    assert [one.visible for one in places(round_, asker=outsider, at=LATE)] == [True, False, False, False]


def test_the_journal_keeps_the_commitment_not_the_value(
    round_: Round, mercury: RoundMeasurand, coordinator: User
) -> None:
    made = sealed(round_, mercury, coordinator, assigned="0.1874321")
    entry = Entry.objects.get(verb="seal_assigned_value")
    assert made.commitment.encode() in bytes(entry.canonical) and b"0.1874321" not in bytes(entry.canonical)
    assert json.loads(made.canonical)["assigned"] == "0.1874321"


def test_a_change_is_a_new_seal_with_a_reason(round_: Round, mercury: RoundMeasurand, coordinator: User) -> None:
    first = sealed(round_, mercury, coordinator)
    with pytest.raises(CannotDo):
        sealed(round_, mercury, coordinator, assigned="0.188")
    second = sealed(round_, mercury, coordinator, assigned="0.188", reason="a slip")
    assert (second.version, Seal.objects.count()) == (2, 2) and first.commitment != second.commitment
    with pytest.raises(CannotDo):
        seal(round_, mercury, variant=1, assigned="1", u="", reason="late", actor=coordinator, at=LATE)


def test_seals_are_opened_after_the_deadline_into_the_measurands(provider: Institution, coordinator: User) -> None:
    round_ = planned_round(provider, coordinator)
    one = round_.measurands.get(position=0)
    sealed(round_, one, coordinator)
    with pytest.raises(CannotDo):
        open_seals(round_, actor=coordinator, at=RESULTS_UNTIL)
    assert not Opening.objects.exists() and one.assigned == ""
    open_seals(round_, actor=coordinator, at=LATE)
    one.refresh_from_db()
    stamp = round_.settings_stamp
    round_.refresh_from_db()
    assert (one.assigned, one.u_assigned, round_.settings_stamp) == ("0.187", "0.002", stamp + 1)
    with pytest.raises(CannotDo):
        open_seals(round_, actor=coordinator, at=LATE)


def test_variants_have_a_value_each(round_: Round, mercury: RoundMeasurand, coordinator: User) -> None:
    sealed(round_, mercury, coordinator, 1)
    sealed(round_, mercury, coordinator, 2, "0.211")
    assert opened_values(round_) == {}
    open_seals(round_, actor=coordinator, at=LATE)
    assert opened_values(round_) == {(mercury.pk, 1): ("0.187", "0.002"), (mercury.pk, 2): ("0.211", "0.002")}
    mercury.refresh_from_db()
    assert mercury.assigned == ""  # there is none for both


def test_a_waiver_is_told_from_the_rows(round_: Round, mercury: RoundMeasurand, coordinator: User) -> None:
    made = waive(round_, mercury, "stability", verdict=None, reason="x", actor=coordinator, at=AT)
    assert Waiver.objects.get() == made and made.verdict is None
