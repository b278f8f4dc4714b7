"""Accounts are given, not taken; who decides about others brings a second factor."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from zhunsheng.foundation.accounts.models import User

ClientOf = Callable[[User | None], Client]


@pytest.mark.django_db
def test_nobody_signs_up_by_himself() -> None:
    form = {"username": "stranger", "password1": "a-long-password-7", "password2": "a-long-password-7"}
    Client().post(reverse("account_signup"), form)
    assert not User.objects.filter(username="stranger").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["coordinator", "coordinator@example.invalid"])
def test_one_signs_in_by_name_or_by_address(coordinator: User, login: str) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": login, "password": "long-enough-42"})
    assert client.session["_auth_user_id"] == str(coordinator.pk)


@pytest.mark.django_db
def test_a_wrong_password_or_an_inactive_account_does_not_sign_in(coordinator: User, outsider: User) -> None:
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    for login, password in (("coordinator", "wrong"), ("outsider", "long-enough-42")):
        client = Client()
        client.post(reverse("account_login"), {"login": login, "password": password})
        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "asked"), [("coordinator", True), ("regulator", True), ("laboratory", False), ("outsider", False)]
)
def test_whoever_decides_about_others_is_asked_for_a_second_factor(
    who: str, asked: bool, client_of: ClientOf, settings: Settings, request: pytest.FixtureRequest
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    answer = client_of(request.getfixturevalue(who)).get(reverse("front"))
    sent_to = answer.headers.get("Location")
    assert sent_to == (reverse("mfa_activate_totp") if asked else None)


@pytest.mark.django_db
def test_a_user_is_called_by_name_else_by_login() -> None:
    assert str(User(username="l08", first_name="Mercury", last_name="Feed")) == "Mercury Feed"
    assert str(User(username="l08")) == "l08"
