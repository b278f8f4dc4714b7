"""Which returns stand: one for each institution, also after a person found two entries to be one.

Computed when asked and stored nowhere, so that a merge takes nothing away and undoing it gives both returns back.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zhunsheng.registry.institutions.models import Institution, Merge
from zhunsheng.registry.stocktaking.models import Return, StockTaking


def standing_returns() -> QuerySet[Return]:
    """The returns that count: of entries merged into one the standing entry's, else that of the first of them that was asked.

    A stock-taking that was closed before the merge keeps the returns that it had.
    """
    beside = Return.objects.filter(stocktaking=OuterRef("stocktaking"))
    kept = beside.filter(institution=OuterRef("institution__merged_into"))
    first = beside.filter(
        institution__merged_into=OuterRef("institution__merged_into"), institution__lt=OuterRef("institution")
    )
    in_time = Q(stocktaking__closed_at=None) | Q(institution__merged_at__lte=F("stocktaking__closed_at"))
    merged = Return.objects.filter(in_time, Exists(kept) | Exists(first), institution__merged_into__isnull=False)
    return Return.objects.exclude(pk__in=merged.order_by().values("pk"))


def of_family(heads: Iterable[UUID]) -> Q:
    """Returns made under the entry of one of these standing institutions, or under one merged into it."""
    keys = list(heads)
    return Q(institution__in=keys) | Q(institution__merged_into__in=keys)


def standing_beside(one: Return) -> Return:
    """The return that stands for the same institution in the same stock-taking: mostly itself."""
    head = one.institution.merged_into_id or one.institution_id
    family = standing_returns().filter(of_family([head]), stocktaking=one.stocktaking_id)
    return family.select_related("stocktaking__authority", "institution__merged_into").first() or one


def counted_returns(stocktaking: StockTaking) -> QuerySet[Return]:
    """The standing returns that are confirmed: totals are made of them."""
    return standing_returns().filter(stocktaking=stocktaking, state__in=("confirmed", "accepted"))


def changed_since(returns: QuerySet[Return]) -> QuerySet[Return]:
    """Those whose institution was merged with another, or parted from it, after they were confirmed."""
    later = Q(merged_at__gt=OuterRef("confirmed_at")) | Q(undone_at__gt=OuterRef("confirmed_at"))
    one_of_them = Q(kept=OuterRef("institution")) | Q(merged=OuterRef("institution"))
    return returns.filter(Exists(Merge.objects.filter(later, one_of_them)))


def heads_behind(returns: QuerySet[Return]) -> QuerySet[Institution]:
    """The standing institutions of these returns."""
    entries = returns.order_by().values("institution")
    return Institution.objects.filter(
        Q(pk__in=entries, merged_into=None)
        | Q(pk__in=Institution.objects.filter(pk__in=entries, merged_into__isnull=False).values("merged_into"))
    )
