"""Enrolments of a round by file: the template, the file, and where those stand that were sent."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.enrol.importing import Enrolments, reach_of_round
from zhunsheng.faces.files import download
from zhunsheng.faces.imports.forms import SendForm
from zhunsheng.faces.imports.pages import received
from zhunsheng.faces.imports.reach import imports_for
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_enrol import kept
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import language
from zhunsheng.foundation.imports import files
from zhunsheng.foundation.imports.register import Context

FILES = Enrolments()


@only("provider")
@require_http_methods(["GET", "POST"])
def from_file(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a file of laboratories that registered on paper; it is checked in the background and changes nothing yet."""
    round_ = kept(request, pk)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    if form.is_bound and form.is_valid():
        return redirect("import", received(request, form, FILES, reach_of_round(round_)).pk)
    sent = imports_for(request.visitor).filter(register=FILES.key, reach__round=str(round_.pk))
    shown = {"round": round_, "form": form, "register": FILES, "sent": sent[:20]}
    return render(request, "office/rounds/enrol_file.html", shown)


@only("provider")
@require_GET
def file_template(request: VisitedRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """The empty template in the reader's language; `content=1` fills it with who is enrolled."""
    context = Context(at=timezone.now(), on=request.today, reach=reach_of_round(kept(request, pk)))
    rows = FILES.export(context) if request.GET.get("content") else ()
    make = files.template_csv if form == "csv" else files.template
    return download(make(FILES, language(), rows=rows), f"enrolments.{form}")
