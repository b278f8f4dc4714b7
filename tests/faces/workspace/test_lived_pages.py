"""Lived rules as the quality manager keeps them: sees what is missing, enters, corrects, takes back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from tests.registry.management.laboratories import approve, record
from zhunsheng.faces.home import soon
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.requirements import requirements
from zhunsheng.registry.management.rules.lived import line
from zhunsheng.registry.management.rules.requirements import due_in

LIVED, NEW = reverse("workspace_lived"), reverse("workspace_lived_new")
GIVEN = {"what": "internal_audit:2025", "held_on": "2025-11-03", "title": "2025 年内审报告", "made_by": "张某"}


@pytest.fixture
def client(client_of: Callable[[User | None], Client], laboratory: User) -> Client:
    approve([institution_of(laboratory)], date(2024, 1, 1), date(2099, 12, 31))
    return client_of(laboratory)


def test_what_is_missing_stands_there_with_its_basis_in_both_languages(client: Client) -> None:
    said = text_of(client.get(LIVED, {"year": 2025}))
    assert (
        "✕ missing" in said and "was due on 2025-12-31" in said and "SAMR Announcement 2023 No. 21, clause 2.12" in said
    )
    said = text_of(in_chinese(client).get(LIVED, {"year": 2025}))
    assert "缺失" in said and "应于 2025-12-31 完成" in said and "市场监管总局公告 2023 年第 21 号第 2.12 款" in said


def test_without_an_approval_nothing_is_asked(client_of: Callable[[User | None], Client], laboratory: User) -> None:
    assert "Nothing is asked of us for 2025" in text_of(client_of(laboratory).get(LIVED, {"year": 2025}))


def test_a_record_is_entered_with_its_document_and_can_be_read_again(client: Client) -> None:
    document = SimpleUploadedFile("内审报告.pdf", b"%PDF-1.7 audit")
    page = client.post(f"{NEW}?year=2025", {**GIVEN, "document": document}, follow=True)
    assert page.redirect_chain[-1][0] == f"{LIVED}?year=2025"
    said = text_of(page)
    assert "Entered: Internal audit." in said and "2025 年内审报告" in said and "entered on" in said
    made = ManagementRecord.objects.get()
    answer: Any = client.get(reverse("workspace_lived_document", args=[made.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 audit"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": "2099-01-01"}, "is to come"), ({"what": "internal_audit:1999"}, "not one of the available choices"),
        ({"title": ""}, "required"), ({"document": SimpleUploadedFile("a.exe", b"MZ")}, "Upload a PDF"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_leaves_nothing_behind(client: Client, changes: dict[str, object], said: str) -> None:
    before = Entry.objects.count()
    page = client.post(f"{NEW}?year=2025", {**GIVEN, **changes})
    assert page.status_code == 200 and said in text_of(page)
    assert (ManagementRecord.objects.count(), Attachment.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_a_refused_record_keeps_no_document(client: Client) -> None:
    given = {**GIVEN, "held_on": "2999-01-01", "document": SimpleUploadedFile("a.pdf", b"%PDF")}
    assert client.post(f"{NEW}?year=2025", given).status_code == 200
    assert not Attachment.objects.exists()


def test_a_correction_and_a_withdrawal_leave_what_was(client: Client, laboratory: User) -> None:
    first = record(institution_of(laboratory))
    address = reverse("workspace_lived_change", args=[first.pk])
    given = {"held_on": "2026-01-20", "title": "内审报告", "made_by": "张某"}
    assert "required" in text_of(client.post(address, given))
    said = text_of(client.post(address, {**given, "reason": "day was wrong"}, follow=True))
    assert "made late" in said and "corrected" in said and "day was wrong" in said
    assert 'value="2026-01-20"' in client.get(address).content.decode()  # the old address leads to what stands now
    second = ManagementRecord.objects.get(supersedes=first)
    again = reverse("workspace_lived_change", args=[second.pk])
    said = text_of(client.post(again, {**given, "reason": "called off", "withdraw": "1"}, follow=True))
    assert "taken back" in said and "was due on 2025-12-31" in said


def test_who_administers_may_look_and_not_write(
    client: Client, client_of: Callable[[User | None], Client], institution_admin: User
) -> None:
    looking = client_of(institution_admin)
    assert "Enter a record" not in text_of(looking.get(LIVED, {"year": 2025}))
    assert looking.get(NEW).status_code == looking.post(NEW, GIVEN).status_code == 404


@pytest.mark.parametrize("post", ["technical_manager", "signatory", "analyst"])
def test_nobody_else_of_the_laboratory_has_the_page(
    client: Client, client_of: Callable[[User | None], Client], laboratory: User, post: str
) -> None:
    other = client_of(user_with_post(f"someone_{post}", post, institution_of(laboratory)))
    assert other.get(LIVED).status_code == 404
    assert "制度落实" not in text_of(in_chinese(other).get(reverse("home")))


def test_what_is_missing_is_on_the_quality_managers_day(client: Client) -> None:
    said = text_of(client.get(reverse("home")))
    assert "Missing: Internal audit" in said or "Missing: Calibration plan" in said or "Missing:" in said


@pytest.mark.parametrize("year", ["", "abc", "1066", "99999", "２０２５"])
def test_a_year_that_cannot_be_is_this_year(client: Client, year: str) -> None:
    assert client.get(LIVED, {"year": year}).status_code == 200


def test_one_and_many_records_cost_the_same(client: Client, laboratory: User) -> None:
    record(institution_of(laboratory))
    few = queries_of(lambda: client.get(LIVED, {"year": 2025}))
    for day in range(1, 25):
        record(institution_of(laboratory), held_on=date(2025, 10, day))
    assert queries_of(lambda: client.get(LIVED, {"year": 2025})) == few


def test_what_falls_due_within_a_month_is_named_before_it_is_missing() -> None:
    lines = [line(one, None, date(2025, 12, 10)) for one in due_in(requirements().values(), 2025, lambda day: day)]
    assert [one.due.key[0] for one in soon(lines, date(2025, 12, 10))] == [
        "internal_audit", "management_review", "training", "self_declaration",
    ]  # fmt: skip
    assert soon(lines, date(2025, 11, 30)) == []
