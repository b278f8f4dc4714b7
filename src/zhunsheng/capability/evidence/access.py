"""Who may see a line of evidence: the institution it is about, and the authority to which it was announced."""

from django.db.models import Q, QuerySet

from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.queries import Visitor


def visible_to(visitor: Visitor) -> QuerySet[Evidence]:
    """The lines that a visitor may see; nobody else's."""
    mine = Q(pk__in=())
    if visitor.laboratory:
        mine |= Q(institution__in=family_ids(visitor.laboratory))
    if visitor.authority:
        mine |= Q(disclosed_to=visitor.authority)
    return Evidence.objects.filter(mine)
