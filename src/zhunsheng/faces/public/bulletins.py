"""Bulletins in public: what was released, with figures that single nobody out; what a corrigendum replaced says so."""

import uuid

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.summary.access import public_bulletins
from zhunsheng.activities.campaigns.summary.documents import bulletin_pdf, bulletin_workbook, parts_of
from zhunsheng.activities.campaigns.summary.documents.printed import facts_of
from zhunsheng.activities.campaigns.summary.models import Bulletin
from zhunsheng.activities.campaigns.summary.queries.bulletins import content_of, with_campaigns
from zhunsheng.activities.campaigns.summary.states import BULLETIN
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import language


@require_GET
def bulletins(request: VisitedRequest) -> HttpResponse:
    """All that were released, the newest first."""
    found = with_campaigns(public_bulletins()).order_by("-ended_at", "pk")
    if said := words_of(request):
        found = found.filter(
            Q(campaign__title_zh__icontains=said)
            | Q(campaign__title_en__icontains=said)
            | Q(campaign__authority__name_zh__icontains=said)
            | Q(campaign__authority__name_en__icontains=said)
        )
    shown = {"page": page_of(request, found), "words": words_of(request), "BULLETIN": BULLETIN}
    return render(request, "public/bulletins/list.html", shown)


@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One, as it was released; and which one replaced it, if one did."""
    found = get_object_or_404(with_campaigns(public_bulletins()), pk=pk)
    paper = content_of(found.release)
    newer = Bulletin.objects.filter(corrects=found, state__in=("released", "replaced")).first()
    shown = {
        "bulletin": found, "BULLETIN": BULLETIN, "parts": parts_of(paper), "facts": facts_of(paper), "paper": paper,
        "newer": newer,
    }  # fmt: skip
    return render(request, "public/bulletins/one.html", shown)


@require_GET
def file(request: VisitedRequest, pk: str, form: str) -> HttpResponse:
    """The PDF in the reader's language, or the tables as a workbook."""
    found = get_object_or_404(with_campaigns(public_bulletins()), pk=pk)
    paper = content_of(found.release)
    name = f"bulletin-{timezone.localdate(found.release.released_at)}-{found.number}.{form}"
    if form == "xlsx":
        return download(bulletin_workbook(paper, language()), name)
    released_at = found.release.released_at
    return download(bulletin_pdf(paper, language(), number=found.number, released_at=released_at), name)
