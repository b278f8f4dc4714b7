"""The watch over standards for a laboratory: which of its lines a change touches, and what is to be done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import only
from zhunsheng.registry.catalogue.states import EXPERT_DECIDES, STATES, UNTIL_FILED
from zhunsheng.registry.scopes.access import lines_of
from zhunsheng.registry.scopes.queries.watch import LOOK_AHEAD, LOOK_BACK, Touched, own_lines_touched, watched


def touching(request: VisitedRequest) -> list[Touched]:
    """The changes of states, from three months back to a year ahead, that touch a line of the visitor's laboratory."""
    found = watched(
        lines_of(request.visitor), after=request.today - LOOK_BACK, until=request.today + LOOK_AHEAD, on=request.today,
        known_on=request.today,
    )  # fmt: skip
    return [one for one in found if one.lines]


@only("laboratory")
@require_GET
def watch(request: VisitedRequest) -> HttpResponse:
    """Each change that touches us: the lines, and what to do before the day it takes effect."""
    found = touching(request)
    lines = own_lines_touched(lines_of(request.visitor), found, on=request.today, known_on=request.today)
    shown = {
        "found": found,
        "lines": lines,
        "STATES": STATES,
        "EXPERT_DECIDES": EXPERT_DECIDES,
        "UNTIL_FILED": UNTIL_FILED,
    }
    return render(request, "workspace/watch.html", shown)
