"""Who writes a bulletin, and who may read it."""

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.plan.access import run_by
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.summary.models import Bulletin
from zhunsheng.registry.people.queries import Visitor

TOLD = ("released", "replaced")


def told_of_by(visitor: Visitor) -> QuerySet[Campaign]:
    """The campaigns of which the visitor's authority writes the bulletin: its own, once published."""
    return run_by(visitor).filter(state__in=("published", "closed"))


def written_by(visitor: Visitor) -> QuerySet[Bulletin]:
    """The bulletins of the visitor's own authority, drafts as well."""
    return Bulletin.objects.filter(campaign__in=told_of_by(visitor))


def public_bulletins() -> QuerySet[Bulletin]:
    """What anyone may read: what was released, and what a corrigendum replaced, which says so."""
    return Bulletin.objects.filter(state__in=TOLD)
