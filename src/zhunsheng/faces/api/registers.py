"""Institutions, regions, catalogue, standards, scopes, working days: what the public may look up."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import day_of
from zhunsheng.faces.api.paging import page_after
from zhunsheng.faces.api.problems import Misunderstood, Problem
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.validity import Validity, end_of, holding
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.catalogue.queries import (
    matrices_named,
    methods_named,
    parameters_named,
    parts_of,
    standards_named,
    states_of,
    wholes_of,
)
from zhunsheng.registry.institutions.models import Certificate, Institution, Site
from zhunsheng.registry.institutions.queries import family_ids, standing
from zhunsheng.registry.institutions.queries.searching import certificates_of, in_certificate_state, matching
from zhunsheng.registry.regions.queries import within
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.search import Question, scope_search

router = Router(auth=Bearer("read:registers", needed=False), tags=["registers"])
REFUSALS = {frozenset({401, 403, 404, 422, 429}): Problem}
MOST_SUGGESTED = 50
Suggested = Annotated[int, Field(ge=1, le=MOST_SUGGESTED)]
FIRST_YEAR, LAST_YEAR = 1950, 2100


@router.get("/institutions", response={200: s.InstitutionPage, **REFUSALS}, url_name="api_institutions")
def institutions(
    request: HttpRequest,
    q: s.Words = "",
    region: s.Code | Literal[""] = "",
    kind: Literal["", "laboratory", "provider"] = "",
    certificate: Literal["", "valid", "ending", "ended", "none"] = "",
    on: s.Day | None = None,
    known_on: s.Day | None = None,
    cursor: s.Cursor = "",
    limit: s.Limit = 25,
) -> s.InstitutionPage:
    """Look up institutions by words of a name, code or certificate number, by region, kind, and state of the certificates on the day."""
    day = day_of(on)
    found = published()
    if words := q.strip():
        found = found.filter(matching(words))
    if region:
        found = found.filter(within(region, day))
    if kind:
        found = found.filter(kind=kind)
    if certificate:
        found = found.filter(in_certificate_state(certificate, day, known_on=day_of(known_on)))
    rows, following = page_after(found, {"name_zh": str, "id": UUID}, cursor, limit)
    return s.InstitutionPage(items=[s.InstitutionShape(**public(one, day)) for one in rows], next=following)


def published() -> QuerySet[Institution]:
    """The institutions that everybody may look up: authorities are not looked up."""
    return standing().exclude(kind=Institution.Kind.AUTHORITY)


def public(one: Institution, day: date) -> dict[str, Any]:
    """What everybody may know of an institution."""
    return {
        "id": one.pk, "kind": one.kind, "level": one.level, "uscc": one.uscc, "name": s.Names.of(one.name),
        "region_code": one.region_code, "region": s.Names.of(regions.name_of(one.region_code, day)), "address": one.address,
    }  # fmt: skip


@router.get("/institutions/{uuid:pk}", response={200: s.InstitutionDetail, **REFUSALS}, url_name="api_institution")
def institution(
    request: HttpRequest, pk: UUID, on: s.Day | None = None, known_on: s.Day | None = None
) -> s.InstitutionDetail:
    """An institution with its sites and certificates as they stood on a day, as known on a day."""
    one, day, by = get_object_or_404(published(), pk=pk), day_of(on), day_of(known_on)
    family = family_ids(one)
    sites = Site.objects.filter(holding(day), recorded_at__lt=end_of(by), institution__in=family).order_by("name_zh")
    papers = certificates_of([one], known_on=by)[one.pk]
    return s.InstitutionDetail(
        **public(one, day), on=day, known_on=by, former_names=[name for name in one.former_names.splitlines() if name],
        sites=[s.SiteShape(name=s.Names.of(x.name), address=x.address, region_code=x.region_code) for x in sites],
        certificates=[certificate_shape(paper, day) for paper in papers],
    )  # fmt: skip


def certificate_shape(paper: Certificate, day: date) -> s.CertificateShape:
    holds = Validity(paper.valid_from, paper.valid_to).covers(day)
    return s.CertificateShape(
        scheme=paper.scheme, number=paper.number, valid_from=paper.valid_from, valid_to=paper.valid_to, holds=holds
    )


@router.get("/scopes", response={200: s.ScopePage, **REFUSALS}, url_name="api_scopes")
def scopes(
    request: HttpRequest,
    parameter: s.Slug | Literal[""] = "",
    matrix: s.Slug | Literal[""] = "",
    method: s.Words = "",
    institution: UUID | None = None,
    region: s.Code | Literal[""] = "",
    status: Literal["", "active", "self_suspended", "suspended", "cancelled"] = "active",
    on: s.Day | None = None,
    known_on: s.Day | None = None,
    cursor: s.Cursor = "",
    limit: s.Limit = 25,
) -> s.ScopePage:
    """Who may test what: scope lines as of a day, as known when a day ended. Narrow by parameter, matrix, method, institution or region."""
    day = day_of(on)
    question = Question(
        on=day, known_on=known_on or timezone.localdate(), region=region, status=status,
        parameter=coded(Parameter, parameter, "parameter"), matrices=matrices_of(matrix), methods=methods_of(method),
        institutions=tuple(family_ids(get_object_or_404(published(), pk=institution))) if institution else (),
    )  # fmt: skip
    found = scope_search(question, after=cursor, size=limit)
    items = [scope_line(line) for line in found.lines]
    return s.ScopePage(on=question.on, known_on=question.known_on, items=items, next=found.following)


def coded(model: type[Parameter] | type[Matrix], code: str, where: str) -> int | None:
    """The key of what has a code in the catalogue. Raises Misunderstood for a code that nothing has."""
    if not code:
        return None
    found = model.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Misunderstood(f"query.{where}", t("Nothing in the catalogue has this code.", "目录中没有该代码。"))
    return int(found)


def matrices_of(code: str) -> tuple[int, ...]:
    """A matrix, all that lies within it, and what it lies within: who is approved for that is approved for it."""
    key = coded(Matrix, code, "matrix")
    return (*parts_of(one), *wholes_of(one)) if key and (one := Matrix.objects.get(pk=key)) else ()


def methods_of(number: str) -> tuple[int, ...]:
    if not number.strip():
        return ()
    found = Method.objects.filter(number__iexact=number.strip()).values_list("pk", flat=True)
    if not found:
        raise Misunderstood("query.method", t("No method has this number.", "没有该编号的方法。"))
    return tuple(found)


def scope_line(line: ScopeLine) -> s.ScopeLineShape:
    return s.ScopeLineShape(
        series=line.series, institution=line.institution_id, institution_name=s.Names.of(line.institution.name),
        parameter=named(line.parameter), matrix=named(line.matrix), method=line.method.number,
        region_code=line.region_code, low=line.low, high=line.high, unit=line.unit, uncertainty=line.uncertainty,
        limits=line.limits, status=line.status, valid_from=line.valid_from, valid_to=line.valid_to,
    )  # fmt: skip


def named(row: Parameter | Matrix) -> s.NamedShape:
    return s.NamedShape(code=row.code, name=s.Names.of(row.name))


@router.get("/parameters", response={200: list[s.ParameterShape], **REFUSALS}, url_name="api_parameters")
def parameters(request: HttpRequest, q: s.Words = "", limit: Suggested = 20) -> list[s.ParameterShape]:
    """Parameters of the catalogue by any of their names, CAS number or code; the best first."""
    rows = parameters_named(q)[:limit]
    return [s.ParameterShape(code=x.code, name=s.Names.of(x.name), cas=x.cas) for x in rows]


@router.get("/matrices", response={200: list[s.MatrixShape], **REFUSALS}, url_name="api_matrices")
def matrices(request: HttpRequest, q: s.Words = "", limit: Suggested = 20) -> list[s.MatrixShape]:
    """Matrices of the catalogue by name, code or field; the best first."""
    return [s.MatrixShape(code=x.code, name=s.Names.of(x.name), field=x.field) for x in matrices_named(q)[:limit]]


@router.get("/methods", response={200: list[s.MethodShape], **REFUSALS}, url_name="api_methods")
def methods(request: HttpRequest, q: s.Words = "", limit: Suggested = 20) -> list[s.MethodShape]:
    """Methods by number, however it is typed, or name; the best first."""
    rows = methods_named(q).select_related("standard")[:limit]
    return [
        s.MethodShape(number=x.number, name=s.Names.of(x.name), standard=x.standard.number if x.standard else None)
        for x in rows
    ]


@router.get("/standards", response={200: list[s.StandardShape], **REFUSALS}, url_name="api_standards")
def standards(
    request: HttpRequest, q: s.Words = "", on: s.Day | None = None, known_on: s.Day | None = None,
    limit: Suggested = 20,
) -> list[s.StandardShape]:  # fmt: skip
    """Standards by number or title, with the state each had on a day, as known when a day ended."""
    rows, day = list(standards_named(q)[:limit]), day_of(on)
    states = states_of([row.pk for row in rows], on=day, known_on=known_on or timezone.localdate())
    shown = []
    for row in rows:
        state = states[row.pk].row
        replacement = state.replacement if state else None
        shown.append(
            s.StandardShape(
                number=row.number, title=s.Names.of(row.name), state=state.state if state else None,
                valid_from=state.valid_from if state else None, replaced_by=replacement.number if replacement else None,
            )
        )  # fmt: skip
    return shown


@router.get("/regions", response={200: list[s.RegionShape], **REFUSALS}, url_name="api_regions")
def regions_below(
    request: HttpRequest, parent: s.Code | Literal[""] = "", q: s.Words = "", on: s.Day | None = None
) -> list[s.RegionShape]:
    """Regions (GB/T 2260) on a day: by words, or below a code; the provinces when neither is given."""
    day = day_of(on)
    if q.strip():
        found = regions.search(q, day)
    else:
        found = regions.children(parent, day) if parent else regions.provinces(day)
    return [region_shape(one) for one in found]


@router.get("/regions/{code}", response={200: s.RegionShape, **REFUSALS}, url_name="api_region")
def region(request: HttpRequest, code: s.Code, on: s.Day | None = None) -> s.RegionShape:
    """The region that bore a code on a day; after its end the last that bore it, with its successors."""
    found = regions.region(code, day_of(on))
    if found is None:
        raise Http404
    return region_shape(found)


def region_shape(one: regions.Region) -> s.RegionShape:
    return s.RegionShape(
        code=one.code, name=s.Names.of(one.name), level=one.level, parent=one.parent, valid_from=one.valid_from,
        valid_to=one.valid_to, successors=list(one.successors), latitude=one.latitude, longitude=one.longitude,
    )  # fmt: skip


@router.get("/working-days", response={200: s.WorkingDays, **REFUSALS}, url_name="api_working_days")
def working_days(
    request: HttpRequest, start: s.Day | None = None, count: Annotated[int, Field(ge=-250, le=250)] = 0
) -> s.WorkingDays:
    """The last day of a period of so many working days that an act on a day begins; 0 gives the first working day from it on."""
    start = day_of(start)
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise Misunderstood("query.start", t("Ask for a day from 1950 to 2100.", "日期须在 1950 年至 2100 年之间。"))
    reach = timedelta(days=2 * abs(count) + 60)
    calendar = working_calendar(start - reach, start + reach)
    end = calendar.add(start, count)
    return s.WorkingDays(
        start=start, count=count, end=end, start_is_worked=calendar.is_working(start),
        years_without_calendar=list(calendar.unknown_years(min(start, end), max(start, end))),
    )  # fmt: skip
