"""Before and after: this campaign beside the one before it, and the same institutions at their first and last visit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.inspection.models import Finding, Inspection
from zhunsheng.activities.campaigns.inspection.policies import repeat_years
from zhunsheng.activities.campaigns.inspection.queries import earlier_of
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.summary.policies import policy_on
from zhunsheng.activities.campaigns.summary.queries.discrepancies import called_fine
from zhunsheng.activities.campaigns.summary.queries.discrepancies import compared as beside_selfcheck
from zhunsheng.activities.campaigns.summary.queries.visits import later_visits, participants_of, visits_of
from zhunsheng.activities.campaigns.summary.rules.effects import NOT_DRAWN, Effect, compared, paired
from zhunsheng.activities.campaigns.summary.rules.intervals import Pairs, Share
from zhunsheng.activities.campaigns.summary.rules.visits import MAJOR, Visit


def effects(campaign: Campaign, seen: QuerySet[Participant], *, on: date, within: str = "") -> list[Effect]:
    """The indicators of a campaign for the participants that somebody sees, as of a day; a constant number of queries."""
    policy = policy_on("summary", on)
    after = _shares(campaign, seen, within, repeat_years(on))
    before = _shares(campaign.previous, seen, within, repeat_years(on)) if campaign.previous else {}
    here = participants_of(seen, campaign, within)
    visits = visits_of(campaign, here)
    cautions = () if all(one.drawn for one in visits) else (NOT_DRAWN,)
    small = policy["small_below"]
    found = [
        compared(key, before.get(key, Share(0, 0)), share, small_below=small, cautions=cautions)
        for key, share in after.items()
    ]
    return [*found, paired("again", first_and_last(visits, later_visits(visits, here)), small_below=small)]


def _shares(campaign: Campaign, seen: QuerySet[Participant], within: str, years: int) -> dict[str, Share]:
    here = participants_of(seen, campaign, within)
    visits = visits_of(campaign, here)
    of = {one.institution for one in visits}
    bad = {one.institution for one in visits if one.nonconformities}
    grave = {one.institution for one in visits if any(each.grade == MAJOR for each in one.problems)}
    return {
        "nonconforming": Share(len(bad), len(of)),
        "major": Share(len(grave), len(of)),
        "repeat": Share(len(set().union(*repeating(campaign, visits, years).values())), len(of)),
        "called_fine": called_fine(beside_selfcheck(campaign, here, visits)),
    }


def repeating(campaign: Campaign, visits: Sequence[Visit], years: int) -> dict[str, set[UUID]]:
    """Class of findings → the institutions with a nonconformity of it that had been found there before; four queries."""
    places = {one.finding: visit.institution for visit in visits for one in visit.nonconformities}
    signed = Inspection.objects.filter(campaign=campaign, state="signed").order_by()
    rows = Finding.objects.filter(inspection__in=signed.values("pk")).select_related("inspection")
    again = [one for one in rows if one.pk in places]
    earlier = earlier_of(again, years=years)
    found: dict[str, set[UUID]] = defaultdict(set)
    for one in again:
        if earlier[one.pk]:
            found[one.code].add(places[one.pk])
    return dict(sorted(found.items()))


def first_and_last(visits: Sequence[Visit], later: Sequence[Visit]) -> Pairs:
    """The first visit of the campaign and the last visit after it, of every institution that has both; pure."""
    first: dict[UUID, Visit] = {}
    for one in visits:
        first.setdefault(one.institution, one)
    last = {one.institution: one for one in later if one.on > first[one.institution].on}
    said = [(bool(first[key].nonconformities), bool(one.nonconformities)) for key, one in last.items()]
    return Pairs(
        said.count((True, True)), said.count((True, False)), said.count((False, True)), said.count((False, False))
    )
