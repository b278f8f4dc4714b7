"""A campaign with self-checks and visits for the tests of the summary, made through the verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.activities.campaigns.inspection.visits import authority_here, begun, found, laboratory_here, officers, proof
from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, user_with_post
from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.activities.campaigns.inspection.models import Inspection
from zhunsheng.activities.campaigns.inspection.rules.packages import Package
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.selfcheck.actions.answering import submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person

PHOTO = b"\x89PNG made-up photograph"


@dataclass
class Run:
    authority: Institution
    places: list[Institution]
    call: Call
    team: list[Person]

    @property
    def campaign(self) -> Campaign:
        return self.call.campaign


def run(n: int) -> Run:
    """A campaign in which so many laboratories take part."""
    authority = authority_here()
    places = [laboratory_here(i) for i in range(1, n + 1)]
    return Run(authority, places, called(authority, region_code=places[0].region_code[:4] + "00"), officers(authority))


def handed_in(here: Run, place: Institution, **answers: Given) -> SelfCheck:
    """The form of a laboratory, everything fine but what is given."""
    form = SelfCheck.objects.get(participant__institution=place)
    filled_in(form, None, **answers)
    submit_selfcheck(form, actor=user_with_post(f"signs{form.pk}", "quality_manager", place), at=AT)
    return form


def visited(
    here: Run,
    place: Institution,
    *codes: str,
    grade: str = "minor",
    after: int = 1,
    campaign: Campaign | None = None,
    ends: bool = True,
) -> Inspection:
    """A visit so many days later with a nonconformity of each class, signed."""
    at = AT + timedelta(days=after)
    task = actions.Task(place, here.team)
    made = actions.plan_inspections(
        [task], authority=here.authority, on=at.date(), until=at.date() + timedelta(days=4), actor=None, at=at,
        campaign=campaign or here.campaign,
    )[0]  # fmt: skip
    begun(made, here.team, at=at)
    problems = [
        found(f"{made.pk}{code}", code=code, grade=grade, act_on=at.date() - timedelta(days=1), at=at) for code in codes
    ]
    officer = here.team[0]
    actions.sync(made, Package((), tuple(problems)), officer=officer, actor=officer.user, at=at)
    for one in problems:
        shown = proof(f"{one.id}", finding=one.id, at=at)
        actions.keep_exhibit(made, shown, PHOTO, officer=officer, actor=officer.user, at=at)
    return _signed(made, here.team) if ends else made


def _signed(made: Inspection, team: Sequence[Person]) -> Inspection:
    at = made.sent_at
    sha256 = actions.close_record(made, actor=team[0].user, at=at).sha256
    for one in team:
        actions.sign_as_officer(made, officer=one, sha256=sha256, actor=one.user, at=at)
    actions.sign_for_institution(
        made, manner="paper", name="质量负责人", statement="", sha256=sha256, actor=team[0].user, at=at
    )
    return made


__all__ = ["Run", "handed_in", "run", "visited"]
