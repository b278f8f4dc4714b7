"""One way to fill in a form of a register: what is wrong stands at its field, what was done is said on the page one comes back to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.rules.refusals import CannotEnter


def fill_in(
    request: VisitedRequest,
    form: forms.Form,
    *,
    title: Text,
    about: Text,
    back: str,
    save: Callable[[], object],
    note: Text | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Show the form; when it is sent and sound, save and go back; what the verb refuses stands at the field it is about."""
    if form.is_bound and form.is_valid():
        try:
            save()
        except CannotEnter as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, fault(refusal.reason))
        else:
            messages.success(request, str(t("Done: {x}.", "已完成：{x}。", x=title)))
            return redirect(back)
    shown: dict[str, Any] = {"form": form, "title": title, "about": about, "back": back, "note": note, "danger": danger}
    return render(request, "registers/form.html", shown)


def given(request: VisitedRequest) -> Any:
    """What was sent, or nothing yet."""
    return request.POST if request.method == "POST" else None
