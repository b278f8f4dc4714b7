"""Two workers on one job — a lease ran out while the first was still at it — enrol and open once."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from tests.activities.campaigns.plan.campaigns import plan
from tests.cast import AT, institution
from tests.together import at_once
from zhunsheng.activities.campaigns.plan.actions import enrolling
from zhunsheng.activities.campaigns.plan.actions.planning import plan_campaign, publish_campaign
from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.activities.campaigns.selfcheck.actions import opening
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution


@pytest.mark.django_db(transaction=True)
def test_two_who_enrol_and_open_at_once_make_everything_once(authority: Institution) -> None:
    for n in range(6):
        institution("laboratory", f"室{n}", f"L{n}", region_code="330106")
    campaign = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    publish_campaign(campaign, actor=None, at=AT)
    with patch.object(enrolling, "STEP", 2):
        enrolled = at_once(2, lambda: enrolling.enrol_participants(campaign.pk, actor=None, at=AT))
    campaign.refresh_from_db()
    call = opening.call_selfcheck(
        campaign, checklist=shipped_checklist(at=AT), due_on=AT.date() + timedelta(days=30), actor=None, at=AT
    )
    with patch.object(opening, "STEP", 2):
        opened = at_once(2, lambda: opening.open_selfchecks(call, actor=None, at=AT))

    assert made(enrolled) == made(opened) == Participant.objects.count() == SelfCheck.objects.count() == 6
    assert Entry.objects.filter(verb="enrol_participants").count() == 3
    assert Entry.objects.filter(verb="open_selfchecks").count() == 3


def made(answers: list[object]) -> int:
    """How many both made; an error of either is shown."""
    numbers = [one for one in answers if isinstance(one, int)]
    assert len(numbers) == len(answers), answers
    return sum(numbers)
