"""What the gates out of stages count: the plan asks, the later stages answer, and here they meet."""

from django.db.models import Count, Q

from zhunsheng.activities.campaigns.inspection.models import Inspection
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.participants import commitments_in
from zhunsheng.activities.campaigns.plan.rules.gates import Count as Counted
from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import HANDED_IN
from zhunsheng.registry.regions.queries import within

INSPECTED = Q(state__in=("signing", "signed"))
SUBMITTED = ~Q(state__in=("open", "returned"))
DECIDED = Q(state__in=("accepted", "failed", "effective", "ineffective"))


def counts_in(campaign: Campaign, region_code: str, *, own: bool) -> dict[str, Counted]:
    """Key of a stage → how many of a region have done what leaving it asks for, of how many; four queries at most.

    Visits and what came of them are counted for the authority whose `own` the campaign is: others do not see them. What was not
    begun at all is not counted: a stage without one visit is left by the word of a person.
    """
    found = {"deployment": commitments_in(campaign, region_code), "selfcheck": _selfchecks(campaign, region_code)}
    if own:
        found |= _visits(campaign, region_code)
    return {key: one for key, one in found.items() if one.of}


def _selfchecks(campaign: Campaign, region_code: str) -> Counted:
    there = _where(region_code, campaign, "participant__region_code")
    return Counted(**SelfCheck.objects.filter(there, call__campaign=campaign).aggregate(
        of=Count("pk"), done=Count("pk", filter=HANDED_IN)
    ))  # fmt: skip


def _visits(campaign: Campaign, region_code: str) -> dict[str, Counted]:
    there = _where(region_code, campaign, "institution__region_code")
    visits = Inspection.objects.filter(there, campaign=campaign).exclude(state="cancelled")
    right = Rectification.objects.filter(there, finding__inspection__campaign=campaign).exclude(state="void")
    n = right.aggregate(
        of=Count("pk"), submitted=Count("pk", filter=SUBMITTED), decided=Count("pk", filter=DECIDED)
    )  # fmt: skip
    return {
        "inspection": Counted(**visits.aggregate(of=Count("pk"), done=Count("pk", filter=INSPECTED))),
        "rectification": Counted(n["submitted"], n["of"]),
        "acceptance": Counted(n["decided"], n["of"]),
    }


def _where(region_code: str, campaign: Campaign, path: str) -> Q:
    return within(region_code, campaign.opens_on, path) if region_code else Q()
