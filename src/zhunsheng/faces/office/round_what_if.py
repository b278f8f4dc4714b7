"""What other settings would make of a measurand, side by side. Looking changes nothing. Codes only."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency import queries
from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.rules.what_if import compare
from zhunsheng.faces import evaluations
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import REFUSALS, evaluated
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import only, reason_of


@only("evaluator")
@require_GET
def what_if(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Each way to x_pt and σ_pt: the figures, the counts, and whose signal would be another."""
    round_ = evaluated(request, pk)
    try:
        results, settings = queries.coded_results(round_), queries.settings_of(round_)
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
        return redirect("office_round", round_.pk)
    position = evaluations.chosen(request, results.measurands)
    coordinates = rounds_coordinated_by(request.visitor).filter(pk=round_.pk).exists()
    shown = {
        "round": round_, "measurands": results.measurands, "position": position, "measurand": results.measurands[position],
        "outcomes": compare(results, position, settings[position], queries.excluded_in(round_)[position]),
        "steps": steps_of(round_), "rooms": rooms_of(round_, coordinates=coordinates),
    }  # fmt: skip
    return render(request, "office/rounds/what_if.html", shown)
