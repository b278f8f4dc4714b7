"""Who sees the people of an institution and who keeps their entries: whoever employs them now, not whoever once did."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.registry.institutions.access import kept_by, of_heads, seen_in_full_by
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import Visitor


def people_seen_by(visitor: Visitor) -> QuerySet[Person]:
    """Whoever holds or held a post in an institution that the visitor sees in full, without those who went elsewhere."""
    return employed(of_heads(seen_in_full_by(visitor)), visitor.on)


def employed(here: Q, on: date) -> QuerySet[Person]:
    """Whoever holds or held one of these posts, without those who hold none of them any more and went elsewhere."""
    once = Person.objects.filter(pk__in=Post.objects.filter(here).values("person"))
    return once.filter(_held(here, on) | ~_held(~here, on))


def people_kept_by(visitor: Visitor) -> QuerySet[Person]:
    """Those whose entry the visitor may change: with a post there that has not ended; of who signs in, no post is held elsewhere.

    Asked person by person (`Exists`): from all the posts of a province it would be found slowly.
    """
    here = of_heads(kept_by(visitor))
    return Person.objects.filter(_held(here, visitor.on), Q(user=None) | ~_held(~here, visitor.on))


def _held(where: Q, on: date) -> Q:
    """A person holds a post there that has not ended before a day; one that only begins counts: its holder is being entered."""
    return Q(Exists(Post.objects.filter(not_ended(on), where, person=OuterRef("pk"))))


def not_ended(on: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=on)
