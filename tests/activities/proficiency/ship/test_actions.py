"""Shipping: nothing leaves before the gate is open; each participant has a parcel once; what went wrong is replaced and stays known."""

import random
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.activities.proficiency.collect.collected import running_round
from tests.activities.proficiency.planned import on_paper
from tests.activities.proficiency.ship.shipped import EXPECTED, TODAY, let_go, parcel, ready_round, sent
from tests.cast import AT, institution, institution_of
from tests.together import at_once
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare.actions.assigning import assign_variants
from zhunsheng.activities.proficiency.prepare.models import Assignment
from zhunsheng.activities.proficiency.ship import actions, queries
from zhunsheng.activities.proficiency.ship.actions import Arrival
from zhunsheng.activities.proficiency.ship.models import Parcel, Receipt
from zhunsheng.activities.proficiency.ship.rules.shipping import CannotShip
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(provider: Institution, coordinator: User, laboratory: User, other_laboratory: User) -> Round:
    labs = [institution_of(laboratory), institution_of(other_laboratory), None]
    return ready_round(provider, coordinator, laboratories=labs)


@pytest.fixture
def packed(round_: Round, coordinator: User) -> Round:
    actions.pack(round_, actor=coordinator, at=AT)
    return round_


def arrive(one: Parcel, by: User, condition: str = "intact", remark: str = "") -> Receipt:
    return actions.receive(one, Arrival(TODAY, condition, "4.5", remark), actor=by, at=AT)


def test_nothing_leaves_before_homogeneity_and_stability_are_settled(provider: Institution, coordinator: User) -> None:
    round_ = running_round(provider, coordinator, laboratories=[None])
    with pytest.raises(CannotShip, match="not settled: A mercury, homogeneity"):
        actions.pack(round_, actor=coordinator, at=AT)
    let_go(round_, coordinator)
    assert actions.pack(round_, actor=coordinator, at=AT) == 1


def test_packing_again_packs_for_those_who_came_later(packed: Round, coordinator: User) -> None:
    with pytest.raises(CannotShip, match="everybody"):
        actions.pack(packed, actor=coordinator, at=AT)
    Participation.objects.create(round=packed, code="K09")
    assert actions.pack(packed, actor=coordinator, at=AT) == 1
    assert sorted(one.number for one in Parcel.objects.select_related("participation")) == ["K01", "K02", "K03", "K09"]
    assert Entry.objects.filter(verb="pack_items").count() == 2


def test_before_codes_are_drawn_nothing_is_packed(round_: Round, coordinator: User) -> None:
    Round.objects.filter(pk=round_.pk).update(state="enrolling")
    with pytest.raises(CannotShip, match="codes are drawn"):
        actions.pack(round_, actor=coordinator, at=AT)


def test_each_gets_the_variant_that_was_drawn(provider: Institution, coordinator: User) -> None:
    round_ = ready_round(provider, coordinator, laboratories=[None] * 4, variants=2)
    with pytest.raises(CannotShip, match="4 laboratories have no variant"):
        actions.pack(round_, actor=coordinator, at=AT)
    assign_variants(round_, draw=random.Random(1), actor=coordinator, at=AT)
    actions.pack(round_, actor=coordinator, at=AT)
    drawn = dict(Assignment.objects.values_list("participation", "variant"))
    assert {one.participation_id: one.contents[0]["variant"] for one in Parcel.objects.all()} == drawn
    assert sorted(drawn.values()) == [1, 1, 2, 2]


def test_parcels_leave_all_or_those_named(packed: Round, coordinator: User) -> None:
    sent(packed, coordinator, K01="EE1", K02="EE2")
    assert (parcel(packed, "K01").state, parcel(packed, "K01").tracking) == ("sent", "EE1")
    assert parcel(packed, "K03").state == "packed"
    with pytest.raises(CannotShip, match="No packed parcel is called K01, K77"):
        sent(packed, coordinator, K01="EE1", K77="x", K03="EE3")
    assert parcel(packed, "K03").state == "packed", "all or nothing"
    sent(packed, coordinator)
    assert parcel(packed, "K03").expected_on == EXPECTED
    with pytest.raises(CannotShip, match="waits"):
        sent(packed, coordinator)


def test_what_arrives_in_order_is_received_once(packed: Round, coordinator: User, laboratory: User) -> None:
    with pytest.raises(NotAllowedNow):
        arrive(parcel(packed, "K01"), laboratory)
    sent(packed, coordinator)
    receipt = arrive(parcel(packed, "K01"), laboratory)
    assert (receipt.temperature, receipt.by, receipt.on_behalf) == ("4.5", laboratory, False)
    with pytest.raises(NotAllowedNow):
        arrive(parcel(packed, "K01"), laboratory)
    with pytest.raises(CannotShip, match="not in order"):
        actions.replace(parcel(packed, "K01"), reason="x", actor=coordinator, at=AT)
    assert Receipt.objects.count() == 1


