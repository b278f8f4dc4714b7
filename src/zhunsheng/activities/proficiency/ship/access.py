"""Who ships, and who receives: the coordinator with addresses, a laboratory its own parcels. Nobody else sees one."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.people.queries import Visitor

BEGUN = ("running", "collected", "evaluated", "released")
"""The states of a round in which parcels may be looked at."""


def rounds_shipped_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds planned here whose items the visitor sends."""
    return rounds_coordinated_by(visitor).filter(plan__isnull=False)


def parcels_of(visitor: Visitor) -> QuerySet[Parcel]:
    """What was sent to the visitor's laboratories, under whichever of their entries; packed ones are not theirs yet."""
    mine = family_of(visitor.laboratories)
    found = Parcel.objects.filter(participation__identity__institution__in=mine, round__state__in=BEGUN)
    return found.exclude(state="packed")
