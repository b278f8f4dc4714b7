"""Draws in public: what was promised and drawn; check a draw file in the browser, on the site or without a network."""

import io
import json
import uuid
import zipfile
from pathlib import Path

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.draw.access import promised_draws, published_draws
from zhunsheng.activities.campaigns.draw.models import Draw
from zhunsheng.activities.campaigns.draw.queries import candidates_of, drawn_rows, listed_in
from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.activities.campaigns.draw.states import DRAW
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of, words_of

PAGE = Path(__file__).parents[1] / "static" / "draw"
ALONE = ("index.html", "page.css", "page.js", "verify.js")
"""The files of the page that needs no network."""


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Choose a draw file; the browser computes the draw again, and the file stays with the visitor."""
    return render(request, "public/draws/check.html")


@require_GET
def alone(request: HttpRequest) -> HttpResponse:
    """The same page as a folder to keep: the same bytes at every request, so that its hash can be compared."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ALONE:
            entry = zipfile.ZipInfo(f"draw-check/{name}", date_time=(2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, (PAGE / name).read_bytes())
    return download(packed.getvalue(), "draw-check.zip")


@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """All draws: what was promised from the first moment, what was drawn once it is published."""
    found = promised_draws().select_related("authority").order_by("-committed_at", "pk")
    if said := words_of(request):
        found = found.filter(
            Q(title_zh__icontains=said)
            | Q(title_en__icontains=said)
            | Q(authority__name_zh__icontains=said)
            | Q(authority__name_en__icontains=said)
        )
    shown = {"page": page_of(request, found), "words": words_of(request), "DRAW": DRAW}
    return render(request, "public/draws/list.html", shown)


@require_GET
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One draw: the promise; once published, the drawn, the excluded with reasons, the seed and the file."""
    draw = get_object_or_404(promised_draws().select_related("authority", "frozen", "replaces", "campaign"), pk=pk)
    listed = listed_in(draw)
    published = draw.published_at is not None
    shown = {
        "draw": draw, "DRAW": DRAW, "listed": listed, "candidates": candidates_of(listed), "published": published, "RECUSALS": RECUSALS,
        "strata": {each["id"]: each for each in listed["strata"]},
        "rows": list(drawn_rows(draw)) if published else [],
        "document": json.loads(bytes(draw.outcome.content)) if published else None,
        "successor": Draw.objects.filter(replaces=draw).first(),
    }  # fmt: skip
    return render(request, "public/draws/one.html", shown)


@require_GET
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The file of a published draw."""
    draw = get_object_or_404(published_draws().select_related("outcome"), pk=pk)
    return download(bytes(draw.outcome.content), f"draw-{draw.pk}.json")
