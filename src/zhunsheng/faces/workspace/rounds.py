"""The released rounds in which a laboratory took part: its own result by its code, the others' codes only."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency import queries
from zhunsheng.activities.proficiency.access import rounds_of_laboratory
from zhunsheng.faces import evaluations
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import released_report
from zhunsheng.faces.visits import institution_of, only


@only("laboratory")
@require_GET
def rounds(request: VisitedRequest) -> HttpResponse:
    """The rounds, newest first."""
    found = rounds_of_laboratory(request.visitor).select_related("provider").order_by("-released_at", "pk")
    return render(request, "workspace/rounds.html", {"page": page_of(request, found)})


@only("laboratory")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One round: the own result stands out, the rest is what everyone may know."""
    round_ = get_object_or_404(rounds_of_laboratory(request.visitor).select_related("provider"), pk=pk)
    evaluation = queries.latest_evaluation(round_)
    assert evaluation is not None  # a released round has one
    code = queries.own_code(round_, institution_of(request, "laboratory"))
    return render(
        request,
        "workspace/round.html",
        {
            "round": round_, "code": code, "reports": queries.reports_of(round_),
            **evaluations.shown(request, queries.document(evaluation), title=round_.title, own=code),
        },
    )  # fmt: skip


@only("laboratory")
@require_GET
def file(request: VisitedRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """A released report, which names laboratories by code."""
    return released_report(get_object_or_404(rounds_of_laboratory(request.visitor), pk=pk), what)
