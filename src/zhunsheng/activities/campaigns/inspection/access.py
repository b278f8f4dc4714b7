"""Who sends officers, who sees a visit and when, who decides about it."""

from datetime import date

from django.db.models import Q, QuerySet

from zhunsheng.activities.campaigns.inspection.models import Disposition, Finding, Inspection
from zhunsheng.activities.campaigns.inspection.states import ON_TASK
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post


def seen_by_authority(visitor: Visitor) -> QuerySet[Inspection]:
    """The visits that the visitor's authorities sent, for regulators and integrity officers."""
    return Inspection.objects.filter(authority__in=visitor.institutions(Post.REGULATOR, Post.INTEGRITY_OFFICER))


def sent_by(visitor: Visitor) -> QuerySet[Inspection]:
    """The visits that the visitor sends and decides about, as a regulator."""
    return Inspection.objects.filter(authority__in=visitor.institutions(Post.REGULATOR))


def person_of(visitor: Visitor) -> Person | None:
    """Who the visitor is, as an inspector."""
    return next((post.person for post in visitor.posts if post.kind == Post.INSPECTOR), None)


def is_inspector(visitor: Visitor) -> bool:
    return visitor.holds(Post.INSPECTOR)


def tasks_of(visitor: Visitor, today: date) -> QuerySet[Inspection]:
    """The tasks on which the visitor stands as an officer, from the letter to the signatures, until the last day of the task."""
    person = person_of(visitor)
    if person is None:
        return Inspection.objects.none()
    return Inspection.objects.filter(
        officers__person=person, officers__replaced_at=None, state__in=ON_TASK, until__gte=today
    )


def seen_by_institution(visitor: Visitor) -> QuerySet[Inspection]:
    """The visits to the visitor's laboratories, from the moment they began: a check is not announced."""
    return Inspection.objects.filter(
        Q(state__in=("open", "signing", "signed")) | Q(state="cancelled", begun_at__isnull=False),
        institution__in=family_of(visitor.laboratories),
    )


def may_sign_for(visitor: Visitor, inspection: Inspection) -> bool:
    """The institution signs through its administrator, quality manager or technical manager."""
    places = family_of(visitor.institutions(Post.INSTITUTION_ADMIN, Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER))
    return inspection.institution_id in places


def findings_of_authority(visitor: Visitor) -> QuerySet[Finding]:
    """The findings of the visits that the visitor's authorities sent."""
    return Finding.objects.filter(inspection__in=seen_by_authority(visitor).order_by().values("pk"))


def findings_of_institution(visitor: Visitor) -> QuerySet[Finding]:
    """The findings at the visitor's laboratories that stand in a closed record."""
    return Finding.objects.filter(
        inspection__institution__in=family_of(visitor.laboratories), inspection__state__in=("signing", "signed")
    ).exclude(state="withdrawn")


def dispositions_of_authority(visitor: Visitor) -> QuerySet[Disposition]:
    """The decisions about visits of the visitor's authorities."""
    return Disposition.objects.filter(inspection__in=seen_by_authority(visitor).order_by().values("pk"))


def dispositions_of_institution(visitor: Visitor) -> QuerySet[Disposition]:
    """The decisions about the visitor's laboratories."""
    return Disposition.objects.filter(inspection__institution__in=family_of(visitor.laboratories))
