"""Who can test what, where: for anyone. The registers alone are asked; what rounds have shown of a laboratory is not public."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.lists import asked, found, lines_file, text_of
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.queries import SUGGESTED, matrices_named, methods_named, suggested_parameters
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids


@require_GET
def search(request: VisitedRequest) -> HttpResponse:
    """Scope lines by parameter or method, matrix, place and day; `format=xlsx` or `csv` gives the same as a file."""
    question = asked(request)
    if kind := file_asked(request):
        return lines_file(kind, question, "scopes")
    return render(request, "public/scopes.html", found(question, request))


@require_GET
def suggestions(request: VisitedRequest) -> HttpResponse:
    """What might be meant by what has been typed so far, in the field that was typed in."""
    names: Sequence[tuple[object, object]]
    if words := text_of(request, "matrix"):
        names = [(one.name, one.field) for one in matrices_named(words)[:SUGGESTED]]
    elif words := text_of(request, "place"):
        names = [
            (regions.name_of(one.code, request.today), one.code)
            for one in regions.search(words, request.today, SUGGESTED)
        ]
    elif words := text_of(request, "method"):
        names = [(one.number, one.name) for one in methods_named(words)[:SUGGESTED]]
    else:
        matches = suggested_parameters(text_of(request, "what") or text_of(request, "parameter"))
        names = [(one.parameter.name, one.also_called or one.parameter.cas) for one in matches]
    return render(request, "scopes/suggestions.html", {"names": names})


@require_GET
def of_institution(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """The scope of one institution on a day; an entry that was merged leads to the one that is kept."""
    institution = get_object_or_404(Institution, pk=pk, kind=Institution.Kind.LABORATORY)
    if institution.merged_into_id is not None:
        return redirect("public_scope", institution.merged_into_id)
    question = asked(request, institutions=tuple(family_ids(institution)))
    if kind := file_asked(request):
        return lines_file(kind, question, "scope")
    return render(request, "public/scope.html", {"institution": institution, **found(question, request)})
