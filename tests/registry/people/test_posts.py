"""Who gives which post to whom, and how an invitation is taken up: every rule is seen to refuse."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import AT, institution, institution_of, regulating, user_with_post
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Invitation, Post
from zhunsheng.registry.people.posts.actions import appoint, end_post, give_post, invite, take_up, withdraw_invitation
from zhunsheng.registry.people.posts.rules import INVITATION_LASTS, CannotDo
from zhunsheng.registry.people.queries import Visitor, invitation_behind, visitor
from zhunsheng.registry.people.states import Post as PostWord

TODAY = AT.date()
pytestmark = pytest.mark.django_db


def seen(user: User) -> Visitor:
    return visitor(user, on=TODAY)


def invited(by: User, kind: PostWord = PostWord.ANALYST, **also: Any) -> tuple[Invitation, str]:
    given: dict[str, Any] = {
        "institution": institution_of(by), "name": "New Person", "email": "new@example.invalid", "mailed": False,
        "valid_from": TODAY, "valid_to": None, **also,
    }  # fmt: skip
    return invite(kind=kind, visitor=seen(by), at=AT, **given)


def test_an_invitation_becomes_an_account_with_the_post_and_nothing_else(institution_admin: User) -> None:
    made, secret = invited(institution_admin)
    assert invitation_behind(secret, at=AT) == made and secret not in made.secret_sha256
    post = take_up(made, user=None, username="new", password="long-enough-42", at=AT)
    user = User.objects.get(username="new")
    assert (post.kind, post.institution, post.person.user) == ("analyst", institution_of(institution_admin), user)
    assert user.check_password("long-enough-42") and not user.is_staff and not user.is_superuser
    assert [e.verb for e in Entry.objects.order_by("pk")][-2:] == ["invite", "take_up_invitation"]
    assert secret.encode() not in b"".join(bytes(e.canonical) for e in Entry.objects.all())


def test_it_is_taken_up_once(institution_admin: User) -> None:
    made, secret = invited(institution_admin)
    take_up(made, user=None, username="new", password="long-enough-42", at=AT)
    assert invitation_behind(secret, at=AT) is None
    with pytest.raises(CannotDo):
        take_up(made, user=None, username="again", password="long-enough-42", at=AT)
    assert not User.objects.filter(username="again").exists()


def test_it_expires_and_can_be_withdrawn(institution_admin: User) -> None:
    made, secret = invited(institution_admin)
    late = AT + INVITATION_LASTS
    assert invitation_behind(secret, at=late - timedelta(seconds=1)) and invitation_behind(secret, at=late) is None
    with pytest.raises(CannotDo):
        take_up(made, user=None, username="late", password="long-enough-42", at=late)
    withdraw_invitation(made, visitor=seen(institution_admin), at=AT)
    assert invitation_behind(secret, at=AT) is None


def test_an_account_that_there_is_gets_the_post_added(institution_admin: User, outsider: User) -> None:
    made, _ = invited(institution_admin)
    take_up(made, user=outsider, at=AT)
    assert seen(outsider).laboratory == institution_of(institution_admin)


def test_nobody_gives_himself_a_post_not_even_by_an_invitation(institution_admin: User) -> None:
    made, _ = invited(institution_admin)
    with pytest.raises(CannotDo, match="himself"):
        take_up(made, user=institution_admin, at=AT)
    made.refresh_from_db()
    assert made.taken_at is None and Post.objects.filter(person__user=institution_admin).count() == 1
    with pytest.raises(CannotDo, match="himself"):
        give_post(
            person=institution_admin.person, institution=institution_of(institution_admin), kind=PostWord.SIGNATORY,
            valid_from=TODAY, valid_to=None, visitor=seen(institution_admin), at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    "kind", [PostWord.REGULATOR, PostWord.INSPECTOR, PostWord.INTEGRITY_OFFICER, PostWord.COORDINATOR]
)
def test_a_laboratory_has_no_posts_of_authorities_or_providers(kind: PostWord, institution_admin: User) -> None:
    with pytest.raises(CannotDo, match="does not exist"):
        invited(institution_admin, kind)


def test_an_authoritys_administrator_gives_the_posts_of_an_authority(authority: Institution) -> None:
    admin = user_with_post("admin", "institution_admin", authority)
    made, _ = invited(admin, PostWord.REGULATOR)
    take_up(made, user=None, username="new", password="long-enough-42", at=AT)
    assert seen(User.objects.get(username="new")).authority == authority


@pytest.mark.parametrize("who", ["laboratory", "regulator", "coordinator", "administrator", "outsider"])
def test_only_an_administrator_invites(who: str, laboratory: User, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionError):
        invite(
            institution=institution_of(laboratory), kind=PostWord.ANALYST, name="X", email="", mailed=False,
            valid_from=TODAY, valid_to=None, visitor=seen(request.getfixturevalue(who)), at=AT,
        )  # fmt: skip
    assert not Invitation.objects.exists()


def test_not_for_another_institution(institution_admin: User, other_laboratory: User) -> None:
    with pytest.raises(PermissionError):
        invited(institution_admin, institution=institution_of(other_laboratory))
    with pytest.raises(PermissionError):
        end_post(
            Post.objects.get(person__user=other_laboratory),
            last_day=TODAY,
            reason="x",
            visitor=seen(institution_admin),
            at=AT,
        )


def test_an_institution_never_loses_its_last_administrator(institution_admin: User) -> None:
    own = Post.objects.get(person__user=institution_admin)
    with pytest.raises(CannotDo, match="last administrator"):
        end_post(own, last_day=TODAY, reason="left", visitor=seen(institution_admin), at=AT)
    user_with_post("second", "institution_admin", own.institution)
    end_post(own, last_day=TODAY, reason="left", visitor=seen(institution_admin), at=AT)
    assert not visitor(institution_admin, on=TODAY + timedelta(days=1)).administered
    assert Entry.objects.latest("pk").verb == "end_post"


def test_an_administrator_whose_own_post_ends_sooner_does_not_count(institution_admin: User) -> None:
    own = Post.objects.get(person__user=institution_admin)
    second = user_with_post("second", "institution_admin", own.institution)
    Post.objects.filter(person__user=second).update(valid_to=TODAY)
    with pytest.raises(CannotDo, match="last administrator"):
        end_post(own, last_day=TODAY, reason="left", visitor=seen(institution_admin), at=AT)


def test_a_post_ends_once_and_not_before_it_begins(institution_admin: User, laboratory: User) -> None:
    post = Post.objects.get(person__user=laboratory)
    with pytest.raises(CannotDo, match="before the first"):
        end_post(post, last_day=date(2019, 1, 1), reason="x", visitor=seen(institution_admin), at=AT)
    end_post(post, last_day=TODAY, reason="x", visitor=seen(institution_admin), at=AT)
    with pytest.raises(CannotDo, match="already"):
        end_post(post, last_day=TODAY, reason="x", visitor=seen(institution_admin), at=AT)


def test_the_same_post_is_not_held_twice(institution_admin: User, laboratory: User) -> None:
    def again(kind: PostWord) -> Post:
        return give_post(
            person=laboratory.person, institution=institution_of(laboratory), kind=kind, valid_from=TODAY,
            valid_to=None, visitor=seen(institution_admin), at=AT,
        )  # fmt: skip

    with pytest.raises(CannotDo, match="already"):
        again(PostWord.QUALITY_MANAGER)
    assert again(PostWord.SIGNATORY).kind == "signatory"


def test_the_machine_appoints_the_first_administrator_and_no_second(laboratory: User) -> None:
    made, _ = appoint(institution=institution_of(laboratory), name="First", email="", at=AT)
    take_up(made, user=None, username="first", password="long-enough-42", at=AT)
    assert seen(User.objects.get(username="first")).administered == institution_of(laboratory)
    with pytest.raises(CannotDo, match="has an administrator"):
        appoint(institution=institution_of(laboratory), name="Second", email="", at=AT)


def test_an_authority_starts_institutions_of_its_area_that_have_nobody(laboratory: User) -> None:
    def chief(username: str, region: str) -> User:
        regulating(f"r-{username}", username, username, level="provincial", region_code=region)
        return user_with_post(username, "institution_admin", Institution.objects.get(name_zh=username))

    here, there = chief("here", "330000"), chief("there", "320000")
    where = institution_of(laboratory)
    with pytest.raises(PermissionError):
        invited(there, PostWord.INSTITUTION_ADMIN, institution=where)
    with pytest.raises(PermissionError):
        invited(here, PostWord.SIGNATORY, institution=where)
    made, _ = invited(here, PostWord.INSTITUTION_ADMIN, institution=where)
    take_up(made, user=None, username="first", password="long-enough-42", at=AT)
    with pytest.raises(PermissionError):
        invited(here, PostWord.INSTITUTION_ADMIN, institution=where)
    neighbour = institution("authority", "县局", "County", region_code="330106", level="county")
    with pytest.raises(PermissionError):
        invited(here, PostWord.INSTITUTION_ADMIN, institution=neighbour)


def test_an_address_is_confirmed_only_by_mail_and_never_taken_from_another_account(institution_admin: User) -> None:
    from allauth.account.models import EmailAddress

    for name, email, mailed in [
        ("a", "a@example.invalid", True),
        ("b", "b@example.invalid", False),
        ("c", "A@example.invalid", True),
    ]:
        made, _ = invited(institution_admin, email=email, mailed=mailed)
        take_up(made, user=None, username=name, password="long-enough-42", at=AT)
    known = {a.user.username: (a.email, a.verified) for a in EmailAddress.objects.filter(user__username__in="abc")}
    assert known == {"a": ("a@example.invalid", True), "b": ("b@example.invalid", False)}
    assert User.objects.get(username="c").email == ""


def test_the_register_of_people_gives_no_rights(laboratory: User) -> None:
    """Whoever keeps the register enters posts of people without an account only: else it would be a way to any right."""
    from zhunsheng.registry.institutions.rules.refusals import CannotEnter
    from zhunsheng.registry.people import actions as register

    where = institution_of(laboratory)
    own = Post.objects.get(person__user=laboratory)
    more = Post(person=laboratory.person, institution=where, kind="institution_admin", valid_from=TODAY)
    with pytest.raises(CannotEnter, match="account"):
        register.enter_post(more, actor=laboratory, at=AT)
    with pytest.raises(CannotEnter, match="account"):
        register.end_post(own, TODAY, reason="x", actor=laboratory, at=AT)
    assert seen(laboratory).administered is None
