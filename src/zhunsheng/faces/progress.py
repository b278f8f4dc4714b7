"""How far a job is, for whoever may see what it works on."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.plan.access import run_by
from zhunsheng.activities.campaigns.screen.access import screens_of
from zhunsheng.activities.proficiency.access import rounds_evaluated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.imports.reach import imports_for
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.middleware import VisitedRequest

NOTHING = uuid.UUID(int=0)


@login_required
@require_GET
@never_cache
def job(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The job's progress: a fragment for htmx, which loads the page anew when the job is over; else a page."""
    found = Job.objects.filter(pk=pk).first()
    is_own, round_ = worked_on(request, found)
    if found is None or not (is_own or round_):
        raise Http404
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "job.html", {"job": found, "round": round_})
    if found.state in {"queued", "running"}:
        return render(request, "progress.html", {"job": found})
    return HttpResponse(headers={"HX-Refresh": "true"})


def worked_on(request: VisitedRequest, found: Job | None) -> tuple[bool, Round | None]:
    """Is it an import that the visitor has sent, a screen or a campaign of the visitor's, and which round is it, if the visitor may see it?

    As many questions are asked of a job that is not there as of another's, so that the time of the answer tells nothing.
    """
    kind, _, key = (found.subject if found else "").partition(":")
    own = kind == "rounds" and key == str(request.user.pk)
    own |= imports_for(request.visitor).filter(pk=key if kind == "import" else NOTHING).exists()
    screens = screens_of(request.visitor)
    own |= screens.filter(pk=key if kind == "screen" else NOTHING).exists()
    own |= screens.filter(logs__pk=key if kind == "log" else NOTHING).exists()
    own |= run_by(request.visitor).filter(pk=key if kind in ("campaign", "call") else NOTHING).exists()
    round_ = rounds_evaluated_by(request.visitor).filter(pk=key if kind == "round" else NOTHING).first()
    return own, round_
