"""Draws in public: check a draw file in the browser, on the site or without a network."""

import io
import zipfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.files import download

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
