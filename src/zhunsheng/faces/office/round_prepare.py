"""What is known about the items of a round: the gate, homogeneity and stability with every figure, the seals."""

import uuid
from pathlib import PurePath
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency.figures import significant
from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.queries import number_in
from zhunsheng.activities.proficiency.prepare import queries
from zhunsheng.activities.proficiency.prepare.access import rounds_examined_by, rounds_prepared_by
from zhunsheng.activities.proficiency.prepare.documents import OVERVIEW, overview_rows, template
from zhunsheng.activities.proficiency.prepare.models import Study
from zhunsheng.activities.proficiency.prepare.rules import telling
from zhunsheng.activities.proficiency.prepare.rules.gate import may_ship
from zhunsheng.activities.proficiency.prepare.rules.reading import from_json, groups_of
from zhunsheng.activities.proficiency.prepare.states import BEFORE_RELEASE, KINDS, OUTCOMES, Kind
from zhunsheng.faces.days import told_in
from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.files import download
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_prepare_forms import WaiveForm
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import t


def prepared(request: VisitedRequest, pk: uuid.UUID) -> Round:
    """A round whose items the visitor prepares, or nothing there."""
    return get_object_or_404(rounds_prepared_by(request.visitor).select_related("provider", "plan"), pk=pk)


def examined(request: VisitedRequest, pk: uuid.UUID) -> Round:
    """A round whose studies the visitor may look at, or nothing there."""
    return get_object_or_404(rounds_examined_by(request.visitor).select_related("provider", "plan"), pk=pk)


def kind_of(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return kind


def measurand_of(round_: Round, number: int) -> RoundMeasurand:
    return get_object_or_404(round_.measurands.select_related("parameter"), pk=number)


def around(request: VisitedRequest, round_: Round) -> dict[str, Any]:
    """What every page of preparation knows: who looks, and whether anything can still be done."""
    coordinates = rounds_prepared_by(request.visitor).filter(pk=round_.pk).exists()
    return {
        "round": round_, "plan": round_.plan, "coordinates": coordinates, "may_act": coordinates and round_.state in BEFORE_RELEASE,
        "steps": steps_of(round_), "rooms": rooms_of(round_, coordinates=coordinates), "KINDS": KINDS, "VERDICTS": OUTCOMES,
        "told_in": told_in, "name_of": queries.name_of, "short": short,
    }  # fmt: skip


def short(written: str) -> str:
    """A standard uncertainty with the two digits that mean something; a dash where there is none."""
    number = number_in(written)
    return significant(number, 2) if number is not None else "–"


@only("evaluator")
@require_GET
def overview(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The gate, what is known of each measurand, the seals."""
    round_ = examined(request, pk)
    rows = queries.overview(round_)
    if asked := file_asked(request):
        return table_file(asked, "items", t("Items", "样品"), OVERVIEW, overview_rows(rows))
    now = timezone.now()
    context = around(request, round_) | {
        "rows": rows, "gate": may_ship([one.standing for row in rows for one in row.values()]),
        "places": queries.places(round_, asker=request.visitor.user, at=now), "after": now > round_.plan.results_until,
        "varied": queries.varied_items(round_),
    }  # fmt: skip
    return render(request, "office/rounds/prepare.html", context)


@only("evaluator")
@require_GET
def study(request: VisitedRequest, pk: uuid.UUID, number: int, kind: str) -> HttpResponse:
    """One measurand in one respect."""
    round_ = examined(request, pk)
    return study_page(request, round_, measurand_of(round_, number), kind_of(kind), WaiveForm())


def study_page(
    request: VisitedRequest, round_: Round, measurand: RoundMeasurand, kind: Kind, form: WaiveForm
) -> HttpResponse:
    """The verdict with the way to it and the results as received, also after a form on it was refused."""
    known, versions = queries.known_of(round_, measurand, kind), queries.studies_of(measurand, kind)
    context = around(request, round_) | {"known": known, "kind": kind, "versions": versions, "form": form}
    if known.verdict is not None:
        verdict, units = known.verdict, from_json(versions[0].rows)
        context |= {
            "sentence": telling.sentence(kind, verdict.outcome, verdict.figures, measurand.unit),
            "way": telling.steps(kind, verdict.figures, verdict.sigma), "remarks": telling.remarks(kind, verdict.figures),
            "units": units, "width": max(len(one.values) for one in units), "grouped": groups_of(units) != [""],
        }  # fmt: skip
    return render(request, "office/rounds/prepare_study.html", context)


@only("evaluator")
@require_GET
def raw(request: VisitedRequest, pk: uuid.UUID, study: uuid.UUID) -> HttpResponse:
    """The file or table of a study, byte for byte as it was received."""
    round_ = examined(request, pk)
    found = get_object_or_404(Study.objects.select_related("attachment"), pk=study, measurand__round=round_)
    suffix = PurePath(found.attachment.name).suffix.lower()
    return download(bytes(found.attachment.content), f"{found.kind}-{found.version}{suffix}")


@only("provider")
@require_GET
def empty(request: VisitedRequest, pk: uuid.UUID, kind: str, form: str) -> HttpResponse:
    """The table to fill in."""
    round_ = prepared(request, pk)
    if form not in ("xlsx", "csv"):
        raise Http404
    known = kind_of(kind)
    measurands = queries.measurands_in_order(round_)
    return download(template(known, measurands, form), f"{known}.{form}")
