"""Correcting a released round: begin with a reason, evaluate again, look at every change, issue the corrigendum."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhunsheng.activities.proficiency import correcting, queries
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.rules.corrections import changes, check_begin, check_correction
from zhunsheng.activities.proficiency.rules.rounds import check_current, check_looked_at
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import REFUSALS, mine, start_job
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import t


@only("provider")
@require_http_methods(["GET", "POST"])
def correct(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What the new evaluation changes, and who has the old reports; a POST begins, or issues the corrigendum."""
    round_ = mine(request, pk)
    if request.method == "POST":
        return _act(request, round_)
    issued, newest = queries.issued_evaluation(round_), queries.latest_evaluation(round_)
    fresh = issued is not None and newest is not None and issued.pk != newest.pk
    found = changes(queries.document(issued), queries.document(newest)) if issued and newest and fresh else []
    shown: dict[str, Any] = {
        "round": round_, "issued": issued, "newest": newest, "page": page_of(request, found), "changed": len(found),
        "downloads": queries.downloads_of(issued) if issued else [], "corrections": queries.corrections_of(round_),
        "stale": queries.needs_evaluation(round_, newest), "job": last_job(f"round:{round_.pk}"),
        "measurands": list(round_.measurands.order_by("position")),
        "steps": steps_of(round_), "rooms": rooms_of(round_),
    }  # fmt: skip
    return render(request, "office/rounds/correct.html", shown)


def _act(request: VisitedRequest, round_: Round) -> HttpResponse:
    try:
        if request.POST.get("evaluation"):
            _issue(request, round_)
            messages.success(request, str(t("The corrigendum is being signed.", "正在签署更正报告。")))
        else:
            reason = request.POST.get("reason", "")[:300]
            check_begin(round_.state, reason, begun=bool(round_.correcting))
            correcting.begin_correction(round_, reason=reason, actor=actor_of(request), at=timezone.now())
            messages.success(
                request,
                str(t("Change what is wrong, then evaluate again.", "请更改错误之处，然后重新评定。")),
            )
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    return redirect("office_round_correct", round_.pk)


def _issue(request: VisitedRequest, round_: Round) -> None:
    """Refuse here what the job would refuse, so that the person reads it at once."""
    issued, newest = queries.issued_evaluation(round_), queries.latest_evaluation(round_)
    same = issued is None or newest is None or issued.sha256 == newest.sha256
    check_correction(round_.correcting, same=same)
    check_current(newest.settings_stamp if newest else None, round_.settings_stamp)
    check_looked_at(request.POST["evaluation"], str(newest.pk if newest else None))
    start_job(request, "correct_round", round_, evaluation=request.POST["evaluation"])
