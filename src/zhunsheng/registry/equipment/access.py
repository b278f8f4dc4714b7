"""Who sees the equipment of an institution and who keeps its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.access import kept_by, of_heads, seen_in_full_by

if TYPE_CHECKING:
    from zhunsheng.registry.people.queries import Visitor


def instruments_seen_by(visitor: Visitor) -> QuerySet[Instrument]:
    """The instruments of the institutions that the visitor sees in full."""
    return Instrument.objects.filter(of_heads(seen_in_full_by(visitor)))


def instruments_kept_by(visitor: Visitor) -> QuerySet[Instrument]:
    """Those whose entry the visitor may change."""
    return Instrument.objects.filter(of_heads(kept_by(visitor)))
