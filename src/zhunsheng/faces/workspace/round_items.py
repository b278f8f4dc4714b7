"""Items sent to a laboratory: where they are, that they arrived and how, another parcel if they did not."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.ship import actions
from zhunsheng.activities.proficiency.ship.access import parcels_of
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.ship.rules.shipping import CannotShip
from zhunsheng.activities.proficiency.ship.states import CONDITIONS, IN_ORDER, PARCEL
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_ship import ArrivalForm
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow

REFUSALS = (CannotShip, NotAllowedNow)
OURS = {"PARCEL": PARCEL, "CONDITIONS": CONDITIONS, "IN_ORDER": IN_ORDER}


@only("laboratory")
@require_GET
def items(request: VisitedRequest) -> HttpResponse:
    """What was sent to us, what is on its way first."""
    found = parcels_of(request.visitor).select_related("participation", "round__provider", "receipt")
    ordered = found.order_by("receipt__received_on", "-sent_on", "pk")
    return render(request, "workspace/rounds/items.html", OURS | {"page": page_of(request, ordered)})


def ours(request: VisitedRequest, pk: uuid.UUID) -> Parcel:
    found = parcels_of(request.visitor).select_related("participation", "round__provider", "receipt__by")
    return get_object_or_404(found, pk=pk)


@only("laboratory")
@require_http_methods(["GET", "POST"])
def parcel(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One parcel, and the form by which its arrival is confirmed."""
    one = ours(request, pk)
    form = ArrivalForm(request.POST or None, initial={"received_on": request.today.isoformat(), "condition": IN_ORDER})
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive(one, form.said(), actor=actor_of(request), at=timezone.now())
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("The receipt is confirmed.", "已确认接收。")))
            return redirect("workspace_parcel", pk)
    replaced = one.participation.parcels.filter(replacement__gt=one.replacement).exists()
    return render(request, "workspace/rounds/parcel.html", OURS | {"one": one, "form": form, "replaced": replaced})


@only("laboratory")
@require_POST
def ask_replacement(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for another parcel, with the reason."""
    one = ours(request, pk)
    try:
        reason = request.POST.get("reason", "")[:300]
        actions.ask_replacement(one, reason=reason, actor=actor_of(request), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("The provider is asked for a replacement.", "已向提供者申请补发。")))
    return redirect("workspace_parcel", pk)
