"""The identity number of a person who was entered without one, or with a wrong one."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers import forms
from zhunsheng.faces.registers.desk import Desk, at_desk, kept
from zhunsheng.faces.registers.filling import fill_in, given
from zhunsheng.faces.registers.people import both, keepable
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.institutions.access import kept_by
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.people.access import people_kept_by
from zhunsheng.registry.people.actions import BelongsToAnother, add_identity, correct_identity
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.rules import identity_hash, masked


def kept_of(number: str) -> tuple[str, str]:
    """All that is kept of an identity number: its keyed hash and its masked form."""
    return identity_hash(number, settings.IDENTITY_KEY), masked(number)


@sensitive_post_parameters("identity")
@at_desk
@require_http_methods(["GET", "POST"])
def add(request: VisitedRequest, pk: UUID, *, desk: Desk) -> HttpResponse:
    """Add the number to an entry that has none; the authority puts another one in the place of a wrong one."""
    person, back = keepable(desk, request, pk), desk.url("person", pk)
    if person.identity_hash and desk.face == "office":
        return correct(request, person, back)
    if person.identity_hash and request.method == "GET":
        return redirect(back)
    form = forms.IdentityForm(given(request))
    return fill_in(
        request, form, title=t("Add the identity number", "补录身份证号"), about=both(person.name), back=back,
        save=lambda: save(request, add_identity, person, form.cleaned_data["identity"]),
    )  # fmt: skip


def correct(request: VisitedRequest, person: Person, back: str) -> HttpResponse:
    form = forms.IdentityForm(given(request), mends=True)
    return fill_in(
        request, form, title=t("Correct the identity number", "更正身份证号"), about=both(person.name), back=back,
        save=lambda: save(request, partial(correct_identity, reason=form.reason), person, form.cleaned_data["identity"]),
    )  # fmt: skip


def save(request: VisitedRequest, verb: Callable[..., Person], person: Person, number: str) -> None:
    """Raises CannotEnter, with the name of the one who has the number if the visitor keeps that entry, too."""
    try:
        verb(person, *kept_of(number), within=kept_by(request.visitor), actor=actor_of(request), at=timezone.now())
    except BelongsToAnother as refusal:
        if not kept(people_kept_by(request.visitor), refusal.other):
            raise
        raise CannotEnter(
            t(
                "This is the identity number of {n}, who is registered here. If both are one person, enter the posts there and end them "
                "here.",
                "该身份证号已登记在{n}名下。如系同一人，请在该人员名下录入任职，并终止本条登记的任职。",
                n=refusal.other.name,
            ),
            field="identity",
        ) from None
