"""From where a page of the registers is opened, and which institution it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.registry.institutions.access import of_heads, overseen_by, own_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of, standing

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Desk:
    """The office or the workspace: the same page, other addresses."""

    face: str

    def url(self, name: str, *args: object) -> str:
        """The address of a page of this face: `url("person", pk)`."""
        return reverse(f"{self.face}_{name}", args=args)

    def of_institution(self, institution: Institution) -> str:
        """The page of an institution; an institution's own has no key in its address."""
        return self.url("institution", institution.pk) if self.face == "office" else self.url("institution")

    def institutions(self, request: VisitedRequest) -> QuerySet[Institution]:
        """Those that may be looked at from here."""
        if self.face == "office":
            return overseen_by(request.visitor)
        return standing().filter(pk__in=own_heads(request.visitor))

    def reaches(self, request: VisitedRequest) -> Q:
        """Rows with an institution that may be looked at from here, or with one merged into such a one."""
        if self.face == "office" and request.visitor.jurisdiction.national:
            return Q(pk__isnull=False)
        return of_heads(self.institutions(request))


def at_desk(view: View) -> View:
    """Open to whoever has such a desk: `face` of the address becomes `desk`; to others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, face: str, **kwargs: Any) -> HttpResponse:
        visitor = request.visitor  # type: ignore[attr-defined]
        if (visitor.authority if face == "office" else visitor.laboratory) is None:
            raise Http404
        return view(request, *args, desk=Desk(face), **kwargs)

    return login_required(guarded)


def institution_at(desk: Desk, request: VisitedRequest, pk: UUID | None) -> Institution:
    """The institution of the address; from a workspace the visitor's own."""
    if desk.face == "workspace":
        assert request.visitor.laboratory is not None  # at_desk lets nobody else in
        return head_of(request.visitor.laboratory)
    return get_object_or_404(desk.institutions(request), pk=pk)


def kept(things: QuerySet[Any], thing: Model) -> bool:
    """May the visitor change it? `things` are what `access.py` gives."""
    return things.filter(pk=thing.pk).exists()


def scope_address(name: str, pk: UUID) -> str | None:
    """Where the scope of an institution stands on this face, if it shows scopes."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return None
