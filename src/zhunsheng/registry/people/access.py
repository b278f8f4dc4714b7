"""Who sees the people of an institution and who keeps their entries."""

from django.db.models import QuerySet

from zhunsheng.registry.institutions.access import kept_by, of_heads, seen_in_full_by
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.queries import Visitor


def people_seen_by(visitor: Visitor) -> QuerySet[Person]:
    """Whoever holds or held a post in an institution that the visitor sees in full."""
    return Person.objects.filter(of_heads(seen_in_full_by(visitor), "posts__institution")).distinct()


def people_kept_by(visitor: Visitor) -> QuerySet[Person]:
    """Those whose entry the visitor may change."""
    return Person.objects.filter(of_heads(kept_by(visitor), "posts__institution")).distinct()
