"""Who may open a page: the door before every view that is not public."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.institutions.models import Institution

View = Callable[..., HttpResponse]
Role = Literal["provider", "evaluator", "authority", "laboratory", "administered"]


def only(role: Role) -> Callable[[View], View]:
    """Open to visitors who act for such an institution; to others the page does not exist."""

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request.visitor, role) is None:  # type: ignore[attr-defined]
                raise Http404
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return door


def actor_of(request: VisitedRequest) -> User:
    """Who acts, behind a door that lets nobody in without signing in."""
    assert request.visitor.user is not None
    return request.visitor.user


def institution_of(request: VisitedRequest, role: Role) -> Institution:
    """For which institution the visitor acts, behind the door of that role."""
    found: Institution | None = getattr(request.visitor, role)
    assert found is not None
    return found


def reason_of(refusal: Exception) -> Text:
    """The sentence that a verb refused with."""
    said = getattr(refusal, "reason", None) or getattr(refusal, "message", None)
    if not isinstance(said, Text):
        raise refusal  # no sentence for a person: a fault of ours, not a refusal
    return said
