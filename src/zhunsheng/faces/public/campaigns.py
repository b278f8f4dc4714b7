"""Campaigns in public: the plans that were published, who runs them, how many take part, and the draws that anybody can check."""

import uuid
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.draw.access import promised_draws
from zhunsheng.activities.campaigns.draw.models import Draw
from zhunsheng.activities.campaigns.draw.states import DRAW
from zhunsheng.activities.campaigns.plan.access import public_campaigns
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.board import regional_days, stages_in
from zhunsheng.activities.campaigns.plan.queries.participants import commitments_by_place, enrolled_in
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, SECTIONS
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import DIGITS, beginning_of
from zhunsheng.foundation.bilingual import Text, language
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.regions.queries import within

MOST_DRAWS = 20


@require_GET
def campaigns(request: VisitedRequest) -> HttpResponse:
    """The published plans, the newest first."""
    found = public_campaigns().select_related("authority")
    if said := words_of(request):
        found = found.filter(
            Q(title_zh__icontains=said)
            | Q(title_en__icontains=said)
            | Q(authority__name_zh__icontains=said)
            | Q(authority__name_en__icontains=said)
        )
    by = order_of(request, orders(), "-published")
    column = orders()[by.removeprefix("-")]
    page = page_of(request, found.order_by(f"-{column}" if by.startswith("-") else column, "pk"))
    shown = {
        "page": page, "words": words_of(request), "sort": by, "enrolled": enrolled_in(list(page)), "CAMPAIGN": CAMPAIGN,
    }  # fmt: skip
    return render(request, "public/campaigns/list.html", shown)


def orders() -> dict[str, str]:
    title = "title_zh" if language() == "zh" else "title_en"
    return {"title": title, "opens": "opens_on", "closes": "closes_on", "published": "published_at"}


@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One plan: its text, its stages (`region` for the days of a region), who takes part by place, and the draws meanwhile."""
    found = get_object_or_404(public_campaigns().select_related("authority"), pk=pk)
    choices = with_own_days(found, request.today)
    region = asked if (asked := request.GET.get("region", "")) in choices else ""
    places = places_of(found, request.today)
    shown = {
        "campaign": found, "choices": choices, "region": region, "stages": stages_in(found, region, {}), "places": places,
        "n": sum(places.values()), "names": {code: regions.name_of(code, request.today) for code in places},
        "draws": draws_in(found)[:MOST_DRAWS], "fields": [field_name(code) for code in found.fields], "today": request.today,
        "SECTIONS": SECTIONS, "CAMPAIGN": CAMPAIGN, "DRAW": DRAW,
    }  # fmt: skip
    return render(request, "public/campaigns/one.html", shown)


def with_own_days(campaign: Campaign, on: date) -> dict[str, Text]:
    """The regions whose days are not those of the whole campaign, by code."""
    return {one.region_code: regions.name_of(one.region_code, on) for one in regional_days(campaign)}


def places_of(campaign: Campaign, on: date) -> dict[str, int]:
    """Part of the campaign's area → how many institutions take part there; one query."""
    beginning = beginning_of(campaign.region_code)
    by_place = commitments_by_place(campaign, beginning=beginning, digits=DIGITS.get(len(beginning), 6))
    return {code.ljust(6, "0"): count.of for code, count in by_place.items()}


def draws_in(campaign: Campaign) -> QuerySet[Draw]:
    """The draws that authorities of its area promised while it ran."""
    first = timezone.localdate(campaign.published_at) if campaign.published_at else campaign.opens_on
    last = timezone.localdate(campaign.closed_at) if campaign.closed_at else campaign.closes_on
    found = promised_draws().filter(committed_at__date__gte=first, committed_at__date__lte=last)
    if campaign.region_code:
        found = found.filter(within(campaign.region_code, campaign.opens_on, "authority__region_code"))
    return found.select_related("authority").order_by("-committed_at", "pk")
