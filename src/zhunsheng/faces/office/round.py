"""One round, as its coordinator sees it: where it stands, what to do next, the scores with names."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency import correcting, queries
from zhunsheng.activities.proficiency.access import (
    identities_visible_to,
    rounds_coordinated_by,
    rounds_evaluated_by,
)
from zhunsheng.activities.proficiency.documents import scores_workbook
from zhunsheng.activities.proficiency.follow.queries import open_appeals
from zhunsheng.activities.proficiency.models import Evaluation, Report, Round
from zhunsheng.activities.proficiency.rules.rounds import CannotDo, check_current, check_looked_at, check_not_released
from zhunsheng.activities.proficiency.rules.settings import SettingsError
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.faces import evaluations
from zhunsheng.faces.files import download
from zhunsheng.faces.jobs.actions import start
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.forms import EvaluationSettings
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import language, t
from zhunsheng.foundation.statechart import NotAllowedNow

REFUSALS = (CannotDo, SettingsError, NotAllowedNow)


def mine(request: VisitedRequest, pk: uuid.UUID) -> Round:
    """The round, if the visitor coordinates it; else there is no such page."""
    return whole(rounds_coordinated_by(request.visitor), pk)


def evaluated(request: VisitedRequest, pk: uuid.UUID) -> Round:
    """The round, if the visitor evaluates it: codes, and names only where the visitor coordinates it, too."""
    return whole(rounds_evaluated_by(request.visitor), pk)


def whole(rounds: QuerySet[Round], pk: uuid.UUID) -> Round:
    found = rounds.select_related("provider", "commissioned_by", "attachment", "plan")
    return get_object_or_404(found.defer("attachment__content"), pk=pk)


@only("evaluator")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The round with everything that its coordinator may see, or what its statistician may."""
    return page(request, evaluated(request, pk))


def page(request: VisitedRequest, round_: Round, *, form: EvaluationSettings | None = None) -> HttpResponse:
    """The round's page, also after a form on it was refused."""
    evaluation = queries.latest_evaluation(round_)
    coordinates = rounds_coordinated_by(request.visitor).filter(pk=round_.pk).exists()
    names = queries.identities(identities_visible_to(request.visitor, round_))
    codes = sorted(names.items()) if coordinates else [(code, None) for code in queries.codes_of(round_)]
    context: dict[str, Any] = {
        "round": round_, "evaluation": evaluation, "stale": queries.needs_evaluation(round_, evaluation),
        "job": last_job(f"round:{round_.pk}"), "reports": queries.reports_of(round_),
        "corrections": queries.corrections_of(round_), "participants": len(codes),
        "coordinates": coordinates, "open_appeals": open_appeals(round_),
        "form": form or EvaluationSettings(initial=EvaluationSettings.initial_of(round_)),
        "steps": steps_of(round_), "rooms": rooms_of(round_, coordinates=coordinates),
        "round_measurands": round_.measurands.select_related("parameter", "matrix"),
    }  # fmt: skip
    if evaluation is None:
        context["people"] = page_of(request, codes, size=evaluations.ROWS_A_PAGE)
    else:
        context |= evaluations.shown(request, queries.document(evaluation), title=round_.title, names=names)
    return render(request, "office/round.html", context)


@only("evaluator")
@require_POST
def evaluate(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Start the evaluation in the background."""
    round_ = evaluated(request, pk)
    try:
        if not round_.correcting:
            ROUND.check("evaluate", round_.state)
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    else:
        start_job(request, "evaluate_round", round_)
        messages.success(request, str(t("The evaluation has started.", "评定已开始。")))
    return redirect("office_round", round_.pk)


@only("provider")
@require_http_methods(["GET", "POST"])
def release(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Release cannot be undone, so the round's number is typed first; a page of its own where there is no script."""
    round_ = mine(request, pk)
    evaluation = queries.latest_evaluation(round_)
    confirmed = request.method == "POST" and request.POST.get("number", "").strip() == round_.number
    try:
        ROUND.check("release", round_.state)
        check_current(evaluation.settings_stamp if evaluation else None, round_.settings_stamp)
        if confirmed:
            check_looked_at(request.POST.get("evaluation"), str(evaluation.pk if evaluation else None))
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
        return redirect("office_round", round_.pk)
    if confirmed:
        start_job(request, "release_round", round_, evaluation=request.POST["evaluation"])
        messages.success(
            request,
            str(t("The release has started: reports are typeset and signed.", "发布已开始：正在排版并签署报告。")),
        )
        return redirect("office_round", round_.pk)
    wrong = request.method == "POST"
    return render(request, "office/release.html", {"round": round_, "wrong": wrong, "evaluation": evaluation})


@only("evaluator")
@require_http_methods(["GET", "POST"])
def change_settings(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Change how the assigned value and σ_pt come about; the round then wants a new evaluation."""
    round_ = evaluated(request, pk)
    if request.method == "GET":  # a refused form is shown at this address; going there again goes to the round
        return redirect("office_round", round_.pk)
    form = EvaluationSettings(request.POST)
    if not form.is_valid():
        return page(request, round_, form=form)
    given = {key: form.cleaned_data[key] for key in ("assigned", "u_assigned", "sigma")}
    try:
        check_not_released(round_.state, correcting=bool(round_.correcting))
        proficiency.change_settings(round_, **given, actor=actor_of(request), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(
            request,
            str(
                t(
                    "The settings were changed. Evaluate again to see what they do.",
                    "设置已更改，请重新评定以查看结果。",
                )
            ),
        )
    return redirect("office_round", round_.pk)


@only("evaluator")
@require_GET
def file(request: VisitedRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """The evaluation as JSON or workbook, codes only; the released reports."""
    round_ = evaluated(request, pk)
    evaluation = queries.latest_evaluation(round_)
    if evaluation is not None and what == "evaluation.json":
        return download(bytes(evaluation.document), "evaluation.json")
    if evaluation is not None and what == "scores.xlsx":
        return download(workbook(evaluation), "scores.xlsx")
    return released_report(request, round_, what)


def workbook(evaluation: Evaluation) -> bytes:
    return scores_workbook(queries.document(evaluation), language())


def released_report(request: VisitedRequest, round_: Round, what: str) -> HttpResponse:
    """report-zh.pdf, report-en.pdf or report-both.pdf of a released round, noting who takes it; 404 for anything else."""
    lang = what.removeprefix("report-").removesuffix(".pdf")
    kept = queries.reports_of(round_).get(lang)
    if round_.state != "released" or kept is None or what != f"report-{lang}.pdf":
        raise Http404
    correcting.note_download(kept, actor=actor_of(request), at=timezone.now())
    return download(bytes(Report.objects.get(pk=kept.pk).pdf), what)


def start_job(request: VisitedRequest, kind: str, round_: Round, **more: str) -> None:
    start(
        kind,
        subject=f"round:{round_.pk}",
        arguments={"round": str(round_.pk), **more},
        actor=actor_of(request),
        at=timezone.now(),
    )
