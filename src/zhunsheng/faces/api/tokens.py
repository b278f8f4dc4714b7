"""Tokens: made and revoked by their owner, asked for at every call."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError, AuthorizationError
from ninja.security import HttpBearer

from zhunsheng.faces.middleware import has_factor
from zhunsheng.foundation.accounts.bearer import beginning, digest, new_secret
from zhunsheng.foundation.accounts.models import ApiToken, User
from zhunsheng.foundation.accounts.token_rules import NOTED_EVERY, check_lifetime, check_scopes
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.people.queries import Visitor, visitor

ANYONE = "anyone"


@transaction.atomic
def make_token(*, name: str, scopes: list[str], lifetime: timedelta, actor: User, at: datetime) -> tuple[ApiToken, str]:
    """Make a token for oneself; the secret comes back this once. Raises BadToken."""
    check_scopes(scopes)
    check_lifetime(lifetime)
    secret = new_secret("zsa")
    made = ApiToken.objects.create(
        user=actor, name=name, beginning=beginning(secret), secret_sha256=digest(secret), scopes=sorted(scopes),
        made_at=at, expires_at=at + lifetime,
    )  # fmt: skip
    _record("make_api_token", made, actor=actor, at=at)
    return made, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User, at: datetime) -> bool:
    """Revoke one's own token; False when it was revoked already. Raises PermissionError for another's."""
    if token.user_id != actor.pk:
        raise PermissionError("a token is revoked by its owner")
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        return False
    _record("revoke_api_token", token, actor=actor, at=at)
    return True


@transaction.atomic
def revoke_tokens_of(user: User, *, at: datetime) -> int:
    """Revoke all tokens of a user, whose secrets may be as well known as the password was; returns how many were good."""
    good = list(ApiToken.objects.select_for_update().filter(user=user, revoked_at=None, expires_at__gt=at))
    if good:
        ApiToken.objects.filter(pk__in=[one.pk for one in good]).update(revoked_at=at)
        rows = [{"token": str(one.pk), "beginning": one.beginning} for one in good]
        journal.record("revoke_api_tokens", actor=user, at=at, subject=f"user:{user.pk}", rows=rows)
    return len(good)


class TokensEndWithThePassword:
    """In AUTH_PASSWORD_VALIDATORS, because Django calls it for every new password, on whichever way it was set."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Any password will do."""

    def get_help_text(self) -> str:
        return str(t("A new password revokes the tokens of your programs.", "更改密码后，您的全部 API 令牌将被吊销。"))

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is not None:
            revoke_tokens_of(user, at=timezone.now())


def _record(verb: str, token: ApiToken, *, actor: User, at: datetime) -> None:
    what = {"beginning": token.beginning, "scopes": token.scopes, "expires_at": token.expires_at.isoformat()}
    journal.record(verb, actor=actor, at=at, subject=f"token:{token.pk}", rows=[what], after=what)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user)


def token_behind(secret: str, *, at: datetime) -> ApiToken | None:
    """The token that a secret belongs to, if it is good now; none for one unknown, expired, revoked or of a closed account."""
    good = ApiToken.objects.filter(
        secret_sha256=digest(secret), revoked_at=None, expires_at__gt=at, user__is_active=True
    )
    return good.select_related("user").first()


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Note the last use, once a minute at most."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < at - NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)


class Bearer(HttpBearer):
    """`Authorization: Bearer zsa_…`. A cookie counts for nothing here, so that no page of another site can ask in a visitor's name.

    A credential that is not good is refused the same way whatever is wrong with it, and never taken for none at all.
    """

    def __init__(self, scope: str, *, needed: bool = True) -> None:
        super().__init__()
        self.scope, self.needed = scope, needed

    def __call__(self, request: HttpRequest) -> Any:
        request.visitor = Visitor(user=None, on=timezone.localdate())  # type: ignore[attr-defined]
        if "Authorization" not in request.headers and not self.needed:
            return ANYONE
        found = super().__call__(request)
        if found is None:
            raise AuthenticationError
        return found

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        now = timezone.now()
        found = token_behind(token, at=now)
        if found is None or lacks_factor(seen := visitor(found.user, on=timezone.localdate(now))):
            return None
        if self.scope not in found.scopes:
            raise AuthorizationError
        note_use(found, at=now)
        request.visitor = seen  # type: ignore[attr-defined]
        return found


def lacks_factor(seen: Visitor) -> bool:
    """A token is no way around the second factor."""
    return settings.SECOND_FACTOR_REQUIRED and seen.decides_about_others and not has_factor(seen.user)
