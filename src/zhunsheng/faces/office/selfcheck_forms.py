"""One self-check as authorities see it: what was submitted, never what is being written; given back with a reason, or made final."""

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.plan import access as plans
from zhunsheng.activities.campaigns.selfcheck import access
from zhunsheng.activities.campaigns.selfcheck.actions.answering import freeze_selfchecks, return_selfcheck
from zhunsheng.activities.campaigns.selfcheck.models import Frozen, Proof, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.days import last_days
from zhunsheng.activities.campaigns.selfcheck.queries.standing import Line, answers_in, as_submitted, lines_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, GROUPS, PROBLEM, SELFCHECK
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_papers import file_response
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow

Groups = list[tuple[Text, list[Line]]]


class ReturnForm(forms.Form):
    """Why it is given back."""

    reason = forms.CharField(
        label=words("What is to be mended, and why", "需要补正的内容和理由"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words("The institution reads this.", "机构可以看到以上内容。"),
    )  # fmt: skip


def seen(request: VisitedRequest, pk: uuid.UUID) -> SelfCheck:
    """A form within reach, or nothing there."""
    found = access.seen_by_authority(request.visitor)
    return get_object_or_404(
        found.select_related("call__campaign__authority", "call__checklist", "participant__institution"), pk=pk
    )


def may_lead(request: VisitedRequest, form: SelfCheck) -> bool:
    """Whoever runs the campaign, and in its own area every authority: those who read what their laboratories submit."""
    return plans.may_lead(request.visitor, form.call.campaign, form.participant.region_code)


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What an institution submitted, the last time or another; of what it is writing only that it is being written."""
    return page(request, seen(request, pk), ReturnForm())


def page(request: VisitedRequest, found: SelfCheck, form: ReturnForm) -> HttpResponse:
    versions = list(found.frozen.select_related("submitted_by__person"))
    shown = version_asked(request, versions)
    lines = as_submitted(lines_of(found), shown) if shown else []
    last = last_days([found])[found.pk]
    told = {
        "form": form, "one": found, "versions": versions, "shown": shown, "parts": grouped(lines), "ANSWERS": ANSWERS,
        "SELFCHECK": SELFCHECK, "counts": counts_of(lines), "PROBLEM": PROBLEM, "leads": may_lead(request, found),
        "last": last, "late": request.today > last and found.submitted_at is None,
        "running": found.call.campaign.state == "published",
    }  # fmt: skip
    return render(request, "office/selfchecks/one.html", told)


def version_asked(request: VisitedRequest, versions: list[Frozen]) -> Frozen | None:
    """The version of the address; the last without one."""
    asked = request.GET.get("version", "")
    return next((one for one in versions if str(one.version) == asked), next(iter(versions), None))


def grouped(lines: list[Line]) -> Groups:
    """The lines by part of the criteria, in the order of the checklist."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.item.group, []).append(line)
    return [(GROUPS.get(key, t("{g}", "{g}", g=key)), those) for key, those in found.items()]


def counts_of(lines: list[Line]) -> dict[str, int]:
    return {key: sum(line.answer.answer == key for line in lines) for key in ANSWERS}


@only("authority")
@require_GET
def proof(request: VisitedRequest, pk: uuid.UUID, proof: uuid.UUID) -> HttpResponse:
    """A file that was submitted with a form; one that was added since is still the institution's own."""
    found = seen(request, pk)
    kept = get_object_or_404(Proof.objects.select_related("attachment"), pk=proof, answer__selfcheck=found)
    if not any(kept.attachment.sha256 in said["proofs"] for one in found.frozen.all() for said in answers_in(one)):
        raise Http404
    return file_response(kept.attachment.name, bytes(kept.attachment.content))


@only("authority")
@require_POST
def give_back(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a submitted form back with a reason."""
    found, form = led(request, pk), ReturnForm(request.POST)
    if not form.is_valid():
        return page(request, found, form)
    reason, actor, at = form.cleaned_data["reason"], actor_of(request), timezone.now()
    attempt(request, t("Given back.", "已退回。"), lambda: return_selfcheck(found, reason=reason, actor=actor, at=at))
    return redirect("office_selfcheck", found.pk)


@only("authority")
@require_POST
def freeze(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a form final: nobody mends it any more."""
    found, actor, at = led(request, pk), actor_of(request), timezone.now()
    campaign = found.call.campaign_id
    attempt(
        request, t("Made final.", "已定稿。"), lambda: freeze_selfchecks([found.participant_id], campaign=campaign, actor=actor, at=at)
    )  # fmt: skip
    return redirect("office_selfcheck", found.pk)


def led(request: VisitedRequest, pk: uuid.UUID) -> SelfCheck:
    """A form about which the visitor's authority decides."""
    found = seen(request, pk)
    if not may_lead(request, found):
        raise Http404
    return found


def attempt(request: VisitedRequest, done: Text, act: Callable[[], object]) -> None:
    """Do it and say so; if it is refused, say why."""
    try:
        act()
    except (AnswerRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, str(done))
