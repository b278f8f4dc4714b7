"""An administrator invites, gives and ends posts on the pages; an invited person opens an account by the link."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.cast import institution, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.faces.workspace.members_forms import AccountForm
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Invitation, Person, Post
from zhunsheng.registry.people.queries import open_invitations

ClientOf = Callable[[User | None], Client]
INVITED = {"name": "New Person", "email": "new@example.invalid", "kind": "analyst", "valid_from": "2026-04-15"}
ACCOUNT = {"username": "new", "password": "plumb-and-true-7", "again": "plumb-and-true-7"}


def test_without_mail_the_link_is_shown_once_and_opens_an_account(institution_admin: User, client_of: ClientOf) -> None:
    client = client_of(institution_admin)
    shown = client.post(reverse("workspace_member_invite"), INVITED)
    link = re.search(r"http://testserver(/join/[^/<]+/)", shown.content.decode())[1]
    assert link not in client.get(reverse("workspace_members")).content.decode()
    assert "New Person" in text_of(client.get(reverse("workspace_members")))
    assert client_of(None).post(link, ACCOUNT).status_code == 302
    new = User.objects.get(username="new")
    assert Post.objects.get(person__user=new).institution == institution_of(institution_admin)
    assert client_of(None).get(link).status_code == 404


def test_with_mail_the_link_is_sent_and_shown_to_nobody(
    institution_admin: User, client_of: ClientOf, settings: Settings
) -> None:
    settings.MAIL_IS_SENT = True
    client = client_of(institution_admin)
    shown = client.post(reverse("workspace_member_invite"), INVITED, follow=True)
    (letter,) = mail.outbox
    link = re.search(r"http://testserver(/join/\S+/)", str(letter.body))[1]
    assert letter.to == ["new@example.invalid"] and link not in shown.content.decode()
    assert "邀请您担任检测人员" in letter.body and "invites you, New Person" in letter.body
    page = in_chinese(client_of(None)).get(link)
    assert "邀请您任职" in text_of(page)


def test_an_invitation_that_cannot_be_mailed_is_withdrawn_and_said(
    institution_admin: User, client_of: ClientOf, settings: Settings
) -> None:
    settings.MAIL_IS_SENT = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    shown = client_of(institution_admin).post(reverse("workspace_member_invite"), INVITED, follow=True)
    assert shown.status_code == 200 and "The invitation was withdrawn" in text_of(shown)
    assert not open_invitations(timezone.now()).exists() and Invitation.objects.count() == 1


def test_a_user_name_taken_meanwhile_is_said_on_the_page(
    institution_admin: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people choose one name at once: the form of both found it free."""
    link = invite(client_of(institution_admin))
    monkeypatch.setattr(AccountForm, "clean_username", lambda form: form.cleaned_data["username"])
    page = client_of(None).post(link, ACCOUNT | {"username": "institution_admin"})
    assert page.status_code == 200 and "user name is taken" in text_of(page)


def test_with_mail_an_address_is_needed(institution_admin: User, client_of: ClientOf, settings: Settings) -> None:
    settings.MAIL_IS_SENT = True
    page = client_of(institution_admin).post(reverse("workspace_member_invite"), INVITED | {"email": ""})
    assert page.status_code == 200 and not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("again", "another-one-77"), ("password", "short"), ("password", "password1234"), ("username", "laboratory")],
)
def test_a_weak_password_or_a_taken_name_opens_nothing(
    field: str, wrong: str, institution_admin: User, laboratory: User, client_of: ClientOf
) -> None:
    link = invite(client_of(institution_admin))
    given = ACCOUNT | {field: wrong} | ({"again": wrong} if field == "password" else {})
    assert client_of(None).post(link, given).status_code == 200
    assert not User.objects.filter(username="new").exists() and Invitation.objects.get().taken_at is None


def invite(client: Client) -> str:
    shown = client.post(reverse("workspace_member_invite"), INVITED)
    return re.search(r"http://testserver(/join/[^/<]+/)", shown.content.decode())[1]


