"""What follows when somebody sets up a second factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.http import HttpRequest

from zhunsheng.foundation.accounts.models import User


def on_factor_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """End the other sessions, which know the password alone; this one has just shown the code that sets the factor up."""
    end_other_sessions(request, user)
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
