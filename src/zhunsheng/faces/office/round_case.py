"""One case as the provider's coordinator keeps it: review the answer, ask for a retest, record it, close; decide an appeal."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.access import identities_visible_to, rounds_coordinated_by
from zhunsheng.activities.proficiency.follow.access import appeals_coordinated_by, cases_coordinated_by
from zhunsheng.activities.proficiency.follow.actions import answering, appealing, retesting
from zhunsheng.activities.proficiency.follow.histories import lines_of_rounds, points, runs_of
from zhunsheng.activities.proficiency.follow.models import AnswerFile, Appeal, AppealFile, Case
from zhunsheng.activities.proficiency.follow.queries import answers_of, corrigendum_after, rows_of
from zhunsheng.activities.proficiency.follow.rules.answers import PARTS
from zhunsheng.activities.proficiency.follow.rules.retests import Written
from zhunsheng.activities.proficiency.follow.rules.trends import chart_data
from zhunsheng.activities.proficiency.follow.states import APPEAL, CASE, CAUSES
from zhunsheng.activities.proficiency.queries import identities
from zhunsheng.activities.proficiency.rules.judging import rule_of
from zhunsheng.faces.days import DayField
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_papers import file_response
from zhunsheng.faces.office.round_follow import EVERY, REFUSALS
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import days_left
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids

LONG = 4000
Forms = Mapping[str, forms.Form]


def reasons(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))


class ReviewForm(forms.Form):
    """What is said of an answer."""

    outcome = forms.ChoiceField(
        label=words("Review", "审核结论"),
        choices=[("accept", words("accept", "认可")), ("return", words("give back", "退回"))],
    )
    due_on = DayField(label=words("New day, if given back", "退回后的新期限"), required=False)
    reason = reasons(words("Reasons", "理由"))


class ReasonForm(forms.Form):
    """Why."""

    reason = reasons(words("Reasons", "理由"))


class RetestForm(forms.Form):
    """When the retest was, and of what; the results stand in a table of their own."""

    performed_on = DayField(label=words("Day of the retest", "补测日期"))
    note = forms.CharField(
        label=words("Which item, under whose eyes", "补测样品和监督人"), max_length=300, required=False
    )


class DecideForm(forms.Form):
    """How an appeal is decided."""

    outcome = forms.ChoiceField(
        label=words("Decision", "处理结论"),
        choices=[("uphold", words("upheld", "申诉成立")), ("reject", words("rejected", "申诉不成立"))],
    )
    reason = reasons(words("Reasons; the laboratory reads them", "理由（实验室可见）"))


def whole(cases: QuerySet[Case]) -> QuerySet[Case]:
    """As a page shows one."""
    return cases.select_related(
        "round__provider", "round__commissioned_by", "round__plan", "participation", "evaluation"
    )


def story(request: VisitedRequest, case: Case) -> dict[str, Any]:
    """What every side that may see a case sees of it."""
    calendar = working_calendar(request.today, case.due_on)
    remaining = calendar.between(request.today, case.due_on)
    retests = case.retests.prefetch_related("rows__measurand__parameter").select_related("by__person")
    return {
        "case": case, "round": case.round, "rows": rows_of(case), "answers": answers_of(case), "CASE": CASE, "CAUSES": CAUSES,
        "PARTS": PARTS, "left": days_left(remaining), "late": remaining < 0, "retests": list(retests.order_by("number")),
        "closings": list(case.closings.select_related("by__person")), "name_of": retesting.name_of,
        "warnings": case.warnings,
    }  # fmt: skip


@only("provider")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The case with everything in it and the act that comes next."""
    return page(request, mine(request, pk), {})


def mine(request: VisitedRequest, pk: uuid.UUID) -> Case:
    return get_object_or_404(whole(cases_coordinated_by(request.visitor)), pk=pk)


def page(request: VisitedRequest, case: Case, tried: Forms, typed: Mapping[str, str] | None = None) -> HttpResponse:
    """The page of a case, with a form that was refused or empty ones."""
    names = identities(identities_visible_to(request.visitor, case.round).filter(participation=case.participation_id))
    rule = rule_of(case.round.judging)
    shown = {
        **story(request, case), "laboratory": next(iter(names.values()))[0] if names else case.participation.code,
        "review": tried.get("review") or ReviewForm(), "why": tried.get("why") or ReasonForm(),
        "retest": tried.get("retest") or RetestForm(), "typed": typed or {}, "has_retest": rule is None or rule.retest,
        "appeals": appeals_coordinated_by(request.visitor).filter(participation=case.participation_id).order_by("number"),
        "APPEAL": APPEAL,
    }  # fmt: skip
    return render(request, "office/rounds/case.html", shown)


