"""A laboratory sees in the trail what its own people did about an inspection, not what its inspectors did."""

from tests.activities.campaigns.inspection import visits
from tests.cast import AT, institution_of
from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.faces.trail.access import acts_visible_to
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import visitor


def verbs_seen(user: User) -> set[str]:
    seen = acts_visible_to(visitor(user, on=AT.date())).filter(subject__startswith="inspection:")
    return set(seen.values_list("verb", flat=True))


def test_the_laboratory_sees_that_it_signed(authority: Institution, laboratory: User, other_laboratory: User) -> None:
    team = visits.officers(authority)
    visit = visits.begun(visits.sent(authority, institution_of(laboratory), team), team)
    sha256 = actions.close_record(visit, actor=team[0].user, at=AT).sha256
    assert verbs_seen(laboratory) == set()
    actions.sign_for_institution(
        visit, manner="account", name="质量负责人", statement="", sha256=sha256, actor=laboratory, at=AT
    )
    assert len(verbs_seen(laboratory)) == 1
    assert verbs_seen(other_laboratory) == set()
