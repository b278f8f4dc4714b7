"""Who prepares items, and who may look at what is known about them."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.access import rounds_evaluated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.access import rounds_planned_by
from zhunsheng.registry.people.queries import Visitor


def rounds_prepared_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds whose coordinator the visitor is: studies, waivers, variants by code, seals."""
    return rounds_planned_by(visitor)


def rounds_examined_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds whose studies and seals the visitor may look at: coordinators and statisticians of the provider."""
    return rounds_evaluated_by(visitor).filter(plan__isnull=False)
