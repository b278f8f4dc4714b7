"""Who gives and ends posts: an institution's administrators; for the first administrator, those of the authority above it."""

from django.db.models import Q, QuerySet

from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.people.jurisdiction import jurisdiction_of
from zhunsheng.registry.people.models import Invitation, Post
from zhunsheng.registry.people.queries import Visitor, without_administrator
from zhunsheng.registry.people.states import Post as PostWord


def administered_by(visitor: Visitor) -> list[Institution]:
    """The institutions whose users the visitor keeps."""
    return visitor.institutions(PostWord.INSTITUTION_ADMIN)


def to_be_started_by(visitor: Visitor) -> QuerySet[Institution]:
    """Institutions in the area of an authority that the visitor administers, which nobody administers yet."""
    authorities = [one for one in administered_by(visitor) if one.kind == Institution.Kind.AUTHORITY]
    reach = jurisdiction_of(authorities, visitor.on)
    if not reach:
        return Institution.objects.none()
    below = ~Q(kind=Institution.Kind.AUTHORITY)
    return standing().filter(reach.q("region_code", visitor.on), below, without_administrator(visitor.on))


def may_give(visitor: Visitor, institution: Institution, kind: PostWord) -> bool:
    """May the visitor invite to this post, or give it, there?"""
    if institution in administered_by(visitor):
        return True
    return kind == PostWord.INSTITUTION_ADMIN and to_be_started_by(visitor).filter(pk=institution.pk).exists()


def may_end(visitor: Visitor, post: Post) -> bool:
    return post.institution in administered_by(visitor)


def posts_kept_by(visitor: Visitor) -> QuerySet[Post]:
    """The posts of those who have an account, in the institution that the visitor administers."""
    kept = Post.objects.filter(institution__in=administered_by(visitor), person__user__isnull=False)
    return kept.select_related("person__user", "institution")


def invitations_kept_by(visitor: Visitor) -> QuerySet[Invitation]:
    """Invitations to the institutions that the visitor administers, or made by the visitor."""
    mine = Q(institution__in=administered_by(visitor))
    if visitor.user and visitor.administered:
        mine |= Q(made_by=visitor.user)
    return Invitation.objects.filter(mine).select_related("institution")
