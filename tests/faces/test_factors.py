"""The second factor belongs to the session, not to the account alone."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from zhunsheng.foundation.accounts.models import User

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def signed_in(username: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": username, "password": "long-enough-42"})
    assert "_auth_user_id" in client.session
    return client


def set_up(client: Client) -> None:
    """Set the factor up on the page."""
    page = reverse("mfa_activate_totp")
    client.post(reverse("account_reauthenticate"), {"password": "long-enough-42"})
    client.get(page)
    secret = str(client.session["mfa.totp.secret"])
    assert client.post(page, {"code": code_of(secret)}).status_code == 302 and Authenticator.objects.exists()


@pytest.fixture(autouse=True)
def factors_required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def test_a_session_of_the_password_alone_shows_the_factor_once_there_is_one(
    client_of: Callable[[User], Client], regulator: User
) -> None:
    client, home = client_of(regulator), reverse("office_institutions")
    secret = generate_totp_secret()
    TOTP.activate(regulator, secret)
    asked = client.get(home).headers["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate")) and client.get(home).status_code == 302
    assert client.post(asked, {"code": code_of(secret)}).headers["Location"] == home
    assert client.get(home).status_code == 200


@pytest.mark.django_db(transaction=True)  # the other sessions end when the factor is committed
def test_setting_a_factor_up_ends_the_other_sessions_and_counts_in_this_one(regulator: User) -> None:
    here, there = signed_in("regulator"), signed_in("regulator")
    set_up(here)
    assert here.get(reverse("office_institutions")).status_code == 200
    assert "_auth_user_id" not in there.session
    assert reverse("account_login") in there.get(reverse("office_institutions")).headers["Location"]


def test_a_factor_shown_at_the_door_is_not_asked_for_again(regulator: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(regulator, secret)
    client = Client()
    client.post(reverse("account_login"), {"login": "regulator", "password": "long-enough-42"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(reverse("office_institutions")).status_code == 200
