"""The public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def front(request: HttpRequest) -> HttpResponse:
    """The front door: what this is, and where each kind of visitor goes from here."""
    return render(request, "public/front.html")
