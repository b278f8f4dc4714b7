"""Each person's messages: found, opened, noted as read; and what of it comes by e-mail."""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.templating import day, moment
from zhunsheng.faces.told import TOLD, Matter
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import days_left
from zhunsheng.foundation.messages.actions import prefer, read
from zhunsheng.foundation.messages.models import Message
from zhunsheng.foundation.messages.queries import kinds_not_mailed, messages_of
from zhunsheng.foundation.messages.rules import Clock

COLUMNS: tuple[Text, ...] = (
    t("Received", "收到时间"), t("Subject", "主题"), t("Message", "内容"), t("Due on", "期限"), t("Read", "已读时间"),
)  # fmt: skip
MATTERS: Mapping[str, Clock | Matter] = {**CLOCKS, **TOLD}
KINDS: Mapping[str, Text] = {kind: matter.name for kind, matter in MATTERS.items()}


@login_required
@require_GET
def inbox(request: VisitedRequest) -> HttpResponse:
    """The visitor's messages as the address asks for them; `format=xlsx` or `csv` gives the same rows as a file."""
    mine = messages_of(actor_of(request), request.visitor.places)
    found = asked_for(request, mine)
    if kind := file_asked(request):
        return export(kind, found)
    page = page_of(request, found)
    return render(
        request,
        "messages/inbox.html",
        {
            "page": page, "left": left(list(page.object_list), request), "words": words_of(request), "show": show_of(request),
            "kind": kind_of(request), "kinds": KINDS, "any": mine.exists(), "days_left": days_left,
        },
    )  # fmt: skip


def show_of(request: HttpRequest) -> str:
    return "unread" if request.GET.get("show") == "unread" else ""


def kind_of(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else ""


def asked_for(request: VisitedRequest, mine: QuerySet[Message]) -> QuerySet[Message]:
    if words := words_of(request):
        columns = ("subject_zh", "subject_en", "body_zh", "body_en")
        said = Q()
        for column in columns:
            said |= Q(**{f"{column}__icontains": words})
        mine = mine.filter(said)
    if kind := kind_of(request):
        mine = mine.filter(kind=kind)
    return mine.filter(read_at=None) if show_of(request) else mine


def left(shown: list[Message], request: VisitedRequest) -> dict[uuid.UUID, int]:
    """Working days left of each message with a day, counted today."""
    days = [one.due_on for one in shown if one.due_on]
    if not days:
        return {}
    calendar = working_calendar(min(request.today, *days), max(request.today, *days))
    return {one.pk: calendar.between(request.today, one.due_on) for one in shown if one.due_on}


def export(kind: str, found: QuerySet[Message]) -> HttpResponse:
    rows = [
        [moment(one.created_at), str(one.subject), str(one.body), day(one.due_on), moment(one.read_at)]
        for one in found.iterator()
    ]
    return table_file(kind, "messages", t("Messages", "消息"), COLUMNS, rows, widths=[18, 44, 60, 12, 18], most=WHOLE)


@login_required
@require_GET
def open_message(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Go where the message points, and note that it was opened: harmless to do twice."""
    mine = messages_of(actor_of(request), request.visitor.places)
    message = get_object_or_404(mine, pk=pk)
    read(mine.filter(pk=pk), at=timezone.now())
    return redirect(message.address)


@login_required
@require_POST
def mark_read(request: VisitedRequest) -> HttpResponse:
    """Note one message as read, or all."""
    mine = messages_of(actor_of(request), request.visitor.places)
    if chosen := request.POST.get("message"):
        mine = mine.filter(pk=key_of(chosen))
    read(mine, at=timezone.now())
    return redirect("messages")


def key_of(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        raise Http404 from None


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: VisitedRequest) -> HttpResponse:
    """Which kinds of message also come by e-mail."""
    user = actor_of(request)
    if request.method == "POST":
        wanted = KINDS.keys() & set(request.POST.getlist("kind"))
        prefer(user, kinds=list(KINDS), by_mail=wanted, at=timezone.now())
        flash.success(request, str(t("Your choice was saved.", "已保存您的选择。")))
        return redirect("messages_preferences")
    unwanted = kinds_not_mailed(user)
    return render(
        request,
        "messages/preferences.html",
        {"matters": MATTERS, "unwanted": unwanted, "mail_is_sent": settings.MAIL_IS_SENT, "email": user.email},
    )
