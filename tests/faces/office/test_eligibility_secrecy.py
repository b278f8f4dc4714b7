"""Any authority asks about any laboratory; names of people and serial numbers are for those who oversee it."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import AT, institution_of
from tests.registry.scopes import ground as register
from zhunsheng.decisions.eligibility import first_form
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.policies import policy_by_version
from zhunsheng.decisions.eligibility.queries import facts_kept, recomputes
from zhunsheng.faces.api.tokens import make_token
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.people.queries import visitor

SECRETS = ("Secret Signatory", "SECRET-SN-77", "SECRET-CAL-9")


@pytest.fixture
def known(laboratory: User, mercury: Parameter, feed: Matrix) -> tuple[Instrument, Person]:
    """A laboratory with an instrument, a calibration and a signatory that must not be told to everybody."""
    where = institution_of(laboratory)
    instrument = Instrument.objects.create(
        institution=where, serial="SECRET-SN-77", serial_key="SECRETSN77", name_zh="甲", name_en="A"
    )
    Calibration.objects.create(
        instrument=instrument, certificate="SECRET-CAL-9", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1),
        recorded_at=AT,
    )  # fmt: skip
    register.line(where, mercury, feed, register.method("GB 1-2020")).instruments.add(instrument)
    person = Person.objects.create(name="Secret Signatory")
    Post.objects.create(person=person, institution=where, kind="signatory", valid_from=date(2024, 1, 1))
    Authorisation.objects.create(
        person=person, institution=where, field="feed", valid_from=date(2024, 1, 1), recorded_at=AT
    )
    return instrument, person


def asked(by: User, laboratory: User, mercury: Parameter, feed: Matrix) -> Decision:
    return decide(
        institution=institution_of(laboratory), parameter=mercury, matrix=feed, on=date(2026, 8, 20),
        visitor=visitor(by, on=timezone.localdate()), at=timezone.now(),
    )  # fmt: skip


def by_api(user: User, decision: Decision) -> str:
    now = timezone.now()
    _, secret = make_token(name="x", scopes=["ask:eligibility"], lifetime=timedelta(days=1), actor=user, at=now)
    found = Client().get(f"/api/v1/eligibility/{decision.pk}", headers={"Authorization": f"Bearer {secret}"})
    assert found.json()["recomputes"] is True
    return found.content.decode()


def test_a_neighbouring_province_reads_counts(
    client_of: Callable[[User], Client], known: tuple[Instrument, Person], laboratory: User, other_province: User,
    mercury: Parameter, feed: Matrix,
) -> None:  # fmt: skip
    found = asked(other_province, laboratory, mercury, feed)
    page = client_of(other_province).get(reverse("office_decision", args=[found.pk])).content.decode()
    for secret in SECRETS:
        assert secret not in page and secret not in by_api(other_province, found)
    assert "signatories authorised for the field: 1" in page and "instruments: 1" in page


def test_the_own_province_reads_names(
    client_of: Callable[[User], Client], known: tuple[Instrument, Person], laboratory: User, province: User,
    mercury: Parameter, feed: Matrix,
) -> None:  # fmt: skip
    found = asked(province, laboratory, mercury, feed)
    page = client_of(province).get(reverse("office_decision", args=[found.pk])).content.decode()
    assert all(secret in page and secret in by_api(province, found) for secret in SECRETS)


def test_what_is_kept_has_no_name_and_no_serial_number(
    known: tuple[Instrument, Person], laboratory: User, province: User, mercury: Parameter, feed: Matrix
) -> None:
    found = asked(province, laboratory, mercury, feed)
    kept = bytes(found.facts) + bytes(found.verdict)
    assert not any(secret.encode() in kept for secret in SECRETS)
    assert facts_kept(found)["signatories"][0]["id"] == str(known[1].pk)


@pytest.mark.parametrize(("who", "shown"), [("other_province", False), ("province", True)])
def test_an_answer_of_the_first_form_is_hidden_too_and_still_comes_out_the_same(
    client_of: Callable[[User], Client], request: pytest.FixtureRequest, laboratory: User, mercury: Parameter,
    feed: Matrix, who: str, shown: bool,
) -> None:  # fmt: skip
    user: User = request.getfixturevalue(who)
    facts = first_facts()
    answer = first_form.decide(facts, policy_by_version("subcontract/1"))
    found = Decision.objects.create(
        institution=institution_of(laboratory), parameter=mercury, matrix=feed, on=date(2026, 3, 1),
        asked_for=institution_of(user), asked_by=user, asked_at=AT, policy=answer["policy"], answer=answer["answer"],
        facts=canonical_json(facts), verdict=canonical_json(answer), sha256=hashlib.sha256(b"").hexdigest(),
    )  # fmt: skip
    page = client_of(user).get(reverse("office_decision", args=[found.pk])).content.decode()
    assert recomputes(found)
    assert [secret in page for secret in SECRETS] == [shown] * 3


def first_facts() -> dict[str, object]:
    held = {"valid_from": "2024-01-01", "valid_to": "2029-12-31"}
    calibration = {"certificate": "SECRET-CAL-9", **held}
    line = {
        "method": "GB 1-2020", **held,
        "instruments": [{"serial": "SECRET-SN-77", "covering": calibration, "latest": calibration}],
    }  # fmt: skip
    facts: dict[str, object] = {
        "institution": {"id": "i", "en": "L", "zh": "甲"}, "parameter": {"code": "mercury", "en": "m", "zh": "汞"},
        "matrix": {"code": "feed", "field": "feed", "en": "f", "zh": "饲料"}, "on": "2026-03-01", "certificates": [],
        "last_certificate": None, "scope": [line], "last_scope": line, "evidence": [],
        "signatories": [{"name": "Secret Signatory", **held}], "trend": {"n": 0}, "suspension": None,
    }  # fmt: skip
    copied: dict[str, object] = json.loads(json.dumps(facts))
    return copied
