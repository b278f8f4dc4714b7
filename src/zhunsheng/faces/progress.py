"""How far a job is, for whoever may see what it works on."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency.access import rounds_evaluated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.imports.reach import imports_for
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.middleware import VisitedRequest


@login_required
@require_GET
@never_cache
def job(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The job's progress: a fragment for htmx, which loads the page anew when the job is over; else a page."""
    found = get_object_or_404(Job, pk=pk)
    round_ = None if own_import(request, found) else round_of(request, found)
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "job.html", {"job": found, "round": round_})
    if found.state in {"queued", "running"}:
        return render(request, "progress.html", {"job": found})
    return HttpResponse(headers={"HX-Refresh": "true"})


def own_import(request: VisitedRequest, found: Job) -> bool:
    """Does the job work on an import that the visitor has sent?"""
    kind, _, pk = found.subject.partition(":")
    return kind == "import" and imports_for(request.visitor).filter(pk=pk).exists()


def round_of(request: VisitedRequest, found: Job) -> Round:
    """The round that a job works on, if the visitor may see it."""
    kind, _, pk = found.subject.partition(":")
    if kind != "round":
        raise Http404
    return get_object_or_404(rounds_evaluated_by(request.visitor), pk=pk)
