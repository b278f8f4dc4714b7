"""Acts on the records of lived rules: seen by whoever keeps the system, and by an authority once the days of grace are over."""

from datetime import date

from django.db.models import Q

from zhunsheng.faces.trail.subjects import subjects
from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.management.access import supervised
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.requirements import dues_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post

LIVED_RULES = ("enter_management_record", "correct_management_record", "withdraw_management_record")
YEARS_UNTIL_OPEN = 2
"""No requirement is due, with its days of grace, later than in the year after the next."""


def opened_to(visitor: Visitor) -> Q:
    """The acts on records that the visitor may see."""
    acts, seen = Q(verb__in=LIVED_RULES), Q(pk__in=())
    kept = [
        one for one in visitor.laboratories if one in visitor.institutions(Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN)
    ]
    if kept:
        seen |= acts & Q(subject__in=[f"institution:{key}" for key in family_of(kept)])
    if visitor.jurisdiction:
        reached = Institution.objects.filter(of_heads(supervised(visitor), "pk"))
        closed = ManagementRecord.objects.filter(_still_closed(visitor.on), institution__in=reached.values("pk"))
        # An act and its record have one moment; in doubt, when another record has the same, the act stays closed.
        seen |= (
            acts & Q(subject__in=subjects("institution", reached)) & ~Q(at__in=closed.order_by().values("recorded_at"))
        )
    return seen


def _still_closed(on: date) -> Q:
    """Records of what a regulator may not see yet, neither made nor missing."""
    closed = Q(period__gte=str(on.year + 1))
    for year in range(on.year - YEARS_UNTIL_OPEN, on.year + 1):
        for due in dues_of(year):
            if due.opens_on > on:
                closed |= Q(kind=due.requirement.key, period=due.period.key)
    return closed
