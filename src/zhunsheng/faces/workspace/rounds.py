"""The released rounds in which a laboratory took part: its own result by its code, the others' codes only."""

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency import queries
from zhunsheng.activities.proficiency.access import rounds_of_laboratory
from zhunsheng.activities.proficiency.actions import LANGUAGES
from zhunsheng.activities.proficiency.report.actions import make_reports, note_taken
from zhunsheng.activities.proficiency.report.queries import report_of
from zhunsheng.faces import evaluations
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import released_report
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.typesetting.charts import ChartLanguage


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
    evaluation = queries.issued_evaluation(round_)
    assert evaluation is not None  # a released round has one
    code = queries.own_code(round_, institution_of(request, "laboratory"))
    return render(
        request,
        "workspace/round.html",
        {
            "round": round_, "code": code, "reports": queries.reports_of(round_), "corrections": queries.corrections_of(round_),
            **evaluations.shown(request, queries.document(evaluation), title=round_.title, own=code),
        },
    )  # fmt: skip


@only("laboratory")
@require_GET
def own_report(request: VisitedRequest, pk: uuid.UUID, language: ChartLanguage) -> HttpResponse:
    """The laboratory's own report, made now if nobody has had it made: of what is released the same bytes come out for whoever asks."""
    round_ = get_object_or_404(rounds_of_laboratory(request.visitor), pk=pk)
    code = queries.own_code(round_, institution_of(request, "laboratory"))
    evaluation = queries.issued_evaluation(round_)
    if language not in LANGUAGES or code is None or evaluation is None:
        raise Http404
    if report_of(evaluation, code, language) is None:
        key = SigningKey.load_or_make(settings.SIGNING_KEY)
        make_reports(evaluation, language=language, key=key, codes=[code], actor=actor_of(request), at=timezone.now())
    found = report_of(evaluation, code, language)
    assert found is not None  # it was there, or it was made
    note_taken(found, actor=actor_of(request), at=timezone.now())
    return download(bytes(found.pdf), f"report-{code}-{language}.pdf")


@only("laboratory")
@require_GET
def file(request: VisitedRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """A released report, which names laboratories by code."""
    return released_report(request, get_object_or_404(rounds_of_laboratory(request.visitor), pk=pk), what)
