"""The cast stands where it says, so that a test built on it does not pass for want of data."""

import pytest

from tests.cast import institution_of
from zhunsheng.activities.proficiency.models import Evaluation, Identity, Participation, Report, Round
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User


def test_the_round_has_21_participants_and_knows_two_of_the_laboratories(
    mercury_round: Round, laboratory: User, other_laboratory: User
) -> None:
    assert mercury_round.state == "collected"
    assert Participation.objects.filter(round=mercury_round).count() == 21
    known = Identity.objects.filter(participation__round=mercury_round, institution__isnull=False)
    assert {one.institution for one in known} == {institution_of(laboratory), institution_of(other_laboratory)}
    assert not Evaluation.objects.exists() and not Evidence.objects.exists()


def test_the_evaluated_round_has_one_evaluation_and_no_evidence_yet(evaluated_round: Round) -> None:
    assert evaluated_round.state == "evaluated"
    assert Evaluation.objects.filter(round=evaluated_round).count() == 1
    assert not Evidence.objects.exists() and not Report.objects.exists()


def test_the_released_round_has_reports_and_evidence_of_an_acceptable_and_an_action_signal(
    released_round: Round, laboratory: User, other_laboratory: User, authority: object
) -> None:
    assert released_round.state == "released"
    signals = {line.institution: line.payload["signal"] for line in Evidence.objects.all()}
    assert signals == {institution_of(laboratory): "acceptable", institution_of(other_laboratory): "action"}
    assert {line.disclosed_to for line in Evidence.objects.all()} == {authority}
    assert {report.language for report in Report.objects.all()} == {"zh", "en", "both"}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["outsider", "administrator"])
def test_nobody_gave_these_a_post(who: str, request: pytest.FixtureRequest) -> None:
    assert not hasattr(request.getfixturevalue(who), "person")
