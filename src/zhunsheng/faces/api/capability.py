"""Capability, evidence and eligibility: what the token's user may see of them, and nothing else."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import capability as capability_of
from zhunsheng.capability.profile.queries import current
from zhunsheng.decisions.eligibility.access import answer_for, decisions_for, may_ask
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.queries import known_on_of, recomputes
from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import day_of, visitor_of
from zhunsheng.faces.api.paging import instant, page_after
from zhunsheng.faces.api.problems import Misunderstood
from zhunsheng.faces.api.registers import REFUSALS, certificate_shape, named, scope_line
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids, standing
from zhunsheng.registry.people.queries import Visitor

router = Router(auth=Bearer("read:capability"), tags=["capability"])
asking = Router(auth=Bearer("ask:eligibility"), tags=["eligibility"])


def institution_seen(visitor: Visitor, pk: UUID) -> Institution:
    """An institution whose capability the visitor may look at: the own laboratory, or, for an authority, one within its reach."""
    own = {one.pk for one in visitor.laboratories}
    found = get_object_or_404(standing(), pk=pk)
    if own.isdisjoint(family_ids(found)) and not visitor.jurisdiction.covers(found.region_code, visitor.on):
        raise Http404
    return found


@router.get(
    "/institutions/{uuid:pk}/capability", response={200: s.CapabilityShape, **REFUSALS}, url_name="api_capability"
)
def capability(
    request: HttpRequest, pk: UUID, parameter: s.Slug, matrix: s.Slug, on: s.Day | None = None,
    known_on: s.Day | None = None,
) -> s.CapabilityShape:  # fmt: skip
    """All that is known, on a day, about whether an institution can determine a parameter in a matrix; evidence as the asker may see it."""
    visitor = visitor_of(request)
    institution, day = institution_seen(visitor, pk), day_of(on)
    asked = in_catalogue(parameter, matrix)
    known = capability_of(institution, *asked, on=day, known_on=day_of(known_on), evidence=visible_to(visitor))
    return s.CapabilityShape(
        institution=institution.pk, parameter=named(known.parameter), matrix=named(known.matrix), on=day, known_on=known.known_on,
        certificates=[certificate_shape(paper, day) for paper in known.certificates],
        scope=[scope_line(line) for line in known.scope_lines],
        instruments=[
            s.InstrumentShape(
                serial=one.instrument.serial,
                in_date=one.covering is not None, valid_to=one.covering.valid_to if one.covering else None,
            )
            for one in known.instruments
        ],
        signatories=len(known.signatories), evidence=[shown(line) for line in known.evidence],
    )  # fmt: skip


def in_catalogue(parameter: str, matrix: str) -> tuple[Parameter, Matrix]:
    """Both by their codes. Raises Misunderstood for one that is not in the catalogue."""
    first, second = Parameter.objects.filter(code=parameter).first(), Matrix.objects.filter(code=matrix).first()
    for where, found in (("parameter", first), ("matrix", second)):
        if found is None:
            raise Misunderstood(where, t("Nothing in the catalogue has this code.", "目录中没有该代码。"))
    assert first and second
    return first, second


def shown(line: Evidence) -> s.EvidenceShape:
    return s.EvidenceShape(
        id=line.pk, kind=line.kind, institution=line.institution_id, parameter=line.parameter.code,
        matrix=line.matrix.code, occurred_on=line.occurred_on, recorded_at=line.recorded_at,
        source_sha256=line.source_sha256, payload=line.payload,
    )  # fmt: skip


@router.get("/evidence", response={200: s.EvidencePage, **REFUSALS}, url_name="api_evidence")
def evidence(
    request: HttpRequest, institution: UUID | None = None, on: s.Day | None = None, known_on: s.Day | None = None,
    cursor: s.Cursor = "", limit: s.Limit = 25,
) -> s.EvidencePage:  # fmt: skip
    """The lines of evidence that the asker may see, current on a day as known on a day, in the order in which they became known."""
    rows = evidence_seen(visitor_of(request), institution, day_of(on), day_of(known_on))
    found, following = page_after(rows, {"recorded_at": instant, "id": UUID}, cursor, limit)
    return s.EvidencePage(items=[shown(line) for line in found], next=following)


def evidence_seen(visitor: Visitor, institution: UUID | None, day: date, known_on: date) -> QuerySet[Evidence]:
    seen = current(visible_to(visitor), on=day, known_on=known_on).select_related("parameter", "matrix")
    return seen.filter(institution=institution) if institution else seen


class Question(Schema):
    """May this laboratory be the subcontractor for a parameter in a matrix on a day?"""

    institution: UUID
    parameter: s.Slug
    matrix: s.Slug
    on: s.Day
    known_on: s.Day | None = None


@asking.post("/eligibility", response={200: s.DecisionShape, **REFUSALS}, url_name="api_eligibility")
def ask(request: HttpRequest, question: Question) -> s.DecisionShape:
    """Ask, and keep the answer with all that it rests on. For regulators."""
    visitor = visitor_of(request)
    if not may_ask(visitor):
        raise Http404
    institution = get_object_or_404(standing().filter(kind="laboratory"), pk=question.institution)
    parameter, matrix = in_catalogue(question.parameter, question.matrix)
    try:
        made = decide(
            institution=institution, parameter=parameter, matrix=matrix, on=question.on, known_on=question.known_on,
            visitor=visitor, at=timezone.now(),
        )  # fmt: skip
    except LookupError:
        raise Misunderstood("on", t("No policy was in force on this day.", "该日期没有生效的判定规则。")) from None
    return answered(visitor, made)


@asking.get("/eligibility/{uuid:pk}", response={200: s.DecisionShape, **REFUSALS}, url_name="api_decision")
def decision(request: HttpRequest, pk: UUID) -> s.DecisionShape:
    """An answer that the asker's authority was given, and whether it comes out the same when it is computed again."""
    visitor = visitor_of(request)
    return answered(visitor, get_object_or_404(decisions_for(visitor), pk=pk))


def answered(visitor: Visitor, made: Decision) -> s.DecisionShape:
    whole: dict[str, Any] = answer_for(visitor, made)
    return s.DecisionShape(
        id=made.pk, institution=made.institution_id, parameter=made.parameter.code, matrix=made.matrix.code, on=made.on,
        known_on=known_on_of(made),
        asked_at=made.asked_at, answer=made.answer, policy=made.policy, sha256=made.sha256, recomputes=recomputes(made),
        verdict=whole,
    )  # fmt: skip
