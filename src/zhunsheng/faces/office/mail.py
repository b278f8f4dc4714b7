"""How e-mail fares, for the system administrator: states, attempts and faults, and never what a message says."""

import uuid
from collections.abc import Mapping

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import View, actor_of, reason_of
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.messages.mailing import send_again
from zhunsheng.foundation.messages.models import Mail
from zhunsheng.foundation.messages.queries import in_trouble
from zhunsheng.foundation.messages.states import MAIL
from zhunsheng.foundation.statechart import NotAllowedNow

CHIPS: Mapping[str, tuple[str, str]] = {
    "waiting": ("step", "○"), "sending": ("step", "◐"), "sent": ("good", "✓"), "dropped": ("flat", "–"), "failed": ("bad", "✕"),
    "unknown": ("mind", "?"),
}  # fmt: skip


def only_administrator(view: View) -> View:
    """Open to the system administrator; to others the page does not exist."""

    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.visitor.user  # type: ignore[attr-defined]
        if user is None or not user.is_superuser:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


@only_administrator
@require_GET
def mails(request: VisitedRequest) -> HttpResponse:
    """The e-mails that are in trouble, or all in one state."""
    state = state_of(request)
    return render(
        request,
        "office/mail.html",
        {
            "page": page_of(request, asked_for(request)), "state": state, "words": words_of(request), "MAIL": MAIL, "chips": CHIPS,
            "counts": dict(Mail.objects.order_by().values_list("state").annotate(n=Count("pk"))),
        },
    )  # fmt: skip


def state_of(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in MAIL.states else ""


def asked_for(request: HttpRequest) -> QuerySet[Mail]:
    found = Mail.objects.filter(state=state) if (state := state_of(request)) else in_trouble()
    if words := words_of(request):
        found = found.filter(recipient__username__icontains=words)
    return found.select_related("recipient").order_by("-made_at", "pk")


@only_administrator
@require_POST
def again(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Let an e-mail go out again; one that was perhaps sent may then arrive twice, which the page says."""
    if not Mail.objects.filter(pk=pk).exists():
        raise Http404
    try:
        send_again(pk, actor=actor_of(request), at=timezone.now())
    except NotAllowedNow as refusal:
        flash.error(request, str(reason_of(refusal)))
    else:
        flash.success(request, str(t("It goes out again within a minute.", "将在一分钟内重新发送。")))
    return redirect("office_mail")
