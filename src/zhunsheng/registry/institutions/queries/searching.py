"""Finding institutions by what people type, and by where they stand with their certificates on a day."""

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries.families import family_has, family_of

SOON = timedelta(days=90)
FEW = 500
WHOLE_CODE = re.compile("[0-9A-Za-z]{18}", re.ASCII)
"""A unified social credit code as it is typed (GB 32100-2015: 18 characters)."""


def matching(words: str) -> Q:
    """Standing institutions by a part of a name, today's or former, of the entry or of one merged into it; by the beginning of a
    code; by a certificate's number. A whole code is found by its index, without reading all names.
    """
    if WHOLE_CODE.fullmatch(words):
        coded = Institution.objects.filter(uscc=words.upper())
        return Q(uscc=words.upper()) | Q(pk__in=coded.filter(merged_into__isnull=False).values("merged_into"))
    named = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(former_names__icontains=words)
    if words.isascii():
        named |= Q(uscc__istartswith=words)
    merged = Institution.objects.filter(named, merged_into__isnull=False).values("merged_into")
    found = named | Q(pk__in=merged)
    if any(c.isdigit() for c in words):
        held = Certificate.objects.filter(superseded_at=None, number__icontains=words)
        found |= Q(pk__in=_heads(held))
    return found


def _heads(certificates: QuerySet[Certificate]) -> QuerySet[Certificate, UUID]:
    """The entries that stand for the holders."""
    return certificates.order_by().values_list(Coalesce("institution__merged_into", "institution"), flat=True)


def certified_on(on: date, *, known_on: date, path: str = "pk") -> Q:
    """Entries (behind `path`) whose institution holds a certificate on a day, under whichever of its entries, as known on a day."""
    return family_has(Certificate.objects.filter(holding(on), known(known_on)), path)


def in_certificate_state(state: str, on: date, *, known_on: date) -> Q:
    """Standing institutions that on a day hold a valid certificate, one that ends soon and none that lasts, only ended ones, or none."""
    every = Q(known(known_on), valid_from__lte=on)
    covering, lasting = every & holding(on), every & Q(valid_to__gte=on + SOON)
    wanted = {
        "valid": lambda: _holds(covering),
        "ending": lambda: _holds(covering) & ~_holds(lasting),
        "ended": lambda: _holds(every) & ~_holds(covering),
        "none": lambda: ~_holds(every),
    }
    return wanted[state]()


def _holds(such: Q) -> Q:
    return family_has(Certificate.objects.filter(such))


def settled(found: QuerySet[Institution]) -> QuerySet[Institution]:
    """The same rows, by their keys where they are few, so that counting and paging do not search the names again."""
    keys = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    return found.model.objects.filter(pk__in=keys) if len(keys) <= FEW else found


def certificates_of(heads: Collection[Institution], *, known_on: date) -> dict[UUID, list[Certificate]]:
    """All certificates known on a day of each institution, with those of entries merged into it, the longest first; two queries."""
    found: dict[UUID, list[Certificate]] = defaultdict(list)
    for row in certificates_under(family_of(heads), known_on=known_on):
        found[row.institution.merged_into_id or row.institution_id].append(row)
    return found


def certificates_under(keys: Collection[UUID], *, known_on: date) -> QuerySet[Certificate]:
    """All certificates known on a day that were entered under these keys, the longest first."""
    rows = Certificate.objects.filter(known(known_on), institution__in=keys)
    return rows.select_related("institution").order_by("-valid_to", "pk")


def certificate_state(certificates: Collection[Certificate], on: date) -> str:
    """valid, ending, ended or none: the same answer as `in_certificate_state`."""
    begun = [one for one in certificates if one.valid_from <= on]
    if not begun:
        return "none"
    last = max(one.valid_to for one in begun)
    if last < on:
        return "ended"
    return "valid" if last >= on + SOON else "ending"
