"""The questions asked of people."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.states import DECIDES_ABOUT_OTHERS, LABORATORY_POSTS
from zhunsheng.registry.people.states import Post as PostWord


@dataclass
class Visitor:
    """Someone looking at the platform on a day: the account, if any, and the posts held. Asked once a request, at need."""

    user: User | None
    on: date
    _given: list[Post] | None = field(default=None, repr=False)

    @cached_property
    def posts(self) -> list[Post]:
        if self._given is not None:
            return self._given
        if self.user is None:
            return []
        return list(
            Post.objects.filter(holding(self.on), person__user=self.user)
            .select_related("institution", "person")
            .order_by("pk")
        )

    def institutions(self, *kinds: PostWord) -> list[Institution]:
        """Where the visitor holds one of these posts."""
        return [post.institution for post in self.posts if PostWord(post.kind) in kinds]

    def holds(self, *kinds: PostWord) -> bool:
        return bool(self.institutions(*kinds))

    @property
    def provider(self) -> Institution | None:
        """The provider whose rounds the visitor coordinates."""
        return next(iter(self.institutions(PostWord.COORDINATOR)), None)

    @property
    def authority(self) -> Institution | None:
        """The authority for which the visitor regulates."""
        return next(iter(self.institutions(PostWord.REGULATOR)), None)

    @property
    def laboratory(self) -> Institution | None:
        """The laboratory that the visitor works for."""
        return next(iter(self.institutions(*LABORATORY_POSTS)), None)

    @property
    def decides_about_others(self) -> bool:
        return self.holds(*DECIDES_ABOUT_OTHERS)


def visitor(user: AbstractBaseUser | AnonymousUser, *, on: date) -> Visitor:
    """The visitor behind a request."""
    return Visitor(user=user if isinstance(user, User) and user.is_active else None, on=on)
