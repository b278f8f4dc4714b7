"""How the results of a round come in: who is how far, reminder, reopening, and the closing of the collection."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.access import identities_visible_to
from zhunsheng.activities.proficiency.collect.access import rounds_collected_by
from zhunsheng.activities.proficiency.collect.actions import closing
from zhunsheng.activities.proficiency.collect.queries.entering import deadline_of
from zhunsheng.activities.proficiency.collect.queries.watching import counts_of, watched
from zhunsheng.activities.proficiency.collect.rules.given import ResultsRefused
from zhunsheng.activities.proficiency.collect.states import SUBMISSION
from zhunsheng.activities.proficiency.models import Identity, Participation, Round
from zhunsheng.activities.proficiency.plan.rules.planning import LATE, check_zone
from zhunsheng.activities.proficiency.queries import identities
from zhunsheng.faces.clocks.who import HoldersAt, who
from zhunsheng.faces.days import MomentField, instant, told_in
from zhunsheng.faces.exports import every, file_asked, table_file
from zhunsheng.faces.jobs.actions import start
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.messages.actions import tell
from zhunsheng.foundation.messages.rules import Notice
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.people.states import Post

Refused = (ResultsRefused, NotAllowedNow)
STATES: dict[str, Text] = {
    "none": t("nothing yet", "未填报"),
    **{key: state.name for key, state in SUBMISSION.states.items()},
    "late": t("late", "逾期"),
}
SORTS = {"code": "code", "saved": "submission__saved_at", "submitted": "submission__submitted_at"}
ASKED = (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)
"""Who is reminded: the first of these that somebody with an account holds."""


def mine(request: VisitedRequest, pk: uuid.UUID) -> Round:
    """A round planned here that the visitor coordinates, or nothing there."""
    return get_object_or_404(rounds_collected_by(request.visitor).select_related("provider", "plan"), pk=pk)


def listed(request: VisitedRequest, round_: Round) -> QuerySet[Participation]:
    """The participants that the address asks for: by code, or name, by state, in an order."""
    found, state, said = watched(round_), request.GET.get("state", ""), words_of(request)
    if state == "none":
        found = found.filter(submission=None)
    elif state == "late":
        found = found.filter(submission__late=True)
    elif state in SUBMISSION.states:
        found = found.filter(submission__state=state)
    if said:
        named = Q(identity__institution__name_zh__icontains=said) | Q(identity__institution__name_en__icontains=said)
        found = found.filter(Q(code__icontains=said) | Q(identity__name__icontains=said) | named)
    key = order_of(request, SORTS, "code")
    column = SORTS[key.removeprefix("-")]
    return found.order_by(f"-{column}" if key.startswith("-") else column, "code")


@only("provider")
@require_GET
def watch(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is how far, by code and name; the list as a file."""
    round_ = mine(request, pk)
    page = page_of(request, listed(request, round_))
    if form := file_asked(request):
        return table_file(form, "collection", t("Collection", "结果收集"), COLUMNS, rows(request, round_, every(page)))
    codes = [one.code for one in page]
    names = identities(identities_visible_to(request.visitor, round_).filter(participation__code__in=codes))
    counts, now = counts_of(round_), timezone.now()
    shown: dict[str, Any] = {
        "round": round_, "plan": round_.plan, "steps": steps_of(round_), "rooms": rooms_of(round_), "page": page, "names": names,
        "counts": counts, "STATES": STATES, "state": request.GET.get("state", ""), "q": words_of(request), "told_in": told_in,
        "sort": order_of(request, SORTS, "code"), "LATE": LATE, "refusal": over(round_), "passed": now > round_.plan.results_until,
        "SUBMISSION": SUBMISSION, "job": last_job(f"round:{pk}"), "last": deadline_of(round_.plan).last,
    }  # fmt: skip
    return render(request, "office/rounds/collect.html", shown)


COLUMNS = (
    t("Code", "代码"), t("Laboratory", "实验室"), t("Results", "结果"), t("Rows", "行数"), t("Saved", "保存时间"),
    t("Submitted", "提交时间"), t("Approved", "审核时间"), t("Late", "逾期"), t("Reason", "原因"),
)  # fmt: skip


def rows(request: VisitedRequest, round_: Round, found: Any) -> Iterator[list[CellValue]]:
    """The list as a file, moments as clocks of the round's zone show them."""
    names, zone = identities(identities_visible_to(request.visitor, round_)), round_.plan.zone
    for one in found:
        moments = [told_in(at, zone) if at else "" for at in (one.saved_at, one.submitted_at, one.approved_at)]
        name = names[one.code][0] if one.code in names else ""
        late = str(t("yes", "是")) if one.late else ""
        yield [one.code, str(name), str(STATES[one.state or "none"]), one.rows, *moments, late, one.late_reason or ""]


