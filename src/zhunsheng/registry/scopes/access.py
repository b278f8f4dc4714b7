"""Who may see scopes: everybody. Who may change them: the institution its own, by suspending and resuming; the authority all."""

from django.db.models import Q, QuerySet

from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post
from zhunsheng.registry.scopes.models import ScopeLine

OWN_VERBS = frozenset({"self_suspend", "resume"})
"""What an institution does to its own lines."""
KEEPERS = (Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)


def may_change_own(visitor: Visitor, institution: Institution) -> bool:
    """The technical manager and the administrator of a laboratory suspend and resume its lines."""
    return institution.pk in {one.pk for one in visitor.institutions(*KEEPERS)}


def institutions_supervised_by(visitor: Visitor) -> QuerySet[Institution]:
    """The laboratories within a regulator's reach whose scopes it keeps; those found to be another one are not listed apart."""
    if not visitor.jurisdiction:
        return Institution.objects.none()
    within = visitor.jurisdiction.q("region_code", visitor.on)
    return Institution.objects.filter(within, kind=Institution.Kind.LABORATORY, merged_into=None)


def lines_supervised_by(visitor: Visitor) -> QuerySet[ScopeLine]:
    """The lines of institutions within a regulator's reach."""
    if not visitor.jurisdiction:
        return ScopeLine.objects.none()
    return ScopeLine.objects.filter(visitor.jurisdiction.q("institution__region_code", visitor.on))


def lines_of(visitor: Visitor) -> QuerySet[ScopeLine]:
    """The lines of the laboratory that the visitor acts for, with those of entries found to be the same institution."""
    if (laboratory := visitor.laboratory) is None:
        return ScopeLine.objects.none()
    head = laboratory.merged_into_id or laboratory.pk
    family = Institution.objects.filter(Q(pk=head) | Q(merged_into=head)).values("pk")
    return ScopeLine.objects.filter(institution__in=family)
