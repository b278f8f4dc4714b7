"""Grave acts ask once more who is there: whoever finds a browser left open does none of them.

An act counts as grave when it gives power to somebody, publishes what is relied upon outside, or cannot simply be taken back.
"""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from zhunsheng.foundation.accounts.models import User

View = Callable[..., HttpResponse]
RECENT = timedelta(minutes=15)
"""So long a sign-in counts, or a password or code given again."""

GRAVE = frozenset({
    "api_tokens",  # a token acts for its owner for up to a year
    "workspace_member_invite", "workspace_member_start", "workspace_member_give", "workspace_member_end",  # posts are rights
    "office_round_release", "office_risk_publish", "office_stocktaking_close",  # what others rely on
    "office_decision_confirm",  # lifts a suspension
    "office_draw_reveal", "office_draw_publish",  # who is inspected, once and for all
    "calendar_preview", "calendar_day",  # move every deadline of the country
    "office_duplicate", "office_merge_undo",  # two institutions become one, or one two
    "office_scope_change",  # an authority cancels scope lines
})  # fmt: skip
"""Names of addresses at which a POST is a grave act."""


def asking_again(addresses: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same addresses; those of grave acts let a POST through only after a recent sign-in. Raises ValueError for a name of none."""
    found = list(addresses)
    grave = [one for one in found if isinstance(one, URLPattern) and one.name in GRAVE]
    if missing := GRAVE - {one.name for one in grave}:
        raise ValueError(f"no such address: {sorted(missing)}")
    for one in grave:
        one.callback = recently_signed_in(one.callback)
    return found


def recently_signed_in(view: View) -> View:
    """Before a POST ask again for password or code, and then go on with what was sent; look at anything as before."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and isinstance(request.user, User) and not was_recent(request, request.user):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    guarded.asks_again = True  # type: ignore[attr-defined]
    return guarded


def was_recent(request: HttpRequest, user: User) -> bool:
    """Did the user show who he is in this session a short time ago? An account that can show nothing here (OIDC alone) passes."""
    moments = [record["at"] for record in get_authentication_records(request, user)]
    if moments and time.time() - max(moments) < RECENT.total_seconds():
        return True
    return not get_adapter(request).get_reauthentication_methods(user)
