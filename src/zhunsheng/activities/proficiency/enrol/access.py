"""Who enrols a laboratory, who sees that it takes part: itself, and the coordinator of the round."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_of, head_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post

ENROLS = (Post.INSTITUTION_ADMIN, Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER)
"""The posts that answer for a laboratory's taking part."""


def open_rounds(visitor: Visitor) -> QuerySet[Round]:
    """The rounds whose enrolment is open: every laboratory may read their plan."""
    return Round.objects.filter(state="enrolling") if visitor.laboratory else Round.objects.none()


def enrolments_of(visitor: Visitor) -> QuerySet[Enrolment]:
    """The enrolments of the visitor's own laboratories, under whichever of their entries."""
    return Enrolment.objects.filter(institution__in=family_of(visitor.laboratories))


def enrols_for(visitor: Visitor) -> Institution | None:
    """The laboratory that the visitor may enrol: the entry that stands for it."""
    own = next((one for one in visitor.institutions(*ENROLS) if one.kind == Institution.Kind.LABORATORY), None)
    return head_of(own) if own else None


def rounds_enrolled_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds planned here whose enrolment the visitor keeps, with names."""
    return rounds_coordinated_by(visitor).filter(plan__isnull=False)
