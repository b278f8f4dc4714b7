"""Who can test it near a place: for anyone. What rounds have shown is added for those to whom it was announced."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.profile.near import Answer, laboratories_near
from zhunsheng.faces.lists import LONGEST_SEARCH, days_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Parameter
from zhunsheng.registry.catalogue.queries import Match, matrices_named, parts_of, suggested_parameters, wholes_of
from zhunsheng.registry.catalogue.rules.writing import same

DISTANCES = (50, 100, 200, 500, 1000)
DISTANCE = 200
OTHER_PLACES = 6
SUGGESTED = 12


@dataclass(frozen=True, slots=True)
class Around:
    """The place and the distance that an address asks about."""

    words: str
    km: int
    place: regions.Region | None
    others: list[regions.Region]
    """regions that may have been meant instead"""


@require_GET
def find(request: VisitedRequest) -> HttpResponse:
    """Laboratories that can test a parameter in a matrix near a place on a day, nearest first."""
    words = {name: typed(request, name) for name in ("what", "matrix")}
    on, known_on = days_of(request)
    parameter, others = parameter_meant(words["what"])
    matrix = matrices_named(words["matrix"]).first() if words["matrix"] else None
    wider = wholes_of(matrix) if matrix else []
    around = around_of(request, on)
    answer = None
    if parameter and (matrix or not words["matrix"]):
        answer = answer_of(request, [parameter], [*parts_of(matrix), *wider] if matrix else [], around, on, known_on)
    return render(
        request,
        "public/find.html",
        {
            "words": words, "on": on, "known_on": known_on, "parameter": parameter, "others": others, "matrix": matrix,
            "wider": wider, "around": around,
            "answer": answer, "DISTANCES": DISTANCES,
        },
    )  # fmt: skip


@require_GET
def suggestions(request: VisitedRequest) -> HttpResponse:
    """What might be meant by what has been typed so far, in the field that was typed in."""
    if place := typed(request, "place"):
        found = regions.search(place, request.today, SUGGESTED)
        names = [(regions.name_of(one.code, request.today), one.code) for one in found]
    elif matrix := typed(request, "matrix"):
        names = [(one.name, one.code) for one in matrices_named(matrix)[:SUGGESTED]]
    else:
        matches: list[Match] = suggested_parameters(typed(request, "what"), most=SUGGESTED)
        names = [(one.parameter.name, one.also_called or one.parameter.cas) for one in matches]
    return render(request, "public/find_suggestions.html", {"names": names})


def typed(request: HttpRequest, name: str) -> str:
    """What a field of the address holds; PostgreSQL refuses a NUL and nobody types one."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def parameter_meant(words: str) -> tuple[Parameter | None, list[Match]]:
    """The parameter of a name, number or code, and the others that may have been meant, unless it was named exactly."""
    matches = suggested_parameters(words) if words else []
    if not matches:
        return None, []
    first = matches[0]
    own = {
        first.parameter.name_zh,
        first.parameter.name_en,
        first.parameter.code,
        first.parameter.cas,
        first.also_called,
    }
    return first.parameter, [] if same(words) in {same(name) for name in own} else matches[1:]


def around_of(request: HttpRequest, on: date) -> Around:
    """Of a code that ended the region is that into which it went."""
    words = typed(request, "place")
    asked = request.GET.get("km", "")
    km = int(asked) if asked in {str(one) for one in DISTANCES} else DISTANCE
    if words.isascii() and words.isdigit() and (here := regions.region(words, on)):
        return Around(words, km, here, [])
    found = regions.search(words, on)
    if not found:
        return Around(words, km, None, [])
    return Around(words, km, found[0], [] if is_full_name(words, found[0], on) else alike(found, on)[:OTHER_PLACES])


def is_full_name(words: str, place: regions.Region, on: date) -> bool:
    full = regions.name_of(place.code, on)
    return words in {full.zh, full.en}


def alike(found: list[regions.Region], on: date) -> list[regions.Region]:
    """Those after the first that do not lie within it: its districts need no mention."""
    first = found[0].code
    return [one for one in found[1:] if first not in {above.code for above in regions.path_of(one.code, on)}]


def answer_of(
    request: VisitedRequest, parameters: Collection[Parameter], matrices: Collection[int], around: Around, on: date,
    known_on: date,
) -> Answer | None:  # fmt: skip
    """The laboratories near the place, with the evidence that the visitor may see; None without a place or a parameter."""
    if around.place is None or not parameters:
        return None
    return laboratories_near(
        [one.pk for one in parameters], matrices, where=around.place.point, km=around.km, on=on, known_on=known_on,
        evidence=visible_to(request.visitor),
    )  # fmt: skip
