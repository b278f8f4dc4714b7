"""Look-backs in public: the hash of the list from the first moment; once drawn the list, the seed and counts without names."""

import json
import uuid

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.inspection.documents import finding_name
from zhunsheng.activities.campaigns.rectification.access import public_look_backs
from zhunsheng.activities.campaigns.rectification.models import SecondLook
from zhunsheng.activities.campaigns.rectification.policies import policy_on
from zhunsheng.activities.campaigns.rectification.queries import second_looks_by_class
from zhunsheng.activities.campaigns.rectification.rules.publishing import told
from zhunsheng.activities.campaigns.rectification.states import LOOK_BACK
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest


@require_GET
def look_backs(request: VisitedRequest) -> HttpResponse:
    """All look-backs, the newest first."""
    found = public_look_backs().select_related("authority").order_by("-promised_at", "pk")
    if said := words_of(request):
        found = found.filter(Q(authority__name_zh__icontains=said) | Q(authority__name_en__icontains=said))
    shown = {"page": page_of(request, found), "words": words_of(request), "LOOK_BACK": LOOK_BACK}
    return render(request, "public/look_backs/list.html", shown)


@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One: the promise; once drawn how many, and by class how many were found as accepted, none alone that is too few."""
    found = get_object_or_404(public_look_backs().select_related("authority"), pk=pk)
    fewest = int(policy_on("look_back", request.today)["fewest"])
    shown = {
        "look_back": found, "LOOK_BACK": LOOK_BACK, "n_listed": len(json.loads(bytes(found.content))["ids"]),
        "share": json.loads(bytes(found.content))["share"], "n_drawn": found.items.count(),
        "n_judged": SecondLook.objects.filter(looked_back__look_back=found).count(),
        "told": told(second_looks_by_class(found), fewest), "fewest": fewest, "finding_name": finding_name,
    }  # fmt: skip
    return render(request, "public/look_backs/one.html", shown)


@require_GET
def file(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The frozen list of one that was drawn: keys without names, so that anybody can draw again."""
    found = get_object_or_404(public_look_backs().filter(state="drawn"), pk=pk)
    return download(bytes(found.content), f"look-back-{found.pk}.json")
