"""The questions asked of people."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.foundation.accounts.bearer import digest
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.jurisdiction import Jurisdiction, jurisdiction_of
from zhunsheng.registry.people.models import Invitation, Post
from zhunsheng.registry.people.states import DECIDES_ABOUT_OTHERS, LABORATORY_POSTS
from zhunsheng.registry.people.states import Post as PostWord


@dataclass
class Visitor:
    """Someone looking at the platform on a day: the account, if any, and the posts held. Asked once a request, at need."""

    user: User | None
    on: date
    acting_for: UUID | None = None
    """of several institutions, the one chosen: its posts come first"""
    _given: list[Post] | None = field(default=None, repr=False)

    @cached_property
    def posts(self) -> list[Post]:
        if self._given is not None:
            return self._given
        if self.user is None:
            return []
        held = Post.objects.filter(holding(self.on), person__user=self.user).select_related("institution", "person")
        return sorted(held.order_by("pk"), key=lambda post: post.institution_id != self.acting_for)

    @property
    def places(self) -> set[UUID]:
        """The keys of the institutions where the visitor holds any post."""
        return {post.institution_id for post in self.posts}

    def institutions(self, *kinds: PostWord) -> list[Institution]:
        """Where the visitor holds one of these posts, each once."""
        return list({post.institution_id: post.institution for post in self.posts if post.kind in kinds}.values())

    def holds(self, *kinds: PostWord) -> bool:
        return bool(self.institutions(*kinds))

    @property
    def provider(self) -> Institution | None:
        """The provider whose rounds the visitor coordinates."""
        return next(iter(self.institutions(PostWord.COORDINATOR)), None)

    @property
    def evaluator(self) -> Institution | None:
        """The provider whose rounds the visitor evaluates: by code, and with names only where the visitor coordinates, too."""
        return next(iter(self.institutions(PostWord.COORDINATOR, PostWord.STATISTICIAN)), None)

    @property
    def authority(self) -> Institution | None:
        """The authority for which the visitor regulates."""
        return next(iter(self.institutions(PostWord.REGULATOR)), None)

    @property
    def laboratories(self) -> list[Institution]:
        """The laboratories that the visitor works for or administers."""
        held = self.institutions(*LABORATORY_POSTS, PostWord.INSTITUTION_ADMIN)
        return [one for one in held if one.kind == Institution.Kind.LABORATORY]

    @property
    def laboratory(self) -> Institution | None:
        """The laboratory that the visitor acts for."""
        return next(iter(self.laboratories), None)

    @property
    def administered(self) -> Institution | None:
        """The institution whose users the visitor keeps."""
        return next(iter(self.institutions(PostWord.INSTITUTION_ADMIN)), None)

    @cached_property
    def jurisdiction(self) -> Jurisdiction:
        """How far the visitor sees as a regulator, of all authorities acted for; nowhere for everybody else."""
        return jurisdiction_of(self.institutions(PostWord.REGULATOR), self.on)

    @property
    def decides_about_others(self) -> bool:
        return self.holds(*DECIDES_ABOUT_OTHERS)


def visitor(user: AbstractBaseUser | AnonymousUser, *, on: date, acting_for: UUID | None = None) -> Visitor:
    """The visitor behind a request."""
    known = user if isinstance(user, User) and user.is_active else None
    return Visitor(user=known, on=on, acting_for=acting_for)


def administrators(institution: Institution, *, on: date) -> QuerySet[Post]:
    """The posts of an institution's administrators on a day, of those who can sign in."""
    return _administering(on).filter(institution=institution)


def without_administrator(on: date) -> Q:
    """Institutions that nobody who can sign in administers on a day."""
    return ~Q(Exists(_administering(on).filter(institution=OuterRef("pk"))))


def _administering(on: date) -> QuerySet[Post]:
    return Post.objects.filter(holding(on), kind=PostWord.INSTITUTION_ADMIN, person__user__is_active=True)


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be taken up."""
    return Invitation.objects.filter(taken_at=None, withdrawn_at=None, expires_at__gt=at)


def invitation_behind(secret: str, *, at: datetime) -> Invitation | None:
    """The open invitation that a secret belongs to; none for a secret unknown, used, withdrawn or expired."""
    return open_invitations(at).filter(secret_sha256=digest(secret)).select_related("institution").first()
