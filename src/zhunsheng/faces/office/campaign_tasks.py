"""The tasks of a campaign: who has read them and who has not, who has done them; and where each came from."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.campaigns.plan.actions import leading
from zhunsheng.activities.campaigns.plan.models import AgendaPoint, Campaign, Task
from zhunsheng.activities.campaigns.plan.queries.days import TaskDays
from zhunsheng.activities.campaigns.plan.queries.late import late_for
from zhunsheng.activities.campaigns.plan.queries.receipts import asked_by, receipts_for
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, ROLES
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import is_own, seen
from zhunsheng.faces.office.campaign_forms import TaskForm
from zhunsheng.faces.office.campaign_stages import choices_of
from zhunsheng.faces.office.campaigns import own
from zhunsheng.faces.templating import moment, region_name
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, language, t

COLUMNS: tuple[Text, ...] = (
    t("Institution", "机构"), t("Unified social credit code", "统一社会信用代码"), t("Region", "地区"), t("Read", "签收时间"),
    t("Done", "完成时间"),
)  # fmt: skip
STANDINGS = {
    "unread": t("not read", "未签收"), "read": t("read, not done", "已签收未完成"), "done": t("done", "已完成"),
}  # fmt: skip
FILTERS = {
    "unread": Q(read_at=None, done_at=None),
    "read": Q(read_at__isnull=False, done_at=None),
    "done": Q(done_at__isnull=False),
}
STEP = 2_000


def reach(request: VisitedRequest, campaign: Campaign, path: str = "region_code") -> Q | None:
    """To which regions the visitor's view of another authority's campaign is narrowed."""
    return None if is_own(request, campaign) else request.visitor.jurisdiction.q(path, request.today)


@only("authority")
@require_GET
def tasks(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The tasks with how many read and did them, in the order of their days."""
    found = seen(request, pk)
    asked = found.tasks.select_related("stage", "point__meeting")
    if said := words_of(request):
        asked = asked.filter(Q(text_zh__icontains=said) | Q(text_en__icontains=said))
    if (role := request.GET.get("role", "")) in ROLES:
        asked = asked.filter(role=role)
    page = page_of(request, asked.order_by("due_on", "set_at", "pk"))
    counts = receipts_for(
        found, list(page), reach(request, found), reach(request, found, "institution__region_code")
    )  # fmt: skip
    shown = {
        "campaign": found, "mine": is_own(request, found), "page": page, "counts": counts, "words": words_of(request), "role": role,
        "late": late_for(found, list(page), counts, on=request.today, seen=reach(request, found)),
        "ROLES": ROLES, "CAMPAIGN": CAMPAIGN, "open": found.state in ("draft", "published"),
    }  # fmt: skip
    return render(request, "office/campaigns/tasks.html", shown)


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID, task: uuid.UUID) -> HttpResponse:
    """One task: from which decision it came, and institution by institution who has read it; `format=xlsx` or `csv` gives those shown."""
    found = seen(request, pk)
    given = get_object_or_404(found.tasks.select_related("campaign__authority", "stage", "point__meeting"), pk=task)
    rows = asked_for(request, found, given)
    if kind := file_asked(request):
        return export(kind, rows)
    counts = receipts_for(
        found, [given], reach(request, found), reach(request, found, "institution__region_code")
    )  # fmt: skip
    page, days = page_of(request, rows), TaskDays([given])
    shown = {
        "campaign": found, "mine": is_own(request, found), "task": given, "counts": counts[given.pk], "page": page,
        "late": late_for(found, [given], counts, on=request.today, seen=reach(request, found))[given.pk],
        "last": {one.pk: days.of(given, one.asked_in) for one in page}, "differ": len(days.all_of(given)) > 1,
        "words": words_of(request), "standing": request.GET.get("standing", ""), "STANDINGS": STANDINGS, "sort": order(request),
        "ROLES": ROLES, "CAMPAIGN": CAMPAIGN, "today": request.today,
    }  # fmt: skip
    return render(request, "office/campaigns/task.html", shown)


def orders() -> dict[str, str]:
    return {"name": "name_zh" if language() == "zh" else "name_en", "region": "region_code"}


def order(request: VisitedRequest) -> str:
    return order_of(request, orders(), "region")


def asked_for(request: VisitedRequest, campaign: Campaign, task: Task) -> QuerySet[Any]:
    """The institutions to which a task is set, as the address asks for them and the visitor may see them."""
    found = asked_by(task, reach(request, campaign))
    if said := words_of(request):
        found = found.filter(Q(name_zh__icontains=said) | Q(name_en__icontains=said) | Q(uscc__startswith=said.upper()))
    if (standing := request.GET.get("standing", "")) in FILTERS:
        found = found.filter(FILTERS[standing])
    by = order(request)
    column = orders()[by.removeprefix("-")]
    return found.order_by(f"-{column}" if by.startswith("-") else column, orders()["name"], "pk")


def export(kind: str, found: QuerySet[Any]) -> HttpResponse:
    """The institutions shown as a file."""
    return table_file(
        kind, "receipts", t("Receipts", "签收情况"), COLUMNS, rows(found), widths=[40, 22, 16, 22, 22], most=WHOLE
    )


def rows(found: QuerySet[Any]) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=STEP):
        times = [moment(at) if at else "" for at in (one.read_at, one.done_at)]
        yield [str(one.name), one.uscc or "", str(region_name(one.region_code)), *times]


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Set a task; `?point=` says of which decision it comes."""
    found = own(request, pk)
    points = {
        str(one.pk): one for one in AgendaPoint.objects.filter(meeting__campaign=found).select_related("meeting")
    }  # fmt: skip
    stages = {one.key: one for one in found.stages.all()}
    form = TaskForm(
        request.POST or None, regions=choices_of(request, found, ""), points=points.values(),
        stages={key: one.title for key, one in stages.items()}, initial={"point": request.GET.get("point", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = leading.TaskGiven(
            Text(en=said["text_en"], zh=said["text_zh"]), said["role"], said["due_on"], region_code=said["region_code"],
            stage=stages.get(said["stage"]), point=points.get(said["point"]),
        )  # fmt: skip
        try:
            made = leading.set_task(found, given, actor=actor_of(request), at=timezone.now())
        except PlanRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_campaign_task", found.pk, made.pk)
    return render(request, "office/campaigns/task_new.html", {"campaign": found, "form": form})
