"""Who follows a round up, who answers, who appeals, who confirms. A wrong role gets an empty set."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.access import (
    rounds_commissioned_by,
    rounds_coordinated_by,
    rounds_evaluated_by,
    rounds_of_laboratory,
)
from zhunsheng.activities.proficiency.follow.models import Appeal, Case
from zhunsheng.activities.proficiency.models import Participation
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post

ANSWERS = (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)
"""The posts that answer and appeal for a laboratory."""


def cases_coordinated_by(visitor: Visitor) -> QuerySet[Case]:
    """The cases of the provider's rounds with everything in them: for its coordinators."""
    return Case.objects.filter(round__in=rounds_coordinated_by(visitor))


def cases_evaluated_by(visitor: Visitor) -> QuerySet[Case]:
    """The cases of the provider's rounds, to be shown by code: for coordinators and statisticians."""
    return Case.objects.filter(round__in=rounds_evaluated_by(visitor))


def cases_commissioned_by(visitor: Visitor) -> QuerySet[Case]:
    """The cases of rounds that the visitor's authority commissioned and whose participants were told so."""
    return Case.objects.filter(round__in=rounds_commissioned_by(visitor))


def cases_of_laboratory(visitor: Visitor) -> QuerySet[Case]:
    """The cases of the visitor's own laboratories, under whichever of their entries."""
    return Case.objects.filter(participation__in=participations_of(visitor))


def cases_answered_by(visitor: Visitor) -> QuerySet[Case]:
    """Those that the visitor may answer."""
    mine = family_of(visitor.institutions(*ANSWERS))
    return cases_of_laboratory(visitor).filter(participation__identity__institution__in=mine)


def appeals_coordinated_by(visitor: Visitor) -> QuerySet[Appeal]:
    """The appeals against the provider's rounds with their grounds: for its coordinators."""
    return Appeal.objects.filter(round__in=rounds_coordinated_by(visitor))


def appeals_evaluated_by(visitor: Visitor) -> QuerySet[Appeal]:
    """The appeals against the provider's rounds, to be shown by code and without grounds."""
    return Appeal.objects.filter(round__in=rounds_evaluated_by(visitor)).defer("grounds")


def appeals_of_laboratory(visitor: Visitor) -> QuerySet[Appeal]:
    """The appeals of the visitor's own laboratories."""
    return Appeal.objects.filter(participation__in=participations_of(visitor))


def participations_of(visitor: Visitor) -> QuerySet[Participation]:
    """Under which codes the visitor's laboratories took part in released rounds."""
    mine = family_of(visitor.laboratories)
    return Participation.objects.filter(identity__institution__in=mine, round__in=rounds_of_laboratory(visitor))


def participations_appealing(visitor: Visitor) -> QuerySet[Participation]:
    """For which of these the visitor may appeal."""
    return participations_of(visitor).filter(identity__institution__in=family_of(visitor.institutions(*ANSWERS)))
