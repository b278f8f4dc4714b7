"""Enrolling in a round on the pages of laboratory and provider."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.activities.proficiency.planned import planned_round
from tests.cast import institution, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.enrol.models import Enrolment, Invitation
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.plan.models import Plan, Promise
from zhunsheng.activities.proficiency.plan.queries import promise_of
from zhunsheng.foundation.accounts.models import User

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
DETAILS = {"contact": "张工", "phone": "0571-1", "address": "杭州", "accepted": "on"}


@pytest.fixture
def round_(coordinator: User) -> Round:
    """Open until a month from whenever this runs."""
    made = planned_round(institution_of(coordinator), coordinator, announced=True)
    Plan.objects.filter(round=made).update(enrol_until=timezone.now() + timedelta(days=30))
    return Round.objects.select_related("plan").get(pk=made.pk)


def promised(round_: Round) -> str:
    found = promise_of(round_)
    assert found is not None
    return found.sha256


def test_a_laboratory_finds_the_round_reads_the_promise_and_enrols(
    client_of: Clients, laboratory: User, round_: Round
) -> None:
    client, page = client_of(laboratory), reverse("workspace_enrol", args=[round_.pk])
    assert "Metals in feed" in text_of(client.get(reverse("workspace_enrolments")))
    assert "Identities go to nobody." in text_of(client.get(page))
    refused = text_of(client.post(page, {**DETAILS, "accepted": "", "promise": promised(round_)}))
    assert "Accept the statement to enrol." in refused and not Enrolment.objects.exists()
    assert "We are enrolled." in text_of(client.post(page, {**DETAILS, "promise": promised(round_)}, follow=True))
    assert Enrolment.objects.get().contact == "张工"
    assert "We have withdrawn." in text_of(client.post(page + "withdraw/", follow=True))
    assert Enrolment.objects.get().state == "withdrawn"
    assert "保密承诺" in text_of(in_chinese(client).get(page))


def test_a_promise_changed_meanwhile_is_read_once_more(client_of: Clients, laboratory: User, round_: Round) -> None:
    client, page, old = client_of(laboratory), reverse("workspace_enrol", args=[round_.pk]), promised(round_)
    Promise.objects.create(
        round=round_, version=2, text_zh="新", text_en="Newer words", sha256="e" * 64, made_at=timezone.now()
    )
    said = client.post(page, {**DETAILS, "promise": old})
    assert "changed while you read" in text_of(said) and "Newer words" in text_of(said)
    assert "e" * 64 in said.content.decode()
    client.post(page, {**DETAILS, "promise": "e" * 64})
    assert Enrolment.objects.get().promise.version == 2


def test_an_analyst_reads_and_does_not_enrol(client_of: Clients, laboratory: User, round_: Round) -> None:
    client = client_of(user_with_post("ana", "analyst", institution_of(laboratory)))
    page = reverse("workspace_enrol", args=[round_.pk])
    assert "enrols it" in text_of(client.get(page))
    assert client.post(page, {**DETAILS, "promise": promised(round_)}).status_code == 404
    assert not Enrolment.objects.exists()


def test_after_the_last_moment_the_page_says_so(client_of: Clients, laboratory: User, round_: Round) -> None:
    Plan.objects.update(enrol_until=timezone.now() - timedelta(seconds=1))
    client, page = client_of(laboratory), reverse("workspace_enrol", args=[round_.pk])
    assert "The enrolment is not open." in text_of(client.get(page))
    assert "The enrolment is over." in text_of(client.post(page, {**DETAILS, "promise": promised(round_)}))


def workbook(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in (("Laboratory", "Contact", "Telephone"), *rows):
        book.active.append(row)
    book.save(buffer)
    return SimpleUploadedFile("enrolments.xlsx", buffer.getvalue())


def test_a_file_with_a_bad_row_enrols_nobody_and_names_it(
    client_of: Clients, coordinator: User, laboratory: User, round_: Round
) -> None:
    client, page = client_of(coordinator), reverse("office_round_enrol_file", args=[round_.pk])
    good = institution_of(laboratory).name_zh
    said = text_of(client.post(page, {"file": workbook((good, "a"), ("Nobody Ltd", "b"), (good, "c"), ("", "d"))}))
    assert not Enrolment.objects.exists()
    assert "No laboratory of the register is called “Nobody Ltd”" in said
    assert "The same laboratory stands in row 2, too." in said and "The laboratory is missing." in said
    for _ in range(2):
        client.post(page, {"file": workbook((good, "a", "007"))})
    one = Enrolment.objects.get()
    assert (one.contact, one.phone, one.on_behalf) == ("a", "007", True)


def test_the_template_can_be_filled_and_sent_back(
    client_of: Clients, coordinator: User, laboratory: User, round_: Round
) -> None:
    client = client_of(coordinator)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("office_round_enrol_template", args=[round_.pk])).content)
    )
    book.active.append([institution_of(laboratory).name_en, "x"])
    buffer = io.BytesIO()
    book.save(buffer)
    sent = SimpleUploadedFile("e.xlsx", buffer.getvalue())
    said = client.post(reverse("office_round_enrol_file", args=[round_.pk]), {"file": sent}, follow=True)
    assert "Enrolled: 1 new, 0 changed." in text_of(said)


def test_invite_end_the_enrolment_and_take_one_in_late(
    client_of: Clients, coordinator: User, laboratory: User, other_laboratory: User, round_: Round
) -> None:
    client, name = client_of(coordinator), institution_of(laboratory).name_en
    invite = reverse("office_round_invite", args=[round_.pk])
    assert "No laboratory of the register is called" in text_of(client.post(invite, {"names": f"{name}\nNobody"}))
    client.post(invite, {"names": name})
    assert Invitation.objects.get().institution == institution_of(laboratory)
    assert "invited" in text_of(client_of(laboratory).get(reverse("workspace_enrolments")))
    client.post(reverse("office_round_enrol_file", args=[round_.pk]), {"file": workbook((name,))})
    begin = reverse("office_round_begin", args=[round_.pk])
    assert "not the number of the round" in text_of(client.post(begin, {"number": "x"}))
    assert "The codes are drawn." in text_of(client.post(begin, {"number": round_.number}, follow=True))
    late = reverse("office_round_enrol_late", args=[round_.pk])
    client.post(late, {"laboratory": institution_of(other_laboratory).name_en, "reason": "post"})
    said = text_of(client.get(reverse("office_round_enrol", args=[round_.pk])))
    assert Identity.objects.count() == 2
    assert all(code in said for code in Identity.objects.values_list("participation__code", flat=True))


@pytest.mark.parametrize("many", [3, 60])
def test_the_list_asks_a_constant_number_of_questions(
    client_of: Clients, coordinator: User, round_: Round, many: int
) -> None:
    found, promise = [institution("laboratory", f"室{n}", f"Lab {n}") for n in range(many)], promise_of(round_)
    Enrolment.objects.bulk_create(
        Enrolment(round=round_, institution=one, promise=promise, accepted_at=timezone.now()) for one in found
    )
    client = client_of(coordinator)
    assert queries_of(lambda: client.get(reverse("office_round_enrol", args=[round_.pk]))) <= 14
