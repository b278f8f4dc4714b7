"""The board of a campaign: where it stands in a region and what is next; and the verbs that move the whole of it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count as CountOf
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.actions import planning
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.board import Standing, stages_in
from zhunsheng.activities.campaigns.plan.queries.participants import commitments_by_place, wanted
from zhunsheng.activities.campaigns.plan.rules.gates import ASKED_ON_LEAVING
from zhunsheng.activities.campaigns.plan.rules.gates import Count as Counted
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused, check_publishable
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, SECTIONS
from zhunsheng.activities.campaigns.screen.access import screens_of
from zhunsheng.activities.campaigns.screen.states import SCREEN
from zhunsheng.activities.campaigns.selfcheck.models import Call
from zhunsheng.activities.campaigns.selfcheck.queries.days import CallDays
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import Progress, by_place
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_counts import counts_in
from zhunsheng.faces.office.campaigns import area_of, own
from zhunsheng.faces.templating import region_name
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.rulebook.queries import rules_on

DIGITS = {0: 2, 2: 4, 4: 6}
"""How many digits of the code name the parts of an area that is named by so many."""
ENROLLING = "enrol_participants"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a region: how many take part and signed, how far their self-checks are."""

    code: str
    name: Text
    signed: Counted
    selfcheck: Progress | None
    deeper: bool
    """whether it has parts of its own to look at"""


def seen(request: VisitedRequest, pk: uuid.UUID) -> Campaign:
    """A campaign that the visitor's authority may look at, or nothing there."""
    found = access.seen_by_authority(request.visitor).select_related("authority", "previous")
    return get_object_or_404(found, pk=pk)


def is_own(request: VisitedRequest, campaign: Campaign) -> bool:
    return campaign.authority_id == institution_of(request, "authority").pk


def region_of(request: VisitedRequest, campaign: Campaign, asked: str) -> str:
    """The region asked for where the visitor may look at it; else the whole campaign, else what of it is within reach."""
    known = not asked or regions.region(asked, request.today) is not None
    reached = [asked if known else "", "", *sorted(request.visitor.jurisdiction.areas)]
    return next((code for code in reached if access.may_look_at(request.visitor, campaign, code)), reached[-1])


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The board of a campaign in a region."""
    found = seen(request, pk)
    mine, region = is_own(request, found), region_of(request, found, request.GET.get("region", ""))
    counts = counts_in(found, region, own=mine)
    stages = stages_in(found, region, counts)
    call = Call.objects.select_related("checklist").filter(campaign=found).first()
    shown: dict[str, Any] = {
        "campaign": found, "mine": mine, "region": region, "area": region_name(region) if region else area_of(found),
        "way": way_to(found, region, request), "stages": stages, "now": stage_now(stages), "counts": counts, "call": call,
        "last": CallDays([call]).of(call, region) if call else None,
        "places": places_of(found, region, call, request.today) if found.published_at else [],
        "may_lead": access.may_lead(request.visitor, found, region), "job": last_job(f"campaign:{found.pk}") if mine else None,
        "missing": missing_in(found) if found.state == "draft" else None,
        "screens": list(screens_of(request.visitor).filter(campaign=found).annotate(n=CountOf("suspicions"))), "SCREEN": SCREEN,
        "fields": [field_name(code) for code in found.fields], "CAMPAIGN": CAMPAIGN, "SECTIONS": SECTIONS,
        "ASKED": ASKED_ON_LEAVING, "today": request.today,
    }  # fmt: skip
    return render(request, "office/campaigns/one.html", shown)


def way_to(campaign: Campaign, region: str, request: VisitedRequest) -> list[tuple[str, Text]]:
    """From the whole campaign down to a region: what lies on the way and may be looked at."""
    path = regions.path_of(region, request.today) if region else ()
    found = [(one.code, one.name) for one in path if access.may_look_at(request.visitor, campaign, one.code)]
    return [("", area_of(campaign)), *found] if access.may_look_at(request.visitor, campaign, "") else found


def stage_now(stages: Sequence[Standing]) -> Standing | None:
    """The first stage that was not left."""
    return next((one for one in stages if one.exit.passed is None), None)


def missing_in(campaign: Campaign) -> Text | None:
    """What a draft lacks to be published."""
    try:
        check_publishable(planning.sections_of(campaign), planning.commitment_of(campaign))
    except PlanRefused as refusal:
        return refusal.reason
    return None


def places_of(campaign: Campaign, region: str, call: Call | None, today: date) -> list[Place]:
    """The parts of a region, by the codes at enrolment; two or three queries."""
    beginning = beginning_of(region or campaign.region_code)
    digits = DIGITS.get(len(beginning), 6)
    handed = by_place(call, within=beginning, digits=digits) if call else {}
    return [
        Place(padded := code.ljust(6, "0"), regions.name_of(padded, today), count, handed.get(code), digits < 6)
        for code, count in commitments_by_place(campaign, beginning=beginning, digits=digits).items()
    ]


def beginning_of(region_code: str) -> str:
    """The digits that name an area: two of a province, four of a prefecture, six of a county."""
    said = region_code.rstrip("0")
    return said + "0" * (len(said) % 2)


def attempt(request: VisitedRequest, done: Text, act: Callable[[], object]) -> bool:
    """Do it and say so; if it is refused, say why."""
    try:
        act()
    except (PlanRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
        return False
    messages.success(request, str(done))
    return True


@only("authority")
@require_http_methods(["GET", "POST"])
def publish(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """See what publishing does, then publish and begin to enrol."""
    found = own(request, pk)
    if found.state != "draft":
        return redirect("office_campaign", found.pk)
    if request.method == "POST":
        said = t("Published; who takes part is being enrolled.", "方案已发布，正在登记参加机构。")
        attempt(request, said, lambda: published(found, request))
        return redirect("office_campaign", found.pk)
    shown = {
        "campaign": found, "missing": missing_in(found), "n": wanted(found).count(), "area": area_of(found),
        "fields": [field_name(code) for code in found.fields], "versions": rules_on(request.today).versions,
    }  # fmt: skip
    return render(request, "office/campaigns/publish.html", shown)


def published(found: Campaign, request: VisitedRequest) -> None:
    """The job stands or falls with the act."""
    with transaction.atomic():
        planning.publish_campaign(found, actor=actor_of(request), at=timezone.now())
        begin_to_enrol(found, request)


def begin_to_enrol(found: Campaign, request: VisitedRequest) -> None:
    jobs.start(
        ENROLLING, subject=f"campaign:{found.pk}", arguments={"campaign": str(found.pk)}, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip


@only("authority")
@require_POST
def enrol(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Enrol whoever is not enrolled yet: after a job that failed, or institutions that were registered since."""
    found = own(request, pk)
    if found.state != "published":
        raise Http404
    begin_to_enrol(found, request)
    return redirect("office_campaign", found.pk)


@only("authority")
@require_POST
def close(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """End what runs; put a draft away."""
    found, actor, at = own(request, pk), actor_of(request), timezone.now()
    if found.state == "draft":
        attempt(request, t("Withdrawn.", "方案已撤回。"), lambda: planning.withdraw_campaign(found, actor=actor, at=at))
    else:
        attempt(request, t("Closed.", "整顿行动已结束。"), lambda: planning.close_campaign(found, actor=actor, at=at))
    return redirect("office_campaign", found.pk)
