"""Two people who enter the class of one institution from one day at once leave one class."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.cast import AT, institution
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.management import actions
from zhunsheng.registry.management.actions import Refused

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)


def a_class(where: Institution, letter: str) -> RiskClass:
    return RiskClass(institution=where, letter=letter, valid_from=FIRST, reason="checked", source="file")


def test_the_second_of_two_is_told_to_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    where = institution("laboratory", "甲", "A")
    actions.enter_risk_classes([a_class(where, "A")], actor=None, at=AT)
    monkeypatch.setattr(actions, "_current", lambda keys: {})  # read before the first had written
    with pytest.raises(Refused, match="meanwhile"):
        actions.enter_risk_classes([a_class(where, "D")], actor=None, at=AT)
    assert [one.letter for one in RiskClass.objects.all()] == ["A"]


def test_the_database_itself_keeps_one_and_corrections_go_on() -> None:
    where = institution("laboratory", "甲", "A")
    for letter in ("A", "B", "C"):
        actions.enter_risk_classes([a_class(where, letter)], actor=None, at=AT)
    assert RiskClass.objects.get(superseded_by=None).letter == "C"
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskClass.objects.bulk_create([RiskClass(**{**vars_of(where), "letter": "D"})])


def vars_of(where: Institution) -> dict[str, object]:
    return {"institution": where, "valid_from": FIRST, "reason": "x", "source": "", "recorded_at": AT}
