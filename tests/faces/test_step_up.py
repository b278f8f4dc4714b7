"""Grave acts ask again who is there; tokens end with the password."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import institution_of, user_with_post
from tests.conftest import shown_password
from zhunsheng.faces.api.tokens import token_behind
from zhunsheng.faces.step_up import GRAVE, RECENT, asking_again
from zhunsheng.faces.urls import ADDRESSES
from zhunsheng.foundation.accounts.models import ApiToken, User
from zhunsheng.registry.people.models import Invitation

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | None], Client]
TOKENS, AGAIN = reverse("api_tokens"), reverse("account_reauthenticate")
TOKEN = {"name": "LIMS", "scopes": ["read:registers"], "days": "30"}
LONG_AGO = RECENT.total_seconds() + 1


@pytest.fixture
def left_open(client_of: ClientOf, laboratory: User) -> Client:
    """A browser in which somebody signed in a while ago."""
    client = client_of(laboratory)
    shown_password(client, laboratory, ago=LONG_AGO)
    return client


def test_a_token_is_made_only_after_the_password_and_then_with_what_was_typed(left_open: Client) -> None:
    assert left_open.get(TOKENS).status_code == 200
    asked = left_open.post(TOKENS, TOKEN)
    assert asked.status_code == 302 and asked.headers["Location"].startswith(AGAIN) and not ApiToken.objects.exists()
    left_open.post(asked.headers["Location"], {"password": "not the one"})
    assert not ApiToken.objects.exists()
    made = left_open.post(asked.headers["Location"], {"password": "long-enough-42"})
    assert "zsa_" in made.content.decode() and ApiToken.objects.get().name == "LIMS"


def test_a_recent_sign_in_counts(laboratory: User) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "laboratory", "password": "long-enough-42"})
    assert "zsa_" in client.post(TOKENS, TOKEN).content.decode()


def test_nobody_is_invited_from_a_browser_left_open(client_of: ClientOf, institution_admin: User) -> None:
    client, page = client_of(institution_admin), reverse("workspace_member_invite")
    shown_password(client, institution_admin, ago=LONG_AGO)
    sent = {"name": "New", "email": "", "kind": "analyst", "valid_from": "2026-04-15"}
    asked = client.post(page, sent)
    assert asked.status_code == 302 and not Invitation.objects.exists()
    shown = client.post(asked.headers["Location"], {"password": "long-enough-42"})
    assert re.search(r"/join/zsi_[^/<]+/", shown.content.decode()) and Invitation.objects.get().name == "New"


def test_a_record_of_another_account_counts_for_nothing(client_of: ClientOf, laboratory: User) -> None:
    other = user_with_post("colleague", "analyst", institution_of(laboratory))
    client = client_of(laboratory)
    shown_password(client, other)
    assert client.post(TOKENS, TOKEN).status_code == 302


def test_every_grave_act_is_an_address_and_is_guarded() -> None:
    guarded = {one.name for one in ADDRESSES if hasattr(getattr(one, "callback", None), "asks_again")}
    assert guarded == GRAVE
    with pytest.raises(ValueError, match="api_tokens"):
        asking_again([])


def test_a_new_password_ends_the_tokens(client_of: ClientOf, laboratory: User, other_laboratory: User) -> None:
    def token(user: User) -> str:
        shown = client_of(user).post(TOKENS, TOKEN).content.decode()
        return re.search(r"zsa_[-\w]{43}", shown)[0]

    mine, others = token(laboratory), token(other_laboratory)
    laboratory.first_name = "Renamed"
    laboratory.save()
    assert token_behind(mine, at=timezone.now()) is not None
    changed = {"oldpassword": "long-enough-42", "password1": "another-long-42", "password2": "another-long-42"}
    client_of(laboratory).post(reverse("account_change_password"), changed)
    laboratory.refresh_from_db()
    assert laboratory.check_password("another-long-42")
    assert token_behind(mine, at=timezone.now()) is None and token_behind(others, at=timezone.now()) is not None


def test_on_whichever_way_the_password_is_set(client_of: ClientOf, laboratory: User) -> None:
    client_of(laboratory).post(TOKENS, TOKEN)
    laboratory.set_password("another-long-42")
    laboratory.save()
    assert ApiToken.objects.get().revoked_at is not None
