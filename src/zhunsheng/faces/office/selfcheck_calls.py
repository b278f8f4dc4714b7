"""A self-check is called: by which checklist, until when; the forms are made in the background."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from zhunsheng.activities.campaigns.plan import access as plans
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.actions.opening import call_selfcheck
from zhunsheng.activities.campaigns.selfcheck.models import Call, Checklist
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.faces.days import DayField
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.checklists import usable_by
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t

OPENING = "open_selfchecks"


class CallForm(forms.Form):
    """By which version of which checklist, and until when."""

    checklist = forms.ChoiceField(label=words("Checklist", "自查表"))
    due_on = DayField(label=words("Last day to submit", "提交期限"))

    def __init__(self, *args: Any, checklists: Iterable[Checklist], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [
            (str(one.pk), t("{n}, version {v}", "{n}，第 {v} 版", n=one.name, v=one.version)) for one in checklists
        ]
        self.fields["checklist"].choices = named  # type: ignore[attr-defined]


def subject_of(campaign: Campaign) -> str:
    """What the job works on; another name than the campaign's own, whose job enrols."""
    return f"call:{campaign.pk}"


def own(request: VisitedRequest, pk: uuid.UUID) -> Campaign:
    return get_object_or_404(plans.run_by(request.visitor).select_related("authority"), pk=pk)


@only("authority")
@require_http_methods(["GET", "POST"])
def call(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """See what calling does, then call."""
    found = own(request, pk)
    if Call.objects.filter(campaign=found).exists():
        return redirect("office_selfchecks", found.pk)
    shipped_checklist(at=timezone.now())
    lists = list(usable_by(institution_of(request, "authority")))
    form = CallForm(request.POST or None, checklists=lists, initial=proposed(found))
    if request.method == "POST" and form.is_valid():
        try:
            begin(request, found, next(one for one in lists if str(one.pk) == form.cleaned_data["checklist"]), form)
        except AnswerRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_selfchecks", found.pk)
    shown = {"campaign": found, "form": form, "n": found.participants.count()}
    return render(request, "office/selfchecks/call.html", shown)


def proposed(campaign: Campaign) -> dict[str, Any]:
    """The last day of the plan's stage of self-checks."""
    stage = campaign.stages.filter(key="selfcheck").first()
    return {"due_on": stage.ends_on if stage else campaign.closes_on}


def begin(request: VisitedRequest, found: Campaign, checklist: Checklist, form: CallForm) -> None:
    """The job stands or falls with the act."""
    with transaction.atomic():
        call_selfcheck(
            found, checklist=checklist, due_on=form.cleaned_data["due_on"], actor=actor_of(request), at=timezone.now()
        )
        queue(request, found)


def queue(request: VisitedRequest, found: Campaign) -> None:
    jobs.start(
        OPENING, subject=subject_of(found), arguments={"campaign": str(found.pk)}, actor=actor_of(request), at=timezone.now()
    )  # fmt: skip


@only("authority")
@require_POST
def go_on(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the forms that are missing: after a job that failed, or of institutions that were enrolled since."""
    found = own(request, pk)
    if found.state != "published" or not Call.objects.filter(campaign=found).exists():
        raise Http404
    queue(request, found)
    return redirect("office_selfchecks", found.pk)
