"""Whatever day is asked about, there is an answer or a refusal that names the day, and no breakdown."""

import json
from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import institution_of
from tests.faces.api.test_api import ask, secret_of
from zhunsheng.faces.lists import EARLIEST, LATEST
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter

ODD = ["0001-01-01", "1949-12-31", "1950-01-01", "2000-02-29", "2100-01-01", "2100-01-02", "9999-12-30", "9999-12-31"]


@pytest.fixture(autouse=True)
def as_many_questions_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhunsheng.faces.api.throttles.ByAddress.allow_request", lambda *_: True)


def wanted(text: str) -> set[int]:
    return {200} if EARLIEST <= date.fromisoformat(text) <= LATEST else {422}


@pytest.mark.django_db
@pytest.mark.parametrize("day", ODD)
def test_every_endpoint_that_takes_days_bounds_them(
    day: str, province: User, laboratory: User, mercury: Parameter, feed: Matrix
) -> None:
    key, secret = institution_of(laboratory).pk, secret_of(province)
    item = {"parameter": "mercury", "matrix": "feed"}
    asked = [
        ("/institutions", {}), (f"/institutions/{key}", {}), ("/scopes", {}), ("/standards", {}), ("/evidence", {}),
        (f"/institutions/{key}/capability", item), ("/near", {"parameter": "mercury", "region": "330100"}),
    ]  # fmt: skip
    found = {
        (path, name): ask(path, secret, **{**more, name: day}).status_code
        for path, more in asked
        for name in ("on", "known_on")
    }
    assert {where: status for where, status in found.items() if status not in wanted(day)} in (
        {},
        {("/near", "on"): 422},
    )
    question = {"institution": str(key), **item, "on": day}
    said = Client().post(
        "/api/v1/eligibility", json.dumps(question), content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert said.status_code in wanted(day) | {422}  # 422, too, where no policy was in force


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)))
def test_no_day_breaks_a_question_of_the_public(day: date) -> None:
    for path in ("/institutions", "/scopes", "/standards", "/regions"):
        assert ask(path, on=day.isoformat()).status_code == min(wanted(day.isoformat()))
