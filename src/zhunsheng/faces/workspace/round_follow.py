"""What follows a released round for the laboratory: its case and the answer, its appeals and until when it may appeal."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.proficiency.access import rounds_of_laboratory
from zhunsheng.activities.proficiency.follow import access
from zhunsheng.activities.proficiency.follow.actions import answering, appealing
from zhunsheng.activities.proficiency.follow.models import AnswerFile, AppealFile, Case
from zhunsheng.activities.proficiency.follow.queries import (
    WAITS_FOR_LABORATORY,
    counted,
    rows_of_all,
    window_of,
    zone_of,
)
from zhunsheng.activities.proficiency.follow.rules.answers import PARTS, Said
from zhunsheng.activities.proficiency.follow.states import CASE, CAUSES
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_papers import file_response
from zhunsheng.faces.office.round_case import LONG, appeal_story, reasons, story, whole
from zhunsheng.faces.office.round_follow import EVERY, REFUSALS, in_order, said_of
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t

MOST_FILES = 10
TOO_MANY = t("At most {n} files.", "最多 {n} 份文件。", n=MOST_FILES)
SORTS = {"round": "round__number", "state": "state", "due": "due_on"}
HEADS: tuple[Text, ...] = (
    t("Round", "轮次"), t("Provider", "提供者"), t("State", "状态"), t("Answer due", "答复期限"), t("At fault", "不满意项目"),
)  # fmt: skip


class AnswerForm(forms.Form):
    """Cause, correction, corrective action, like cases."""

    cause_class = forms.ChoiceField(label=words("Class of the cause", "原因类别"), choices=[("", "—"), *CAUSES.items()])
    cause = reasons(words("Cause: what was found, and how", "原因分析：查明的原因及查找过程"))
    correction = reasons(words("Correction: what was done about these results", "纠正：对本次结果的处置"))
    corrective_action = reasons(words("Corrective action: so that it does not happen again", "纠正措施：防止再次发生"))
    like_cases = reasons(words("Like cases: which other results were looked at", "举一反三：排查的其他结果和结论"))

    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in ("cause_class", *PARTS)})


class AppealForm(forms.Form):
    """Against which result, and why."""

    measurand = forms.ChoiceField(label=words("Against", "申诉对象"), required=False)
    grounds = forms.CharField(
        label=words("Grounds", "申诉理由"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, round_: Round, **said: Any) -> None:
        super().__init__(*args, **said)
        self.measurands = {
            str(one.position + 1): one for one in round_.measurands.select_related("parameter").order_by("position")
        }
        named = [
            (key, str(one.parameter.name) if one.parameter else one.name or key) for key, one in self.measurands.items()
        ]
        self.fields["measurand"].choices = [("", str(EVERY)), *named]  # type: ignore[attr-defined]


@only("laboratory")
@require_GET
def cases(request: VisitedRequest) -> HttpResponse:
    """Our cases, the nearest day first; `format=xlsx` or `csv` gives those shown."""
    mine = access.cases_of_laboratory(request.visitor)
    found = mine.select_related("round__provider", "participation")
    if said := words_of(request):
        found = found.filter(round__number__icontains=said)
    if (state := request.GET.get("state", "")) in CASE.states:
        found = found.filter(state=state)
    elif state == "late":
        found = found.filter(state__in=WAITS_FOR_LABORATORY, due_on__lt=request.today)
    sort = order_of(request, SORTS, "due")
    found = in_order(found, SORTS, sort)
    if kind := file_asked(request):
        rows = rows_of_all(found)
        lines = (
            [one.round.number, str(one.round.provider.name), str(CASE.states[one.state].name), one.due_on.isoformat(),
             "; ".join(said_of(row) for row in rows.get(one.pk, []))]
            for one in found
        )  # fmt: skip
        return table_file(
            kind, "cases", t("Unsatisfactory results", "不满意结果处理"), HEADS, lines, widths=[20, 40, 24, 14, 60]
        )
    page = page_of(request, found)
    shown = {
        "page": page, "rows": rows_of_all(page.object_list), "words": words_of(request), "state": state, "sort": sort,
        "counts": counted(mine, request.today), "CASE": CASE, "today": request.today, "WAITS": WAITS_FOR_LABORATORY,
    }  # fmt: skip
    return render(request, "workspace/rounds/cases.html", shown)


def part_of(request: VisitedRequest, pk: uuid.UUID) -> Participation:
    """Under which code we took part in a released round; else there is no such page."""
    get_object_or_404(rounds_of_laboratory(request.visitor), pk=pk)
    found = access.participations_of(request.visitor).filter(round=pk).select_related("round__provider", "round__plan")
    part = found.order_by("code").first()
    if part is None:
        raise Http404
    return part


@only("laboratory")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What follows this round for us."""
    return page_for(request, part_of(request, pk))


