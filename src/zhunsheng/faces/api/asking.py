"""Who asks, and about which day: what the endpoints that are not for everybody begin with."""

from datetime import date
from typing import Literal

from django.http import Http404, HttpRequest
from django.utils import timezone

from zhunsheng.registry.people.queries import Visitor

StateOfDates = Literal["", "in_date", "due_soon", "out_of_date", "never", "retired"]


def day_of(asked: date | None) -> date:
    """The day asked about; today if none is."""
    return asked or timezone.localdate()


def visitor_of(request: HttpRequest) -> Visitor:
    found: Visitor = request.visitor  # type: ignore[attr-defined]
    return found


def regulator(request: HttpRequest) -> Visitor:
    """Whoever acts for an authority. Raises Http404 for others, like the pages of the office."""
    visitor = visitor_of(request)
    if visitor.authority is None:
        raise Http404
    return visitor


def insider(request: HttpRequest) -> Visitor:
    """Whoever acts for an authority or works for a laboratory. Raises Http404 for others, like the pages of the registers."""
    visitor = visitor_of(request)
    if visitor.authority is None and visitor.laboratory is None:
        raise Http404
    return visitor
