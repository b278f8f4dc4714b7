"""The screen of a round for copied or impossible results: questions by code, with the rows and the innocent explanations."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.activities.proficiency.watch.queries.screening import screened
from zhunsheng.activities.proficiency.watch.rules.screening import in_words
from zhunsheng.activities.proficiency.watch.rules.words import TESTS
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import evaluated
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import only


@only("evaluator")
@require_GET
def screen(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What honest measurement seldom makes, as far as the gates of the tests let anything be said."""
    round_ = evaluated(request, pk)
    coordinates = rounds_coordinated_by(request.visitor).filter(pk=round_.pk).exists()
    try:
        checks, refusal = screened(round_), None
    except CannotDo as cannot:
        checks, refusal = [], cannot.reason
    shown = {
        "round": round_, "checks": checks, "refusal": refusal, "TESTS": TESTS, "in_words": in_words,
        "steps": steps_of(round_), "rooms": rooms_of(round_, coordinates=coordinates),
    }  # fmt: skip
    return render(request, "office/rounds/screen.html", shown)
