"""The pages on which a laboratory enters, submits and approves its results, and its workbook."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.activities.proficiency.collect.collected import part, rows, running_round
from tests.cast import institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.collect.actions.entering import save_draft
from zhunsheng.activities.proficiency.collect.models import Receipt, Submission, Value
from zhunsheng.activities.proficiency.collect.rules.given import LONGEST, Given
from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(coordinator: User, provider: Institution, laboratory: User, other_laboratory: User) -> Round:
    labs = [institution_of(laboratory), institution_of(other_laboratory)]
    made = running_round(provider, coordinator, laboratories=labs)
    Plan.objects.filter(round=made).update(results_until=timezone.now() + timedelta(days=3))
    return made


@pytest.fixture
def desk(laboratory: User, client: Client) -> Client:
    client.force_login(laboratory)
    return client


@pytest.fixture
def senior(laboratory: User) -> Client:
    client = Client()
    client.force_login(user_with_post("senior", "technical_manager", institution_of(laboratory)))
    return client


def at(name: str, round_: Round, *more: Any) -> str:
    return reverse(name, args=[round_.pk, *more])


def sent(client: Client, round_: Round, user: User, *given: Given, was: str = "") -> Any:
    said = [{"key": f"{one.measurand}-{one.replicate}", "is": one.said, "was": was} for one in given]
    body = json.dumps({"user": user.pk, "rows": said})
    return client.post(at("workspace_round_results_save", round_), body, content_type="application/json")


def test_from_an_empty_table_to_an_approved_receipt(
    desk: Client, senior: Client, laboratory: User, round_: Round
) -> None:
    assertContains(desk.get(reverse("workspace_rounds_due")), "K01")
    answer = desk.get(at("workspace_round_results", round_))
    assertContains(answer, "our code K01")
    assertNotContains(answer, "K02")
    hg, pb = rows(round_, "0.120", "<0.010")
    kept = sent(desk, round_, laboratory, Given(hg.measurand, 1, "0.1204", "0.0120"), pb).json()
    assert kept["kept"] and kept["version"] == 1
    assert [(one["field"], one["blocks"]) for one in kept["remarks"]] == [("result", False), ("k", False)]
    form = {f"{name}-{hg.measurand}-1": text for name, text in hg.said.items()}
    stamp = kept["stamps"][f"{hg.measurand}-1"]
    desk.post(at("workspace_round_results", round_), {**form, f"w-{hg.measurand}-1": stamp})
    assert list(Value.objects.values_list("result", flat=True)) == ["0.120", "<0.010"]
    review = desk.get(at("workspace_round_results_submit", round_))
    assertContains(review, "0.120")
    version = Submission.objects.get().version
    assertContains(desk.post(at("workspace_round_results_submit", round_), {"version": version}), "own work")
    answer = desk.post(at("workspace_round_results_submit", round_), {"version": version, "sure": "yes"}, follow=True)
    receipt = Receipt.objects.get()
    assertContains(answer, receipt.sha256)
    file = desk.get(at("workspace_round_receipt_file", round_, receipt.pk))
    assert file.content == bytes(receipt.content)
    submitted = {"version": Submission.objects.get().version}
    assertContains(
        desk.post(at("workspace_round_results_approve", round_), submitted, follow=True), "second person approves"
    )
    assertContains(
        senior.post(at("workspace_round_results_approve", round_), submitted, follow=True), "Nothing more is to be done"
    )
    assert Submission.objects.get().state == "approved"


def test_given_back_and_withdrawn(desk: Client, senior: Client, laboratory: User, round_: Round) -> None:
    def submitted() -> None:
        saved = save_draft(part(round_, "K01"), rows(round_, "0.120", "0.300"), actor=laboratory, at=timezone.now())
        desk.post(at("workspace_round_results_submit", round_), {"version": saved.version, "sure": "yes"})

    submitted()
    answer = senior.post(at("workspace_round_results_give_back", round_), {"reason": "Which digits?"}, follow=True)
    assertContains(answer, "Which digits?")
    submitted()
    assertContains(desk.post(at("workspace_round_results_withdraw", round_), follow=True), "Withdrawn")
    assert Receipt.objects.count() == 2


def test_an_analyst_enters_but_does_not_approve(desk: Client, laboratory: User, round_: Round) -> None:
    saved = save_draft(part(round_, "K01"), rows(round_, "0.120", "0.300"), actor=laboratory, at=timezone.now())
    desk.post(at("workspace_round_results_submit", round_), {"version": saved.version, "sure": "yes"})
    analyst = Client()
    analyst.force_login(user_with_post("analyst", "analyst", institution_of(laboratory)))
    assert analyst.get(at("workspace_round_results", round_)).status_code == 200
    answer = analyst.post(at("workspace_round_results_approve", round_), {"version": Submission.objects.get().version})
    assert answer.status_code == 404
    assert Submission.objects.get().state == "submitted"


def test_what_a_colleague_wrote_is_shown_and_not_overwritten(
    desk: Client, senior: Client, laboratory: User, round_: Round
) -> None:
    (hg,) = rows(round_, "0.120")
    save_draft(part(round_, "K01"), [hg], actor=laboratory, at=timezone.now())
    (theirs,) = rows(round_, "0.999")
    answer = sent(desk, round_, laboratory, theirs)
    assert answer.status_code == 409
    assert answer.json()["stands"][f"{hg.measurand}-1"]["is"]["result"] == "0.120"
    form = {f"result-{hg.measurand}-1": "0.999", f"w-{hg.measurand}-1": ""}
    page = desk.post(at("workspace_round_results", round_), form)
    assertContains(page, "Somebody else wrote meanwhile")
    assertContains(page, 'value="0.999"')
    assert Value.objects.get().result == "0.120"


def test_what_cannot_be_kept_is_said_and_nothing_is_kept(
    desk: Client, laboratory: User, other_laboratory: User, round_: Round
) -> None:
    hg, pb = rows(round_, "0.120", "0.300", measured_on="2026-02-30")
    answer = sent(desk, round_, laboratory, hg, pb)
    assert answer.status_code == 422 and answer.json()["field"] == "measured_on"
    assert sent(desk, round_, other_laboratory, hg).status_code == 422  # somebody else's page in this browser
    for body in (
        "",
        "[]",
        '{"user":1,"rows":[{}]}',
        '{"user":1,"rows":[{"key":"a-1","is":{},"was":""}]}',
        '{"user":1,"rows":7}',
    ):
        answer = desk.post(at("workspace_round_results_save", round_), body, content_type="application/json")
        assert answer.status_code == 400, body
    assert not Value.objects.exists()


def test_after_the_deadline_nothing_is_submitted(desk: Client, laboratory: User, round_: Round) -> None:
    saved = save_draft(part(round_, "K01"), rows(round_, "0.120", "0.300"), actor=laboratory, at=timezone.now())
    Plan.objects.filter(round=round_).update(results_until=timezone.now() - timedelta(seconds=1))
    page = desk.post(at("workspace_round_results_submit", round_), {"version": saved.version, "sure": "yes"})
    assertContains(page, "no longer accepted")
    Plan.objects.filter(round=round_).update(late={"accept": "with_reason", "hours": 0})
    data = {"version": saved.version, "sure": "yes", "late_reason": "Strike of the post"}
    assertContains(desk.post(at("workspace_round_results_submit", round_), data, follow=True), "late")
    assert Submission.objects.get().late


def workbook(client: Client, round_: Round) -> Any:
    answer = client.get(at("workspace_round_results_form", round_))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def uploaded(client: Client, round_: Round, book: Any) -> Any:
    buffer = io.BytesIO()
    book.save(buffer)
    return sent_file(client, round_, buffer.getvalue())


def sent_file(client: Client, round_: Round, content: bytes) -> Any:
    return client.post(
        at("workspace_round_results_upload", round_), {"file": SimpleUploadedFile("our.xlsx", content)}, follow=True
    )


def cell(book: Any, row: int, field: str) -> Any:
    return book.active.cell(row=row, column=7 + list(LONGEST).index(field))


def test_the_workbook_goes_there_and_back(desk: Client, laboratory: User, round_: Round) -> None:
    save_draft(part(round_, "K01"), rows(round_, "0.120", "1.20E-1"), actor=laboratory, at=timezone.now())
    book = workbook(desk, round_)
    assert book.active.protection.sheet and book.active["D3"].protection.locked
    assert not cell(book, 3, "result").protection.locked and book.active.row_dimensions[1].hidden
    assert "says what is there already" in text_of(uploaded(desk, round_, book))
    cell(book, 3, "result").value = "0.1210"
    cell(book, 4, "result").value = 0.25
    cell(book, 3, "measured_on").value = "2026/5/20"
    cell(book, 6, "result").value = None
    page = uploaded(desk, round_, book)
    for said in ("4 cells differ", "G3", "0.120", "0.1210", "G6", "1.20E-1", "(empty)"):
        assert said in text_of(page), said
    assert Value.objects.filter(result="0.120").exists()  # nothing is taken over before it was looked at
    stamps = dict(re.findall(r'name="(w-[0-9-]+)" value="([^"]*)"', page.content.decode()))
    assert len(stamps) == 3
    there = at("workspace_round_results_difference", round_, Draft.objects.latest("at").pk)
    answer = desk.post(there, stamps, follow=True)
    assertContains(answer, "4 cells were taken over")
    assert sorted(Value.objects.values_list("result", flat=True)) == ["", "0.1210", "0.25"]


def test_nothing_in_a_workbook_is_dropped_in_silence(desk: Client, laboratory: User, round_: Round) -> None:
    save_draft(part(round_, "K01"), rows(round_, "0.120", "0.300"), actor=laboratory, at=timezone.now())
    book = workbook(desk, round_)
    sheet = book.active
    sheet["D3"] = "g/kg"
    cell(book, 3, "result").value = "0.5"
    cell(book, 4, "measured_on").value = "soon"
    cell(book, 5, "result").value = "=1+1"
    sheet["P3"] = "beside"
    sheet["G30"] = "9.99"
    sheet.delete_rows(6)
    book.create_sheet("More")["A1"] = "x"
    text = text_of(uploaded(desk, round_, book))
    for said in (
        "locked; it said “mg/kg” and says “g/kg”", "“soon” is not a day", "column G: ", "“beside” stands beside the table",
        "none of the table and was not taken over: 9.99", "(1) is missing", "sheet “More” was not read", "1 cell differs",
    ):  # fmt: skip
        assert said in text, (said, text)


def test_a_file_of_another_is_refused_with_its_reason(
    desk: Client, laboratory: User, other_laboratory: User, coordinator: User, provider: Institution, round_: Round
) -> None:  # fmt: skip
    others = Client()
    others.force_login(other_laboratory)
    assertContains(uploaded(desk, round_, workbook(others, round_)), "another laboratory of the round")
    second = running_round(provider, coordinator, laboratories=[institution_of(laboratory)], number="PT-2")
    assertContains(uploaded(desk, round_, workbook(desk, second)), "another round")
    assertContains(uploaded(desk, round_, openpyxl.Workbook()), "not taken")
    other = openpyxl.Workbook()
    other.active["A1"] = "laboratory"
    assertContains(uploaded(desk, round_, other), "not the workbook that was downloaded here")
    assertContains(sent_file(desk, round_, b"PK\x03\x04 broken"), "not taken")
    assertContains(sent_file(desk, round_, b"\x00\x01"), "not taken")
    assert not Value.objects.exists()


def test_what_another_person_uploaded_is_not_there(desk: Client, senior: Client, round_: Round) -> None:
    uploaded(senior, round_, workbook(senior, round_))
    there = at("workspace_round_results_difference", round_, Draft.objects.get().pk)
    assert desk.get(there).status_code == 404
    assert senior.get(there).status_code == 200


def test_as_many_questions_for_two_measurands_as_for_sixty(desk: Client, laboratory: User, round_: Round) -> None:
    save_draft(part(round_, "K01"), rows(round_, "0.120", "0.300"), actor=laboratory, at=timezone.now())
    few = queries_of(lambda: desk.get(at("workspace_round_results", round_)))
    RoundMeasurand.objects.bulk_create(
        RoundMeasurand(round=round_, position=n, name=f"m{n}", item="A", unit="mg/kg") for n in range(2, 60)
    )
    save_draft(part(round_, "K01"), rows(round_, *["0.120"] * 60), actor=laboratory, at=timezone.now())
    assert queries_of(lambda: desk.get(at("workspace_round_results", round_))) == few


def test_the_pages_speak_chinese(desk: Client, laboratory: User, round_: Round) -> None:
    client = in_chinese(desk)
    sent(client, round_, laboratory, *rows(round_, "0.1204"))
    for name in ("workspace_rounds_due", "workspace_round_results", "workspace_round_results_submit"):
        page = client.get(reverse(name, args=[] if name.endswith("due") else [round_.pk]))
        assert "本室代码" in text_of(page)
    assertContains(client.get(at("workspace_round_results", round_)), "比修约间隔 0.001 更细，请修约。")


def test_the_worker_reaches_the_pages_of_the_round_alone(desk: Client, round_: Round) -> None:
    answer = desk.get(at("workspace_round_results_worker", round_))
    assert answer["Content-Type"].startswith("text/javascript")
    assert desk.get(at("workspace_round_results_status", round_)).json()["token"]
