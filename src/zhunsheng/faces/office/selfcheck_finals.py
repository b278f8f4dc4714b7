"""Many self-checks are made final at once: first how many, and why others cannot be; then, confirmed, all of them together."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhunsheng.activities.campaigns.selfcheck.actions.finalising import READY, by_state, freeze_submitted, seen_now
from zhunsheng.activities.campaigns.selfcheck.models import Call
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.faces.lists import words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import seen
from zhunsheng.faces.office.selfcheck_lists import WHICH, asked_for, which
from zhunsheng.faces.office.selfchecks import asked_by
from zhunsheng.faces.templating import region_name
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import field_name

CANNOT: dict[str, tuple[Text, str]] = {
    "open": (t("Not submitted yet: it is being filled in", "尚未提交，仍在填写"), "missing"),
    "returned": (t("Given back, and not submitted again", "已退回，尚未重新提交"), "returned"),
    "frozen": (t("Final already", "已经定稿"), "frozen"),
}
"""State of a form → why it cannot be made final with the others, and what the list is narrowed to for it."""
KEPT = ("region", "field", "list", "q")


@only("authority")
@require_http_methods(["GET", "POST"])
def finals(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """How many of the forms that the address asks for can be made final, and why the others cannot; confirmed, it is done."""
    campaign = seen(request, pk)
    call = get_object_or_404(Call.objects.select_related("campaign"), campaign=campaign)
    asked = asked_by(request, campaign)
    forms = asked_for(request, call, asked)
    if request.method == "POST":
        try:
            n = freeze_submitted(
                call, forms, seen=request.POST.get("seen", ""), actor=actor_of(request), at=timezone.now()
            )  # fmt: skip
        except AnswerRefused as refusal:
            messages.error(request, str(refusal.reason))
            return redirect(request.get_full_path())
        said = t("1 form was made final.", "1 份自查表已定稿。") if n == 1 else None
        messages.success(request, str(said or t("{n} forms were made final.", "{n} 份自查表已定稿。", n=n)))
        return redirect(f"{reverse('office_selfcheck_list', args=[campaign.pk])}?{urlencode(kept(request))}")
    states = by_state(forms)
    n, stamp = seen_now(forms)
    shown = {
        "campaign": campaign, "n": n, "seen": stamp, "kept": kept(request), "all": sum(states.values()), "words": words_of(request),
        "cannot": [(reason, states[key], narrowed(request, to)) for key, (reason, to) in CANNOT.items() if states.get(key)],
        "over": states.get(READY, 0) if campaign.state != "published" else 0, "which": WHICH[which(request)][0],
        "place": region_name(asked.region) if asked.region else None, "field": field_name(asked.field) if asked.field else None,
    }  # fmt: skip
    return render(request, "office/selfchecks/finals.html", shown)


def kept(request: VisitedRequest) -> dict[str, str]:
    """What of the list's address goes along."""
    return {key: request.GET[key] for key in KEPT if request.GET.get(key)}


def narrowed(request: VisitedRequest, to: str) -> str:
    """The address of the list with the forms that cannot be made final."""
    return urlencode({**kept(request), "list": to})
