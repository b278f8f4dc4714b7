"""The questions asked of rectifications; a constant number of queries each."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from zhunsheng.activities.campaigns.rectification.models import LookBack, Rectification, SecondLook, Submission
from zhunsheng.registry.people.models import Person, Post

WAITS_FOR_INSTITUTION = ("open", "returned")
LOOKED_AT = ("accepted", "effective")


def submitters_of(rectification: Rectification) -> set[int]:
    """Who ever submitted for it."""
    return set(Submission.objects.filter(rectification=rectification).values_list("submitted_by_id", flat=True))


def places_of(person: Person | None, on: date) -> set[UUID]:
    """The institutions where a person holds a post on a day."""
    if person is None:
        return set()
    held = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), person=person, valid_from__lte=on)
    return set(held.values_list("institution_id", flat=True))


def with_names(rectifications: QuerySet[Rectification]) -> QuerySet[Rectification]:
    """As lists show them."""
    return rectifications.select_related("finding__inspection", "institution__merged_into", "authority", "disposition")


def counted(rectifications: QuerySet[Rectification], today: date) -> Mapping[str, int]:
    """How many stand where, and how many wait for their institution past their day ("late"); one query."""
    late = Q(state__in=WAITS_FOR_INSTITUTION, due_on__lt=today)
    rows = rectifications.order_by().values("state").annotate(n=Count("pk"), late=Count("pk", filter=late))
    found = {row["state"]: row["n"] for row in rows}
    return {**found, "late": sum(row["late"] for row in rows)}


def to_look_back_at(authority: UUID) -> list[str]:
    """The rectifications that an authority accepted, by key ascending."""
    found = Rectification.objects.filter(authority=authority, state__in=LOOKED_AT)
    return sorted(str(pk) for pk in found.values_list("pk", flat=True))


def drawn_rows(look_back: LookBack) -> QuerySet:
    """What was drawn, in the order of the numbers."""
    return look_back.items.select_related(
        "rectification__institution", "rectification__finding", "second_look"
    ).order_by("position")


def second_looks_by_class(look_back: LookBack) -> list[tuple[str, int, int]]:
    """Class of findings, how many of it were looked at again, and how many of these were found as accepted; by class."""
    judged = SecondLook.objects.filter(looked_back__look_back=look_back).order_by()
    code = F("looked_back__rectification__finding__code")
    rows = judged.values(code=code).annotate(n=Count("pk"), held=Count("pk", filter=Q(held=True)))
    return sorted((row["code"], row["n"], row["held"]) for row in rows)
