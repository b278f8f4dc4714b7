"""The watch over standards for a laboratory: which of its lines a change touches, and what is to be done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.touched_rounds import rounds_touched
from zhunsheng.faces.visits import only
from zhunsheng.registry.catalogue.states import EXPERT_DECIDES, STATES, UNTIL_FILED
from zhunsheng.registry.scopes.access import lines_of
from zhunsheng.registry.scopes.queries.watch import LOOK_AHEAD, LOOK_BACK, Touched, own_lines_touched, watched


def touching(request: VisitedRequest) -> list[Touched]:
    """The changes of states, from three months back to a year ahead, that touch a line of the visitor's laboratory."""
    return [one for one in watched_by(request) if one.lines]


def watched_by(request: VisitedRequest) -> list[Touched]:
    """All changes of that time, whether or not they touch a line."""
    return watched(
        lines_of(request.visitor), after=request.today - LOOK_BACK, until=request.today + LOOK_AHEAD, on=request.today,
        known_on=request.today,
    )  # fmt: skip


@only("laboratory")
@require_GET
def watch(request: VisitedRequest) -> HttpResponse:
    """Each change that touches us: the lines, and what to do before the day it takes effect."""
    changes = watched_by(request)
    found = [one for one in changes if one.lines]
    lines = own_lines_touched(lines_of(request.visitor), found, on=request.today, known_on=request.today)
    shown = {
        "found": found,
        "lines": lines,
        "rounds": rounds_touched(request, changes),
        "STATES": STATES,
        "EXPERT_DECIDES": EXPERT_DECIDES,
        "UNTIL_FILED": UNTIL_FILED,
    }
    return render(request, "workspace/watch.html", shown)
