"""Stock-takings, the returns of institutions, and what they come to."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import insider
from zhunsheng.faces.api.paging import instant, page_after
from zhunsheng.faces.api.registers import REFUSALS
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.stocktaking.access import called_by, own_returns, returns_seen_by, seen_by_authority
from zhunsheng.registry.stocktaking.models import Return, StockTaking
from zhunsheng.registry.stocktaking.queries import RollUp, Row, rollup, standing_returns

router = Router(auth=Bearer("read:supervision"), tags=["supervision"])


class StockTakingShape(Schema):
    id: UUID
    title: s.Names
    authority: UUID
    authority_name: s.Names
    region_code: str
    fields: list[str]
    as_of: date
    due_on: date
    state: str
    opened_at: datetime
    closed_at: datetime | None


class StockTakingPage(s.Page):
    items: list[StockTakingShape]


class TotalsShape(Schema):
    """What the returns of one part of the region come to; `code` is empty for the whole and for what lies elsewhere."""

    code: str
    name: s.Names
    institutions: int
    states: dict[str, int]
    confirmed: int
    people: int
    instruments: int
    lines: int
    certificates: int
    reports: dict[str, int]
    completeness: float | None
    consistency: float | None


class RollUpShape(Schema):
    """The whole, its parts, and people and instruments each counted once."""

    whole: TotalsShape
    parts: list[TotalsShape]
    people_once: int
    instruments_once: int


class StockTakingDetail(StockTakingShape):
    """`totals` are told to the authority that called."""

    totals: RollUpShape | None


class ReturnShape(Schema):
    """A return; scores and totals are as they were when it was confirmed."""

    id: UUID
    stocktaking: UUID
    institution: UUID
    institution_name: s.Names
    state: str
    complete: int | None
    complete_of: int | None
    consistent: int | None
    consistent_of: int | None
    totals: dict[str, Any] | None
    confirmed_at: datetime | None
    decided_at: datetime | None
    reason: str


class ReturnDetail(ReturnShape):
    remark: str
    points: list[dict[str, Any]] | None


class ReturnPage(s.Page):
    items: list[ReturnShape]


def stocktakings_seen_by(visitor: Visitor) -> QuerySet[StockTaking]:
    """As an authority, those that reach its area; as a laboratory, those that ask it."""
    asked = own_returns(visitor).order_by().values("stocktaking")
    called = seen_by_authority(visitor).order_by().values("pk")
    return StockTaking.objects.filter(Q(pk__in=asked) | Q(pk__in=called))


def returns_visible_to(visitor: Visitor) -> QuerySet[Return]:
    """As an authority, those of its own stock-takings and of its area; as a laboratory, its own."""
    mine, reached = own_returns(visitor).order_by().values("pk"), returns_seen_by(visitor).order_by().values("pk")
    return standing_returns().filter(Q(pk__in=mine) | Q(pk__in=reached))


@router.get("/stock-takings", response={200: StockTakingPage, **REFUSALS}, url_name="api_stocktakings")
def stocktakings(
    request: HttpRequest, state: Literal["", "open", "closed"] = "", cursor: s.Cursor = "", limit: s.Limit = 25
) -> StockTakingPage:
    """The stock-takings that concern the asker, in the order in which they were opened."""
    found = stocktakings_seen_by(insider(request)).select_related("authority")
    if state:
        found = found.filter(state=state)
    rows, following = page_after(found, {"opened_at": instant, "id": UUID}, cursor, limit)
    return StockTakingPage(items=[StockTakingShape(**stocktaking(one)) for one in rows], next=following)


def stocktaking(one: StockTaking) -> dict[str, Any]:
    return {
        "id": one.pk, "title": s.Names.of(one.title), "authority": one.authority_id,
        "authority_name": s.Names.of(one.authority.name), "region_code": one.region_code, "fields": one.fields,
        "as_of": one.as_of, "due_on": one.due_on, "state": one.state, "opened_at": one.opened_at, "closed_at": one.closed_at,
    }  # fmt: skip


@router.get("/stock-takings/{uuid:pk}", response={200: StockTakingDetail, **REFUSALS}, url_name="api_stocktaking")
def one_stocktaking(request: HttpRequest, pk: UUID) -> StockTakingDetail:
    """One stock-taking; for the authority that called with its totals, while it is open as they stand now."""
    visitor = insider(request)
    one = get_object_or_404(stocktakings_seen_by(visitor).select_related("authority"), pk=pk)
    mine = called_by(visitor).filter(pk=one.pk).exists()
    return StockTakingDetail(**stocktaking(one), totals=rolled_up(rollup(one)) if mine else None)


def rolled_up(found: RollUp) -> RollUpShape:
    return RollUpShape(
        whole=totals(found.whole), parts=[totals(row) for row in found.rows], people_once=found.people_once,
        instruments_once=found.instruments_once,
    )  # fmt: skip


def totals(row: Row) -> TotalsShape:
    return TotalsShape(
        code=row.code, name=s.Names.of(row.name), institutions=row.institutions, states=dict(row.states),
        confirmed=row.confirmed, people=row.sums["people"], instruments=row.sums["instruments"], lines=row.sums["lines"],
        certificates=row.sums["certificates"], reports=dict(row.reports), completeness=row.share("completeness"),
        consistency=row.share("consistency"),
    )  # fmt: skip


@router.get("/returns", response={200: ReturnPage, **REFUSALS}, url_name="api_returns")
def returns(
    request: HttpRequest, stocktaking: UUID | None = None,
    state: Literal["", "waiting", "confirmed", "returned", "accepted"] = "", cursor: s.Cursor = "", limit: s.Limit = 25,
) -> ReturnPage:  # fmt: skip
    """Returns that the asker may see: a laboratory its own, an authority those of its stock-takings and of its area."""
    found = returns_visible_to(insider(request)).select_related("institution__merged_into")
    if stocktaking:
        found = found.filter(stocktaking=stocktaking)
    if state:
        found = found.filter(state=state)
    rows, following = page_after(found, {"stocktaking_id": UUID, "id": UUID}, cursor, limit)
    return ReturnPage(items=[ReturnShape(**told(one)) for one in rows], next=following)


def told(one: Return) -> dict[str, Any]:
    head = head_of(one.institution)
    return {
        "id": one.pk, "stocktaking": one.stocktaking_id, "institution": head.pk, "institution_name": s.Names.of(head.name),
        "state": one.state, "complete": one.complete, "complete_of": one.complete_of, "consistent": one.consistent,
        "consistent_of": one.consistent_of, "totals": one.totals, "confirmed_at": one.confirmed_at,
        "decided_at": one.decided_at, "reason": one.reason,
    }  # fmt: skip


@router.get("/returns/{uuid:pk}", response={200: ReturnDetail, **REFUSALS}, url_name="api_return")
def one_return(request: HttpRequest, pk: UUID) -> ReturnDetail:
    """One return with every point as it was when confirmed."""
    seen = returns_visible_to(insider(request)).select_related("institution__merged_into")
    one = get_object_or_404(seen, pk=pk)
    return ReturnDetail(**told(one), remark=one.remark, points=one.points)
