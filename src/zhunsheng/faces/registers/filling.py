"""One way to fill in a form of a register: what is wrong stands at its field, what was done is said on the page one comes back to."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zhunsheng.faces import meanwhile
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.registry.institutions.rules.refusals import CannotEnter

KnownRow = TypeVar("KnownRow", bound=Known)


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
    mends: Model | None = None,
    ends: Model | None = None,
) -> HttpResponse:
    """Show the form; when it is sent and sound, save and go back; what the verb refuses stands at the field it is about.

    `mends` is the row that the form changes, `ends` the one to which it gives a last day: it is written only if it is what it was
    when the form was opened.
    """
    if mends is not None:
        meanwhile.carry(form, values_of(form, mends))
    if ends is not None:
        meanwhile.carry(form, ending(ends))
    if form.is_bound and form.is_valid():
        try:
            saved = write(form, mends, save) if ends is None else end(form, ends, save)
        except CannotEnter as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, fault(refusal.reason))
            saved = False
        if saved:
            messages.success(request, str(t("Done: {x}.", "已完成：{x}。", x=title)))
            return redirect(back)
    shown: dict[str, Any] = {"form": form, "title": title, "about": about, "back": back, "note": note, "danger": danger}
    return render(request, "registers/form.html", shown)


def given(request: VisitedRequest) -> Any:
    """What was sent, or nothing yet."""
    return request.POST if request.method == "POST" else None


def values_of(form: forms.Form, row: Model) -> dict[str, Any]:
    """What a row says in the columns that the form shows."""
    return {name: getattr(row, name) for name in form.fields if hasattr(row, name)}


def write(form: forms.Form, row: Model | None, save: Callable[[], object]) -> bool:
    """Save; a row that is mended only if it is what the form showed."""
    if row is None:
        save()
        return True
    return meanwhile.write(form, lambda: values_of(form, meanwhile.locked(row)), save)


def ending(row: Any) -> dict[str, Any]:
    """What a form that ends something is held against: the last day that there is."""
    return {"last_day": row.valid_to}


def end(form: forms.Form, row: Model, save: Callable[[], object]) -> bool:
    """Save a last day, only if the row has no other one than when the form was opened."""
    return meanwhile.write(form, lambda: ending(meanwhile.locked(row)), save, adds=True)


def standing_row(rows: QuerySet[KnownRow], key: int) -> KnownRow:
    """The row of an address, or the one that stands in its place since: a form may be sent after somebody else's correction.

    A correction closes a row and enters the next at the same moment; where more than one was entered then, none is guessed.
    """
    row = get_object_or_404(rows, pk=key)
    while row.superseded_at is not None:
        entered = list(rows.filter(recorded_at=row.superseded_at).exclude(pk=row.pk)[:2])
        if len(entered) != 1:
            raise Http404
        row = entered[0]
    return row
