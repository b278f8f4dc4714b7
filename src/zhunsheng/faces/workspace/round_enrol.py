"""Rounds that a laboratory may enrol in: what is planned, what it is promised, enrol, withdraw."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.enrol import actions
from zhunsheng.activities.proficiency.enrol.access import enrolments_of, enrols_for, open_rounds
from zhunsheng.activities.proficiency.enrol.actions import Details
from zhunsheng.activities.proficiency.enrol.models import Enrolment, Invitation
from zhunsheng.activities.proficiency.enrol.rules.enrolling import EnrolmentRefused
from zhunsheng.activities.proficiency.enrol.states import ENROLMENT
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.models import Promise
from zhunsheng.activities.proficiency.plan.queries import items_of, measurands_of, promise_of
from zhunsheng.activities.proficiency.plan.rules.planning import LATE
from zhunsheng.faces.days import told_in
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.queries import family_of

REFUSALS = (EnrolmentRefused, NotAllowedNow)


class EnrolForm(forms.Form):
    """Where the items go, and that the promise was read."""

    contact = forms.CharField(label=words("Contact", "联系人"), max_length=100)
    phone = forms.CharField(label=words("Telephone", "电话"), max_length=40)
    email = forms.EmailField(label=words("E-mail", "电子邮箱"), max_length=200, required=False)
    address = forms.CharField(label=words("Address for items", "收样地址"), max_length=300)
    note = forms.CharField(label=words("Note to the provider", "备注"), max_length=300, required=False)
    promise = forms.CharField(widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label=words("We have read the confidentiality statement and accept it.", "本机构已阅读并接受上述保密声明。"),
        error_messages={"required": words("Accept the statement to enrol.", "接受保密声明后方可报名。")},
    )


@only("laboratory")
@require_GET
def enrolments(request: VisitedRequest) -> HttpResponse:
    """The rounds that are open, those we were invited to first; and what we enrolled in."""
    invited = set(
        Invitation.objects.filter(institution__in=family_of(request.visitor.laboratories)).values_list(
            "round", flat=True
        )
    )
    now = timezone.now()
    found = open_rounds(request.visitor).filter(plan__enrol_until__gte=now).select_related("provider", "plan")
    mine = enrolments_of(request.visitor).select_related("round__provider", "round__plan").order_by("-accepted_at")
    enrolled = set(mine.filter(state="enrolled").values_list("round", flat=True))
    rounds = sorted(found, key=lambda one: (one.pk not in invited, one.plan.enrol_until, one.number))
    shown = {
        "rounds": [one for one in rounds if one.pk not in enrolled], "invited": invited, "page": page_of(request, mine),
        "ENROLMENT": ENROLMENT, "told_in": told_in,
    }  # fmt: skip
    return render(request, "workspace/rounds/enrolments.html", shown)


def seen(request: VisitedRequest, pk: uuid.UUID) -> tuple[Round, Enrolment | None]:
    """A round that is open to us, or in which we are enrolled; else there is no such page."""
    own = enrolments_of(request.visitor).filter(round=pk).select_related("promise").first()
    found = Round.objects.filter(pk=pk) if own else open_rounds(request.visitor)
    return get_object_or_404(found.select_related("provider", "plan", "commissioned_by"), pk=pk), own


@only("laboratory")
@require_http_methods(["GET", "POST"])
def enrol(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What is planned, what is promised, and the form by which the laboratory enrols or changes its details."""
    round_, own = seen(request, pk)
    promise, where = promise_of(round_), enrols_for(request.visitor)
    form = EnrolForm(request.POST or None, initial=initial_of(own, promise))
    if request.method == "POST":
        if where is None:
            raise Http404
        if form.is_valid() and enrolled(request, round_, form):
            return redirect("workspace_enrol", round_.pk)
    if request.method == "POST" and promise is not None:
        sent = request.POST.copy()
        sent["promise"] = promise.sha256  # sent once more, it is what is shown now
        form.data = sent
    shown = {
        "round": round_, "plan": round_.plan, "own": own, "promise": promise, "form": form, "may": where is not None,
        "open": round_.state == "enrolling" and timezone.now() <= round_.plan.enrol_until, "told_in": told_in, "LATE": LATE,
        "accepted": own.acceptances.select_related("promise", "by").order_by("-at", "-pk") if own else (),
        "items": items_of(round_), "measurands": measurands_of(round_), "ENROLMENT": ENROLMENT,
    }  # fmt: skip
    return render(request, "workspace/rounds/enrol.html", shown)


def initial_of(own: Enrolment | None, promise: Promise | None) -> dict[str, Any]:
    names = ("contact", "phone", "email", "address", "note")
    given = {name: getattr(own, name) for name in names} if own else {}
    return given | {"promise": promise.sha256 if promise else ""}


def enrolled(request: VisitedRequest, round_: Round, form: EnrolForm) -> bool:
    where = enrols_for(request.visitor)
    assert where is not None  # asked before
    said = dict(form.cleaned_data)
    shown, _ = said.pop("promise"), said.pop("accepted")
    try:
        actions.enrol(
            round_, where, promise_sha256=shown, details=Details(**said), actor=actor_of(request), at=timezone.now()
        )
    except REFUSALS as refusal:
        form.add_error(None, fault(reason_of(refusal)))
        return False
    messages.success(request, str(t("We are enrolled.", "本机构已报名。")))
    return True


@only("laboratory")
@require_POST
def withdraw(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Do not take part after all."""
    round_, own = seen(request, pk)
    if own is None or enrols_for(request.visitor) is None:
        raise Http404
    try:
        actions.withdraw(own, actor=actor_of(request), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("We have withdrawn.", "本机构已退出。")))
    return redirect("workspace_enrol", round_.pk)
