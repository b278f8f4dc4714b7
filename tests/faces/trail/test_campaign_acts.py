"""Who sees which acts on a campaign: whoever runs it all of them, whoever leads or answers in it those of the own colleagues."""

import pytest

from tests.activities.campaigns.plan.campaigns import COMMITMENT, published
from tests.cast import AT, institution_of
from zhunsheng.activities.campaigns.plan.actions.answering import sign_commitment, text_sha256
from zhunsheng.activities.campaigns.plan.actions.leading import open_gate
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.faces.trail.access import acts_visible_to
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.people.queries import visitor

PLANNED = {"plan_campaign", "publish_campaign", "enrol_participants"}


@pytest.fixture
def campaign(regulator: User, county: User, laboratory: User, other_laboratory: User) -> Campaign:
    """Published; a district opened a gate, a laboratory signed."""
    made = published(institution_of(regulator))
    open_gate(
        made.stages.first(), "entry", region_code="330106", count=None, reason="", actor=county, at=AT
    )  # fmt: skip
    mine = made.participants.get(institution=institution_of(laboratory))
    sign_commitment(mine, responsible="王一", position="", seen=text_sha256(COMMITMENT), actor=laboratory, at=AT)
    return made


def sees(user: User, campaign: Campaign) -> set[str]:
    acts = acts_visible_to(visitor(user, on=AT.date())).filter(subject=f"campaign:{campaign.pk}")
    return set(acts.values_list("verb", flat=True))


def test_acts_on_a_campaign(
    campaign: Campaign, regulator: User, county: User, province: User, national: User, other_province: User, laboratory: User,
    other_laboratory: User, institution_admin: User, integrity_officer: User, coordinator: User, outsider: User,
) -> None:  # fmt: skip
    assert sees(regulator, campaign) == PLANNED | {"open_gate", "sign_commitment"}
    assert sees(county, campaign) == {"open_gate"}
    assert sees(laboratory, campaign) == sees(institution_admin, campaign) == {"sign_commitment"}
    for who in (province, national, other_province, other_laboratory, coordinator, outsider):
        assert sees(who, campaign) == set(), who
    # an officer oversees what the own people did: here nobody of the authority acted under a name
    assert sees(integrity_officer, campaign) == set()
    open_gate(campaign.stages.first(), "exit", region_code="", count=None, reason="x", actor=regulator, at=AT)
    assert sees(integrity_officer, campaign) == {"open_gate"}
