"""Enrolling in a round on the pages of laboratory and provider."""

import io
import random
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.activities.proficiency.planned import on_paper, planned_round
from tests.cast import AT, institution, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.enrol.actions import begin
from zhunsheng.activities.proficiency.enrol.models import Enrolment, Invitation
from zhunsheng.activities.proficiency.models import Identity, Round, Scheme
from zhunsheng.activities.proficiency.plan.models import Plan, Promise
from zhunsheng.activities.proficiency.plan.queries import promise_of
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.messages.models import Message

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


def send(client: Client, round_: Round, file: SimpleUploadedFile, mode: str = "all") -> tuple[Import, str]:
    """Send a file of enrolments; what its page says once it is checked."""
    page = reverse("office_round_enrol_file", args=[round_.pk])
    answer = client.post(page, {"file": file, "mode": mode}, follow=True)
    work()
    sent = Import.objects.get(pk=answer.redirect_chain[-1][0].strip("/").split("/")[-1])
    return sent, text_of(client.get(reverse("import", args=[sent.pk])))


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(str(job.pk))


def go_in(client: Client, sent: Import) -> str:
    client.post(reverse("import_apply", args=[sent.pk]))
    work()
    return text_of(client.get(reverse("import", args=[sent.pk])))


def test_a_file_with_a_bad_row_enrols_nobody_names_it_and_gives_the_bad_rows_back(
    client_of: Clients, coordinator: User, laboratory: User, round_: Round
) -> None:
    client, good = client_of(coordinator), institution_of(laboratory).name_zh
    bad = [(good, "a"), ("Nobody Ltd", "b"), (good, "c"), ("", "d")]
    sent, said = send(client, round_, workbook(*bad))
    assert (sent.state, sent.rows, sent.failed) == ("refused", 4, 3) and not Enrolment.objects.exists()
    assert "“Nobody Ltd” is not in the register." in said and "is about the same as row 2" in said
    errors = client.get(reverse("import_errors", args=[sent.pk, "xlsx"])).content
    rows = list(openpyxl.load_workbook(io.BytesIO(errors)).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows if any(row)] == ["b", "c", "d"]
    for phone in ("007", "008"):
        sent, _ = send(client, round_, workbook((good, "a", phone)))
        assert "See who is enrolled" in go_in(client, sent)
    one = Enrolment.objects.get()
    assert (one.contact, one.phone, one.on_behalf) == ("a", "008", True)
    assert "Enrolments" in text_of(client.get(reverse("imports")))


def test_the_template_can_be_filled_and_sent_back(
    client_of: Clients, coordinator: User, laboratory: User, round_: Round
) -> None:
    client = client_of(coordinator)
    template = reverse("office_round_enrol_template", args=[round_.pk, "xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(client.get(template).content))
    book.worksheets[0].append([institution_of(laboratory).name_en, None, "x"])
    buffer = io.BytesIO()
    book.save(buffer)
    sent, said = send(client, round_, SimpleUploadedFile("e.xlsx", buffer.getvalue()))
    assert (sent.state, sent.new) == ("checked", 1) and "Let 1 row go in" in said and not Enrolment.objects.exists()
    go_in(client, sent)
    filled = client.get(template + "?content=1").content
    again, _ = send(client, round_, SimpleUploadedFile("f.xlsx", filled))
    assert (again.unchanged, again.new, again.changed, again.failed) == (1, 0, 0, 0)


def test_a_file_checked_before_the_enrolment_ended_does_not_go_in_afterwards(
    client_of: Clients, coordinator: User, laboratory: User, other_laboratory: User, round_: Round
) -> None:
    client = client_of(coordinator)
    on_paper(round_, (institution_of(other_laboratory), "", ""))
    sent, _ = send(client, round_, workbook((institution_of(laboratory).name_zh, "a")))
    client.post(reverse("office_round_begin", args=[round_.pk]), {"number": round_.number})
    assert "The enrolment is over." in go_in(client, sent)
    assert Enrolment.objects.count() == 1 and Identity.objects.count() == 1


def test_what_was_accepted_is_shown_with_its_words(
    client_of: Clients, coordinator: User, laboratory: User, round_: Round
) -> None:
    on_paper(round_, (institution_of(laboratory), "", ""))
    client, page = client_of(laboratory), reverse("workspace_enrol", args=[round_.pk])
    assert "the provider, from our registration on paper" in text_of(client.get(page))
    Promise.objects.create(
        round=round_, version=2, text_zh="新", text_en="Newer words", sha256="e" * 64, made_at=timezone.now()
    )
    client.post(page, {**DETAILS, "promise": "e" * 64})
    said = text_of(client.get(page))
    assert "Version 2" in said and "Version 1" in said and "laboratory" in said and "e" * 64 in said


def test_who_is_invited_is_told_once_and_the_last_round_can_be_taken(
    client_of: Clients, coordinator: User, laboratory: User, other_laboratory: User, round_: Round
) -> None:
    provider = institution_of(coordinator)
    scheme = Scheme.objects.create(
        provider=provider, code="S", title_zh="计划", title_en="S", created_at=timezone.now()
    )
    before = planned_round(provider, coordinator, number="BEFORE", announced=True)
    on_paper(before, (institution_of(laboratory), "", ""))
    begin(before, draw=random.Random(1), actor=coordinator, at=AT)
    Round.objects.update(scheme=scheme)
    client, page = client_of(coordinator), reverse("office_round_invite", args=[round_.pk])
    assert "Fill in who took part in BEFORE" in text_of(client.get(page))
    name = institution_of(laboratory).name_zh
    filled = text_of(client.get(page + "?from=last"))
    assert name in filled and institution_of(other_laboratory).name_zh not in filled
    for told in (1, 0):
        said = text_of(client.post(page, {"names": name}, follow=True))
        assert f"{told} people were told" in said
    message = Message.objects.get()
    assert message.recipient == laboratory and message.kind == "invited" and round_.number in message.subject_en


def test_invite_end_the_enrolment_and_take_one_in_late(
    client_of: Clients, coordinator: User, laboratory: User, other_laboratory: User, round_: Round
) -> None:
    client, name = client_of(coordinator), institution_of(laboratory).name_en
    invite = reverse("office_round_invite", args=[round_.pk])
    assert "No laboratory of the register is called" in text_of(client.post(invite, {"names": f"{name}\nNobody"}))
    client.post(invite, {"names": name})
    assert Invitation.objects.get().institution == institution_of(laboratory)
    assert "invited" in text_of(client_of(laboratory).get(reverse("workspace_enrolments")))
    go_in(client, send(client, round_, workbook((name,)))[0])
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
