"""Campaigns as authorities plan them: the list, a new one, the plan while it is a draft."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.actions import planning
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.participants import enrolled_in
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.meanwhile import carry, locked, write
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_forms import BeginForm, PlanForm, values_of
from zhunsheng.faces.office.stocktakings import regions_of
from zhunsheng.faces.templating import region_name
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.statechart import NotAllowedNow

COLUMNS: tuple[Text, ...] = (
    t("Name in Chinese", "中文名称"), t("Name in English", "英文名称"), t("Authority", "组织部门"), t("Area", "实施地区"),
    t("First day", "开始日期"), t("Last day", "结束日期"), t("State", "状态"), t("Institutions", "参加机构"),
)  # fmt: skip
WHOLE_COUNTRY = t("the whole country", "全国")
EXPORTED = 500
"""So many campaigns go into a step of the export."""


def orders() -> dict[str, str]:
    """Key of the address → column; a name is sorted as the reader reads it."""
    return {
        "title": f"title_{'zh' if language() == 'zh' else 'en'}", "opens": "opens_on", "closes": "closes_on",
        "state": "state", "created": "created_at",
    }  # fmt: skip


@only("authority")
@require_GET
def campaigns(request: VisitedRequest) -> HttpResponse:
    """The authority's campaigns, and those in which institutions of its area take part; `format=xlsx` or `csv` gives those shown."""
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found)
    page = page_of(request, found)
    shown = {
        "page": page, "words": words_of(request), "state": request.GET.get("state", ""), "sort": order(request),
        "CAMPAIGN": CAMPAIGN, "enrolled": enrolled_in(list(page)), "may_plan": bool(regions_of(request)),
        "own": institution_of(request, "authority").pk,
    }  # fmt: skip
    return render(request, "office/campaigns/list.html", shown)


def order(request: VisitedRequest) -> str:
    return order_of(request, orders(), "-created")


def asked_for(request: VisitedRequest) -> QuerySet[Campaign]:
    """The campaigns that the address asks for."""
    found = access.seen_by_authority(request.visitor).select_related("authority")
    if said := words_of(request):
        found = found.filter(
            Q(title_zh__icontains=said)
            | Q(title_en__icontains=said)
            | Q(authority__name_zh__icontains=said)
            | Q(authority__name_en__icontains=said)
        )
    if (state := request.GET.get("state", "")) in CAMPAIGN.states:
        found = found.filter(state=state)
    asked = order(request)
    column = orders()[asked.removeprefix("-")]
    return found.order_by(f"-{column}" if asked.startswith("-") else column, "pk")


def export(kind: str, found: QuerySet[Campaign]) -> HttpResponse:
    """The campaigns shown as a file."""
    return table_file(
        kind,
        "campaigns",
        t("Campaigns", "整顿行动"),
        COLUMNS,
        rows(found),
        widths=[40, 40, 30, 16, 14, 14, 14, 12],
        most=WHOLE,
    )


def rows(found: QuerySet[Campaign]) -> Iterator[list[str | int]]:
    listed = list(found)
    for first in range(0, len(listed), EXPORTED):
        yield from rows_of(listed[first : first + EXPORTED])


def rows_of(step: Sequence[Campaign]) -> Iterator[list[str | int]]:
    counts = enrolled_in(step)
    for one in step:
        yield [
            one.title_zh, one.title_en, str(one.authority.name), str(area_of(one)), one.opens_on.isoformat(),
            one.closes_on.isoformat(), str(CAMPAIGN.states[one.state].name), counts.get(one.pk, 0),
        ]  # fmt: skip


def area_of(campaign: Campaign) -> Text:
    """Where a campaign is held."""
    return region_name(campaign.region_code) if campaign.region_code else WHOLE_COUNTRY


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Begin one; everything else is written on the next page."""
    if not (choices := regions_of(request)):
        raise Http404  # an authority without a level reaches nobody
    form = BeginForm(request.POST or None, regions=choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.plan_campaign(
                authority=institution_of(request, "authority"), plan=form.plan(), actor=actor_of(request), at=timezone.now()
            )  # fmt: skip
        except PlanRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_campaign_edit", made.pk)
    return render(request, "office/campaigns/new.html", {"form": form})


def own(request: VisitedRequest, pk: uuid.UUID) -> Campaign:
    """A campaign of the visitor's authority, or nothing there."""
    return get_object_or_404(access.run_by(request.visitor).select_related("authority", "previous"), pk=pk)


@only("authority")
@require_http_methods(["GET", "POST"])
def edit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the plan. `verb=propose` puts the days of the template into the form; nothing is overwritten that somebody else wrote."""
    found = own(request, pk)
    if found.state != "draft":
        return redirect("office_campaign", found.pk)
    form = PlanForm(request.POST or None, campaign=found, regions=choices_for(request, found))
    carry(form, values_of(found))
    if request.method == "POST" and request.POST.get("verb") == "propose":
        form.propose()
    elif request.method == "POST" and form.is_valid() and kept(request, found, form):
        return redirect("office_campaign", found.pk)
    return render(request, "office/campaigns/edit.html", {"campaign": found, "form": form})


def choices_for(request: VisitedRequest, campaign: Campaign) -> list[tuple[str, Any]]:
    """The areas that may be chosen; a draft keeps its own, which may lie deeper than what is listed."""
    found: list[tuple[str, Any]] = list(regions_of(request))
    if campaign.region_code not in dict(found) and access.may_plan(request.visitor, campaign.region_code):
        found.append((campaign.region_code, area_of(campaign)))
    return found


def kept(request: VisitedRequest, found: Campaign, form: PlanForm) -> bool:
    """Whether the plan was saved; else the form says why not."""
    try:
        if not write(
            form,
            lambda: values_of(locked(found)),
            lambda: planning.change_plan(found, form.plan(), actor=actor_of(request), at=timezone.now()),
        ):
            return False
    except (PlanRefused, NotAllowedNow) as refusal:
        form.add_error(None, fault(refusal.reason))
        return False
    messages.success(request, str(t("The plan is saved.", "方案已保存。")))
    return True
