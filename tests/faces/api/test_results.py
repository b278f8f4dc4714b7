"""Results of a round sent by a laboratory's own system."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.activities.proficiency.collect.collected import part, rows, running_round
from tests.cast import institution_of
from zhunsheng.activities.proficiency.collect.actions.entering import save_draft, submit
from zhunsheng.activities.proficiency.collect.models import Value
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.api.tokens import make_token
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(coordinator: User, provider: Institution, laboratory: User) -> Round:
    return running_round(provider, coordinator, laboratories=[institution_of(laboratory), None])


@pytest.fixture
def secret(laboratory: User) -> str:
    return make_token(
        name="LIMS", scopes=["report:results"], lifetime=timedelta(days=1), actor=laboratory, at=timezone.now()
    )[1]


def send(round_: Round, secret: str, body: Any = None) -> Any:
    address, headers = f"/api/v1/rounds/{round_.pk}/results", {"Authorization": f"Bearer {secret}"}
    if body is None:
        return Client().get(address, headers=headers)
    return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_what_is_asked_what_was_sent_and_what_is_odd_in_it(round_: Round, secret: str) -> None:
    asked = send(round_, secret).json()
    assert (asked["code"], asked["version"], [one["unit"] for one in asked["asked"]]) == ("K01", 0, ["mg/kg", "mg/kg"])
    row = {"position": 0, "replicate": 2, "result": "0.1200", "measured_on": "2026/5/20"}
    kept = send(round_, secret, {"version": 0, "rows": [row]}).json()
    assert (kept["version"], kept["state"]) == (1, "draft")
    assert [(one["result"], one["replicate"], one["measured_on"]) for one in kept["rows"]] == [
        ("0.1200", 2, "2026-05-20")
    ]
    assert {(one["position"], one["field"]) for one in kept["remarks"]} == {(1, "result")}
    again = send(round_, secret, {"rows": [row]}).json()
    assert again["version"] == 1  # sent twice, kept once


def test_what_was_written_meanwhile_is_not_overwritten(round_: Round, secret: str, laboratory: User) -> None:
    save_draft(part(round_, "K01"), rows(round_, "0.120"), actor=laboratory, at=timezone.now())
    answer = send(round_, secret, {"version": 0, "rows": [{"position": 0, "result": "0.999"}]})
    assert answer.status_code == 422 and answer.json()["errors"][0]["where"] == "version"
    assert Value.objects.get().result == "0.120"


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"position": 2}, "position"),
        ({"position": 0, "result": "9" * 61}, "result"),
        ({"position": 0, "measured_on": "soon"}, "measured_on"),
        ({"position": 0, "replicate": 11}, "body.draft.rows.0.replicate"),
        ({"position": 0, "result": "1\x00"}, "body.draft.rows.0.result"),
    ],
)
def test_what_cannot_be_kept_is_said(round_: Round, secret: str, row: dict[str, Any], where: str) -> None:
    answer = send(round_, secret, {"rows": [row]})
    assert answer.status_code == 422
    assert [one["where"] for one in answer.json()["errors"]] == [where]
    assert not Value.objects.exists()


def test_what_is_submitted_is_not_changed(round_: Round, secret: str, laboratory: User) -> None:
    assert send(round_, secret, {"rows": [{"position": 0, "result": "0.120\ud800"}]}).status_code == 422
    assert send(round_, secret, {"rows": [{"position": 0, "result": "0.120"}]}).status_code == 200
    submit(part(round_, "K01"), version=1, actor=laboratory, at=round_.plan.results_until)
    answer = send(round_, secret, {"rows": [{"position": 0, "result": "0.999"}]})
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "round")
    assert send(round_, secret).json()["state"] == "submitted"
