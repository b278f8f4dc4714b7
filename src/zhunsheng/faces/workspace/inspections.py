"""Inspections as the institution sees them: the record, its signature, decisions and appeals."""

import json
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.inspection import access, actions
from zhunsheng.activities.campaigns.inspection.documents import with_signatures
from zhunsheng.activities.campaigns.inspection.models import Inspection
from zhunsheng.activities.campaigns.inspection.queries import record_of
from zhunsheng.activities.campaigns.inspection.states import DISPOSITION, INSPECTION, KINDS
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_findings import letter_pdf
from zhunsheng.faces.office.inspection_papers import record_pdf
from zhunsheng.faces.office.inspections import said
from zhunsheng.faces.visits import actor_of, only


def ours(request: VisitedRequest, pk: uuid.UUID) -> Inspection:
    return get_object_or_404(
        access.seen_by_institution(request.visitor).select_related("institution", "authority"), pk=pk
    )


@only("laboratory")
@require_GET
def inspections(request: VisitedRequest) -> HttpResponse:
    """The visits to our laboratories since they began, the newest first."""
    found = access.seen_by_institution(request.visitor).select_related("authority").order_by("-on", "pk")
    return render(
        request, "workspace/inspections/list.html", {"page": page_of(request, found), "INSPECTION": INSPECTION}
    )


@only("laboratory")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One visit: the record once it is closed, our signature, the decisions."""
    found = ours(request, pk)
    record = record_of(found)
    paper = with_signatures(json.loads(bytes(record.content)), found) if record else None
    shown = {
        "inspection": found, "record": record, "paper": paper, "INSPECTION": INSPECTION, "DISPOSITION": DISPOSITION,
        "KINDS": KINDS, "may_sign": access.may_sign_for(request.visitor, found), "today": request.today,
        "we_signed": found.signatures.filter(officer=None).exists(),
        "dispositions": list(found.dispositions.select_related("appeal")),
    }  # fmt: skip
    return render(request, "workspace/inspections/one.html", shown)


@only("laboratory")
@require_POST
def sign(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign the record for the institution, with what it holds against it; or refuse, and say why."""
    found = ours(request, pk)
    if not access.may_sign_for(request.visitor, found):
        raise Http404
    manner = "refused" if request.POST.get("manner") == "refused" else "account"
    actor, statement = actor_of(request), request.POST.get("statement", "").replace("\x00", "")[:4000]
    name = next((post.person.name for post in request.visitor.posts), actor.get_username())
    said(
        request,
        lambda: actions.sign_for_institution(
            found, manner=manner, name=name, statement=statement, sha256=request.POST.get("sha256", ""), actor=actor,
            at=timezone.now(),
        ),
    )  # fmt: skip
    return redirect("workspace_inspection", pk)


@only("laboratory")
@require_POST
def appeal(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Appeal against a decision."""
    found = get_object_or_404(
        access.dispositions_of_institution(request.visitor).select_related("inspection__institution"), pk=pk
    )
    if not access.may_sign_for(request.visitor, found.inspection):
        raise Http404
    grounds = request.POST.get("grounds", "").replace("\x00", "")[:4000]
    said(request, lambda: actions.appeal(found, grounds=grounds, actor=actor_of(request), at=timezone.now()))
    return redirect("workspace_inspection", found.inspection_id)


@only("laboratory")
@require_GET
def record(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The record as a PDF."""
    return record_pdf(ours(request, pk))


@only("laboratory")
@require_GET
def letter(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The letter of a decision as a PDF."""
    return letter_pdf(get_object_or_404(access.dispositions_of_institution(request.visitor), pk=pk))
