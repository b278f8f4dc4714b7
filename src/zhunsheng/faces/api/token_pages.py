"""The page on which one makes and revokes the tokens of one's own programs."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhunsheng.faces.api.tokens import make_token, revoke_token, tokens_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of
from zhunsheng.faces.wording import words
from zhunsheng.foundation.accounts.token_rules import LIFETIMES, SCOPES
from zhunsheng.foundation.bilingual import t


class TokenForm(forms.Form):
    """What a token is for, what it may do, how long."""

    name = forms.CharField(label=words("What will use it", "用途"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=words("It may", "权限范围"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=words("It lasts", "有效期"), choices=list(LIFETIMES.items()), coerce=int, initial=90
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: VisitedRequest) -> HttpResponse:
    """The visitor's tokens; POST makes one and shows its secret this once."""
    form, secret = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        _, secret = make_token(
            name=given["name"], scopes=given["scopes"], lifetime=timedelta(days=given["days"]),
            actor=actor_of(request), at=timezone.now(),
        )  # fmt: skip
        form = TokenForm()
    mine = tokens_of(actor_of(request))
    return render(
        request, "account/tokens.html",
        {"form": form, "secret": secret, "tokens": mine, "scopes": SCOPES, "now": timezone.now()},
    )  # fmt: skip


@login_required
@require_POST
def revoke(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """Revoke one of the visitor's tokens."""
    token = get_object_or_404(tokens_of(actor_of(request)), pk=pk)
    if revoke_token(token, actor=actor_of(request), at=timezone.now()):
        messages.success(request, str(t("The token is revoked.", "令牌已吊销。")))
    return redirect("api_tokens")
