"""The questions asked of the log: where an act stands in it, and how that is proved."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf
from zhunsheng.foundation.journal.rules.proofs import (
    Range,
    consistency_ranges,
    filled,
    inclusion_ranges,
    leaves_needed,
    positions_needed,
)
from zhunsheng.foundation.journal.rules.receipts import receipt
from zhunsheng.foundation.journal.sequencing import ENTRY, kept, newest_checkpoint, unhexed


def receipt_of(entry: Entry) -> dict[str, Any] | None:
    """The proof that an act is in the log as the newest checkpoint signs it; None while it waits to be sequenced."""
    leaf, newest = Leaf.objects.filter(kind=ENTRY, key=str(entry.pk)).first(), newest_checkpoint()
    if leaf is None or newest is None:
        return None
    path = hashes_of(inclusion_ranges(leaf.index, newest.size))
    return receipt(bytes(entry.canonical), index=leaf.index, path=path, note=newest.note)


def growth(old: int, size: int) -> list[bytes]:
    """The proof that the log of `size` began as that of `old`; both as large as some checkpoint says."""
    return hashes_of(consistency_ranges(old, size))


def hashes_of(ranges: Sequence[Range]) -> list[bytes]:
    """The roots of these ranges: two questions, whatever the size of the log."""
    wanted = Q(index__in=())
    for first, last in _joined(leaves_needed(ranges)):
        wanted |= Q(index__gte=first, index__lt=last)
    leaves = dict(Leaf.objects.filter(wanted).values_list("index", "leaf_hash"))
    return filled(ranges, kept(positions_needed(ranges)), unhexed(leaves))


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """The same leaves in as few ranges as may be."""
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def with_places(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Acts with `place`, their index in the log, and `sequenced_at`, when a checkpoint first covered it; None while they wait."""
    leaf = Leaf.objects.filter(kind=ENTRY, key=Cast(OuterRef("pk"), TextField()))
    first = Checkpoint.objects.filter(size__gt=OuterRef("place")).order_by("size")
    return entries.annotate(place=Subquery(leaf.values("index"))).annotate(
        sequenced_at=Subquery(first.values("at")[:1])
    )


def sequenced_at(index: int) -> datetime | None:
    """When a checkpoint first covered a leaf."""
    return Checkpoint.objects.filter(size__gt=index).order_by("size").values_list("at", flat=True).first()
