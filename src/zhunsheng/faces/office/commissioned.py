"""The released rounds that a regulator's authority commissioned, with the identities that were announced to it."""

import uuid

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency import queries
from zhunsheng.activities.proficiency.access import identities_visible_to, rounds_commissioned_by
from zhunsheng.faces import evaluations
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import released_report
from zhunsheng.faces.visits import only


@only("authority")
@require_GET
def rounds(request: VisitedRequest) -> HttpResponse:
    """The rounds, newest first."""
    found = (
        rounds_commissioned_by(request.visitor)
        .select_related("provider")
        .annotate(participants=Count("participations"))
    )
    return render(request, "office/commissioned.html", {"page": page_of(request, found.order_by("-released_at", "pk"))})


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One of them: scores with names."""
    round_ = get_object_or_404(rounds_commissioned_by(request.visitor).select_related("provider"), pk=pk)
    evaluation = queries.issued_evaluation(round_)
    assert evaluation is not None  # a released round has one
    names = queries.identities(identities_visible_to(request.visitor, round_))
    return render(
        request,
        "office/commissioned_round.html",
        {
            "round": round_, "reports": queries.reports_of(round_), "corrections": queries.corrections_of(round_),
            **evaluations.shown(request, queries.document(evaluation), title=round_.title, names=names),
        },
    )  # fmt: skip


@only("authority")
@require_GET
def file(request: VisitedRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """A released report."""
    return released_report(request, get_object_or_404(rounds_commissioned_by(request.visitor), pk=pk), what)
