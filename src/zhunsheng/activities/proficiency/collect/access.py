"""Who enters the results of a laboratory, who approves them, and who watches them come in."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post

BEGUN = ("running", "collected", "evaluated", "released")
"""The states of a round in which codes are drawn: a laboratory sees what it entered from then on."""
APPROVES = (Post.INSTITUTION_ADMIN, Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.SIGNATORY)
"""The posts that vouch for results."""


def collecting_rounds_of(visitor: Visitor) -> QuerySet[Round]:
    """The rounds planned here in which the visitor's laboratory has a code, before they are released or after."""
    mine = family_of(visitor.laboratories)
    held = Participation.objects.filter(identity__institution__in=mine).values("round")
    return Round.objects.filter(pk__in=held, plan__isnull=False, state__in=BEGUN)


def participations_of(visitor: Visitor) -> QuerySet[Participation]:
    """Under which codes the visitor's laboratory takes part in rounds planned here; merged entries are one laboratory."""
    mine = family_of(visitor.laboratories)
    found = Participation.objects.filter(identity__institution__in=mine, round__state__in=BEGUN)
    return found.filter(round__plan__isnull=False).select_related(
        "round__plan", "round__provider", "identity__institution"
    )


def may_approve(visitor: Visitor, institution: Institution) -> bool:
    """Whether the visitor vouches for results of this laboratory."""
    return bool(set(family_of(visitor.institutions(*APPROVES))) & set(family_of([institution])))


def rounds_collected_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds planned here whose results the visitor collects: as their coordinator."""
    return rounds_coordinated_by(visitor).filter(plan__isnull=False)
