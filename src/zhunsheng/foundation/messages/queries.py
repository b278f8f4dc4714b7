"""The questions asked of messages."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.messages.models import Mail, Message, Preference

NEWS_LASTS = timedelta(days=1)
"""A message that nobody has mailed for so long is not mailed any more: a site that begins to send mail begins with today."""


def messages_of(user: User, places: Collection[UUID]) -> QuerySet[Message]:
    """What a person was told, newest first: nobody else's, and nothing told to a post at a place where none is held any more."""
    return _open_to(user, places).order_by("-created_at", "pk")


def unread_count(user: User, places: Collection[UUID]) -> int:
    """How many of these messages a person has not opened: the figure on the bell."""
    return _open_to(user, places).filter(read_at=None).count()


def _open_to(user: User, places: Collection[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(Q(place=None) | Q(place__in=places), recipient=user)


def to_be_mailed(*, at: datetime) -> QuerySet[Message]:
    """Fresh, unread messages of people who have an address and want this kind by e-mail, and that are in no e-mail yet."""
    unwanted = Preference.objects.filter(user=OuterRef("recipient"), kind=OuterRef("kind"), by_mail=False)
    fresh = Message.objects.filter(mail=None, read_at=None, created_at__gt=at - NEWS_LASTS)
    return fresh.filter(~Q(recipient__email=""), ~Exists(unwanted), recipient__is_active=True)


def waiting(*, at: datetime) -> QuerySet[Mail]:
    """E-mails whose turn it is, oldest first."""
    return Mail.objects.filter(state="waiting", next_at__lte=at).order_by("next_at", "pk")


def in_trouble() -> QuerySet[Mail]:
    """E-mails that an administrator should know of: refused, perhaps sent, or waiting after a fault."""
    return Mail.objects.filter(Q(state__in=["failed", "unknown"]) | Q(state="waiting", attempts__gt=0))


def kinds_not_mailed(user: User) -> set[str]:
    """The kinds that a person does not want by e-mail."""
    return set(Preference.objects.filter(user=user, by_mail=False).values_list("kind", flat=True))
