"""Who gives which post to whom, and how an invitation is taken up: every rule is seen to refuse."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from time import sleep
from typing import Any
from unittest.mock import patch

import pytest

from tests.cast import AT, institution, institution_of, regulating, user_with_post
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Invitation, Post
from zhunsheng.registry.people.posts import actions as posts
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


def dismissed(admin: User, *, last_day: date) -> None:
    """A second administrator ends the post of the first."""
    second = user_with_post("second_admin", "institution_admin", institution_of(admin))
    own = Post.objects.get(person__user=admin)
    end_post(own, last_day=last_day, reason="dismissed", visitor=seen(second), at=AT)


@pytest.mark.parametrize("last_day", [TODAY - timedelta(days=1), TODAY])
def test_an_administrators_invitations_end_with_the_post(last_day: date, institution_admin: User) -> None:
    made, secret = invited(institution_admin)
    dismissed(institution_admin, last_day=last_day)
    assert invitation_behind(secret, at=AT) is None
    with pytest.raises(CannotDo, match="no longer open"):
        take_up(made, user=None, username="puppet", password="long-enough-42", at=AT)
    assert not User.objects.filter(username="puppet").exists()


def test_an_invitation_that_ends_before_the_post_stays(institution_admin: User) -> None:
    _, secret = invited(institution_admin)
    dismissed(institution_admin, last_day=TODAY + INVITATION_LASTS + timedelta(days=1))
    assert invitation_behind(secret, at=AT) is not None


def test_who_may_not_give_the_post_any_more_has_not_given_it(institution_admin: User) -> None:
    """Whichever way the power went: here the account was closed."""
    made, _ = invited(institution_admin)
    User.objects.filter(pk=institution_admin.pk).update(is_active=False)
    with pytest.raises(CannotDo, match="no longer open"):
        take_up(made, user=None, username="puppet", password="long-enough-42", at=AT)
    made.refresh_from_db()
    assert made.taken_at is None


def test_of_two_first_administrators_one_comes(authority: Institution, laboratory: User) -> None:
    chief, where = user_with_post("chief", "institution_admin", authority), institution_of(laboratory)
    one, other = (invited(chief, PostWord.INSTITUTION_ADMIN, institution=where)[0] for _ in range(2))
    by_machine, _ = appoint(institution=where, name="Third", email="", at=AT)
    take_up(one, user=None, username="real", password="long-enough-42", at=AT)
    for late in (other, by_machine):
        with pytest.raises(CannotDo, match="no longer open"):
            take_up(late, user=None, username="puppet", password="long-enough-42", at=AT)
    assert Post.objects.filter(institution=where, kind="institution_admin").count() == 1


def test_an_administrator_who_cannot_sign_in_does_not_count(institution_admin: User) -> None:
    User.objects.filter(pk=institution_admin.pk).update(is_active=False)
    made, _ = appoint(institution=institution_of(institution_admin), name="New", email="", at=AT)
    take_up(made, user=None, username="new", password="long-enough-42", at=AT)
    assert seen(User.objects.get(username="new")).administered == institution_of(institution_admin)


def test_a_user_name_taken_meanwhile_is_a_sentence(institution_admin: User, outsider: User) -> None:
    made, secret = invited(institution_admin)
    with pytest.raises(CannotDo, match="user name is taken"):
        take_up(made, user=None, username="outsider", password="long-enough-42", at=AT)
    assert invitation_behind(secret, at=AT) == made


@pytest.mark.django_db(transaction=True)
def test_two_administrators_give_one_post_at_once(institution_admin: User, laboratory: User) -> None:
    """Each in a thread with a connection of its own; what one finds free, the other must not find free, too."""
    from django.db import connection

    where = institution_of(laboratory)
    others = [institution_admin, user_with_post("second_admin", "institution_admin", where)]
    both, said = Barrier(2), []

    def give(admin: User) -> None:
        visitor_, person = seen(admin), laboratory.person
        both.wait(10)
        try:
            give_post(
                person=person, institution=where, kind=PostWord.SIGNATORY, valid_from=TODAY, valid_to=None,
                visitor=visitor_, at=AT,
            )  # fmt: skip
            said.append("given")
        except CannotDo as refusal:
            said.append(refusal.reason.en)
        finally:
            connection.close()

    threads = [Thread(target=give, args=[one]) for one in others]
    with patch.object(posts.rules, "check_not_held_already", held_up(posts.rules.check_not_held_already)):
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
    assert sorted(said) == ["This person holds this post already on these days.", "given"]
    assert Post.objects.filter(person=laboratory.person, kind="signatory").count() == 1


def held_up(check: Callable[[bool], None]) -> Callable[[bool], None]:
    """The check, and then a moment in which the other one may come between the check and the writing."""

    def slow(held: bool) -> None:
        check(held)
        sleep(0.5)

    return slow
