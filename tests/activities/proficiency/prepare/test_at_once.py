"""Two who act at the same instant: one wins, the other is told; nothing is there twice."""

import random

import pytest
from django.db import OperationalError

from tests.activities.proficiency.planned import planned_round
from tests.activities.proficiency.prepare.studies import studied
from tests.cast import AT
from tests.together import at_once
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.prepare.actions.assigning import assign_variants
from zhunsheng.activities.proficiency.prepare.actions.sealing import seal
from zhunsheng.activities.proficiency.prepare.actions.studying import waive
from zhunsheng.activities.proficiency.prepare.models import Assignment, Seal, Study, Waiver
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution


@pytest.mark.django_db(transaction=True)
def test_two_at_once(provider: Institution, coordinator: User) -> None:
    """Drawing variants, sealing a value, waiving, entering a study: in one test, since it empties all tables at its end."""
    round_ = planned_round(provider, coordinator, variants=2)
    Participation.objects.bulk_create(Participation(round=round_, code=f"P{n:02}") for n in range(20))
    Round.objects.filter(pk=round_.pk).update(state="running")
    one = round_.measurands.get(position=0)

    drawn = at_once(2, lambda: assign_variants(round_, draw=random.Random(), actor=coordinator, at=AT))
    assert told(drawn) == [CannotDo] and Assignment.objects.count() == 20

    def put_away() -> Seal:
        return seal(round_, one, variant=1, assigned="0.2", u="", reason="", actor=coordinator, at=AT)

    assert told(at_once(2, put_away)) == [CannotDo] and Seal.objects.count() == 1

    def let_go() -> Waiver:
        return waive(round_, one, "stability", verdict=None, reason="known", actor=coordinator, at=AT)

    assert told(at_once(2, let_go)) == [CannotDo] and Waiver.objects.count() == 1

    entered = at_once(2, lambda: studied(round_, "homogeneity", coordinator, one))
    assert told(entered) == [] and sorted(Study.objects.values_list("version", flat=True)) == [1, 2]
    for verb, times in (
        ("assign_item_variants", 1),
        ("seal_assigned_value", 1),
        ("waive_item_study", 1),
        ("take_item_study", 2),
    ):
        assert Entry.objects.filter(verb=verb).count() == times


def told(answers: list[object]) -> list[type]:
    """What the losers were told; a database that gives up is no answer."""
    refused = [type(one) for one in answers if isinstance(one, Exception)]
    assert OperationalError not in refused, answers
    return refused
