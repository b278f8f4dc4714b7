"""Signing in by OpenID Connect, over HTTP with a provider of its own process: the whole code flow with PKCE."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.faces.pages import text_of
from tests.journeys.conftest import free_port
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.settings import oidc

CLAIMS = [
    {"sub": "known", "email": "laboratory@example.invalid", "email_verified": True},
    {"sub": "unsure", "email": "laboratory@example.invalid", "email_verified": False},
    {"sub": "stranger", "email": "stranger@example.invalid", "email_verified": True},
    {"sub": "chief", "email": "administrator@example.invalid", "email_verified": True},
    {"sub": "officer", "email": "regulator@example.invalid", "email_verified": True},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    users = [part for claims in CLAIMS for part in ("--user-claims", json.dumps(claims))]
    command = [str(Path(sys.executable).with_name("oidc-provider-mock")), "--port", str(port), *users]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(10)


def answering(address: str, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(300):
        assert process.poll() is None, "the provider ended"
        try:
            if requests.get(f"{address}/.well-known/openid-configuration", timeout=5).ok:
                return address
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the provider did not answer")


@pytest.fixture
def house(issuer: str, settings: Settings, db: None) -> str:
    said = {"issuer": issuer, "client_id": "zhunsheng", "secret": "kept", "name": "Example House"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": oidc(json.dumps(said))}
    settings.OIDC_NAME = "Example House"
    return issuer


def confirm(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def sent_to(client: Client) -> str:
    return str(client.post(reverse("openid_connect_login", args=["oidc"])).headers["Location"])


def come_from_the_house(client: Client, sub: str) -> Any:
    """Choose an account at the house and follow it back."""
    back = requests.post(sent_to(client), data={"sub": sub}, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_way_to_the_house_carries_a_challenge(house: str) -> None:
    asked = parse_qs(urlsplit(sent_to(Client())).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["code_challenge"] and asked["state"]


def test_the_sign_in_page_offers_the_house(house: str) -> None:
    assert "Example House" in text_of(Client().get(reverse("account_login")))


def test_an_address_confirmed_on_both_sides_opens_the_account_and_links_it(house: str, laboratory: User) -> None:
    confirm(laboratory)
    client = Client()
    come_from_the_house(client, "known")
    assert client.session["_auth_user_id"] == str(laboratory.pk)
    assert SocialAccount.objects.get().user == laboratory and Entry.objects.latest("pk").verb == "link_sign_in"
    EmailAddress.objects.all().delete()
    again = Client()
    come_from_the_house(again, "known")
    assert again.session["_auth_user_id"] == str(laboratory.pk)


@pytest.mark.parametrize("sub", ["unsure", "stranger", "chief"])
def test_nobody_else_comes_in_and_no_account_is_made(
    sub: str, house: str, laboratory: User, administrator: User
) -> None:
    User.objects.filter(pk=administrator.pk).update(email="administrator@example.invalid")
    administrator.refresh_from_db()
    confirm(laboratory)
    confirm(administrator)
    before = User.objects.count()
    client = Client()
    page = come_from_the_house(client, sub)
    assert not is_signed_in(client) and "No account here belongs" in text_of(page)
    assert User.objects.count() == before and not SocialAccount.objects.exists()


def test_an_address_that_was_only_typed_here_links_nothing(house: str, laboratory: User) -> None:
    EmailAddress.objects.create(user=laboratory, email=laboratory.email, verified=False, primary=True)
    client = Client()
    come_from_the_house(client, "known")
    assert not is_signed_in(client)


def test_a_closed_account_stays_closed(house: str, laboratory: User) -> None:
    confirm(laboratory)
    User.objects.update(is_active=False)
    client = Client()
    come_from_the_house(client, "known")
    assert not is_signed_in(client)


def test_one_who_is_signed_in_links_his_own_account(
    house: str, administrator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(administrator)
    login = reverse("openid_connect_login", args=["oidc"]) + "?process=connect"
    there = client.post(login).headers["Location"]
    back = urlsplit(requests.post(there, data={"sub": "chief"}, allow_redirects=False, timeout=10).headers["Location"])
    client.get(f"{back.path}?{back.query}")
    assert SocialAccount.objects.get().user == administrator


def test_the_second_factor_is_asked_for_after_this_door_too(house: str, regulator: User, settings: Settings) -> None:
    confirm(regulator)
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    come_from_the_house(client, "officer")
    assert client.get(reverse("home")).headers["Location"] == reverse("mfa_activate_totp")
    Authenticator.objects.create(user=regulator, type=Authenticator.Type.TOTP, data={"secret": "x"})
    other = Client()
    page = come_from_the_house(other, "officer")
    assert not is_signed_in(other) and page.request["PATH_INFO"] == reverse("mfa_authenticate")


@pytest.mark.parametrize("given", ["{", "[]", '{"issuer": "https://x"}'])
def test_half_a_house_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ZHUNSHENG_OIDC"):
        oidc(given)


def test_where_one_is_signed_in_can_be_seen_and_ended(laboratory: User, client_of: Callable[[User], Client]) -> None:
    def signed_in() -> Client:
        client = Client()
        client.post(reverse("account_login"), {"login": "laboratory", "password": "long-enough-42"})
        assert is_signed_in(client)
        return client

    here, there = signed_in(), signed_in()
    assert here.get(reverse("usersessions_list")).status_code == 200
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("home")).status_code == 200
    assert there.get(reverse("home")).status_code == 302
