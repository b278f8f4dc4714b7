"""Next year's campaign from this one's, and what changed in rules and standards in between."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.actions import planning
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.changes import changes_since
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused, a_year_later
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_forms import CloneForm
from zhunsheng.faces.office.campaigns import own
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.catalogue.states import STATES


@only("authority")
@require_http_methods(["GET", "POST"])
def clone(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a new draft like this one; then see what changed since."""
    found = own(request, pk)
    if found.state not in access.SHOWN:
        raise Http404
    form = CloneForm(request.POST or None, initial=proposed(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = planning.clone_campaign(
                found, title=Text(en=said["title_en"], zh=said["title_zh"]), opens_on=said["opens_on"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except PlanRefused as refusal:
            form.add_error("opens_on", fault(refusal.reason))
        else:
            return redirect("office_campaign_changes", made.pk)
    return render(request, "office/campaigns/clone.html", {"campaign": found, "form": form})


def proposed(campaign: Campaign) -> dict[str, Any]:
    """The same name with the year moved on where it stands in it, a year later."""
    opens_on = a_year_later(campaign.opens_on)
    old, new = str(campaign.opens_on.year), str(opens_on.year)
    return {
        "title_zh": campaign.title_zh.replace(old, new), "title_en": campaign.title_en.replace(old, new),
        "opens_on": opens_on,
    }  # fmt: skip


@only("authority")
@require_GET
def changes(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What rules say otherwise and which standards stand otherwise than when the campaign before was published."""
    found = get_object_or_404(
        access.run_by(request.visitor).filter(previous__isnull=False).select_related("previous"), pk=pk
    )
    assert found.previous is not None
    changed = changes_since(found.previous, on=request.today)
    page = page_of(request, changed.standards)
    shown = {"campaign": found, "changed": changed, "page": page, "STATES": STATES, "today": request.today}
    return render(request, "office/campaigns/changes.html", shown)
