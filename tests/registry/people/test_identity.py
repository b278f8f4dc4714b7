"""An identity number is checked, masked and hashed; it is never kept and never said again."""

import hashlib

import pytest
from django.conf import settings
from django.db import connection

from tests.cast import AT
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.people.actions import enter_people
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.rules import (
    identity_check_character,
    identity_faults,
    identity_hash,
    masked,
)
from zhunsheng.settings import kept_secret

SOUND = ["11010519491231002X", "440524188001010014"]
"""The two worked examples of GB 11643-1999."""
KEY = "a key of the test"


def with_check(first17: str) -> str:
    return first17 + identity_check_character(first17)


def test_the_examples_of_the_standard_check() -> None:
    assert identity_faults(SOUND[0]) == []
    assert identity_check_character(SOUND[1][:17]) == SOUND[1][17]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110105491231002", "15 characters"), ("", "0 characters"), (SOUND[0] + "1", "19 characters"),
        ("1101051949123100A1", "other characters"), ("１１０１０５１９４９１２３１００２Ｘ", "other characters"),
        ("110105194912310021", "does not fit"), (with_check("99010519491231002"), "no region"),
        (with_check("11010519490230002"), "no day of birth"), (with_check("11010518491231002"), "no day of birth"),
    ],
)  # fmt: skip
def test_a_fault_is_said_without_the_number(number: str, said: str) -> None:
    faults = identity_faults(number)
    assert [fault for fault in faults if said in fault.en] and all(fault.zh for fault in faults)
    assert not [fault for fault in faults if number and (number in fault.en or number in fault.zh)]


def test_every_wrong_digit_is_caught() -> None:
    number = SOUND[0]
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                assert identity_faults(number[:place] + digit + number[place + 1 :])


def test_the_mask_shows_the_ends_only() -> None:
    assert masked("110105 19491231 002x") == "1101**********002X"
    with pytest.raises(ValueError, match="18 characters"):
        masked("11010519491231")


def test_the_hash_needs_the_key_and_a_sound_number() -> None:
    assert identity_hash("11010519491231002x", KEY) == identity_hash(SOUND[0], KEY)
    assert identity_hash(SOUND[0], KEY) != identity_hash(SOUND[0], KEY + ".")
    assert identity_hash(SOUND[0], KEY) != hashlib.sha256(SOUND[0].encode()).hexdigest()
    for number, key in ((SOUND[0], ""), ("110105194912310021", KEY)):
        with pytest.raises(ValueError) as refused:
            identity_hash(number, key)
        assert number not in str(refused.value)


def test_the_key_is_made_once_and_readable_by_its_owner_only() -> None:
    path = settings.VAR / "identity-key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.IDENTITY_KEY == path.read_text().strip() == kept_secret("IDENTITY_KEY", "identity-key")
    assert len(settings.IDENTITY_KEY) >= 50 and settings.IDENTITY_KEY != settings.SECRET_KEY


@pytest.mark.django_db
def test_the_number_stands_in_no_table_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    number = SOUND[0]
    with caplog.at_level("DEBUG"):
        person = Person(
            name="示例人员",
            identity_hash=identity_hash(number, settings.IDENTITY_KEY),
            identity_masked=masked(number),
        )
        enter_people([person], actor=None, at=AT)
    assert Person.objects.get(identity_hash=identity_hash(number, settings.IDENTITY_KEY)).identity_masked == masked(
        number
    )
    assert number not in caplog.text
    assert number.encode() not in b"".join(bytes(one.canonical) for one in Entry.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        assert number not in str(cursor.fetchall())
