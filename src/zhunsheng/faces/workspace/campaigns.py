"""Campaigns as a laboratory sees them: what is next, the commitment that it signs, its tasks, the days of its region, the plan."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.actions.answering import LONGEST_NAME, sign_commitment, text_sha256
from zhunsheng.activities.campaigns.plan.actions.planning import commitment_of
from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.activities.campaigns.plan.queries.board import Standing, stages_in
from zhunsheng.activities.campaigns.plan.queries.days import TaskDays
from zhunsheng.activities.campaigns.plan.queries.participants import with_signatures
from zhunsheng.activities.campaigns.plan.queries.received import acknowledged
from zhunsheng.activities.campaigns.plan.queries.tasks import tasks_of
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, ROLES, SECTIONS
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.days import last_days
from zhunsheng.activities.campaigns.selfcheck.states import SELFCHECK
from zhunsheng.faces.clocks.campaigns import COMMITMENT, TASK, TASK_READ
from zhunsheng.faces.clocks.campaigns import SELFCHECK as SELFCHECK_CLOCK
from zhunsheng.faces.clocks.today import DueToday, due_at
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.templating import moment
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.faces.workspace.campaign_tasks import acknowledge
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.registry.catalogue.fields import field_name

COLUMNS: tuple[Text, ...] = (
    t("Campaign", "整顿行动"), t("Authority", "组织部门"), t("First day", "开始日期"), t("Last day", "结束日期"),
    t("State", "状态"), t("Commitment signed by", "承诺书签署人"), t("Signed", "签署时间"), t("Self-check", "自查"),
)  # fmt: skip
SEEN = ("campaign__authority", "institution", "selfcheck__call")
STATES = ("published", "closed")
OURS = tuple(clock.kind for clock in (COMMITMENT, TASK_READ, TASK, SELFCHECK_CLOCK))


class SigningForm(forms.Form):
    """Who is responsible, that the text was read, and which text."""

    responsible = forms.CharField(
        label=words("Responsible person", "责任人"), max_length=LONGEST_NAME,
        help_text=words(
            "The person who answers for the institution, as a rule its legal representative.",
            "对机构负责的人员，一般为法定代表人。",
        ),
    )  # fmt: skip
    position = forms.CharField(label=words("Position", "职务"), max_length=LONGEST_NAME, required=False)
    sure = forms.BooleanField(
        label=words("The responsible person has read the text and signs it", "责任人已阅读承诺书全文并签署")
    )  # fmt: skip
    text = forms.CharField(widget=forms.HiddenInput)


@only("laboratory")
@require_GET
def campaigns(request: VisitedRequest) -> HttpResponse:
    """The campaigns in which we take part, the newest first; `format=xlsx` or `csv` gives those shown."""
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found)
    shown = {
        "page": page_of(request, found), "words": words_of(request), "state": request.GET.get("state", ""), "sort": order(request),
        "STATES": {key: CAMPAIGN.states[key].name for key in STATES}, "CAMPAIGN": CAMPAIGN, "SELFCHECK": SELFCHECK,
        "several": len(request.visitor.laboratories) > 1,
    }  # fmt: skip
    return render(request, "workspace/campaigns/list.html", shown)


def orders() -> dict[str, str]:
    title = "campaign__title_zh" if language() == "zh" else "campaign__title_en"
    return {
        "title": title,
        "closes": "campaign__closes_on",
        "published": "campaign__published_at",
        "signed": "signed_at",
    }


def order(request: VisitedRequest) -> str:
    return order_of(request, orders(), "-published")


def asked_for(request: VisitedRequest) -> QuerySet[Any]:
    """Our part in the campaigns that the address asks for."""
    found = with_signatures(access.own_participations(request.visitor).select_related(*SEEN))
    if said := words_of(request):
        found = found.filter(
            Q(campaign__title_zh__icontains=said)
            | Q(campaign__title_en__icontains=said)
            | Q(campaign__authority__name_zh__icontains=said)
            | Q(campaign__authority__name_en__icontains=said)
        )
    if (state := request.GET.get("state", "")) in STATES:
        found = found.filter(campaign__state=state)
    by = order(request)
    column = F(orders()[by.removeprefix("-")])
    first = column.desc(nulls_last=True) if by.startswith("-") else column.asc(nulls_last=True)
    return found.order_by(first, "pk")


def export(kind: str, found: QuerySet[Any]) -> HttpResponse:
    """The campaigns shown as a file."""
    return table_file(
        kind,
        "campaigns",
        t("Campaigns", "整顿行动"),
        COLUMNS,
        rows(found),
        widths=[40, 30, 14, 14, 12, 16, 22, 16],
        most=WHOLE,
    )


def rows(found: QuerySet[Any]) -> Iterator[list[str]]:
    for one in found:
        campaign, check = one.campaign, getattr(one, "selfcheck", None)
        yield [
            str(campaign.title), str(campaign.authority.name), campaign.opens_on.isoformat(), campaign.closes_on.isoformat(),
            str(CAMPAIGN.states[campaign.state].name), one.responsible or "", moment(one.signed_at) if one.signed_at else "",
            str(SELFCHECK.states[check.state].name) if check else "",
        ]  # fmt: skip


def own(request: VisitedRequest, pk: uuid.UUID) -> Participant:
    """Our part in a campaign, or nothing there."""
    return get_object_or_404(access.own_participations(request.visitor).select_related(*SEEN), pk=pk)


@only("laboratory")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One campaign: what is next, what we signed, our tasks, the days of our region, the plan."""
    return page(request, own(request, pk))