def page_for(
    request: VisitedRequest, part: Participation, answer: AnswerForm | None = None, appeal: AppealForm | None = None
) -> HttpResponse:
    case = whole(Case.objects.filter(participation=part)).first()
    held = window_of(part, on=request.today)
    told = story(request, case) if case else {"answers": []}
    last = told["answers"][-1] if told["answers"] else None
    before = {name: getattr(last, name) for name in ("cause_class", *PARTS)} if last else None
    appeals = access.appeals_of_laboratory(request.visitor).filter(participation=part).order_by("number")
    may = access.participations_appealing(request.visitor).filter(pk=part.pk).exists()
    shown = {
        **told, "round": part.round, "part": part, "case": case, "may": may, "window": held,
        "last_day": held.until.astimezone(zone_of(part.round)).date() if held else None,
        "in_time": bool(held and held.is_open(timezone.now())), "answer": answer or AnswerForm(initial=before),
        "appeal": appeal or AppealForm(round_=part.round),
        "appeals": [appeal_story(one) for one in appeals.select_related("measurand", "round__plan", "decision")],
    }  # fmt: skip
    return render(request, "workspace/rounds/follow.html", shown)


def files_of(request: VisitedRequest, form: forms.Form) -> dict[str, bytes]:
    """What was sent along, each under a name of its own."""
    sent = request.FILES.getlist("files")
    if len(sent) > MOST_FILES:
        form.add_error(None, fault(TOO_MANY))
        return {}
    return {f"{n}-{one.name}": one.read() for n, one in enumerate(sent, 1)}


@only("laboratory")
@require_POST
def answer(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer our case; what was typed stays where it is refused."""
    part, form = part_of(request, pk), AnswerForm(request.POST)
    case = get_object_or_404(access.cases_answered_by(request.visitor), participation=part)
    if form.is_valid() and (files := files_of(request, form)) is not None and not form.errors:
        try:
            answering.answer(case, form.said(), files, actor=actor_of(request), at=timezone.now())
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("The answer is with the provider.", "答复已提交提供者审核。")))
            return redirect("workspace_round_follow", pk)
    return page_for(request, part, answer=form)


@only("laboratory")
@require_POST
def appeal(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Appeal against a result; what was typed stays where it is refused."""
    part = part_of(request, pk)
    get_object_or_404(access.participations_appealing(request.visitor), pk=part.pk)
    form = AppealForm(request.POST, round_=part.round)
    if form.is_valid() and (files := files_of(request, form)) is not None and not form.errors:
        about = form.measurands.get(form.cleaned_data["measurand"])
        try:
            appealing.appeal(
                part,
                about,
                grounds=form.cleaned_data["grounds"],
                files=files,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("The appeal is filed.", "申诉已提交。")))
            return redirect("workspace_round_follow", pk)
    return page_for(request, part, appeal=form)


@only("laboratory")
@require_POST
def withdraw(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw our appeal."""
    mine = access.participations_appealing(request.visitor).order_by().values("pk")
    found = get_object_or_404(access.appeals_of_laboratory(request.visitor).filter(participation__in=mine), pk=pk)
    try:
        appealing.withdraw_appeal(found, actor=actor_of(request), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("The appeal is withdrawn.", "申诉已撤回。")))
    return redirect("workspace_round_follow", found.round_id)


@only("laboratory")
@require_GET
def answer_file(request: VisitedRequest, pk: int) -> HttpResponse:
    """A file of our answer."""
    mine = access.cases_of_laboratory(request.visitor).order_by().values("pk")
    found = get_object_or_404(AnswerFile.objects.filter(answer__case__in=mine).select_related("attachment"), pk=pk)
    return file_response(found.attachment.name, bytes(found.attachment.content))


@only("laboratory")
@require_GET
def appeal_file(request: VisitedRequest, pk: int) -> HttpResponse:
    """A file of our appeal."""
    mine = access.appeals_of_laboratory(request.visitor).order_by().values("pk")
    found = get_object_or_404(AppealFile.objects.filter(appeal__in=mine).select_related("attachment"), pk=pk)
    return file_response(found.attachment.name, bytes(found.attachment.content))
