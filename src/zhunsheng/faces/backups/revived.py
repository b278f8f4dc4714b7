"""What a restore brings back to life: tokens, invitations and posts that had ended since the backup was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhunsheng.foundation.accounts.models import ApiToken
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.manifests import chunks
from zhunsheng.registry.people.models import Invitation, Post
from zhunsheng.registry.people.queries import open_invitations
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.people.states import Post as PostWord

AT_ONCE = 500
MOST_LISTED = 50
Ended = Mapping[str, Any]


def ended() -> dict[str, Any]:
    """What has ended in this database: keys of tokens and invitations, and of posts of users whose they are and their last days."""
    posts = Post.objects.filter(valid_to__isnull=False, person__user__isnull=False)
    return {
        "tokens": _keys(ApiToken.objects.exclude(revoked_at=None).values_list("pk", flat=True)),
        "invitations": _keys(
            Invitation.objects.exclude(taken_at=None, withdrawn_at=None).values_list("pk", flat=True)
        ),
        "posts": {
            str(pk): [str(person), last.isoformat()] for pk, person, last in posts.values_list("pk", "person", "valid_to") if last
        },
    }  # fmt: skip


def _keys(found: Iterable[Any]) -> list[str]:
    return sorted(map(str, found))


@dataclass(frozen=True, slots=True)
class Revived:
    """What is alive in this database and was not in the one that it replaces."""

    tokens: list[ApiToken]
    invitations: list[Invitation]
    posts: list[Post]

    def facts(self) -> dict[str, list[str]]:
        """As the act of the restore names them."""
        return {
            "tokens": [str(one.pk) for one in self.tokens], "invitations": [str(one.pk) for one in self.invitations],
            "posts": [str(one.pk) for one in self.posts],
        }  # fmt: skip

    def sentences(self) -> Iterator[Text]:
        """Each for the operator; of very many the first."""
        said = [
            *(_of_token(one) for one in self.tokens), *(_of_invitation(one) for one in self.invitations),
            *(_of_post(one) for one in self.posts),
        ]  # fmt: skip
        yield from said[:MOST_LISTED]
        if len(said) > MOST_LISTED:
            yield t("… and {n} more", "……另有 {n} 项", n=len(said) - MOST_LISTED)


def revived(then: Ended, *, at: datetime) -> Revived:
    """What had ended in the replaced database and is alive in this one."""
    tokens = _among(good_tokens(at).select_related("user").order_by("made_at"), then["tokens"])
    invitations = _among(open_invitations(at).select_related("institution"), then["invitations"])
    return Revived(tokens, invitations, list(_posts(then["posts"], timezone.localdate(at))))


def good_tokens(at: datetime) -> Any:
    return ApiToken.objects.filter(revoked_at=None, expires_at__gt=at)


def _among(things: Any, keys: Iterable[str]) -> list[Any]:
    return [one for some in chunks(keys, AT_ONCE) for one in things.filter(pk__in=some)]


def _posts(then: Mapping[str, list[str]], on: date) -> Iterator[Post]:
    """Posts held on the day or later that had an earlier last day; a number that another history gave to another person is not one."""
    alive = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on)).select_related("person", "institution")
    for one in _among(alive, then):
        person, last = then[str(one.pk)]
        if str(one.person_id) == person and (one.valid_to is None or one.valid_to.isoformat() > last):
            yield one


@transaction.atomic
def revoke(tokens: Iterable[ApiToken], *, subject: str, at: datetime) -> int:
    """Revoke these tokens from the machine itself; returns how many were good."""
    keys = [one.pk for one in tokens]
    good = [one for some in chunks(keys, AT_ONCE) for one in good_tokens(at).select_for_update().filter(pk__in=some)]
    for some in chunks([one.pk for one in good], AT_ONCE):
        ApiToken.objects.filter(pk__in=some).update(revoked_at=at)
    if good:
        rows = [{"token": str(one.pk), "beginning": one.beginning} for one in good]
        record("revoke_api_tokens", actor=None, at=at, subject=subject, rows=rows)
    return len(good)


def of_last_restore(said: Mapping[str, Any], *, at: datetime) -> list[ApiToken]:
    """The tokens that a restore's act names; where it could not say which, all that are good."""
    named = (said.get("after") or {}).get("revived")
    good = good_tokens(at).order_by("made_at")
    return list(good) if named is None else _among(good, named["tokens"])


def _of_token(one: ApiToken) -> Text:
    return t(
        "Alive again: the token {b}… of {u} (“{n}”), which had been revoked",
        "重新生效：{u} 的令牌 {b}…（“{n}”），此前已吊销",
        b=one.beginning, u=one.user.username, n=one.name,
    )  # fmt: skip


def _of_invitation(one: Invitation) -> Text:
    return t(
        "Alive again: the invitation of {n} to {i} as {k}, which had been taken up or withdrawn",
        "重新生效：邀请 {n} 到 {i} 任{k}，此前已被接受或撤回",
        n=one.name, i=one.institution.name, k=NAMES[PostWord(one.kind)],
    )  # fmt: skip


def _of_post(one: Post) -> Text:
    return t(
        "Alive again: the post of {n} at {i} as {k}, which had ended",
        "重新生效：{n} 在 {i} 任{k}，此前已终止",
        n=one.person.name, i=one.institution.name, k=NAMES[PostWord(one.kind)],
    )  # fmt: skip
