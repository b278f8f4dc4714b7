"""Who fills in a self-check, who sees it, and who runs one."""

from datetime import date

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import selfchecks_of
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.models import Post as Held
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post

FILL_IN = (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)
"""The posts that answer for a laboratory; analysts and samplers do not."""


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


def watched_by(visitor: Visitor) -> QuerySet[SelfCheck]:
    """The self-checks of the institutions in the area of the visitor's authority: how far they are, and what was submitted."""
    if visitor.authority is None:
        return SelfCheck.objects.none()
    return SelfCheck.objects.filter(visitor.jurisdiction.q("participant__region_code", visitor.on))


def calls_run_by(visitor: Visitor) -> QuerySet[Call]:
    """The self-checks of the campaigns that the visitor's authority runs."""
    return Call.objects.filter(campaign__authority=visitor.authority) if visitor.authority else Call.objects.none()


def may_call(visitor: Visitor, campaign: Campaign) -> bool:
    """Whether the visitor's authority runs the campaign."""
    return visitor.authority is not None and campaign.authority_id == visitor.authority.pk
