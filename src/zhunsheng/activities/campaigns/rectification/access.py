"""Who sees a rectification, who submits, who judges."""

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.rectification.models import LookBack, Rectification
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post


def seen_by_authority(visitor: Visitor) -> QuerySet[Rectification]:
    """Those that the visitor's authorities opened, for regulators and integrity officers."""
    return Rectification.objects.filter(authority__in=visitor.institutions(Post.REGULATOR, Post.INTEGRITY_OFFICER))


def judged_by(visitor: Visitor) -> QuerySet[Rectification]:
    """Those that the visitor judges, as a regulator."""
    return Rectification.objects.filter(authority__in=visitor.institutions(Post.REGULATOR))


def seen_by_institution(visitor: Visitor) -> QuerySet[Rectification]:
    """Those of the visitor's laboratories."""
    return Rectification.objects.filter(institution__in=family_of(visitor.laboratories))


def submitted_by(visitor: Visitor) -> QuerySet[Rectification]:
    """Those for which the visitor submits: as quality manager, technical manager or administrator."""
    places = visitor.institutions(Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)
    return Rectification.objects.filter(institution__in=family_of(places))


def look_backs_of(visitor: Visitor) -> QuerySet[LookBack]:
    """The look-backs of the visitor's authorities."""
    return LookBack.objects.filter(authority__in=visitor.institutions(Post.REGULATOR, Post.INTEGRITY_OFFICER))


def look_backs_drawn_by(visitor: Visitor) -> QuerySet[LookBack]:
    """The look-backs that the visitor carries out."""
    return LookBack.objects.filter(authority__in=visitor.institutions(Post.REGULATOR))


def public_look_backs() -> QuerySet[LookBack]:
    """All of them, from the moment the list is frozen: the hash binds the authority only if everybody can keep it."""
    return LookBack.objects.all()
