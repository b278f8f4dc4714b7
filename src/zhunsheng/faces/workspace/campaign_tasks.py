"""The tasks that an authority receives from a campaign above it, and how anybody acknowledges one."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Literal

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.plan.actions.answering import acknowledge_task
from zhunsheng.activities.campaigns.plan.models import Task
from zhunsheng.activities.campaigns.plan.queries.days import TaskDays
from zhunsheng.activities.campaigns.plan.queries.received import Given, acknowledged, received_by, set_to_authorities
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.activities.campaigns.plan.states import ROLES
from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.templating import moment
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.registry.institutions.models import Institution

LONGEST = 2_000
STANDINGS = {
    "unread": t("not read", "未签收"), "read": t("read, not done", "已签收未完成"), "done": t("done", "已完成"),
}  # fmt: skip


ORDERS = {
    "due": t("Last day, the nearest first", "完成期限由近到远"), "-due": t("Last day, the farthest first", "完成期限由远到近"),
    "-set": t("Set last first", "布置时间由近到远"), "set": t("Set first first", "布置时间由远到近"),
    "campaign": t("By campaign", "按整顿行动"), "standing": t("Not read first", "未签收在前"),
}  # fmt: skip
COLUMNS: tuple[Text, ...] = (
    t("Task", "任务"), t("Campaign", "整顿行动"), t("Authority", "组织部门"), t("Stage", "阶段"), t("Last day", "完成期限"),
    t("How far", "办理情况"), t("Read", "签收时间"), t("Done", "完成时间"), t("What was done", "完成情况说明"),
)  # fmt: skip
WIDTHS = (44, 30, 30, 14, 14, 16, 22, 22, 40)


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
    """The tasks that campaigns of authorities above set to us, the nearest day first; `format=xlsx` or `csv` gives those shown."""
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
    last = TaskDays(tasks)
    days = {one.pk: last.of(one, where.region_code) for one in tasks}
    tasks = ordered(request, tasks, days, receipts)
    if kind := file_asked(request):
        rows = (row_of(one, days[one.pk], receipts[one.pk]) for one in tasks)
        return table_file(kind, "received-tasks", t("Tasks set to us", "上级布置的任务"), COLUMNS, rows, widths=WIDTHS)
    shown = {
        "page": page_of(request, tasks), "receipts": receipts, "words": words_of(request), "standing": standing,
        "days": days, "sort": order_of(request, ORDERS, "due"), "ORDERS": ORDERS, "STANDINGS": STANDINGS,
        "ROLES": ROLES, "today": request.today,
    }  # fmt: skip
    return render(request, "workspace/campaigns/received.html", shown)


def ordered(
    request: VisitedRequest, tasks: Iterable[Task], days: Mapping[uuid.UUID, date], receipts: Mapping[uuid.UUID, Given]
) -> list[Task]:
    """The tasks as the address sorts them; those that are alike by their days."""
    sort, zh = order_of(request, ORDERS, "due"), language() == "zh"
    keys: dict[str, Callable[[Task], Any]] = {
        "due": lambda one: days[one.pk],
        "set": lambda one: max(filter(None, (one.set_at, one.campaign.published_at))),
        "campaign": lambda one: one.campaign.title_zh if zh else one.campaign.title_en,
        "standing": lambda one: list(STANDINGS).index(receipts[one.pk].standing),
    }
    found = sorted(tasks, key=lambda one: (days[one.pk], one.set_at, str(one.pk)))
    return sorted(found, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))


def row_of(task: Task, due_on: date, given: Given) -> list[str]:
    """One task as a row of the file."""
    read, done = given.read, given.done
    return [
        str(task.text), str(task.campaign.title), str(task.campaign.authority.name), str(task.stage.title) if task.stage else "",
        due_on.isoformat(), str(STANDINGS[given.standing]), moment(read.at) if read else "", moment(done.at) if done else "",
        done.words if done else "",
    ]  # fmt: skip


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
