"""What happens before every page: which language, which second factor, who is this."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Language, using
from zhunsheng.registry.people.queries import Visitor, visitor

GetResponse = Callable[[HttpRequest], HttpResponse]


class VisitedRequest(HttpRequest):
    """A request after the middleware: it knows its visitor and its day."""

    visitor: Visitor
    today: date


def speak_the_readers_language(get_response: GetResponse) -> GetResponse:
    """Let every Text answer in the language that Django chose (cookie, then browser)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        lang: Language = "zh" if translation.get_language() == "zh-hans" else "en"
        with using(lang):
            return get_response(request)

    return middleware


def reset_passwords_only_by_mail(get_response: GetResponse) -> GetResponse:
    """Where no mail is sent, the pages that promise one do not exist."""

    def middleware(request: HttpRequest) -> HttpResponse:
        promises = (reverse("account_reset_password"), reverse("account_email"))
        if not settings.MAIL_IS_SENT and request.path.startswith(promises):
            raise Http404
        return get_response(request)

    return middleware


def require_second_factor(get_response: GetResponse) -> GetResponse:
    """Whoever decides about others sets up a second factor before anything else, and shows it in every session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated:
            free = request.path.startswith(("/accounts/", "/static/", "/language/"))
            if not free and request.visitor.decides_about_others:  # type: ignore[attr-defined]
                if not has_factor(request.user):
                    return redirect(reverse("mfa_activate_totp"))
                if not showed_factor(request):
                    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return get_response(request)

    return middleware


def has_factor(user: Any) -> bool:
    """Has the account a second factor? Says nothing of the session: that may have begun with the password alone."""
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(user))


def showed_factor(request: HttpRequest) -> bool:
    """Was the second factor shown in this session?"""
    from allauth.account.authentication import get_authentication_records

    user = request.user if isinstance(request.user, User) else None
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def know_the_visitor(get_response: GetResponse) -> GetResponse:
    """Give the request its visitor (user, posts held today) and its day."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.today = timezone.localdate()  # type: ignore[attr-defined]
        chosen = request.session.get("acting_for") if request.user.is_authenticated else None
        request.visitor = visitor(request.user, on=request.today, acting_for=chosen and UUID(chosen))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
