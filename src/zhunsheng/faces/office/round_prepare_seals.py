"""Assigned values put away until the deadline: seal, open, and what anyone needs to compute a commitment again."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.prepare import queries
from zhunsheng.activities.proficiency.prepare.actions import sealing
from zhunsheng.activities.proficiency.prepare.models import Seal
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.faces.files import download
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_prepare import around, examined, measurand_of, prepared
from zhunsheng.faces.office.round_prepare_forms import SealForm
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t


@only("provider")
@require_http_methods(["GET", "POST"])
def seal(request: VisitedRequest, pk: uuid.UUID, number: int, variant: int) -> HttpResponse:
    """Put an assigned value away; the form never shows one that is sealed already."""
    round_ = prepared(request, pk)
    measurand, actor, now = measurand_of(round_, number), actor_of(request), timezone.now()
    places = queries.places(round_, asker=actor, at=now)
    place = next((one for one in places if one.measurand.pk == number and one.variant == variant), None)
    if place is None:
        raise Http404
    form = SealForm(request.POST or None, anew=place.seal is not None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = sealing.seal(
                round_, measurand, variant=variant, assigned=given["assigned"], u=given["u"], reason=given.get("reason", ""),
                actor=actor, at=now,
            )  # fmt: skip
        except CannotDo as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("Sealed. Commitment: {c}", "已封存。承诺值：{c}", c=made.commitment)))
            return redirect("office_round_prepare", round_.pk)
    return render(request, "office/rounds/prepare_seal.html", around(request, round_) | {"form": form, "place": place})


@only("provider")
@require_POST
def unseal(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Open all seals, after the deadline."""
    round_ = prepared(request, pk)
    try:
        made = sealing.open_seals(round_, actor=actor_of(request), at=timezone.now())
    except CannotDo as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("{n} seals are open.", "已启封 {n} 个指定值。", n=len(made))))
    return redirect("office_round_prepare", round_.pk)


@only("evaluator")
@require_GET
def opened(request: VisitedRequest, pk: uuid.UUID, seal: uuid.UUID) -> HttpResponse:
    """The bytes whose SHA-256 is the commitment, once the seal is open."""
    round_ = examined(request, pk)
    found = get_object_or_404(Seal, pk=seal, measurand__round=round_, opening__isnull=False)
    return download(found.canonical.encode(), f"seal-{found.commitment[:16]}.json")
