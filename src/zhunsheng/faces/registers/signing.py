"""Which of a person's authorisations count on the day of the address, and why: a part of the page of a person."""

from dataclasses import dataclass
from datetime import date

from zhunsheng.faces.lists import day_of, days_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers.desk import Desk
from zhunsheng.registry.people.authorised import why
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.people.rules.authorising import Explanation


@dataclass(frozen=True, slots=True)
class Signing:
    """Every entry with its explanation, those that others had replaced by the day of knowing apart."""

    on: date
    known_on: date
    bad: list[str]
    """names of the days that are none; today was taken instead"""
    entries: list[tuple[Authorisation, Explanation]]
    replaced: list[tuple[Authorisation, Explanation]]


def signing_of(request: VisitedRequest, desk: Desk, person: Person, posts: list[Post]) -> Signing:
    """The authorisations in institutions that may be looked at from here; `posts` are those seen from here. One query."""
    on, known_on = days_of(request)
    ever = Authorisation.objects.filter(desk.reaches(request), person=person).select_related("institution__merged_into")
    told = [(one, why(one, posts, on=on, known_on=known_on)) for one in ever.order_by("field", "-valid_from", "-pk")]
    return Signing(
        on, known_on, [name for name in ("on", "known") if request.GET.get(name) and day_of(request, name) is None],
        entries=[(one, found) for one, found in told if not found.replaced],
        replaced=[(one, found) for one, found in told if found.replaced],
    )  # fmt: skip
