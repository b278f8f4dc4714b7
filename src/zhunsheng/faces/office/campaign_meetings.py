"""The meetings of a campaign: agenda → decision → task, to be followed both ways."""

import uuid

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.campaigns.plan.actions import leading
from zhunsheng.activities.campaigns.plan.queries.board import meetings_of
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, ROLES
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_forms import MeetingForm
from zhunsheng.faces.office.campaigns import own
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault


@only("authority")
@require_GET
def meetings(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The meetings with what they decided and which tasks came of it, the last first."""
    found = own(request, pk)
    held = meetings_of(found)
    if said := words_of(request):
        here = Q(title__icontains=said) | Q(points__agenda__icontains=said) | Q(points__decision__icontains=said)
        held = held.filter(here).distinct()
    shown = {
        "campaign": found, "mine": True, "page": page_of(request, held), "words": words_of(request), "ROLES": ROLES, "CAMPAIGN": CAMPAIGN,
        "open": found.state in ("draft", "published"),
    }  # fmt: skip
    return render(request, "office/campaigns/meetings.html", shown)


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID, meeting: uuid.UUID) -> HttpResponse:
    """One meeting: who was there, point by point what was decided, and the tasks of each decision."""
    found = own(request, pk)
    held = get_object_or_404(meetings_of(found), pk=meeting)
    shown = {
        "campaign": found, "mine": True, "meeting": held, "ROLES": ROLES, "CAMPAIGN": CAMPAIGN, "today": request.today,
        "open": found.state in ("draft", "published"),
    }  # fmt: skip
    return render(request, "office/campaigns/meeting.html", shown)


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep the record of a meeting; then set the tasks that came of it."""
    found = own(request, pk)
    form = MeetingForm(request.POST or None, today=request.today)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = leading.record_meeting(
                found, title=said["title"], held_on=said["held_on"], attended=said["attended"], points=form.points(),
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except PlanRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_campaign_meeting", found.pk, made.pk)
    return render(request, "office/campaigns/meeting_new.html", {"campaign": found, "form": form})
