"""One person active in two institutions on one day: found, never judged (the software suspects, a person decides).

Entries with one identity hash are one person. Without an identity number nobody is recognised elsewhere: people share names.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Protocol
from uuid import UUID

from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person, Post

HASH_LENGTH = 64  # SHA-256 in hexadecimal


class Dated(Protocol):
    """From a day to a day, both counted; no last day means until further notice."""

    valid_from: date
    valid_to: date | None


def overlap(one: Dated, other: Dated) -> tuple[date, date | None] | None:
    """The days that two spans share, from the first to the last; one day is enough."""
    first = max(one.valid_from, other.valid_from)
    ends = [end for end in (one.valid_to, other.valid_to) if end is not None]
    last = min(ends) if ends else None
    return None if last is not None and last < first else (first, last)


@dataclass(frozen=True, slots=True)
class DoublePost:
    """Two posts of one person in two institutions and the days on which both were held."""

    person: Person
    one: Post
    other: Post
    first: date
    last: date | None


def in_two_institutions_on(
    first: date, last: date | None = None, *, within: QuerySet[Institution] | None = None
) -> list[DoublePost]:
    """Posts that one person held in two institutions on the same day, the day or some day of the period; two queries.

    Entries merged into one institution are one. `within` keeps to people who hold a post in one of these institutions.
    """
    last = last or first
    in_period = Q(valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gte=first))
    held = Post.objects.filter(in_period)
    meant = held.filter(person__in=_same_as(held.filter(of_heads(within)))) if within is not None else held
    double = (
        meant.values(who=Coalesce("person__identity_hash", Cast("person", CharField())))
        .annotate(places=Count(Coalesce("institution__merged_into", "institution"), distinct=True))
        .filter(places__gt=1)
    )
    posts = held.filter(person__in=_entries(list(double.values_list("who", flat=True))))
    return _pairs(
        posts.select_related("person", "institution__merged_into").order_by("person__name", "valid_from", "pk"),
        first,
        last,
    )


def _same_as(posts: QuerySet[Post]) -> Any:
    """All entries of those who hold these posts: by key and by number each through its index, where an OR would read all people."""
    people = Person.objects.filter(pk__in=posts.values("person")).order_by()
    known = people.filter(identity_hash__isnull=False).values("identity_hash")
    return people.values("pk").union(Person.objects.filter(identity_hash__in=known).order_by().values("pk"))


def _entries(who: list[str]) -> QuerySet[Person]:
    """The entries behind identity hashes (64 characters) and keys of people without one."""
    hashes = [one for one in who if len(one) == HASH_LENGTH]
    keys = [UUID(one) for one in who if len(one) != HASH_LENGTH]
    return Person.objects.filter(Q(identity_hash__in=hashes) | Q(pk__in=keys))


def _pairs(posts: Iterable[Post], first: date, last: date) -> list[DoublePost]:
    by_person: dict[str | UUID, list[Post]] = defaultdict(list)
    for post in posts:
        by_person[post.person.identity_hash or post.person_id].append(post)
    found = []
    for held in by_person.values():
        for one, other in combinations(held, 2):
            days = overlap(one, other)
            apart = head(one.institution) != head(other.institution)
            if apart and days and days[0] <= last and (days[1] is None or days[1] >= first):
                found.append(DoublePost(one.person, one, other, *days))
    return found


def head(institution: Institution) -> UUID:
    return institution.merged_into_id or institution.pk