def test_fields_that_the_form_does_not_ask_for_change_nothing(institution_admin: User, client_of: ClientOf) -> None:
    """Mass assignment: whatever else is sent, the account has the post that was offered, there, and no more."""
    elsewhere = institution("authority", "某局", "Some Authority")
    extra = {
        "institution": str(elsewhere.pk), "kind": "institution_admin", "is_staff": "on", "is_superuser": "on",
        "mailed": "on", "email": "boss@example.invalid", "valid_from": "2000-01-01", "posts": "1", "person": "1",
    }  # fmt: skip
    shown = client_of(institution_admin).post(reverse("workspace_member_invite"), extra | INVITED)
    link = re.search(r"http://testserver(/join/[^/<]+/)", shown.content.decode())[1]
    client_of(None).post(link, extra | ACCOUNT)
    user = User.objects.get(username="new")
    post = Post.objects.get(person__user=user)
    assert (user.is_staff, user.is_superuser, user.email) == (False, False, "new@example.invalid")
    assert (post.kind, post.institution) == ("analyst", institution_of(institution_admin))
    assert post.valid_from.isoformat() == "2026-04-15" and not Invitation.objects.get().mailed


def test_a_post_is_ended_and_a_further_one_given(
    institution_admin: User, laboratory: User, client_of: ClientOf
) -> None:
    client, post = client_of(institution_admin), Post.objects.get(person__user=laboratory)
    given = {"kind": "signatory", "valid_from": "2026-04-15", "valid_to": ""}
    assert client.post(reverse("workspace_member_give", args=[post.person_id]), given).status_code == 302
    ended = {"last_day": timezone.localdate().isoformat(), "reason": "moved"}
    assert client.post(reverse("workspace_member_end", args=[post.pk]), ended).status_code == 302
    post.refresh_from_db()
    assert post.valid_to == timezone.localdate() and Entry.objects.latest("pk").reason == "moved"


def test_a_refusal_is_said_on_the_page(institution_admin: User, client_of: ClientOf) -> None:
    own = Post.objects.get(person__user=institution_admin)
    page = client_of(institution_admin).post(
        reverse("workspace_member_end", args=[own.pk]), {"last_day": "2026-04-15", "reason": "left"}
    )
    assert "last administrator" in text_of(page)


def test_the_list_is_searched_filtered_and_exported(institution_admin: User, client_of: ClientOf) -> None:
    client, where = client_of(institution_admin), institution_of(institution_admin)
    user_with_post("sampler", "sampler", where)
    gone = user_with_post("gone", "analyst", where)
    Post.objects.filter(person__user=gone).update(valid_to="2025-01-01")
    address = reverse("workspace_members")
    assert "Sampler" in text_of(client.get(address)) and "Gone" not in text_of(client.get(address))
    assert "Gone" in text_of(client.get(address, {"standing": "ended"}))
    found = text_of(in_chinese(client).get(address, {"q": "抽样"}))
    assert "sampler" in found and "quality" not in found
    assert client.get(address, {"format": "xlsx"})["Content-Disposition"] == 'attachment; filename="members.xlsx"'


def test_three_or_three_hundred_users_cost_the_same(institution_admin: User, client_of: ClientOf) -> None:
    client, where = client_of(institution_admin), institution_of(institution_admin)

    def add(first: int, last: int) -> None:
        users = User.objects.bulk_create(User(username=f"u{i}") for i in range(first, last))
        people = Person.objects.bulk_create(Person(name=u.username, user=u) for u in users)
        Post.objects.bulk_create(
            Post(person=p, institution=where, kind="analyst", valid_from="2026-01-01") for p in people
        )

    add(0, 3)
    few = queries_of(lambda: client.get(reverse("workspace_members")))
    add(3, 300)
    assert queries_of(lambda: client.get(reverse("workspace_members"))) == few


def test_somebody_with_posts_in_two_institutions_chooses_for_which_to_act(
    laboratory: User, client_of: ClientOf
) -> None:
    second = institution("laboratory", "第二实验室", "Second Laboratory")
    Post.objects.create(person=laboratory.person, institution=second, kind="analyst", valid_from="2026-01-01")
    client = client_of(laboratory)
    assert laboratory_of(client) == institution_of_first(laboratory)
    assert "Act for Second Laboratory" in text_of(client.get(reverse("home")))
    client.post(reverse("act_for"), {"institution": str(second.pk)})
    assert laboratory_of(client) == second
    stranger = institution("laboratory", "他人实验室", "Not His")
    client.post(reverse("act_for"), {"institution": str(stranger.pk)})
    assert laboratory_of(client) == second


def laboratory_of(client: Client) -> Institution | None:
    request: Any = client.get(reverse("home")).wsgi_request
    found: Institution | None = request.visitor.laboratory
    return found


def institution_of_first(user: User) -> Institution:
    return Post.objects.filter(person__user=user).earliest("pk").institution
