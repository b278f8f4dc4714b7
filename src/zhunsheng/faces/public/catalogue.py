"""The catalogue for everybody: the names that scopes are written in. The pages of the office, without anything to enter."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.lists import days_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.catalogue import methods_asked, methods_file, parameters_asked, parameters_file, tree
from zhunsheng.faces.office.standards import standards_asked, standards_file
from zhunsheng.registry.catalogue.fields import field_name

READS: dict[str, Any] = {"face": "public", "may": False, "form": None}


@require_GET
def parameters(request: VisitedRequest) -> HttpResponse:
    """Parameters by every name they bear, CAS number or code."""
    asked = parameters_asked(request)
    if kind := file_asked(request):
        return parameters_file(kind, asked["page"])
    return render(request, "office/parameters.html", {**asked, **READS})


@require_GET
def matrices(request: VisitedRequest) -> HttpResponse:
    """The tree of matrices."""
    return render(request, "office/matrices.html", {"tree": tree(), "field_name": field_name, **READS})


@require_GET
def methods(request: VisitedRequest) -> HttpResponse:
    """Methods by number and name."""
    asked = methods_asked(request)
    if kind := file_asked(request):
        return methods_file(kind, asked["page"])
    return render(request, "office/methods.html", {**asked, **READS})


@require_GET
def standards(request: VisitedRequest) -> HttpResponse:
    """Standards by number and title, with the state each was in on a day, as known on a day."""
    asked = standards_asked(request)
    if kind := file_asked(request):
        return standards_file(kind, asked["page"], *days_of(request))
    return render(request, "office/standards.html", {**asked, **READS})
