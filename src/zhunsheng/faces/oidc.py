"""Signing in by the account of a house that this site trusts (OpenID Connect).

It opens the door of an account that is there; it never makes one. Which account, and why (docs/decisions, 8):

1. the one that was linked before, by its owner while signed in, or by rule 2;
2. else the one active account with an address that the house says it has confirmed and that was confirmed here, too: by an
   invitation sent to it. An address that somebody only typed links nothing. An account that runs the system is linked by rule 1 alone.

The second factor is this site's own affair: it is asked for after this door as after the other.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """How this product uses django-allauth's social accounts."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link by rule 2, or turn away; somebody signed in who links his own account passes."""
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        user = account_meant(sociallogin)
        if user is None:
            nobody = t(
                "No account here belongs to this sign-in. Ask your institution's administrator for an invitation.",
                "本系统没有与该登录对应的账号，请联系所在机构的管理员发送邀请。",
            )
            messages.error(request, str(nobody))
            raise ImmediateHttpResponse(redirect("account_login"))
        link(request, sociallogin, user)


def account_meant(sociallogin: SocialLogin) -> User | None:
    """The one account with an address confirmed on both sides; none if there is none, or if several could be meant."""
    said = {one.email.lower() for one in sociallogin.email_addresses if one.verified}
    mine = EmailAddress.objects.filter(
        verified=True, user__is_active=True, user__is_superuser=False, user__is_staff=False
    )
    users = {one.user for one in mine.select_related("user").filter(email__in=said)}
    return users.pop() if len(users) == 1 else None


@transaction.atomic
def link(request: HttpRequest, sociallogin: SocialLogin, user: User) -> None:
    """Link and write it down."""
    sociallogin.connect(request, user)
    what: dict[str, Any] = {"provider": sociallogin.account.provider, "uid": sociallogin.account.uid}
    journal.record("link_sign_in", actor=user, at=timezone.now(), subject=f"user:{user.pk}", rows=[what], after=what)
