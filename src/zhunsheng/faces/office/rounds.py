"""The list of a provider's rounds, searched, filtered, sorted, exported."""

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.proficiency.access import rounds_evaluated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import needing_evaluation
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.jobs.actions import start
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t

SORTS: Mapping[str, str] = {
    "number": "number",
    "title": "title_en",
    "performed_on": "performed_on",
    "state": "state",
    "participants": "participants",
}
COLUMNS: tuple[Text, ...] = (
    t("Number", "编号"), t("Title in Chinese", "中文名称"), t("Title in English", "英文名称"), t("Performed on", "检测日期"),
    t("Participants", "参加实验室数"), t("State", "状态"),
)  # fmt: skip


@only("evaluator")
@require_GET
def rounds(request: VisitedRequest) -> HttpResponse:
    """The rounds that the visitor evaluates, as the address asks for them; `format=xlsx` or `csv` gives the same rows as a file."""
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found)
    return render(
        request,
        "office/rounds.html",
        {
            "page": page_of(request, found), "sort": order_of(request, SORTS, "-performed_on"), "words": words_of(request),
            "state": state_of(request), "any": rounds_evaluated_by(request.visitor).exists(),
            "coordinates": request.visitor.provider is not None,
            "lacking": needing_evaluation(rounds_evaluated_by(request.visitor)).count(), "job": last_job(subject_of(request)),
        },
    )  # fmt: skip


@only("evaluator")
@require_POST
def evaluate_all(request: VisitedRequest) -> HttpResponse:
    """Evaluate in the background every round of the visitor's that needs it; which they are is settled now."""
    lacking = needing_evaluation(rounds_evaluated_by(request.visitor)).values_list("pk", flat=True)
    if rounds := [str(pk) for pk in lacking]:
        start(
            "evaluate_rounds", subject=subject_of(request), arguments={"rounds": rounds}, actor=actor_of(request),
            at=timezone.now(),
        )  # fmt: skip
        messages.success(
            request, str(t("The evaluation of {n} rounds has started.", "已开始评定 {n} 个轮次。", n=len(rounds)))
        )
    else:
        messages.info(request, str(t("No round needs evaluation.", "没有需要评定的轮次。")))
    return redirect("office_rounds")


def subject_of(request: VisitedRequest) -> str:
    """What the job works on: the rounds of this person."""
    return f"rounds:{actor_of(request).pk}"


def state_of(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in ROUND.states else ""


def asked_for(request: VisitedRequest) -> QuerySet[Round]:
    found = rounds_evaluated_by(request.visitor).annotate(participants=Count("participations"))
    if words := words_of(request):
        found = found.filter(Q(number__icontains=words) | Q(title_zh__icontains=words) | Q(title_en__icontains=words))
    if state := state_of(request):
        found = found.filter(state=state)
    sort = order_of(request, SORTS, "-performed_on")
    minus = "-" if sort.startswith("-") else ""
    return found.order_by(minus + SORTS[sort.removeprefix("-")], "number", "pk")


def export(kind: str, found: QuerySet[Round]) -> HttpResponse:
    rows = [
        [r.number, r.title_zh, r.title_en, r.performed_on.isoformat(), r.participants, str(ROUND.states[r.state].name)]  # type: ignore[attr-defined]
        for r in found
    ]
    return table_file(
        kind, "rounds", t("Rounds", "能力验证轮次"), COLUMNS, rows, widths=[18, 36, 36, 14, 14, 18], most=WHOLE
    )
