"""Rectifications as the authority verifies them: the list, one with its reports, judging, the effect, the look-back."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.campaigns.inspection.documents import finding_name
from zhunsheng.activities.campaigns.inspection.states import GRADES
from zhunsheng.activities.campaigns.rectification import access, actions
from zhunsheng.activities.campaigns.rectification.models import LookedBack, Rectification, SubmittedFile
from zhunsheng.activities.campaigns.rectification.queries import drawn_rows, with_names
from zhunsheng.activities.campaigns.rectification.rules.reports import PARTS, RectificationRefused
from zhunsheng.activities.campaigns.rectification.states import EFFECT_CHECKS, LOOK_BACK, OUTCOMES, RECTIFICATION
from zhunsheng.faces.days import DayField
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_forms import day
from zhunsheng.faces.office.inspection_papers import file_response
from zhunsheng.faces.office.inspections import door
from zhunsheng.faces.office.rectification_lists import asked_for, export, listed
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import days_left
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.catalogue.models import Matrix, Parameter

PERCENT = 100


class JudgeForm(forms.Form):
    """What is said of a submission, and which items of testing the finding concerns."""

    outcome = forms.ChoiceField(label=words("Judgement", "验收结论"), choices=list(OUTCOMES.items()))
    reason = forms.CharField(label=words("Reasons", "理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = day(words("New day, if given back", "退回后的新期限"), required=False)
    items = forms.CharField(
        label=words("Items of testing concerned", "涉及的检测项目"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=words(
            "One a line: code of the parameter | code of the matrix. The outcome becomes evidence about these.",
            "每行一项：参数代码 | 基质代码。整改结果将作为这些项目的能力证据。",
        ),
    )  # fmt: skip

    def clean_items(self) -> list[tuple[int, int]]:
        return [item_of(line) for line in self.cleaned_data["items"].splitlines() if line.strip()]


def item_of(line: str) -> tuple[int, int]:
    """A line of the form. Raises ValidationError."""
    codes = [part.strip() for part in line.split("|")]
    if len(codes) == 2:
        parameter = Parameter.objects.filter(code=codes[0]).first()
        matrix = Matrix.objects.filter(code=codes[1]).first()
        if parameter and matrix:
            return parameter.pk, matrix.pk
    raise fault(t("“{line}” names no item of the catalogue.", "“{line}”不是目录中的检测项目。", line=line.strip()))


class EffectForm(forms.Form):
    """Whether it helped."""

    effective = forms.ChoiceField(
        label=words("Effect", "整改效果"),
        choices=[("yes", words("effective", "有效")), ("no", words("without effect", "无效"))],
    )  # fmt: skip
    basis = forms.CharField(
        label=words("Which test, sample or visit showed it", "依据（哪次能力验证、盲样或复查）"), max_length=2000
    )


class AnewForm(forms.Form):
    """Why it is ordered anew, and by when."""

    due_on = day(words("New day", "新期限"))
    reason = forms.CharField(label=words("Reasons", "理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class LookBackForm(forms.Form):
    """How many are looked at again, and by which public value they are drawn."""

    share = forms.IntegerField(label=words("Share in percent", "抽取比例（%）"), min_value=1, max_value=100, initial=10)
    beacon_zh = forms.CharField(label=words("Public value, in Chinese", "公开随机值（中文）"), max_length=200)
    beacon_en = forms.CharField(label=words("Public value, in English", "公开随机值（英文）"), max_length=200)
    beacon_on = day(words("Day of the value", "随机值公布日期"))


@login_required
@require_GET
def rectifications(request: VisitedRequest) -> HttpResponse:
    """All of the authority, the most urgent first; `format=xlsx` or `csv` gives those shown."""
    door(request)
    seen = access.seen_by_authority(request.visitor)
    if kind := file_asked(request):
        return export(kind, asked_for(request, seen))
    shown = {
        **listed(request, seen), "look_backs": access.look_backs_of(request.visitor)[:20], "LOOK_BACK": LOOK_BACK,
        "may_draw": request.visitor.authority is not None,
    }  # fmt: skip
    return render(request, "office/rectifications/list.html", shown)


@login_required
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One: the finding, every report with its judgement, what comes next."""
    door(request)
    found = get_object_or_404(with_names(access.seen_by_authority(request.visitor)), pk=pk)
    return page(request, found)


