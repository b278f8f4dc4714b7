"""Lived rules and risk classes: each as far, and as early, as the asker may see them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import day_of, regulator, visitor_of
from zhunsheng.faces.api.paging import page_after
from zhunsheng.faces.api.registers import REFUSALS
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of, standing
from zhunsheng.registry.management import access
from zhunsheng.registry.management.queries.records import lived_by, lived_by_page
from zhunsheng.registry.management.queries.requirements import basis_of
from zhunsheng.registry.management.queries.risk import with_letter
from zhunsheng.registry.management.rules.lived import Line, missing
from zhunsheng.registry.management.states import State
from zhunsheng.registry.people.queries import Visitor

router = Router(auth=Bearer("read:supervision"), tags=["supervision"])
Year = Annotated[
    int, Field(ge=2018, le=2100, description="the year whose periods are asked about; this one if left out")
]


class LivedShape(Schema):
    """One thing due in one period: in_time, late, missing or not_due, with the reason and the article that asks for it."""

    kind: str
    name: s.Names
    period: str
    due_on: date
    state: str
    reason: s.Names
    basis: s.Names
    held_on: date | None


class LivedOfOne(Schema):
    """All that the rules ask of a laboratory in a year, as known on a day; a regulator sees each thing after its days of grace."""

    institution: UUID
    year: int
    known_on: date
    items: list[LivedShape]


class LivedCounts(Schema):
    institution: UUID
    name: s.Names
    region_code: str
    asked: int
    made: int
    late: int
    missing: list[str]


class LivedPage(s.Page):
    year: int
    known_on: date
    items: list[LivedCounts]


@router.get("/lived-rules", response={200: LivedPage, **REFUSALS}, url_name="api_lived_rules")
def lived_rules(
    request: HttpRequest, year: Year | None = None, known_on: s.Day | None = None, cursor: s.Cursor = "",
    limit: s.Limit = 25,
) -> LivedPage:  # fmt: skip
    """For regulators: each laboratory within reach, what a year asks of it, and what is missing, as known on a day."""
    visitor, by = regulator(request), until_today(known_on)
    year = year or by.year
    rows, following = page_after(access.supervised(visitor), {"name_zh": str, "id": UUID}, cursor, limit)
    lines = lived_by_page(rows, access.dues_open_to(visitor, year), by)
    return LivedPage(year=year, known_on=by, items=[counts(one, lines.get(one.pk, [])) for one in rows], next=following)


def until_today(asked: date | None) -> date:
    """As known when a day ended; nothing is known of days to come."""
    return min(day_of(asked), timezone.localdate())


def counts(one: Institution, lines: list[Line]) -> LivedCounts:
    return LivedCounts(
        institution=one.pk, name=s.Names.of(one.name), region_code=one.region_code, asked=len(lines),
        made=sum(line.made for line in lines), late=sum(line.state is State.LATE for line in lines),
        missing=[":".join(line.due.key) for line in missing(lines)],
    )  # fmt: skip


@router.get(
    "/institutions/{uuid:pk}/lived-rules", response={200: LivedOfOne, **REFUSALS}, url_name="api_lived_rules_of"
)
def lived_rules_of(
    request: HttpRequest, pk: UUID, year: Year | None = None, known_on: s.Day | None = None
) -> LivedOfOne:
    """What a year asks of one laboratory: for who keeps its management system everything, for a regulator what is open."""
    visitor, by = visitor_of(request), until_today(known_on)
    one, year = get_object_or_404(standing(), pk=pk), year or by.year
    items = [lived(line) for line in lines_seen(visitor, one, year, by)]
    return LivedOfOne(institution=one.pk, year=year, known_on=by, items=items)


def lines_seen(visitor: Visitor, one: Institution, year: int, by: date) -> list[Line]:
    """Raises Http404 for whoever neither keeps the system nor supervises the laboratory."""
    own = access.sees_system_of(visitor)
    if own is not None and head_of(own) == one:
        return lived_by(one, year, by)
    if access.supervised(visitor).filter(pk=one.pk).exists():
        return lived_by_page([one], access.dues_open_to(visitor, year), by).get(one.pk, [])
    raise Http404


def lived(line: Line) -> LivedShape:
    return LivedShape(
        kind=line.due.requirement.key, name=s.Names.of(line.due.requirement.name), period=line.due.period.key,
        due_on=line.due.due_on, state=line.state.value, reason=s.Names.of(line.reason), basis=s.Names.of(basis_of(line.due)),
        held_on=line.record.held_on if line.record else None,
    )  # fmt: skip


class RiskShape(Schema):
    """A laboratory and its class on a day; `published_at` is empty while the laboratory does not see it."""

    institution: UUID
    name: s.Names
    region_code: str
    letter: str
    since: date
    published_at: datetime | None


class RiskPage(s.Page):
    on: date
    known_on: date
    items: list[RiskShape]


@router.get("/risk-classes", response={200: RiskPage, **REFUSALS}, url_name="api_risk_classes")
def risk_classes(
    request: HttpRequest, letter: Literal["", "A", "B", "C", "D"] = "", on: s.Day | None = None,
    known_on: s.Day | None = None, cursor: s.Cursor = "", limit: s.Limit = 25,
) -> RiskPage:  # fmt: skip
    """For regulators: the laboratories within reach that have a class on a day, as known on a day."""
    visitor, day, by = regulator(request), day_of(on), day_of(known_on)
    found = with_letter(access.supervised(visitor), day, known_on=by).exclude(risk_letter=None)
    if letter:
        found = found.filter(risk_letter=letter)
    rows, following = page_after(found, {"name_zh": str, "id": UUID}, cursor, limit)
    items = [
        RiskShape(
            institution=one.pk, name=s.Names.of(one.name), region_code=one.region_code, letter=one.risk_letter,
            since=one.risk_since, published_at=one.risk_published,
        )
        for one in rows
    ]  # fmt: skip
    return RiskPage(on=day, known_on=by, items=items, next=following)


class ClassShape(Schema):
    letter: str
    valid_from: date
    valid_to: date | None
    reason: str
    source: str
    published_at: datetime | None


class ClassesOfOne(Schema):
    institution: UUID
    items: list[ClassShape]


@router.get("/institutions/{uuid:pk}/risk-classes", response={200: ClassesOfOne, **REFUSALS}, url_name="api_risk_of")
def risk_classes_of(request: HttpRequest, pk: UUID) -> ClassesOfOne:
    """The classes of one laboratory, the newest first: for the regulators above it all, for itself those that are published."""
    visitor = visitor_of(request)
    one = get_object_or_404(standing(), pk=pk, kind=Institution.Kind.LABORATORY)
    if one not in visitor.laboratories and not visitor.jurisdiction.covers(one.region_code, visitor.on):
        raise Http404
    rows = access.risk_classes_visible_to(visitor, one, at=timezone.now())
    items = [
        ClassShape(
            letter=row.letter, valid_from=row.valid_from, valid_to=row.valid_to, reason=row.reason, source=row.source,
            published_at=row.published_at,
        )
        for row in rows
    ]  # fmt: skip
    return ClassesOfOne(institution=one.pk, items=items)