def over(round_: Round) -> Text | None:
    """Why the collection cannot be closed now, if so."""
    if round_.state != "running":
        return t("Results are not coming in now.", "目前不在上报阶段。")
    try:
        closing.check_over(round_, timezone.now())
    except ResultsRefused as refusal:
        return refusal.reason
    return None


@only("provider")
@require_POST
def remind(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Remind everybody whose results are not submitted, at most once a day."""
    round_ = mine(request, pk)
    if round_.state != "running":
        messages.error(request, str(t("Results are not coming in now.", "目前不在上报阶段。")))
        return redirect("office_round_collect", pk)
    waiting = Identity.objects.filter(participation__round=round_, institution__isnull=False).exclude(
        participation__submission__state__in=("submitted", "approved")
    )
    told = [notice(request, round_, institution) for institution in waiting.values_list("institution", flat=True)]
    n = tell(told, who=who, at=timezone.now())
    messages.success(request, str(t("{n} people were reminded.", "已提醒 {n} 人。", n=n)))
    return redirect("office_round_collect", pk)


def notice(request: VisitedRequest, round_: Round, institution: uuid.UUID) -> Notice:
    """What a laboratory is told; its code is not in it."""
    plan = round_.plan
    due = plan.results_until.astimezone(check_zone(plan.zone)).date()
    return Notice(
        HoldersAt(institution, ASKED), f"round_results|{round_.pk}|{institution}|{request.today}", "results_due",
        t("Results are due: {n}", "请上报结果：{n}", n=round_.number),
        t("{x}: results until {d}.", "{x}：上报截止 {d}。", x=round_.title, d=told_in(plan.results_until, plan.zone)),
        reverse("workspace_round_results", args=[round_.pk]), f"round:{round_.pk}", due,
    )  # fmt: skip


class ReopenForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(label=words("Reason", "理由"), max_length=300)
    until = MomentField(
        label=words("New deadline for this laboratory", "该实验室的新截止时间"), required=False,
        help_text=words("In the zone of the round; needed once its deadline has passed.", "按本轮次时区填写；本轮次截止后必填。"),
    )  # fmt: skip


@only("provider")
@require_http_methods(["GET", "POST"])
def reopen(request: VisitedRequest, pk: uuid.UUID, part: uuid.UUID) -> HttpResponse:
    """Let one laboratory enter its results again."""
    round_ = mine(request, pk)
    one = get_object_or_404(Participation, pk=part, round=round_)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reopened(request, form, round_, one):
        messages.success(request, str(t("{c} can enter its results again.", "{c} 可重新填报结果。", c=one.code)))
        return redirect("office_round_collect", pk)
    shown = {"round": round_, "plan": round_.plan, "part": one, "form": form, "told_in": told_in}
    return render(request, "office/rounds/collect_reopen.html", shown)


def reopened(request: VisitedRequest, form: ReopenForm, round_: Round, one: Participation) -> bool:
    """Do it, or say in the form why not."""
    written = form.cleaned_data["until"]
    try:
        until = instant(written, check_zone(round_.plan.zone)) if written else None
        closing.reopen(one, reason=form.cleaned_data["reason"], until=until, actor=actor_of(request), at=timezone.now())
    except ValidationError as none:
        form.add_error("until", none)
    except Refused as refusal:
        form.add_error(getattr(refusal, "field", "") or None, fault(refusal.reason))
    else:
        return True
    return False


@only("provider")
@require_http_methods(["GET", "POST"])
def close(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Close the collection; it cannot be undone, so the round's number is typed first."""
    round_ = mine(request, pk)
    if round_.state != "running":
        messages.error(request, str(t("Results are not coming in now.", "目前不在上报阶段。")))
        return redirect("office_round_collect", pk)
    typed, choice = request.POST.get("number", "").strip(), request.POST.get("with_submitted", "")
    refusal = over(round_)
    if request.method == "POST" and typed == round_.number and choice in ("yes", "no") and refusal is None:
        start(
            "close_collection", subject=f"round:{pk}", actor=actor_of(request), at=timezone.now(),
            arguments={"round": str(pk), "with_submitted": choice == "yes"},
        )  # fmt: skip
        messages.success(request, str(t("The collection is being closed.", "正在结束收集。")))
        return redirect("office_round_collect", pk)
    wrong = request.method == "POST" and refusal is None
    shown = {"round": round_, "counts": counts_of(round_), "refusal": refusal, "wrong": wrong}
    return render(request, "office/rounds/collect_close.html", shown)
