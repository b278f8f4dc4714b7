"""Who may ask, and whose answers one may read: a regulator asks, and reads what its authority asked."""

from django.db.models import QuerySet

from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.registry.people.queries import Visitor


def may_ask(visitor: Visitor) -> bool:
    """Regulators ask."""
    return visitor.authority is not None


def decisions_for(visitor: Visitor) -> QuerySet[Decision]:
    """The decisions asked for by the visitor's authority, newest first."""
    if visitor.authority is None:
        return Decision.objects.none()
    asked = Decision.objects.filter(asked_for=visitor.authority)
    return asked.select_related("institution", "parameter", "matrix").order_by("-asked_at")