def page(
    request: VisitedRequest, found: Rectification, judge_form: JudgeForm | None = None,
    effect_form: EffectForm | None = None, anew_form: AnewForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of one, with a form that was refused or empty ones."""
    mine = access.judged_by(request.visitor).filter(pk=found.pk).exists()
    shown = {
        **story(request, found), "mine": mine, "judge": judge_form or JudgeForm(), "effect": effect_form or EffectForm(),
        "anew": anew_form or AnewForm(),
        "look_backs": list(found.look_backs.select_related("look_back", "second_look")),
    }  # fmt: skip
    return render(request, "office/rectifications/one.html", shown)


def story(request: VisitedRequest, found: Rectification) -> dict[str, Any]:
    """What both sides see of one."""
    calendar = working_calendar(request.today, found.due_on)
    remaining = calendar.between(request.today, found.due_on)
    reports = found.submissions.select_related("judgement", "submitted_by__person").prefetch_related(
        "files__attachment"
    )
    return {
        "rectification": found, "finding_name": finding_name, "GRADES": GRADES, "RECTIFICATION": RECTIFICATION,
        "EFFECT_CHECKS": EFFECT_CHECKS, "PARTS": PARTS, "OUTCOMES": OUTCOMES, "left": days_left(remaining), "late": remaining < 0,
        "warnings": calendar.warnings(request.today, found.due_on), "reports": list(reports.order_by("number")),
        "effects": list(found.effects.select_related("judged_by")), "new_orders": list(found.new_orders.all()),
    }  # fmt: skip


@only("authority")
@require_POST
def judge(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept, give back or fail the last report."""
    found = get_object_or_404(with_names(access.judged_by(request.visitor)), pk=pk)
    form, submission = JudgeForm(request.POST), found.submissions.order_by("-number").first()
    if form.is_valid() and submission is not None:
        given = form.cleaned_data
        try:
            actions.judge(
                submission, outcome=given["outcome"], reason=given["reason"], due_on=given["due_on"], items=given["items"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except (RectificationRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_rectification", pk)
    return page(request, found, judge_form=form)


@only("authority")
@require_POST
def effect(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Say whether it helped."""
    found = get_object_or_404(with_names(access.judged_by(request.visitor)), pk=pk)
    form = EffectForm(request.POST)
    if form.is_valid():
        helped, basis = form.cleaned_data["effective"] == "yes", form.cleaned_data["basis"]
        try:
            actions.check_effect(found, effective=helped, basis=basis, actor=actor_of(request), at=timezone.now())
        except (RectificationRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_rectification", pk)
    return page(request, found, effect_form=form)


@only("authority")
@require_POST
def order_anew(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Order that what failed, or was without effect, is put right again."""
    found = get_object_or_404(with_names(access.judged_by(request.visitor)), pk=pk)
    form = AnewForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.order_anew(
                found, due_on=given["due_on"], reason=given["reason"], actor=actor_of(request), at=timezone.now()
            )
        except (RectificationRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_rectification", pk)
    return page(request, found, anew_form=form)


@login_required
@require_GET
def file(request: VisitedRequest, pk: int) -> HttpResponse:
    """One file of a report."""
    door(request)
    seen = access.seen_by_authority(request.visitor).order_by().values("pk")
    found = get_object_or_404(SubmittedFile.objects.filter(submission__rectification__in=seen), pk=pk)
    return file_response(found.attachment.name, bytes(found.attachment.content))


@only("authority")
@require_http_methods(["GET", "POST"])
def new_look_back(request: VisitedRequest) -> HttpResponse:
    """Freeze the list of what was accepted, before the public value is known."""
    form = LookBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.promise_look_back(
                institution_of(request, "authority"), share=(given["share"], PERCENT),
                beacon=Text(en=given["beacon_en"], zh=given["beacon_zh"]), beacon_on=given["beacon_on"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except RectificationRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_look_back", made.pk)
    return render(request, "office/rectifications/look_back_new.html", {"form": form})


@login_required
@require_GET
def look_back(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One look-back: what was frozen, what was drawn and what was found."""
    door(request)
    found = get_object_or_404(access.look_backs_of(request.visitor), pk=pk)
    shown = {
        "look_back": found, "rows": list(drawn_rows(found)), "LOOK_BACK": LOOK_BACK, "RECTIFICATION": RECTIFICATION,
        "today": request.today, "mine": access.look_backs_drawn_by(request.visitor).filter(pk=pk).exists(),
        "content": bytes(found.content).decode(),
    }  # fmt: skip
    return render(request, "office/rectifications/look_back.html", shown)


@only("authority")
@require_POST
def draw(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Draw by the public value."""
    found = get_object_or_404(access.look_backs_drawn_by(request.visitor), pk=pk)
    value = request.POST.get("value", "").strip().lower()
    said(request, lambda: actions.draw_look_back(found, value=value, actor=actor_of(request), at=timezone.now()))
    return redirect("office_look_back", pk)


class AgainForm(forms.Form):
    """What the second look found."""

    held = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=2000)
    due_on = DayField(required=False)


@only("authority")
@require_POST
def look_again(request: VisitedRequest, pk: int) -> HttpResponse:
    """Say what the second look found."""
    mine = access.look_backs_drawn_by(request.visitor).order_by().values("pk")
    found = get_object_or_404(
        LookedBack.objects.select_related("rectification__institution"), pk=pk, look_back__in=mine
    )
    form = AgainForm(request.POST)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {"held": False, "reason": "", "due_on": None}
    said(
        request,
        lambda: actions.judge_look_back(
            found, held=given["held"], reason=given["reason"], due_on=given["due_on"], actor=actor_of(request),
            at=timezone.now(),
        ),
    )  # fmt: skip
    return redirect("office_look_back", found.look_back_id)


def said(request: VisitedRequest, verb: Any) -> None:
    """Do it and say so; if it is refused, say why."""
    try:
        verb()
        messages.success(request, str(t("Done.", "已完成。")))
    except (RectificationRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
