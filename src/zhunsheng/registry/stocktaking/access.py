"""Who calls a stock-taking, who confirms, who decides, and who sees which return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from zhunsheng.registry.institutions.access import own_heads
from zhunsheng.registry.stocktaking.models import Return, StockTaking
from zhunsheng.registry.stocktaking.queries import of_family, standing_returns

if TYPE_CHECKING:
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.queries import Visitor

CONFIRMS = frozenset({"quality_manager", "technical_manager", "institution_admin"})
"""The posts whose holders confirm the entry of their institution."""


def may_open(visitor: Visitor, region_code: str) -> bool:
    """An authority calls for its own area; only a national one for the whole country."""
    if visitor.authority is None:
        return False
    return visitor.jurisdiction.national if not region_code else visitor.jurisdiction.covers(region_code, visitor.on)


def called_by(visitor: Visitor) -> QuerySet[StockTaking]:
    """The stock-takings that the visitor's own authority called: it decides on the returns."""
    return StockTaking.objects.filter(authority=visitor.authority) if visitor.authority else StockTaking.objects.none()


def seen_by_authority(visitor: Visitor) -> QuerySet[StockTaking]:
    """The authority's own, and those of others in which institutions of its area take part."""
    if visitor.authority is None:
        return StockTaking.objects.none()
    reached = Return.objects.filter(visitor.jurisdiction.q("institution__region_code", visitor.on))
    return StockTaking.objects.filter(Q(authority=visitor.authority) | Q(pk__in=reached.values("stocktaking")))


def returns_seen_by(visitor: Visitor) -> QuerySet[Return]:
    """As an authority: all returns of the own stock-takings, of others those of the own area."""
    if visitor.authority is None:
        return Return.objects.none()
    return Return.objects.filter(
        Q(stocktaking__authority=visitor.authority) | visitor.jurisdiction.q("institution__region_code", visitor.on)
    )


def own_returns(visitor: Visitor) -> QuerySet[Return]:
    """The returns of the laboratories that the visitor works for."""
    return standing_returns().filter(of_family(own_heads(visitor)))


def ever_own(visitor: Visitor) -> QuerySet[Return]:
    """These, and those of entries merged since, for whoever follows an old link: see `queries.standing_beside`."""
    return Return.objects.filter(of_family(own_heads(visitor)))


def may_confirm(visitor: Visitor, institution: Institution) -> bool:
    """Someone who answers for the entry: quality manager, technical manager or administrator there."""
    held = {post.institution.merged_into_id or post.institution_id for post in visitor.posts if post.kind in CONFIRMS}
    return (institution.merged_into_id or institution.pk) in held
