"""The public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.words import FACTS
from zhunsheng.faces.public.checking import CheckForm, in_words_of_the_web, trusted_keys


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The front door: what this is, and where each kind of visitor goes from here."""
    return render(request, "public/front.html", {"form": CheckForm()})


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a report file or its QR code by the signature alone; nothing is looked up and nothing is kept."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    trusted = trusted_keys()
    verdict = form.verdict(trusted) if form.is_bound and form.is_valid() else None
    reason = in_words_of_the_web(verdict, trusted) if verdict else None
    fingerprints = [key.fingerprint() for key in trusted]
    shown = {"form": form, "verdict": verdict, "reason": reason, "facts": FACTS, "keys": fingerprints}
    return render(request, "public/check.html", shown)
