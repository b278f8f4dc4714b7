"""The secrets of second factors lie sealed in the database, whoever wrote them there."""

import importlib
import json
import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.db import connection
from pytest_django import Settings

from tests.cast import AT
from tests.faces.test_factors import code_of
from zhunsheng.faces.factors import forget_unopenable, unopenable, unopenable_factors
from zhunsheng.foundation.accounts.factors import MARK, CannotOpen, opened, sealed
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry

SECRET = "JBSWY3DPEHPK3PXP"


def test_what_is_sealed_is_opened_by_the_same_key_alone(settings: Settings) -> None:
    kept = sealed(SECRET)
    assert kept.startswith(MARK) and SECRET not in kept and sealed(SECRET) != kept
    assert opened(kept) == SECRET
    settings.FACTOR_KEY = "another key"
    with pytest.raises(CannotOpen):
        opened(kept)


@pytest.mark.parametrize("kept", [SECRET, "", MARK, MARK + "AAAA", MARK + "é"])
def test_what_was_never_sealed_is_not_opened(kept: str) -> None:
    with pytest.raises(CannotOpen):
        opened(kept)


def test_a_changed_character_is_found() -> None:
    kept = sealed(SECRET)
    middle = len(kept) // 2
    with pytest.raises(CannotOpen):
        opened(kept[:middle] + ("A" if kept[middle] != "A" else "B") + kept[middle + 1 :])


def in_the_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return " ".join(str(row[0]) for row in cursor.fetchall())


@pytest.mark.django_db
def test_neither_secret_nor_seed_stands_in_the_database_and_the_codes_work(outsider: User) -> None:
    secret = generate_totp_secret()
    totp, codes = TOTP.activate(outsider, secret), RecoveryCodes.activate(outsider)
    assert secret not in in_the_database() and in_the_database().count(MARK) == 2
    assert totp.validate_code(code_of(secret)) and codes.validate_code(codes.generate_codes()[0])


@pytest.mark.django_db
def test_rows_of_before_are_sealed_once(outsider: User) -> None:
    seal = importlib.import_module("zhunsheng.foundation.accounts.migrations.0003_seal_factors").seal
    one = Authenticator.objects.create(user=outsider, type="totp", data={"secret": SECRET})
    two = Authenticator.objects.create(
        user=outsider, type="recovery_codes", data={"seed": "ab" * 40, "used_mask": 3, "migrated_codes": ["12345678"]}
    )
    with connection.schema_editor() if connection.vendor == "postgresql" else _Editor() as editor:
        seal(apps, editor)
        once = in_the_database()
        seal(apps, editor)
    assert in_the_database() == once and SECRET not in once and "abab" not in once and "12345678" not in once
    one.refresh_from_db()
    two.refresh_from_db()
    assert opened(one.data["secret"]) == SECRET and opened(two.data["seed"]) == "ab" * 40
    assert two.data["used_mask"] == 3 and [opened(code) for code in two.data["migrated_codes"]] == ["12345678"]


class _Editor:
    """SQLite's schema editor wants foreign keys off, which a test's transaction does not allow; only its connection is needed."""

    connection = connection

    def __enter__(self) -> "_Editor":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""


@pytest.mark.django_db
def test_without_the_key_every_code_is_wrong_and_it_is_said_what_to_do(
    outsider: User, regulator: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(outsider, secret)
    assert unopenable_factors() == []
    settings.FACTOR_KEY = "the key of another machine"
    other = TOTP.activate(regulator, secret)
    with caplog.at_level(logging.ERROR):
        assert not TOTP(Authenticator.objects.get(user=outsider)).validate_code(code_of(secret))
    assert "forget-factors" in caplog.text and secret not in caplog.text
    (said,) = unopenable_factors()
    assert "of 1 users" in said.en and "factor-key" in said.zh
    assert [one.user for one in unopenable()] == [outsider]
    assert forget_unopenable(at=AT) == 1 and forget_unopenable(at=AT) == 0
    assert Authenticator.objects.get() == other.instance
    assert json.loads(bytes(Entry.objects.get(verb="forget_factors").canonical))["after"] == {"removed": 1}
