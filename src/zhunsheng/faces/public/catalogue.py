"""The catalogue for everybody: the names that scopes are written in. The pages of the office, without anything to enter."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.catalogue import methods_asked, parameters_asked, tree
from zhunsheng.faces.office.standards import standards_asked
from zhunsheng.registry.catalogue.fields import field_name

READS: dict[str, Any] = {"face": "public", "may": False, "form": None}


@require_GET
def parameters(request: VisitedRequest) -> HttpResponse:
    """Parameters by every name they bear, CAS number or code."""
    return render(request, "office/parameters.html", {**parameters_asked(request), **READS})


@require_GET
def matrices(request: VisitedRequest) -> HttpResponse:
    """The tree of matrices."""
    return render(request, "office/matrices.html", {"tree": tree(), "field_name": field_name, **READS})


@require_GET
def methods(request: VisitedRequest) -> HttpResponse:
    """Methods by number and name."""
    return render(request, "office/methods.html", {**methods_asked(request), **READS})


@require_GET
def standards(request: VisitedRequest) -> HttpResponse:
    """Standards by number and title, with the state each was in on a day, as known on a day."""
    return render(request, "office/standards.html", {**standards_asked(request), **READS})
