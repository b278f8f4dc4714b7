"""The papers of a visit as files: task letter and record as sealed PDFs, evidence as it was taken."""

import json
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.inspection import access
from zhunsheng.activities.campaigns.inspection.documents import Paper, sealed_pdf, task_letter, with_signatures
from zhunsheng.activities.campaigns.inspection.models import Exhibit, Inspection
from zhunsheng.activities.campaigns.inspection.queries import record_of
from zhunsheng.faces.files import download
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspections import door
from zhunsheng.foundation.bilingual import language
from zhunsheng.foundation.signing import SigningKey


@login_required
@require_GET
def letter(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The task letter as a PDF."""
    door(request)
    found = get_object_or_404(
        access.seen_by_authority(request.visitor).select_related("institution", "authority", "campaign"), pk=pk
    )
    return paper_file(task_letter(found), f"task-letter-{found.number}.pdf")


def paper_file(paper: Paper, name: str) -> HttpResponse:
    """A paper sealed with the key of this site, in the reader's language."""
    return download(sealed_pdf(paper, language(), SigningKey.load_or_make(settings.SIGNING_KEY)), name)


@login_required
@require_GET
def record(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The record as a PDF."""
    door(request)
    return record_pdf(get_object_or_404(access.seen_by_authority(request.visitor), pk=pk))


def record_pdf(found: Inspection) -> HttpResponse:
    """The record with its signatures; nothing before it was closed."""
    kept = record_of(found)
    if kept is None:
        raise Http404
    paper = with_signatures(json.loads(bytes(kept.content)), found)
    return paper_file(paper, f"record-{found.number}.pdf")


@login_required
@require_GET
def exhibit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One piece of evidence as it was taken."""
    door(request)
    seen = access.seen_by_authority(request.visitor).order_by().values("pk")
    return file_of(get_object_or_404(Exhibit.objects.filter(inspection__in=seen).select_related("attachment"), pk=pk))


def file_of(found: Exhibit) -> HttpResponse:
    return file_response(found.name, bytes(found.attachment.content))


def file_response(name: str, content: bytes) -> HttpResponse:
    """Always to be saved, never shown in the site's own name: it came from outside."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in name)
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{plain}"'},
    )
