"""Who fills in a self-check, who signs it, and which authorities see it."""

from datetime import date

from django.db.models import Q, QuerySet

from zhunsheng.activities.campaigns.plan.access import SIGNS
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import selfchecks_of
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.models import Post as Held
from zhunsheng.registry.people.queries import Visitor

FILL_IN = SIGNS
"""Who may sign for the laboratory may answer for it."""


def filled_in_by(visitor: Visitor) -> QuerySet[SelfCheck]:
    """The self-checks of the laboratories that the visitor answers for."""
    return selfchecks_of(visitor.institutions(*FILL_IN))


def may_sign(form: SelfCheck, on: date) -> QuerySet[Person]:
    """Who answers for the laboratory on the day and has filled in nothing of the form: may submit it."""
    held = Held.objects.filter(holding(on), institution__in=family_ids(form.participant.institution), kind__in=FILL_IN)
    filled_in = form.answers.filter(by__isnull=False).order_by().values("by")
    return (
        Person.objects.filter(pk__in=held.values("person"), user__isnull=False)
        .exclude(user__in=filled_in)
        .order_by("name", "pk")
    )


def seen_by_authority(visitor: Visitor) -> QuerySet[SelfCheck]:
    """As an authority: all self-checks of the own campaigns, of others those of the own area."""
    if visitor.authority is None:
        return SelfCheck.objects.none()
    here = visitor.jurisdiction.q("participant__region_code", visitor.on)
    return SelfCheck.objects.filter(Q(call__campaign__authority=visitor.authority) | here)
