"""How large a file each address takes; what is larger is refused by its announced length, before any of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from zhunsheng.foundation.attachments.uploads import SLACK

GetResponse = Callable[[HttpRequest], HttpResponse]
TOO_LARGE = 413
LONG = frozenset({"import_send", "office_screen_send"})
"""Addresses that take files for the registers and logs; a million rows are some hundred megabytes."""
PUBLIC = frozenset({"check"})
"""Addresses that take files from anyone."""


def refuse_what_is_too_large(get_response: GetResponse) -> GetResponse:
    """Answer 413 with the limit where a request announces, or sends, more than its address takes.

    It stands before the middleware that looks for a token in the body, because looking there reads and keeps all of it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        limit = limit_of(request)
        if announced(request) > limit + SLACK:
            return too_large(request, limit)
        request.upload_limit = limit  # type: ignore[attr-defined]
        answer = get_response(request)
        return too_large(request, limit) if getattr(request, "upload_stopped", False) else answer

    return middleware


def announced(request: HttpRequest) -> int:
    """The length that the request gives of itself, in bytes; 0 where it gives none."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def limit_of(request: HttpRequest) -> int:
    """In bytes. Small bodies are not looked at closer; whoever has not signed in sends no large ones anywhere."""
    smallest = min(settings.PUBLIC_UPLOAD_LIMIT, settings.UPLOAD_LIMIT)
    if request.method in {"GET", "HEAD", "OPTIONS"} or 0 < announced(request) <= smallest:
        return int(smallest)
    name = name_of(request)
    if name in PUBLIC or SESSION_KEY not in request.session:
        return int(settings.PUBLIC_UPLOAD_LIMIT)
    return int(settings.IMPORT_UPLOAD_LIMIT if name in LONG else settings.UPLOAD_LIMIT)


def name_of(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return None


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    return render(request, "413.html", {"limit": limit // 2**20}, status=TOO_LARGE)
