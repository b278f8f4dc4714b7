"""Who sees an institution in full, and who may change what the register says of it.

The public sees names, region, address, kind, certificates and scope of every standing institution (`queries.standing`). In full,
with contacts, people and instruments, it is seen by itself and by the authorities in whose area it lies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing

if TYPE_CHECKING:
    from zhunsheng.registry.people.queries import Visitor

KEEPS_OWN = frozenset({"institution_admin", "technical_manager"})
"""The posts whose holders keep what the register says of their own institution."""


def own_heads(visitor: Visitor) -> set[UUID]:
    """The entries that stand for the laboratories that the visitor works for or administers."""
    return {one.merged_into_id or one.pk for one in visitor.laboratories}


def kept_heads(visitor: Visitor) -> set[UUID]:
    """Of these the ones whose entry the visitor keeps."""
    held = {post.institution_id for post in visitor.posts if post.kind in KEEPS_OWN}
    return {one.merged_into_id or one.pk for one in visitor.laboratories if one.pk in held}


def in_area(visitor: Visitor, path: str = "") -> Q:
    """Institutions (behind `path`, like "first__") in the area of the visitor's authorities."""
    return visitor.jurisdiction.q(f"{path}region_code", visitor.on)


def registered(visitor: Visitor, path: str = "") -> Q:
    """Those whose entry the visitor may change as a regulator, see `registered_by`."""
    area = in_area(visitor, path)
    return area if visitor.jurisdiction.national else area & ~Q(**{f"{path}kind": Institution.Kind.AUTHORITY})


def overseen_by(visitor: Visitor) -> QuerySet[Institution]:
    """The standing institutions in the area of the visitor's authorities."""
    return standing().filter(in_area(visitor))


def seen_in_full_by(visitor: Visitor) -> QuerySet[Institution]:
    """The standing institutions of which the visitor sees everything but identity numbers."""
    return standing().filter(Q(pk__in=own_heads(visitor)) | in_area(visitor))


def registered_by(visitor: Visitor) -> QuerySet[Institution]:
    """The standing institutions whose entry and certificates the visitor may change as a regulator.

    How far an authority reaches follows from its entry: only a national authority changes those, so that none widens its own reach.
    """
    return standing().filter(registered(visitor))


def kept_by(visitor: Visitor) -> QuerySet[Institution]:
    """The standing institutions whose sites, contacts, people and equipment the visitor may change."""
    return standing().filter(Q(pk__in=kept_heads(visitor)) | registered(visitor))


def of_heads(heads: QuerySet[Institution], path: str = "institution") -> Q:
    """Rows that belong to one of these standing institutions or to an entry merged into it.

    Asked of the institutions alone: an "or" across a join would read every row of the other table.
    """
    keys = heads.order_by().values("pk")
    return Q(
        **{f"{path}__in": Institution.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by().values("pk")}
    )
