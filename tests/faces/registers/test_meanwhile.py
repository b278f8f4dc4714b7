"""Two people, two forms of one entry: the second does not overwrite what the first has saved, unless told and decided."""

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, text_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.models import CalendarDay
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, Site
from zhunsheng.registry.people.models import Person, Post, Qualification

pytestmark = pytest.mark.django_db
LONG_AGO, FAR = date(2020, 1, 1), date(2090, 1, 1)
CHANGED = "Somebody else has changed this entry since you opened it"


@pytest.fixture
def mine(laboratory: User) -> Institution:
    return institution_of(laboratory)


@pytest.fixture
def managers(client_of: Callable[[User | None], Client], mine: Institution) -> tuple[Client, Client]:
    first, second = (user_with_post(name, "technical_manager", mine) for name in ("first", "second"))
    return client_of(first), client_of(second)


@pytest.fixture
def officers(client_of: Callable[[User | None], Client], national: User) -> tuple[Client, Client]:
    where = Post.objects.get(person__user=national).institution
    return client_of(national), client_of(user_with_post("second", "regulator", where))


class Sent(HTMLParser):
    """What the form of a page that carries what was seen would send as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.inside = self.select = ""
        self.feed(page)

    @property
    def fields(self) -> dict[str, str]:
        return next(form for form in self.forms if "seen" in form)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self.select = had["name"]
            self.forms[-1][self.select] = ""
        elif tag == "option" and "selected" in had:
            self.forms[-1][self.select] = had["value"]
        elif tag == "textarea":
            self.inside = had["name"]
            self.forms[-1][self.inside] = ""
        elif tag == "input" and "name" in had and (had.get("type") != "radio" or "checked" in had):
            self.forms[-1][had["name"]] = had.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.forms[-1][self.inside] += data


def sent_by(answer: Any) -> dict[str, str]:
    return Sent(answer.content.decode()).fields


def opened(client: Client, where: str) -> dict[str, str]:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return sent_by(answer) | {"reason": "why"}


def where_of(kind: str, mine: Institution) -> tuple[str, Callable[[], Any], str]:
    """The address of a form, what the register says now, and the column that the two change."""
    held = {"institution": mine, "recorded_at": AT}
    if kind == "institution":
        return reverse("workspace_institution_mend"), lambda: Institution.objects.get(pk=mine.pk).address, "address"
    if kind == "site":
        site = Site.objects.create(**held, name_zh="本部", name_en="Main", region_code="330106", valid_from=LONG_AGO)
        return (
            reverse("workspace_institution_change", args=["sites", site.pk]),
            lambda: Site.objects.get().address,
            "address",
        )
    if kind == "contact":
        contact = Contact.objects.create(institution=mine, name="联系人一")
        where = reverse("workspace_institution_change", args=["contacts", contact.pk])
        return where, lambda: Contact.objects.get().phone, "phone"
    if kind == "instrument":
        one = Instrument.objects.create(institution=mine, serial="I-1", serial_key="I1", name_zh="仪", name_en="I")
        where = reverse("workspace_instrument_mend", args=[one.pk])
        return where, lambda: Instrument.objects.get(pk=one.pk).model, "model"
    if kind == "calibration":
        one = Instrument.objects.create(institution=mine, serial="I-1", serial_key="I1", name_zh="仪", name_en="I")
        row = Calibration.objects.create(
            instrument=one, kind="calibration", certificate="C-1", valid_from=LONG_AGO, valid_to=FAR, recorded_at=AT
        )
        where = reverse("workspace_instrument_correct", args=[one.pk, row.pk])
        return where, lambda: Calibration.objects.get(superseded_at=None).uncertainty, "uncertainty"
    person = Person.objects.create(name="在册人员")
    Post.objects.create(person=person, institution=mine, kind="analyst", valid_from=LONG_AGO)
    if kind == "person":
        return reverse("workspace_person_mend", args=[person.pk]), lambda: Person.objects.get(pk=person.pk).name, "name"
    shown = Qualification.objects.create(
        person=person, kind="title", name="工程师", valid_from=LONG_AGO, recorded_at=AT
    )
    where = reverse("workspace_person_change", args=[person.pk, "qualifications", shown.pk])
    return where, lambda: Qualification.objects.get(superseded_at=None).number, "number"


KINDS = ["institution", "site", "contact", "instrument", "calibration", "person", "qualification"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_form_is_told_and_overwrites_only_when_sent_again(
    kind: str, managers: tuple[Client, Client], mine: Institution
) -> None:
    first, second = managers
    where, now, column = where_of(kind, mine)
    mine_form, yours = opened(first, where), opened(second, where)
    assert first.post(where, mine_form | {column: "one"}).status_code == 302 and now() == "one"
    told = second.post(where, yours | {column: "two"})
    assert told.status_code == 200 and CHANGED in text_of(told) and "is now “one”" in text_of(told)
    assert now() == "one" and sent_by(told)[column] == "two", "kept what was typed, wrote nothing"
    assert second.post(where, sent_by(told)).status_code == 302 and now() == "two"


def test_what_was_not_typed_is_not_set_back(managers: tuple[Client, Client], mine: Institution) -> None:
    first, second = managers
    where, _, _ = where_of("contact", mine)
    mine_form, yours = opened(first, where), opened(second, where)
    first.post(where, mine_form | {"phone": "0571-1"})
    told = second.post(where, yours | {"email": "a@example.org"})
    assert second.post(where, sent_by(told)).status_code == 302
    one = Contact.objects.get()
    assert (one.phone, one.email) == ("0571-1", "a@example.org")


def test_the_message_is_chinese_for_who_reads_chinese(managers: tuple[Client, Client], mine: Institution) -> None:
    first, second = managers
    where, _, _ = where_of("contact", mine)
    mine_form, yours = opened(first, where), opened(in_chinese(second), where)
    first.post(where, mine_form | {"phone": "0571-1"})
    said = text_of(second.post(where, yours | {"phone": "0571-2"}))
    assert "该条目已被他人更改" in said and "电话：原为“空”，现为“0571-1”。" in said


def test_a_form_alone_is_saved_at_once(managers: tuple[Client, Client], mine: Institution) -> None:
    where, now, column = where_of("institution", mine)
    for value in ("one", "two"):
        assert managers[0].post(where, opened(managers[0], where) | {column: value}).status_code == 302
        assert now() == value


@pytest.mark.parametrize("carried", ["", "[]", "{", '{"address": 3}', "null"])
def test_what_a_form_carries_is_never_trusted(carried: str, managers: tuple[Client, Client], mine: Institution) -> None:
    where, _, column = where_of("institution", mine)
    sent = opened(managers[0], where) | {column: "one", "seen": carried}
    assert managers[0].post(where, sent).status_code in (200, 302)


def test_certificates_of_two_officers(officers: tuple[Client, Client], mine: Institution) -> None:
    row = Certificate.objects.create(
        institution=mine, scheme="CMA", number="241100110009", valid_from=LONG_AGO, valid_to=FAR, recorded_at=AT
    )
    where = reverse("office_institution_change", args=[mine.pk, "certificates", row.pk])
    first, second = officers
    one, other = opened(first, where), opened(second, where)
    assert first.post(where, one | {"issuer": "one"}).status_code == 302
    told = second.post(where, other | {"issuer": "two"})
    assert CHANGED in text_of(told) and Certificate.objects.get(superseded_at=None, pk__gte=row.pk).issuer == "one"


@pytest.mark.parametrize("kind", ["parameter", "matrix", "method", "calendar_day"])
def test_the_catalogue_and_the_calendar(kind: str, officers: tuple[Client, Client]) -> None:
    names = {"name_zh": "甲", "name_en": "A"}
    made: Any
    if kind == "calendar_day":
        where, made = reverse("calendar_day", args=["2026-05-04"]), None
    else:
        rest = {"parameter": {"code": "p"}, "matrix": {"code": "m", "field": "food"}, "method": {"number": "X 1"}}[kind]
        models: dict[str, Any] = {"parameter": Parameter, "matrix": Matrix, "method": Method}
        made = models[kind].objects.create(**names, **rest)
        where = reverse(f"office_{kind}", args=[made.pk])
    first, second = officers
    one, other = opened(first, where), opened(second, where)
    listed = {"kind": "holiday", "name_zh": "一", "name_en": "One"} if made is None else {"name_en": "One"}
    assert first.post(where, one | listed).status_code == 302
    told = second.post(where, other | listed | {"name_en": "Two"})
    assert told.status_code == 200 and CHANGED in text_of(told)
    now = CalendarDay.objects.get(day="2026-05-04") if made is None else type(made).objects.get(pk=made.pk)
    assert now.name_en == "One"
