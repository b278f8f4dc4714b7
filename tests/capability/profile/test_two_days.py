"""Of which day, and by the end of which day it was known: registers filled in April are asked about March."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import AT, institution_of
from tests.registry.scopes import ground
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.near import laboratories_near
from zhunsheng.capability.profile.queries import Capability, capability, scope_pairs_on
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.decisions.eligibility.queries import facts_of, known_on_of, recomputes, verdict
from zhunsheng.decisions.eligibility.rules import look_signatory
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.queries import in_date, standing_so
from zhunsheng.registry.institutions.actions import enter_certificate, merge_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.states import CERTIFICATE_STATES
from zhunsheng.registry.people import actions as people
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.regions import place_of
from zhunsheng.registry.scopes.models import ScopeLine

pytestmark = pytest.mark.django_db
MARCH, ENTERED = date(2026, 3, 1), AT.date()
BEFORE = ENTERED - timedelta(days=1)
Item = tuple[Institution, Parameter, Matrix]


@pytest.fixture
def item(laboratory: User) -> Item:
    """All holds since 2023 and was entered in April 2026: a certificate, a line with an instrument, a signatory in a post."""
    where = institution_of(laboratory)
    [what] = ground.parameters("melamine")
    made = where, what, ground.matrix("milk")
    line = ground.line(*made, ground.method("GB/T 22388-2008"), valid_from=date(2023, 1, 1))
    certificate(where)
    scale = Instrument.objects.create(institution=where, serial="B-1", name_zh="天平", name_en="Balance")
    calibrated = {"valid_from": date(2025, 6, 1), "valid_to": date(2026, 5, 31), "recorded_at": AT}
    Calibration.objects.create(instrument=scale, certificate="C-1", **calibrated)
    line.instruments.add(scale)
    signatory(where)
    return made


def certificate(where: Institution) -> None:
    days = {"valid_from": date(2023, 1, 1), "valid_to": date(2029, 1, 1)}
    held = Certificate(institution=where, scheme="CMA", number="231100000001", **days)
    enter_certificate(held, actor=None, at=AT)


def signatory(where: Institution) -> Person:
    post = Post(institution=where, kind="signatory", valid_from=date(2020, 1, 1))
    made = people.enter_person(Person(name="签字人甲"), post, actor=None, at=AT)
    field = Authorisation(person=made, institution=where, field="food", valid_from=date(2020, 1, 1))
    people.authorise(field, actor=None, at=AT)
    return made


def known(item: Item, on: date, known_on: date) -> Capability:
    return capability(*item, on=on, known_on=known_on, evidence=Evidence.objects.all())


@pytest.mark.parametrize("on", [MARCH, BEFORE, ENTERED])
def test_a_day_before_the_registers_were_filled_is_answered_by_what_they_know_now(item: Item, on: date) -> None:
    found = known(item, on, ENTERED)
    assert [len(part) for part in (found.certificates, found.scope_lines, found.signatories)] == [1, 1, 1]
    assert [one.covering is not None for one in found.instruments] == [True]
    assert scope_pairs_on(item[0], on=on, known_on=ENTERED).count() == 1


def test_what_was_known_on_an_earlier_day_can_still_be_asked(item: Item) -> None:
    found = known(item, MARCH, BEFORE)
    assert (found.certificates, found.lines, found.signatories) == ([], [], [])


def test_a_calibration_covers_its_days_whenever_it_was_entered(item: Item) -> None:
    one = Instrument.objects.get()
    states = {
        date(2025, 5, 31): "never", date(2025, 6, 1): "in_date", BEFORE: "due_soon", date(2026, 5, 31): "due_soon",
        date(2026, 6, 1): "out_of_date",
    }  # fmt: skip
    assert {on: in_date([one], on, known_on=ENTERED)[one.pk].state for on in states} == states
    every = Instrument.objects.all()
    assert all(standing_so(every, state, on, known_on=ENTERED).exists() for on, state in states.items())
    assert in_date([one], ENTERED, known_on=BEFORE)[one.pk].state == "never"


def test_who_can_test_it_near_is_asked_of_both_days(item: Item) -> None:
    def found(on: date, known_on: date) -> int:
        where = place_of("330100", on)
        assert where
        nobody = Evidence.objects.none()
        return laboratories_near([item[1].pk], [], where=where, km=100, on=on, known_on=known_on, evidence=nobody).found

    assert (found(MARCH, ENTERED), found(MARCH, BEFORE)) == (1, 0)


def test_a_decision_asks_of_both_days_and_freezes_both(item: Item, regulator: User) -> None:
    asked: dict[str, Any] = dict(zip(("institution", "parameter", "matrix"), item, strict=True))
    asked |= {"on": MARCH, "visitor": visitor(regulator, on=ENTERED), "at": AT}
    now, then = decide(**asked), decide(**asked, known_on=BEFORE)
    outcomes = [{r["id"]: r["outcome"] for r in verdict(made)["rules"]} for made in (now, then)]
    assert [outcomes[0][rule] for rule in ("R1", "R2", "R3", "R4")] == ["yes"] * 4
    assert [outcomes[1][rule] for rule in ("R1", "R2", "R4")] == ["unknown", "no", "no"]
    assert (known_on_of(now), known_on_of(then)) == (ENTERED, BEFORE)
    assert recomputes(now) and recomputes(then)
    later = decide(**asked, known_on=ENTERED + timedelta(days=9))
    assert known_on_of(later) == ENTERED  # nobody knows what will be known


def test_an_answer_frozen_before_both_days_were_told_reads_and_recomputes(item: Item, regulator: User) -> None:
    made = decide(
        institution=item[0], parameter=item[1], matrix=item[2], on=ENTERED, visitor=visitor(regulator, on=ENTERED), at=AT
    )  # fmt: skip
    made.facts = bytes(made.facts).replace(b'"known_on":"2026-04-15",', b"")
    assert b"known_on" not in made.facts
    assert recomputes(made) and known_on_of(made) == ENTERED


@pytest.mark.parametrize(
    "address",
    [
        "/find/?what=melamine&matrix=milk&place=330100&km=200",
        "/scopes/?what=melamine",
    ],
)
def test_public_pages_find_it_on_both_days(item: Item, client: Client, address: str) -> None:
    name = item[0].name_en
    assert name in client.get(f"{address}&on={MARCH}").content.decode()
    assert name not in client.get(f"{address}&on={MARCH}&known={BEFORE}").content.decode()


def test_the_public_page_of_an_institution_takes_both_days(item: Item, client: Client) -> None:
    page = reverse("public_institution", args=[item[0].pk])
    states = {
        f"?on={MARCH}": "valid", f"?on={MARCH}&known={BEFORE}": "none", "?on=2029-01-02": "ended", "?on=2022-01-01": "none",
        "?on=2028-12-31": "ending",
    }  # fmt: skip
    for question, state in states.items():
        shown = client.get(page + question).content.decode()
        assert f'data-state="{state}"' in shown, question
    for on, state in (("2029-01-02", "ended"), (str(MARCH), "valid")):
        listed = client.get(reverse("public_institutions"), {"q": item[0].name_zh, "on": on}).content.decode()
        assert f"Certificates on {on}" in listed and CERTIFICATE_STATES[state].en in listed


def test_the_api_answers_of_both_days(item: Item, client: Client) -> None:
    def held(question: str) -> list[bool]:
        answer = client.get(f"/api/v1/institutions/{item[0].pk}?{question}").json()
        return [one["holds"] for one in answer["certificates"]]

    assert held(f"on={MARCH}") == [True]
    assert held(f"on={MARCH}&known_on={BEFORE}") == []
    near = f"/api/v1/near?parameter=melamine&region=330100&on={MARCH}"
    assert client.get(near).json()["found"] == 1
    assert client.get(f"{near}&known_on={BEFORE}").json()["found"] == 0


def test_the_workspace_page_takes_both_days(item: Item, client_of: Any, laboratory: User) -> None:
    page = reverse("workspace_capability")
    assert "GB/T 22388-2008" in client_of(laboratory).get(f"{page}?on={MARCH}").content.decode()
    assert "GB/T 22388-2008" not in client_of(laboratory).get(f"{page}?on={MARCH}&known={BEFORE}").content.decode()


def test_who_has_left_signs_nothing(item: Item) -> None:
    [post] = Post.objects.filter(kind="signatory")
    people.end_post(post, date(2026, 4, 1), reason="left", actor=None, at=AT)
    gates = {
        on: look_signatory(facts_of(known(item, on, ENTERED), {}), {}).outcome
        for on in (date(2026, 4, 1), date(2026, 4, 2))
    }
    assert gates == {date(2026, 4, 1): "yes", date(2026, 4, 2): "no"}


def test_a_post_elsewhere_does_not_count_until_the_entries_are_one(item: Item) -> None:
    kept, twin = item[0], ground.laboratory("乙实验室")
    Post.objects.filter(kind="signatory").update(institution=twin)
    assert known(item, ENTERED, ENTERED).signatories == []
    merge_institutions(kept, twin, reason="one institution", actor=None, at=AT)
    assert len(known(item, ENTERED, ENTERED).signatories) == 1


def test_neither_days_nor_posts_cost_a_question_a_row(item: Item) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            known(item, MARCH, ENTERED)
        return len(seen)

    few = asked()
    for _ in range(15):
        signatory(item[0])
    for n in range(15):
        ground.line(*item, ground.method(f"GB {n}-2020"))
    assert asked() == few and ScopeLine.objects.count() == 16