def done(
    request: VisitedRequest, case: Case, name: str, form: forms.Form, verb: Callable[[], object],
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do it where the form is whole, and show the case again; what is refused stays as it was typed."""
    if form.is_valid():
        try:
            verb()
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("Done.", "已完成。")))
            return redirect("office_round_case", case.pk)
    return page(request, case, {name: form}, typed)


@only("provider")
@require_POST
def review(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept the last answer or give it back."""
    case, form = mine(request, pk), ReviewForm(request.POST)

    def verb() -> object:
        given: dict[str, Any] = {
            "reason": form.cleaned_data["reason"],
            "actor": actor_of(request),
            "at": timezone.now(),
        }
        if form.cleaned_data["outcome"] == "accept":
            return answering.accept(case, **given)
        return answering.return_(case, due_on=form.cleaned_data["due_on"], **given)

    return done(request, case, "review", form, verb)


@only("provider")
@require_POST
def ask(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a retest."""
    case, form = mine(request, pk), ReasonForm(request.POST)
    return done(request, case, "why", form, lambda: retesting.ask_retest(
        case, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now()
    ))  # fmt: skip


@only("provider")
@require_POST
def retest(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Record the retest of every measurand at fault."""
    case, form = mine(request, pk), RetestForm(request.POST)
    typed = {name: str(value) for name, value in request.POST.items() if name[:2] in ("r-", "a-", "s-")}
    written = {
        row.measurand_id: Written(*(typed.get(f"{part}-{row.measurand_id}", "")[:60] for part in "ras"))
        for row in rows_of(case)
    }
    return done(request, case, "retest", form, lambda: retesting.record_retest(
        case, written, performed_on=form.cleaned_data["performed_on"], note=form.cleaned_data["note"],
        actor=actor_of(request), at=timezone.now(),
    ), typed)  # fmt: skip


@only("provider")
@require_POST
def close(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a case that nobody has to confirm."""
    case, form = mine(request, pk), ReasonForm(request.POST)
    return done(request, case, "why", form, lambda: answering.close(
        case, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now()
    ))  # fmt: skip


@only("provider")
@require_GET
def answer_file(request: VisitedRequest, pk: int) -> HttpResponse:
    """A file of an answer."""
    seen = cases_coordinated_by(request.visitor).order_by().values("pk")
    found = get_object_or_404(AnswerFile.objects.filter(answer__case__in=seen).select_related("attachment"), pk=pk)
    return file_response(found.attachment.name, bytes(found.attachment.content))


@only("provider")
@require_GET
def trends(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """How the laboratory of a case has done over the rounds that we held, in the items at fault."""
    case = mine(request, pk)
    behind = retesting.institution_behind(case)
    held = set(rounds_coordinated_by(request.visitor).values_list("pk", flat=True))
    family = family_ids(Institution.objects.get(pk=behind)) if behind else []
    at_fault = {(row.measurand.parameter_id, row.measurand.matrix_id) for row in rows_of(case)}
    found = [
        (run, t("{p} in {x}", "{x}中{p}", p=run.parameter.name, x=run.matrix.name))
        for run in runs_of(lines_of_rounds(held, family), family, on=request.today)
        if (run.parameter.pk, run.matrix.pk) in at_fault
    ]
    drawn = [
        {"run": run, "name": name, "points": points(run), "chart": chart_data(points(run), "", name=name)}
        for run, name in found
    ]
    shown = {"case": case, "runs": drawn, "laboratory": laboratory_of(request, case)}
    return render(request, "office/rounds/case_trends.html", shown)


@only("provider")
@require_http_methods(["GET", "POST"])
def appeal(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """An appeal with its grounds; a POST decides it."""
    found = get_object_or_404(
        appeals_coordinated_by(request.visitor).select_related(
            "round__plan", "participation", "measurand", "by__person"
        ),
        pk=pk,
    )
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appealing.decide_appeal(
                found, upheld=form.cleaned_data["outcome"] == "uphold", reason=form.cleaned_data["reason"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("Done.", "已完成。")))
            return redirect("office_round_appeal", pk)
    shown = {**appeal_story(found), "form": form, "laboratory": laboratory_of(request, found)}
    return render(request, "office/rounds/appeal.html", shown)


def laboratory_of(request: VisitedRequest, found: Appeal | Case) -> object:
    names = identities(identities_visible_to(request.visitor, found.round).filter(participation=found.participation_id))
    return next(iter(names.values()))[0] if names else found.participation.code


def appeal_story(found: Appeal) -> dict[str, Any]:
    """What both sides see of an appeal."""
    return {
        "appeal": found, "round": found.round, "APPEAL": APPEAL, "EVERY": EVERY, "corrigendum": corrigendum_after(found),
        "decision": getattr(found, "decision", None), "files": list(found.files.select_related("attachment")),
    }  # fmt: skip


@only("provider")
@require_GET
def appeal_file(request: VisitedRequest, pk: int) -> HttpResponse:
    """A file of an appeal."""
    seen = appeals_coordinated_by(request.visitor).order_by().values("pk")
    found = get_object_or_404(AppealFile.objects.filter(appeal__in=seen).select_related("attachment"), pk=pk)
    return file_response(found.attachment.name, bytes(found.attachment.content))
