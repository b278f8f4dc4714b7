"""The page that adds an identity number: who gets it, what it refuses, and that the number stands nowhere afterwards."""

import logging
import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, text_of
from zhunsheng.faces.jobs.sequencer import sequence_what_waits
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.people import actions
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.rules import identity_check_character, identity_hash, masked

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
NUMBER = "11010519491231002X"


@pytest.fixture
def keeper(laboratory: User) -> User:
    return user_with_post("technical", "technical_manager", institution_of(laboratory))


@pytest.fixture
def who(keeper: User) -> Person:
    return entered("在册人员", keeper)


def entered(name: str, user: User, number: str = "", last: date | None = None) -> Person:
    made, held = Person(name=name), Post(kind="analyst", valid_from=date(2020, 1, 1), valid_to=last)
    if number:
        made.identity_hash, made.identity_masked = identity_hash(number, settings.IDENTITY_KEY), masked(number)
    held.institution = institution_of(user)
    return actions.enter_person(made, held, actor=None, at=AT)


def page_of(one: Person, face: str = "workspace") -> str:
    return reverse(f"{face}_person_identity", args=[one.pk])


@pytest.mark.parametrize("typed", [NUMBER, " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ"])
def test_a_number_is_added_masked_and_stands_nowhere(
    client_of: Clients, keeper: User, who: Person, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk, shown = client_of(keeper), reverse("workspace_person", args=[who.pk])
    assert page_of(who) in desk.get(shown).content.decode()
    with caplog.at_level(logging.DEBUG):
        sent = desk.post(page_of(who), {"identity": typed}, follow=True)
    assert sent.redirect_chain == [(shown, 302)]
    page = sent.content.decode()
    assert "1101**********002X" in page and page_of(who) not in page
    assert "Identity number added" in text_of(sent)
    who.refresh_from_db()
    assert who.identity_hash == identity_hash(NUMBER, settings.IDENTITY_KEY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        kept = str(cursor.fetchall()) + caplog.text + page
    kept += "".join(bytes(one.canonical).decode() for one in Entry.objects.all())
    assert NUMBER not in kept and typed.strip() not in kept
    assert desk.get(page_of(who)).status_code == 302


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("110105194912310021", "does not fit the others", "校验码不符"), ("3.30106E+17", "characters, not 18", "应为 18 位"),
        ("", "This field is required", "必填"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_the_number(
    client_of: Clients, keeper: User, who: Person, typed: str, english: str, chinese: str
) -> None:
    answers = [
        desk.post(page_of(who), {"identity": typed}) for desk in (client_of(keeper), in_chinese(client_of(keeper)))
    ]
    for said, answer in zip((english, chinese), answers, strict=True):
        assert said in text_of(answer) and (not typed or typed not in answer.content.decode())
    who.refresh_from_db()
    assert who.identity_hash is None


def test_a_colleague_who_has_the_number_is_named_to_whoever_keeps_both(
    client_of: Clients, keeper: User, who: Person
) -> None:
    entered("另一人", keeper, NUMBER)
    refused = client_of(keeper).post(page_of(who), {"identity": NUMBER})
    assert "This is the identity number of 另一人" in text_of(refused) and NUMBER not in refused.content.decode()
    refused = in_chinese(client_of(keeper)).post(page_of(who), {"identity": NUMBER})
    assert "该身份证号已登记在另一人名下" in text_of(refused)


def test_who_has_left_is_not_named(client_of: Clients, keeper: User, who: Person) -> None:
    """The masked form of who left is shown to nobody here: neither is whose number it is."""
    entered("离职人员", keeper, NUMBER, last=date(2021, 1, 1))
    refused = text_of(client_of(keeper).post(page_of(who), {"identity": NUMBER}))
    assert "Another entry of this institution has this identity number" in refused and "离职人员" not in refused


def test_a_number_known_elsewhere_is_answered_like_an_unknown_one(
    client_of: Clients, keeper: User, who: Person, other_laboratory: User, province: User
) -> None:
    twin, unknown = entered("另写的名", other_laboratory, NUMBER), entered("第二人", keeper)
    first17 = "33010619800101001"
    answers = [
        client_of(keeper).post(page_of(one), {"identity": number}, follow=True)
        for one, number in ((who, NUMBER), (unknown, first17 + identity_check_character(first17)))
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert all("Done: Add the identity number." in text_of(one) for one in answers)
    assert twin.name not in answers[0].content.decode()
    found = text_of(client_of(province).get(reverse("office_findings")))
    assert institution_of(other_laboratory).name_en in found and institution_of(keeper).name_en in found


def test_one_who_came_second_is_told_that_there_is_a_number(client_of: Clients, keeper: User, who: Person) -> None:
    desk = client_of(keeper)
    form = desk.get(page_of(who))
    assert form.status_code == 200 and "keyed hash" in text_of(form)
    Person.objects.filter(pk=who.pk).update(identity_hash="a" * 64)
    refused = desk.post(page_of(who), {"identity": NUMBER})
    assert "has an identity number already" in text_of(refused)
    who.refresh_from_db()
    assert who.identity_hash == "a" * 64


def test_who_keeps_no_entry_finds_no_page(
    client_of: Clients, laboratory: User, other_laboratory: User, county: User, other_province: User, who: Person
) -> None:
    statuses = {
        user.username: client_of(user).post(page_of(who, face), {"identity": NUMBER}).status_code
        for face, user in (
            ("workspace", laboratory), ("workspace", other_laboratory), ("office", other_province), ("office", county),
        )
    }  # fmt: skip
    assert statuses == {"laboratory": 404, "other_laboratory": 404, "other_province": 404, "county": 302}
    assert page_of(who) not in client_of(laboratory).get(reverse("workspace_person", args=[who.pk])).content.decode()


def test_the_masked_form_is_shown_to_whoever_keeps_the_entry_and_to_nobody_else(
    client_of: Clients, laboratory: User, keeper: User, who: Person
) -> None:
    """Neither on the page nor in its history nor in the trail."""
    client_of(keeper).post(page_of(who), {"identity": NUMBER})
    act = Entry.objects.get(verb="add_identity")
    pages = (reverse("workspace_person", args=[who.pk]), reverse("journal_act", args=[act.pk]))
    shown = {
        user.username: [masked(NUMBER) in text_of(client_of(user).get(page)) for page in pages]
        for user in (laboratory, keeper)
    }
    sequence_what_waits(threading.Event())
    proof = reverse("journal_proof", args=[act.pk])
    assert [client_of(user).get(proof).status_code for user in (laboratory, keeper)] == [404, 200]
    assert proof not in client_of(laboratory).get(pages[1]).content.decode()
    assert shown == {"laboratory": [False, False], "technical": [True, True]}
    assert "Identity number added" in text_of(client_of(laboratory).get(pages[0]))


def test_the_authority_corrects_a_wrong_number_the_laboratory_does_not(
    client_of: Clients, keeper: User, county: User
) -> None:
    who = entered("错号人员", keeper, NUMBER)
    right = "33010619800101001" + identity_check_character("33010619800101001")
    assert "Correct the identity number" in text_of(client_of(county).get(reverse("office_person", args=[who.pk])))
    assert client_of(keeper).get(page_of(who)).status_code == 302
    refused = client_of(keeper).post(page_of(who), {"identity": right, "reason": "slip"})
    assert "has an identity number already" in text_of(refused)
    office = client_of(county)
    assert "This field is required" in text_of(office.post(page_of(who, "office"), {"identity": right}))
    assert office.post(page_of(who, "office"), {"identity": right, "reason": "slip"}).status_code == 302
    who.refresh_from_db()
    assert who.identity_hash == identity_hash(right, settings.IDENTITY_KEY)
    kept = "".join(bytes(one.canonical).decode() for one in Entry.objects.all())
    assert right not in kept and "Identity number corrected" in text_of(
        office.get(reverse("office_person", args=[who.pk]))
    )