def page(request: VisitedRequest, part: Participant, form: SigningForm | None = None) -> HttpResponse:
    campaign, tasks = part.campaign, tasks_of(part)
    text, given = commitment_of(campaign), list(part.commitments.select_related("signed_by"))
    days = TaskDays(tasks)
    stages, (due, warnings) = stages_in(campaign, part.region_code, {}), due_in(part, request.today)
    shown = {
        "part": part, "campaign": campaign, "stages": stages, "now": stage_on(stages, request.today), "due": due, "warnings": warnings,
        "text": text, "signatures": given, "text_sha256": text_sha256(text), "tasks": tasks,
        "receipts": acknowledged(tasks, part.institution_id), "open": campaign.state == "published",
        "may": access.may_sign(request.visitor, part.institution), "form": form or SigningForm(initial={"text": text_sha256(text)}),
        "again": bool(form), **selfcheck_of(part), "days": {one.pk: days.of(one, part.region_code) for one in tasks},
        "fields": [field_name(code) for code in campaign.fields], "SECTIONS": SECTIONS, "ROLES": ROLES,
        "CAMPAIGN": CAMPAIGN, "SELFCHECK": SELFCHECK, "today": request.today,
    }  # fmt: skip
    return render(request, "workspace/campaigns/one.html", shown)


def selfcheck_of(part: Participant) -> dict[str, Any]:
    """Our self-check and its last day in our region; two questions."""
    found = SelfCheck.objects.filter(participant=part).select_related("call", "participant").first()
    return {"selfcheck": found, "last": last_days([found])[found.pk] if found else None}


def stage_on(stages: list[Standing], on: date) -> Standing | None:
    """The stage whose days these are; of several the last, for it was entered last."""
    return next((one for one in reversed(stages) if one.starts_on <= on <= one.ends_on), None)


def due_in(part: Participant, on: date) -> tuple[list[DueToday], list[Text]]:
    """What the clocks of this campaign say of us, the most urgent first; and what to warn of."""
    check = getattr(part, "selfcheck", None)
    pages = {reverse("workspace_campaign", args=[part.pk])} | (
        {reverse("workspace_selfcheck", args=[check.pk])} if check else set()
    )
    found, warnings = due_at([part.institution_id], on=on, kinds=OURS)
    here = [one for one in found if one.due.address.partition("#")[0] in pages]
    return here, warnings if here else []


def answering(request: VisitedRequest, pk: uuid.UUID) -> Participant:
    """The same for whoever answers for the institution."""
    found = own(request, pk)
    if not access.may_sign(request.visitor, found.institution):
        raise Http404
    return found


@only("laboratory")
@require_POST
def sign(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign the commitment; what was typed stays where it is refused."""
    found = answering(request, pk)
    form = SigningForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            sign_commitment(
                found, responsible=said["responsible"], position=said["position"], seen=said["text"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except PlanRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("The commitment is signed.", "承诺书已签署。")))
            return redirect("workspace_campaign", found.pk)
    return page(request, found, form)


@only("laboratory")
@require_POST
def task(request: VisitedRequest, pk: uuid.UUID, task: uuid.UUID) -> HttpResponse:
    """Confirm that a task was read, or say that it is done."""
    found = answering(request, pk)
    given = next((one for one in tasks_of(found) if one.pk == task), None)
    if given is None:
        raise Http404
    acknowledge(request, given, found.institution)
    return redirect(reverse("workspace_campaign", args=[found.pk]) + f"#task-{given.pk}")
