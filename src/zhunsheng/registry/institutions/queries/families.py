"""Entries that a person found to be one institution: who stands for whom."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.registry.institutions.models import Institution


def standing() -> QuerySet[Institution]:
    """Institutions as the register lists them: without those that a person found to be another one."""
    return Institution.objects.filter(merged_into=None)


def family(institution: Institution) -> QuerySet[Institution]:
    """The entry that stands for an institution and those merged into it."""
    head = institution.merged_into_id or institution.pk
    return Institution.objects.filter(Q(pk=head) | Q(merged_into=head))


def family_ids(institution: Institution) -> list[UUID]:
    """The keys under which the register and the ledger know an institution: its own and those merged into it."""
    return family_of([institution])


def family_of(institutions: Iterable[Institution]) -> list[UUID]:
    """The keys of the families of several institutions together; one query, by an index."""
    heads = {one.merged_into_id or one.pk for one in institutions}
    return [*heads, *Institution.objects.filter(merged_into__in=heads).order_by().values_list("pk", flat=True)]


def head_of(institution: Institution) -> Institution:
    """The entry that stands for an institution: itself, unless it was merged."""
    return institution.merged_into or institution


def heads_of(keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each key, the key of the entry that stands for it, in one query."""
    pairs = Institution.objects.filter(pk__in=set(keys)).values_list("pk", "merged_into")
    return {key: head or key for key, head in pairs}


def family_has(rows: QuerySet[Any], path: str = "pk") -> Q:
    """Entries (behind `path`) whose institution has one of these rows, whichever of its entries they were made under.

    The own row and that of the kept entry are asked by an index, entry by entry; merged entries, who are few, at once. A list
    of all holders instead would be made anew for a page of ten lines.
    """
    head = "merged_into" if path == "pk" else f"{path}__merged_into"
    held = Exists(rows.filter(institution=OuterRef("pk")))
    merged = Institution.objects.filter(held, merged_into__isnull=False).order_by().values("merged_into")
    own, kept = Exists(rows.filter(institution=OuterRef(path))), Exists(rows.filter(institution=OuterRef(head)))
    return Q(own) | Q(kept) | Q(**{f"{path}__in": merged}) | Q(**{f"{head}__in": merged})
