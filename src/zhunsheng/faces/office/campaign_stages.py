"""The stages of a campaign as a region has them: its own days, and the gates into and out of each."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.actions import leading
from zhunsheng.activities.campaigns.plan.models import Campaign, Stage
from zhunsheng.activities.campaigns.plan.queries.board import gates_of, regional_days, stages_in
from zhunsheng.activities.campaigns.plan.rules.gates import ASKED_ON_LEAVING, SIDES, Side
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import attempt, is_own, region_of, seen
from zhunsheng.faces.office.campaign_counts import counts_in
from zhunsheng.faces.office.campaign_forms import DaysForm
from zhunsheng.faces.office.campaigns import area_of
from zhunsheng.faces.templating import region_name
from zhunsheng.faces.trail.actors import names_of
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions

LONGEST_REASON = 2_000
DAYS_SHOWN = 50
"""So many days of regions are listed; of the others one chooses the region."""


@only("authority")
@require_GET
def stages(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The stages in a region: days, gates, what is still missing, who opened which gate and why."""
    found = seen(request, pk)
    mine, region = is_own(request, found), region_of(request, found, request.GET.get("region", ""))
    standing = stages_in(found, region, counts_in(found, region, own=mine))
    opened = page_of(request, gates_of(found).filter(seen_here(request, found)))
    passed = [door.passed for each in standing for door in (each.entry, each.exit) if door.passed]
    shown: dict[str, Any] = {
        "campaign": found, "mine": mine, "region": region, "area": region_name(region) if region else area_of(found),
        "choices": choices_of(request, found, region), "may_lead": access.may_lead(request.visitor, found, region),
        "stages": standing, "ASKED": ASKED_ON_LEAVING, "SIDES": SIDES,
        "opened": opened, "names": names_of((one.opened_by_id for one in [*opened, *passed]), request.visitor),
        "days": regional_days(found).filter(seen_here(request, found))[: DAYS_SHOWN + 1], "DAYS_SHOWN": DAYS_SHOWN, "CAMPAIGN": CAMPAIGN,
        "today": request.today,
    }  # fmt: skip
    return render(request, "office/campaigns/stages.html", shown)


def choices_of(request: VisitedRequest, campaign: Campaign, region: str) -> list[tuple[str, Text]]:
    """The regions to look at from here: the whole, those above, this one and what lies directly in it."""
    day = request.today
    tops = {campaign.region_code} if campaign.region_code else set(request.visitor.jurisdiction.areas)
    path = [one.code for one in regions.path_of(region, day)] if region else []
    inside = (
        regions.children(region or campaign.region_code, day)
        if region or campaign.region_code
        else regions.provinces(day)
    )
    codes = dict.fromkeys([*sorted(tops), *path, *(one.code for one in inside)])
    found = [(code, region_name(code)) for code in codes if code != campaign.region_code]
    whole = [("", area_of(campaign))]
    return [one for one in whole + found if access.may_look_at(request.visitor, campaign, one[0])]


def seen_here(request: VisitedRequest, campaign: Campaign) -> Q:
    """Of the own campaign all regions; of another's the own area, and what holds for the whole."""
    if is_own(request, campaign):
        return Q()
    return Q(region_code="") | request.visitor.jurisdiction.q("region_code", request.today)


def led(request: VisitedRequest, pk: uuid.UUID) -> tuple[Campaign, str]:
    """A campaign and the region in which the visitor leads it, or nothing there."""
    found, region = seen(request, pk), request.POST.get("region", "")
    known = not region or regions.region(region, request.today) is not None
    if not known or not access.may_lead(request.visitor, found, region):
        raise Http404
    return found, region


def stage_of(found: Campaign, request: VisitedRequest) -> Stage:
    return get_object_or_404(found.stages.select_related("campaign"), key=request.POST.get("stage", ""))


def back(campaign: Campaign, region: str) -> HttpResponse:
    asked = f"?region={region}" if region else ""
    return redirect(reverse("office_campaign_stages", args=[campaign.pk]) + asked)


@only("authority")
@require_POST
def gate(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a region enter or leave a stage."""
    found, region = led(request, pk)
    stage = stage_of(found, request)
    side: Side = "entry" if request.POST.get("side") == "entry" else "exit"
    count = counts_in(found, region, own=is_own(request, found)).get(stage.key)
    reason = request.POST.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
    attempt(
        request, t("The gate is open.", "已放行。"),
        lambda: leading.open_gate(
            stage, side, region_code=region, count=count, reason=reason, actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip
    return back(found, region)


@only("authority")
@require_POST
def days(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a stage days of its own in a region."""
    found, region = led(request, pk)
    stage, form = stage_of(found, request), DaysForm(request.POST)
    if not region or not form.is_valid():
        messages.error(request, str(t("Choose a region and give both days.", "请选择地区并填写起止日期。")))
        return back(found, region)
    attempt(
        request, t("The days of the region are saved.", "地区时间已保存。"),
        lambda: leading.set_regional_days(
            stage, region_code=region, actor=actor_of(request), at=timezone.now(), **form.cleaned_data
        ),
    )  # fmt: skip
    return back(found, region)
