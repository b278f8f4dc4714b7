"""The page of a person says why an authorisation counts on a day, or does not, in both languages and within what may be seen."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of
from tests.faces.pages import in_chinese, queries_of
from tests.registry.scopes import ground
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people import actions
from zhunsheng.registry.people.models import Authorisation, Person, Post

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
ENTERED, SINCE = AT.date(), date(2026, 1, 1)


@pytest.fixture
def here(laboratory: User) -> Institution:
    return institution_of(laboratory)


@pytest.fixture
def signatory(here: Institution) -> Person:
    """In a post since January and authorised since then, both entered in April."""
    made = Person(name="在册人员")
    actions.enter_person(made, Post(institution=here, kind="signatory", valid_from=SINCE), actor=None, at=AT)
    given = Authorisation(person=made, institution=here, field="food", valid_from=SINCE)
    actions.authorise(given, actor=None, at=AT)
    return made


def text_of(response: Any) -> str:
    """The page's words; dates stand in an element of their own, within sentences."""
    body = re.sub(r'<span class="date">([^<]*)</span>', r"\1", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def page_of(who: Person, face: str = "workspace") -> str:
    return reverse(f"{face}_person", args=[who.pk])


@pytest.mark.parametrize(
    ("on", "known", "english", "chinese"),
    [
        (
            "2026-03-01", "2026-04-15", "It counts on 2026-03-01, as known on 2026-04-15: every condition is met.",
            "依据截至 2026-04-15 登记的信息，该授权在 2026-03-01 有效：各项条件均满足。",
        ),
        ("2026-03-01", "2026-04-14", "Not met: Recorded by then.", "不满足：届时已登记。"),
        (
            "2025-12-31", "2026-04-15", "Not met: Days of the authorisation, Post in the institution.",
            "不满足：授权期间、在本机构任职。",
        ),
    ],
)  # fmt: skip
def test_the_page_says_why_in_both_languages(
    client_of: Clients, laboratory: User, county: User, signatory: Person, on: str, known: str, english: str, chinese: str
) -> None:  # fmt: skip
    asked = {"on": on, "known": known}
    for face, user in (("workspace", laboratory), ("office", county)):
        assert english in text_of(client_of(user).get(page_of(signatory, face), asked)), face
    assert chinese in text_of(in_chinese(client_of(laboratory)).get(page_of(signatory), asked))


def test_what_was_replaced_stands_apart_and_counted_while_it_was_known(
    client_of: Clients, laboratory: User, signatory: Person
) -> None:
    given, later = Authorisation.objects.get(), AT + timedelta(days=5)
    actions.end_authorisation(given, date(2026, 4, 17), reason="moved", actor=None, at=later)
    desk = client_of(laboratory)

    def told(known: date) -> str:
        page = text_of(desk.get(page_of(signatory), {"on": "2026-04-18", "known": known.isoformat()}))
        return page.split("Does it count on a day?")[1].split("Qualifications are no condition")[0]

    before, after = told(ENTERED), told(later.date())
    assert before.count("It counts on 2026-04-18") == 1 and "Recorded only on 2026-04-20" in before
    assert "entry that another had replaced" not in before
    assert "It counts" not in after and "It ended on 2026-04-17." in after.split("1 entry that another had replaced")[0]
    assert (
        "Another entry has stood in its place since 2026-04-20." in after.split("1 entry that another had replaced")[1]
    )


@pytest.mark.parametrize("day", ["2026-02-30", "nonsense", "9999-12-31", "\u0660" * 8])
@pytest.mark.parametrize(
    ("name", "said"), [("on", "As of the day: that was not"), ("known", "As known on: that was not")]
)
def test_an_odd_day_is_said_to_be_none(
    client_of: Clients, laboratory: User, signatory: Person, name: str, said: str, day: str
) -> None:
    page = client_of(laboratory).get(page_of(signatory), {name: day})
    assert said in text_of(page) and page.content.decode().count('aria-invalid="true"') == 1
    assert "was not a day" not in text_of(client_of(laboratory).get(page_of(signatory)))


def test_a_former_employer_is_told_of_its_own_time_alone(
    client_of: Clients, laboratory: User, other_laboratory: User, signatory: Person
) -> None:
    there = institution_of(other_laboratory)
    actions.end_post(signatory.posts.get(), date(2026, 4, 15), reason="left", actor=None, at=AT)
    actions.enter_post(
        Post(person=signatory, institution=there, kind="analyst", valid_from=date(2026, 4, 20)), actor=None, at=AT
    )
    actions.authorise(
        Authorisation(person=signatory, institution=there, field="feed", valid_from=date(2026, 4, 20)), actor=None, at=AT
    )  # fmt: skip
    page = text_of(client_of(laboratory).get(page_of(signatory), {"on": "2026-04-21"}))
    assert "The last one ended on 2026-04-15." in page
    assert there.name_en not in page and "2026-04-20" not in page and "Feed" not in page


def test_many_entries_cost_no_more(client_of: Clients, laboratory: User, here: Institution, signatory: Person) -> None:
    look = partial(client_of(laboratory).get, page_of(signatory), {"on": "2026-03-01"})
    few = queries_of(look)
    Authorisation.objects.bulk_create(
        Authorisation(
            person=signatory, institution=here, field="food", valid_from=SINCE, recorded_at=AT, superseded_at=AT
        )
        for _ in range(300)
    )
    assert queries_of(look) == few


def test_fields_are_said_in_words_on_every_page_of_a_person(
    client_of: Clients, institution_admin: User, signatory: Person, feed: Matrix
) -> None:
    desk, given = in_chinese(client_of(institution_admin)), Authorisation.objects.get()
    form = text_of(desk.get(reverse("workspace_person_enter", args=[signatory.pk, "authorisations"])))
    ended = reverse("workspace_person_change", args=[signatory.pk, "authorisations", given.pk])
    assert "饲料" in form and "feed" not in form
    assert "终止：食品" in text_of(desk.get(ended))
    assert desk.post(ended, {"last_day": "2026-04-15", "reason": "调岗"}).status_code == 302
    history = text_of(desk.get(page_of(signatory)))
    assert "食品" in history and "food" not in history


def test_the_page_of_capabilities_leads_to_the_reasons_of_the_same_days(
    client_of: Clients, laboratory: User, signatory: Person, mercury: Parameter
) -> None:
    ground.line(
        institution_of(laboratory), mercury, ground.matrix("milk"), ground.method("GB 1-2020"), valid_from=SINCE
    )
    asked = {"on": "2026-03-01", "known": AT.date().isoformat()}
    page = client_of(laboratory).get(reverse("workspace_capability"), asked).content.decode()
    assert f'href="{page_of(signatory)}?on=2026-03-01&amp;known=2026-04-15#counts"' in page
