"""Who plans rounds, and who sees a plan."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.models import Round, Scheme
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post


def schemes_of(visitor: Visitor) -> QuerySet[Scheme]:
    """The schemes of the providers for which the visitor coordinates."""
    return Scheme.objects.filter(provider__in=visitor.institutions(Post.COORDINATOR))


def rounds_planned_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds planned here that the visitor coordinates; one made of a file has no plan."""
    return rounds_coordinated_by(visitor).filter(plan__isnull=False)
