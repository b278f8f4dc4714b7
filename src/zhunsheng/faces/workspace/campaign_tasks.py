"""The tasks that an authority receives from a campaign above it, and how anybody acknowledges one."""

import uuid
from typing import Literal

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.plan.actions.answering import acknowledge_task
from zhunsheng.activities.campaigns.plan.models import Task
from zhunsheng.activities.campaigns.plan.queries.received import acknowledged, received_by, set_to_authorities
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.activities.campaigns.plan.states import ROLES
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.institutions.models import Institution

LONGEST = 2_000
STANDINGS = {
    "unread": t("not read", "未签收"), "read": t("read, not done", "已签收未完成"), "done": t("done", "已完成"),
}  # fmt: skip


def acknowledge(request: VisitedRequest, task: Task, institution: Institution) -> None:
    """Keep the receipt and say so; if it is refused, say why."""
    kind: Literal["read", "done"] = "done" if request.POST.get("kind") == "done" else "read"
    said = request.POST.get("words", "").replace("\x00", "")[:LONGEST]
    try:
        acknowledge_task(task, institution, kind, words=said, actor=actor_of(request), at=timezone.now())
    except PlanRefused as refusal:
        messages.error(request, str(refusal.reason))
        return
    done = t("Reported as done.", "已报告完成。") if kind == "done" else t("Receipt kept.", "已签收。")
    messages.success(request, str(done))


@only("authority")
@require_GET
def received(request: VisitedRequest) -> HttpResponse:
    """The tasks that campaigns of authorities above set to us, the nearest day first."""
    where, among = institution_of(request, "authority"), set_to_authorities()
    if said := words_of(request):
        among = among.filter(
            Q(text_zh__icontains=said)
            | Q(text_en__icontains=said)
            | Q(campaign__title_zh__icontains=said)
            | Q(campaign__title_en__icontains=said)
        )
    tasks = received_by(where, among)
    receipts = acknowledged(tasks, where.pk)
    if (standing := request.GET.get("standing", "")) in STANDINGS:
        tasks = [one for one in tasks if receipts[one.pk].standing == standing]
    shown = {
        "page": page_of(request, tasks), "receipts": receipts, "words": words_of(request), "standing": standing,
        "STANDINGS": STANDINGS, "ROLES": ROLES, "today": request.today,
    }  # fmt: skip
    return render(request, "workspace/campaigns/received.html", shown)


@only("authority")
@require_POST
def answer(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm that a task was read, or say that it is done, in the name of our authority."""
    where = institution_of(request, "authority")
    given = next(iter(received_by(where, set_to_authorities().filter(pk=pk))), None)
    if given is None:
        raise Http404
    acknowledge(request, given, where)
    return redirect(reverse("workspace_campaign_received") + f"#task-{given.pk}")
