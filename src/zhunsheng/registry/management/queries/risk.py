"""Which credit-risk class an institution has on a day, as known on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from zhunsheng.foundation.calendar.validity import end_of, holding
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.institutions.queries import family_ids, heads_of


def classes_known(on: date) -> QuerySet[RiskClass]:
    """Classes that stood when a day ended: known by then, and by then not corrected."""
    later = RiskClass.objects.filter(supersedes=OuterRef("pk"), recorded_at__lt=end_of(on))
    return RiskClass.objects.filter(~Exists(later), recorded_at__lt=end_of(on))


def risk_class_on(institutions: Iterable[Institution], on: date, *, known_on: date) -> dict[UUID, RiskClass]:
    """The class of each institution that has one on a day, by its key; of several the one that began last. Two queries."""
    keys = [one.pk for one in institutions]
    family = (
        Institution.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by().values_list("pk", flat=True)
    )
    heads = heads_of(family)
    rows = classes_known(known_on).filter(holding(on), institution__in=list(heads)).order_by("valid_from", "pk")
    return {heads[row.institution_id]: row for row in rows}


def with_letter(institutions: QuerySet[Institution], on: date, *, known_on: date) -> QuerySet[Any]:
    """Institutions with `risk_letter`, `risk_since` and `risk_published` of their class on a day, for sorting and filtering.

    Only where entries were merged is the whole family looked at: for the others that question costs a scan each.
    """
    newest = classes_known(known_on).filter(holding(on)).order_by("-valid_from", "-pk")
    own = newest.filter(institution=OuterRef("pk"))
    family = Institution.objects.filter(Q(pk=OuterRef(OuterRef("pk"))) | Q(merged_into=OuterRef(OuterRef("pk"))))
    whole = newest.filter(institution__in=family.order_by().values("pk"))
    stand_for_others = Institution.objects.filter(merged_into__isnull=False).order_by().values("merged_into")

    def column(name: str) -> Case:
        of_family = When(pk__in=stand_for_others, then=Subquery(whole.values(name)[:1]))
        return Case(of_family, default=Subquery(own.values(name)[:1]))

    return institutions.annotate(
        risk_letter=column("letter"), risk_since=column("valid_from"), risk_published=column("published_at")
    )


def history(institution: Institution) -> QuerySet[RiskClass]:
    """Every row ever entered, corrected ones too, the newest first."""
    rows = RiskClass.objects.filter(institution__in=family_ids(institution))
    return rows.select_related("superseded_by").order_by("-valid_from", "-recorded_at", "-pk")
