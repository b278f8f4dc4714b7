"""The verbs of posts: invite, take up, withdraw, give, end."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from zhunsheng.foundation.accounts.bearer import digest, new_secret
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.accounts.opening import open_account
from zhunsheng.foundation.calendar.validity import end_of
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Invitation, Person, Post
from zhunsheng.registry.people.posts import rules
from zhunsheng.registry.people.posts.access import may_end, may_give
from zhunsheng.registry.people.queries import Visitor, administrators, open_invitations
from zhunsheng.registry.people.queries import visitor as visitor_of
from zhunsheng.registry.people.states import Post as PostWord


@transaction.atomic
def invite(
    *, institution: Institution, kind: PostWord, name: str, email: str, mailed: bool, valid_from: date,
    valid_to: date | None, visitor: Visitor, at: datetime,
) -> tuple[Invitation, str]:  # fmt: skip
    """Invite somebody to a post; the secret comes back this once.

    Raises PermissionError when the visitor may not give this post there, CannotDo with the reason when the post cannot be given.
    """
    if not may_give(visitor, institution, kind):
        raise PermissionError("only an administrator invites")
    return _invite(institution, kind, name, email, mailed, valid_from, valid_to, actor=visitor.user, at=at)


@transaction.atomic
def appoint(*, institution: Institution, name: str, email: str, at: datetime) -> tuple[Invitation, str]:
    """Invite the first administrator of an institution, from the machine itself: how a new site gets its first post.

    Raises CannotDo when the institution has one: from then on its administrators invite.
    """
    if administrators(institution, on=timezone.localdate(at)).exists():
        raise rules.CannotDo(rules.HAS_ADMINISTRATOR)
    kind, day = PostWord.INSTITUTION_ADMIN, timezone.localdate(at)
    return _invite(institution, kind, name, email, False, day, None, actor=None, at=at)


def _invite(
    institution: Institution, kind: PostWord, name: str, email: str, mailed: bool, valid_from: date, valid_to: date | None,
    *, actor: User | None, at: datetime,
) -> tuple[Invitation, str]:  # fmt: skip
    rules.check_held_in(kind, institution.kind)
    rules.check_days(valid_from, valid_to)
    secret = new_secret("zsi")
    made = Invitation.objects.create(
        institution=institution, kind=kind, name=name, email=email, mailed=mailed, valid_from=valid_from,
        valid_to=valid_to, secret_sha256=digest(secret), made_by=actor, made_at=at,
        expires_at=at + rules.INVITATION_LASTS,
    )  # fmt: skip
    journal.record(
        "invite", actor=actor, at=at, subject=f"invitation:{made.pk}", rows=[{"invitation": str(made.pk), "kind": kind}],
        after={"institution": str(institution.pk), "kind": kind, "name": name},
    )  # fmt: skip
    return made, secret


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, visitor: Visitor, at: datetime) -> None:
    """Close an invitation that nobody has taken up. Raises PermissionError or CannotDo."""
    if not may_give(visitor, invitation.institution, PostWord(invitation.kind)):
        raise PermissionError("only an administrator withdraws an invitation")
    if open_invitations(at).filter(pk=invitation.pk).update(withdrawn_at=at) != 1:
        raise rules.CannotDo(rules.NO_LONGER_OPEN)
    row = {"invitation": str(invitation.pk)}
    journal.record("withdraw_invitation", actor=visitor.user, at=at, subject=f"invitation:{invitation.pk}", rows=[row])


@transaction.atomic
def take_up(invitation: Invitation, *, user: User | None, username: str = "", password: str = "", at: datetime) -> Post:
    """Take an invitation up, once: by the account `user`, else by a new one; the post is given.

    Raises CannotDo when the invitation is no longer open, when whoever made it might not give the post any more, or takes it up
    himself, or when the user name is taken.
    """
    invitation = _claimed(invitation, at=at)
    if user is None:
        user = _opened(invitation, username, password)
    rules.check_not_himself(invitation.made_by_id, user.pk)
    Invitation.objects.filter(pk=invitation.pk).update(taken_by=user)
    person, _ = Person.objects.get_or_create(user=user, defaults={"name": invitation.name})
    post = _enter_post(person, invitation.institution, invitation.kind, invitation.valid_from, invitation.valid_to)
    rows = [journal.columns(person), journal.columns(post)]
    journal.record("take_up_invitation", actor=user, at=at, subject=f"invitation:{invitation.pk}", rows=rows)
    return post


def _claimed(invitation: Invitation, *, at: datetime) -> Invitation:
    """The invitation, taken up now, while nobody else changes posts there; raises CannotDo if it stands no more."""
    institution = _locked(invitation.institution_id)
    if open_invitations(at).filter(pk=invitation.pk).update(taken_at=at) != 1:
        raise rules.CannotDo(rules.NO_LONGER_OPEN)
    invitation = Invitation.objects.select_related("institution", "made_by").get(pk=invitation.pk)
    if not _may_still_give(invitation, institution, on=timezone.localdate(at)):
        raise rules.CannotDo(rules.NO_LONGER_OPEN)
    return invitation


def _may_still_give(invitation: Invitation, institution: Institution, *, on: date) -> bool:
    """Might whoever made the invitation make it now? The machine makes one as long as nobody administers the institution."""
    if invitation.made_by is None:
        return not administrators(institution, on=on).exists()
    return may_give(visitor_of(invitation.made_by, on=on), institution, PostWord(invitation.kind))


def _opened(invitation: Invitation, username: str, password: str) -> User:
    """A new account; the name may have been taken since it was asked for: then CannotDo."""
    try:
        with transaction.atomic():
            return open_account(
                username=username, password=password, name=invitation.name, email=invitation.email,
                confirmed=invitation.mailed,
            )  # fmt: skip
    except IntegrityError:
        raise rules.CannotDo(rules.NAME_TAKEN) from None


def _locked(institution: UUID) -> Institution:
    """The institution, of which nobody else gives, takes up or ends a post until this transaction ends."""
    return Institution.objects.select_for_update().get(pk=institution)


@transaction.atomic
def give_post(
    *, person: Person, institution: Institution, kind: PostWord, valid_from: date, valid_to: date | None,
    visitor: Visitor, at: datetime,
) -> Post:  # fmt: skip
    """Give a further post to somebody who has an account. Raises PermissionError or CannotDo."""
    _locked(institution.pk)  # two administrators may give the same post at once
    if not may_give(visitor, institution, kind):
        raise PermissionError("only an administrator gives posts")
    rules.check_not_himself(visitor.user and visitor.user.pk, person.user_id)
    rules.check_held_in(kind, institution.kind)
    rules.check_days(valid_from, valid_to)
    post = _enter_post(person, institution, kind, valid_from, valid_to)
    given = journal.columns(post)
    journal.record("give_post", actor=visitor.user, at=at, subject=f"post:{post.pk}", rows=[given], after=given)
    return post


def _enter_post(person: Person, institution: Institution, kind: str, first: date, last: date | None) -> Post:
    same = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=first), person=person, institution=institution, kind=kind
    )
    rules.check_not_held_already(same.filter(valid_from__lte=last or date.max).exists())
    return Post.objects.create(person=person, institution=institution, kind=kind, valid_from=first, valid_to=last)


@transaction.atomic
def end_post(post: Post, *, last_day: date, reason: str, visitor: Visitor, at: datetime) -> Post:
    """Let a post end on a day, and with it the invitations that its holder may not make any more.

    Raises PermissionError or CannotDo; an institution never loses its last administrator.
    """
    if not may_end(visitor, post):
        raise PermissionError("only an administrator ends posts")
    _locked(post.institution_id)  # two administrators may end each other's post at once
    post = Post.objects.select_related("institution", "person").get(pk=post.pk)
    rules.check_not_ended(post.valid_to, last_day)
    rules.check_days(post.valid_from, last_day)
    others = administrators(post.institution, on=last_day + timedelta(days=1)).exclude(pk=post.pk)
    rules.check_an_admin_stays(post.kind, others.count())
    before, post.valid_to = post.valid_to, last_day
    post.save(update_fields=["valid_to"])
    rows = [journal.columns(post), *_withdraw_what_outlives(post, at=at)]
    journal.record(
        "end_post", actor=visitor.user, at=at, subject=f"post:{post.pk}", rows=rows, reason=reason,
        before={"valid_to": before and before.isoformat()}, after={"valid_to": last_day.isoformat()},
    )  # fmt: skip
    return post


def _withdraw_what_outlives(post: Post, *, at: datetime) -> list[dict[str, str]]:
    """Close the open invitations of an administrator that last longer than the power to make them; returns them for the journal."""
    last_day = post.valid_to
    if post.kind != PostWord.INSTITUTION_ADMIN or post.person.user_id is None or last_day is None:
        return []
    mine = open_invitations(at).filter(made_by=post.person.user_id, expires_at__gt=end_of(last_day))
    next_day = last_day + timedelta(days=1)
    lost = [one for one in mine.select_related("institution", "made_by")
            if not _may_still_give(one, one.institution, on=next_day)]  # fmt: skip
    open_invitations(at).filter(pk__in=[one.pk for one in lost]).update(withdrawn_at=at)
    return [{"invitation": str(one.pk)} for one in lost]
