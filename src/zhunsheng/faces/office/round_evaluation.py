"""What the evaluation of a round rests on, measurand by measurand: settings, results out of the statistics. Codes only."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.proficiency import choices, queries
from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.rules import judging
from zhunsheng.activities.proficiency.rules.outliers import questions
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.faces import evaluations
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import REFUSALS, evaluated
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import Text, t


@only("evaluator")
@require_GET
def choose(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One measurand at a time: what holds for it, which results a test points at, what is out of the statistics."""
    round_ = evaluated(request, pk)
    coordinates = rounds_coordinated_by(request.visitor).filter(pk=round_.pk).exists()
    measurands = list(round_.measurands.order_by("position"))
    if not measurands:
        messages.error(request, str(t("The round has no measurands yet.", "本轮次尚无被测量。")))
        return redirect("office_round", round_.pk)
    position = evaluations.chosen(request, measurands)
    shown: dict[str, Any] = {
        "round": round_, "measurands": measurands, "position": position, "measurand": measurands[position],
        "settings": queries.settings_of(round_)[position], "method_name": evaluations.method_name,
        "said": queries.said_of_exclusions(round_), "codes": queries.codes_of(round_),
        "out": queries.excluded_in(round_)[position], "asked": request.GET.get("code", ""),
        "KINDS": judging.KINDS, "RULES": judging.RULES, "RULE_NAMES": judging.NAMES, "rule": judging.rule_of(round_.judging),
        "stale": queries.needs_evaluation(round_, queries.latest_evaluation(round_)),
        "steps": steps_of(round_), "rooms": rooms_of(round_, coordinates=coordinates),
    }  # fmt: skip
    return render(request, "office/rounds/evaluation.html", shown | _questions(round_, position, shown["out"]))


def _questions(round_: Round, position: int, out: dict[str, str]) -> dict[str, Any]:
    try:
        return {"questions": questions(queries.coded_results(round_).measurands[position], out), "refusal": None}
    except CannotDo as cannot:
        return {"questions": [], "refusal": cannot.reason}


@only("evaluator")
@require_POST
def set_measurand(request: VisitedRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Settings of one measurand alone; what is left empty is the round's."""
    round_ = evaluated(request, pk)
    measurand = get_object_or_404(round_.measurands.select_related("round"), position=number)
    given = {name: request.POST.get(name, "")[:40] for name in ("assigned", "u_assigned", "sigma")}
    return _done(
        request, measurand, t("The settings were changed.", "设置已更改。"),
        lambda: choices.set_measurand(measurand, **given, actor=actor_of(request), at=timezone.now()),
    )  # fmt: skip


@only("evaluator")
@require_POST
def exclude(request: VisitedRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Take a result out of the statistics, or put it back, with a reason."""
    round_ = evaluated(request, pk)
    measurand = get_object_or_404(round_.measurands.select_related("round"), position=number)
    participation = get_object_or_404(round_.participations, code=request.POST.get("code", ""))
    of, out = (None if request.POST.get("all") else measurand), request.POST.get("out") == "yes"
    reason = request.POST.get("reason", "")[:300]
    return _done(
        request, measurand, t("Noted.", "已记录。"),
        lambda: choices.exclude(
            round_, participation, of, out=out, reason=reason, actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip


@only("evaluator")
@require_POST
def set_judging(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The score that is judged by, and the rule by which a laboratory passes."""
    round_ = evaluated(request, pk)
    measurand = round_.measurands.select_related("round").first()
    if measurand is None:
        raise Http404
    said, share = request.POST, request.POST.get("share", "")
    chosen: dict[str, Any] = {"key": said["rule"], "retest": bool(said.get("retest"))} if said.get("rule") else {}
    if chosen and share.isascii() and share.isdigit():
        chosen["share"] = int(share[:4])
    return _done(
        request, measurand, t("The rule of judging was set.", "判定规则已设置。"),
        lambda: choices.set_judging(
            round_, score=said.get("score", "z"), chosen=chosen, actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip


def _done(request: VisitedRequest, measurand: RoundMeasurand, said: Text, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(said) + str(t(" Evaluate again to see what it does.", "请重新评定以查看结果。")))
    place = measurand.round.measurands.filter(position__lt=measurand.position).count() + 1
    return redirect(f"{reverse('office_round_evaluation', args=[measurand.round_id])}?measurand={place}")
