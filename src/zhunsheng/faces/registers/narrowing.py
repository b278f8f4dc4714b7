"""A list that is about one institution when the address says so."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers.desk import Desk, institution_at
from zhunsheng.registry.institutions.models import Institution


def narrowed_to(request: VisitedRequest, desk: Desk) -> Institution | None:
    """The institution of `?institution=`, if it may be looked at from here; from a workspace always the visitor's own."""
    if desk.face == "workspace":
        return institution_at(desk, request, None)
    try:
        key = UUID(request.GET.get("institution", ""))
    except ValueError:
        return None
    return get_object_or_404(desk.institutions(request), pk=key)