def test_what_is_damaged_lost_back_or_asked_for_is_replaced(packed: Round, coordinator: User, laboratory: User) -> None:
    sent(packed, coordinator)
    arrive(parcel(packed, "K01"), laboratory, "leaking", "bottle open")
    actions.lose(parcel(packed, "K02"), reason="carrier says so", actor=coordinator, at=AT)
    actions.come_back(parcel(packed, "K03"), reason="address", actor=coordinator, at=AT)
    for code in ("K01", "K02"):
        made = actions.replace(parcel(packed, code), reason="again", actor=coordinator, at=AT)
        assert (made.number, made.state) == (f"{code}-R1", "packed")
        with pytest.raises(CannotShip, match="already"):
            actions.replace(parcel(packed, code), reason="again", actor=coordinator, at=AT)
    sent(packed, coordinator)
    assert parcel(packed, "K03").state == "sent", "what came back is sent again"
    assert parcel(packed, "K02").state == "lost" and parcel(packed, "K02", 1).state == "sent"
    arrive(parcel(packed, "K02"), laboratory)
    assert parcel(packed, "K02").state == "received", "a lost parcel may turn up"
    actions.ask_replacement(parcel(packed, "K01", 1), reason="spilt", actor=laboratory, at=AT)
    with pytest.raises(CannotShip, match="already"):
        actions.ask_replacement(parcel(packed, "K01", 1), reason="spilt", actor=laboratory, at=AT)
    assert actions.replace(parcel(packed, "K01", 1), reason="spilt", actor=coordinator, at=AT).number == "K01-R2"


def test_a_replaced_parcel_that_came_back_is_not_sent_again(packed: Round, coordinator: User) -> None:
    sent(packed, coordinator)
    actions.come_back(parcel(packed, "K03"), reason="address", actor=coordinator, at=AT)
    actions.replace(parcel(packed, "K03"), reason="opened", actor=coordinator, at=AT)
    sent(packed, coordinator)
    assert (parcel(packed, "K03").state, parcel(packed, "K03", 1).state) == ("returned", "sent")


def test_spares_run_out(packed: Round, coordinator: User) -> None:
    Item.objects.filter(round=packed).update(prepared=4)
    sent(packed, coordinator)
    for code in ("K01", "K02"):
        actions.lose(parcel(packed, code), reason="x", actor=coordinator, at=AT)
    actions.replace(parcel(packed, "K01"), reason="x", actor=coordinator, at=AT)
    with pytest.raises(CannotShip, match="0 of 4 prepared units"):
        actions.replace(parcel(packed, "K02"), reason="x", actor=coordinator, at=AT)


def test_the_counts_of_the_monitor_add_up(packed: Round, coordinator: User, laboratory: User) -> None:
    Participation.objects.create(round=packed, code="K09")
    sent(packed, coordinator, K01="", K02="")
    arrive(parcel(packed, "K01"), laboratory, "damaged", "box")
    found = queries.monitor(packed, on=EXPECTED)
    assert found.counts == {"packed": 1, "sent": 1, "received": 0, "faulty": 1, "lost": 0, "returned": 0}
    assert found.participants == found.none + sum(found.counts.values()) == 4
    assert (found.overdue, queries.overdue_in(packed, on=EXPECTED).count()) == (0, 0)
    later = EXPECTED + timedelta(days=4)
    assert queries.monitor(packed, on=later).overdue == 1
    assert [one.number for one in queries.overdue_in(packed, on=later)] == ["K02"]
    assert queries.monitor(packed, on=later).warnings == []
    assert [text.en for text in queries.monitor(packed, on=date(2027, 1, 11)).warnings] == [
        "2027 has no table of days off yet: counted by weekdays."
    ]


def test_addresses_follow_a_merged_entry(packed: Round, coordinator: User, laboratory: User) -> None:
    entry = institution("laboratory", "同一实验室", "The same laboratory")
    Round.objects.filter(pk=packed.pk).update(state="enrolling")
    on_paper(packed, (entry, "Wei", "1 Example Road"))
    Institution.objects.filter(pk=entry.pk).update(merged_into=institution_of(laboratory), merged_at=AT)
    found = queries.addresses(packed)
    assert (found["K01"].contact, found["K01"].address) == ("Wei", "1 Example Road")
    assert found["K03"].laboratory.en == "Laboratory K03" and found["K03"].address == ""


def test_as_many_questions_for_3_as_for_300(provider: Institution, coordinator: User) -> None:
    counts = []
    for n in (3, 300):
        round_ = ready_round(provider, coordinator, laboratories=[None] * n, number=f"N-{n}")
        with CaptureQueriesContext(connection) as asked:
            actions.pack(round_, actor=coordinator, at=AT)
            sent(round_, coordinator)
            queries.monitor(round_, on=TODAY)
            queries.addresses(round_)
        writes = sum(one["sql"].startswith(("INSERT", "UPDATE")) for one in asked.captured_queries)
        counts.append(len(asked) - writes)
    assert counts[0] == counts[1], counts


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_packs_and_one_receives(provider: Institution, coordinator: User, laboratory: User) -> None:
    round_ = ready_round(provider, coordinator, laboratories=[institution_of(laboratory), None])

    def told(answers: list[object]) -> list[type]:
        refused = [type(one) for one in answers if isinstance(one, Exception)]
        assert OperationalError not in refused, answers
        return refused

    assert told(at_once(2, lambda: actions.pack(round_, actor=coordinator, at=AT))) == [CannotShip]
    assert Parcel.objects.count() == 2
    assert told(at_once(2, lambda: sent(round_, coordinator))) == [CannotShip]
    assert told(at_once(2, lambda: arrive(parcel(round_, "K01"), laboratory))) == [NotAllowedNow]
    actions.lose(parcel(round_, "K02"), reason="x", actor=coordinator, at=AT)
    replaced = at_once(2, lambda: actions.replace(parcel(round_, "K02"), reason="x", actor=coordinator, at=AT))
    assert told(replaced) == [CannotShip] and Parcel.objects.count() == 3
