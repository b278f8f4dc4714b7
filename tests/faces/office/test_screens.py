"""Screens on pages: send logs, look through them, ask, answer, settle; and what the laboratory does not see."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.screen.network import code
from tests.activities.campaigns.screen.small import HEAD, report_log, run_over
from tests.cast import AT, institution, institution_of
from zhunsheng.activities.campaigns.screen import actions
from zhunsheng.activities.campaigns.screen.models import LogFile, Screen, Suspicion
from zhunsheng.activities.campaigns.screen.rules.catalogue import HIDDEN
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.messages.models import Message
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_people, enter_posts
from zhunsheng.registry.people.models import Person, Post

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


@pytest.fixture
def uscc(laboratory: User) -> str:
    Institution.objects.filter(pk=institution_of(laboratory).pk).update(uscc=code(7))
    return code(7)


def work_off() -> None:
    for job in Job.objects.filter(state="queued").order_by("created_at"):
        jobs.run(str(job.pk))


def upload(client: Client, screen: Screen, content: bytes, name: str = "reports.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/office/screens/{screen.pk}/send/", {"kind": "reports", "file": file}, follow=True)


def test_from_the_file_to_the_answer(client_of: SignIn, regulator: User, laboratory: User, uscc: str) -> None:
    office, lab = client_of(regulator), client_of(laboratory)
    office.post("/office/screens/new/", {"title_zh": "三月", "title_en": "March"})
    screen = Screen.objects.get()
    upload(office, screen, report_log(uscc))
    work_off()
    shown = office.get(f"/office/screens/{screen.pk}/").content.decode()
    assert "3 rows, 1 of them could not be read" in shown
    assert "Row 4: Test begun: This is no day." in shown
    office.post(f"/office/screens/{screen.pk}/run/")
    work_off()
    asked = Suspicion.objects.get(rule="issued_before_end")
    assert "Issued before the test had ended" in office.get(f"/office/screens/{screen.pk}/").content.decode()
    assert "Nothing was asked" in lab.get("/workspace/suspicions/").content.decode()
    office.post(f"/office/suspicions/{asked.pk}/settle/", {"verb": "ask", "text": "Why that early?"})
    assert "Answer: Issued before the test had ended" in lab.get("/home/").content.decode()
    told = Message.objects.get(kind="suspicion")
    assert (told.recipient, told.address) == (laboratory, f"/workspace/suspicions/{asked.pk}/")
    assert "Issued" not in told.subject_en + told.body_en, "what is suspected stands behind the link"
    lab.post(f"/workspace/suspicions/{asked.pk}/", {"text": "The clock of the terminal was wrong."})
    heard = Message.objects.get(kind="suspicion", recipient=regulator)
    assert heard.address == f"/office/suspicions/{asked.pk}/" and "answered" in heard.subject_en
    assert "Questions about records" in office.get("/messages/").content.decode()
    assert "Read answers: March" in office.get("/home/").content.decode()
    page = office.get(f"/office/suspicions/{asked.pk}/").content.decode()
    assert "The clock of the terminal was wrong." in page
    assert "Order No. 39, art. 15 (5)" in page
    office.post(
        f"/office/suspicions/{asked.pk}/settle/", {"verb": "explain", "text": "The record shows the right time."}
    )
    asked.refresh_from_db()
    assert asked.state == "explained"
    assert "The record shows the right time." not in lab.get(f"/workspace/suspicions/{asked.pk}/").content.decode()


def test_a_screen_of_a_campaign_stands_on_its_board(client_of: SignIn, regulator: User, authority: Institution) -> None:
    campaign, foreign = published(authority), published(institution("authority", "外局", "Foreign", level="prefecture"))
    office = client_of(regulator)
    named = {"title_zh": "三月", "title_en": "March"}
    assert (
        "Select a valid choice"
        in office.post("/office/screens/new/", {**named, "campaign": foreign.pk}).content.decode()
    )
    office.post("/office/screens/new/", {**named, "campaign": campaign.pk})
    screen = Screen.objects.get()
    assert screen.campaign == campaign
    assert str(campaign.title) in office.get(f"/office/screens/{screen.pk}/").content.decode()
    board = office.get(reverse("office_campaign", args=[campaign.pk])).content.decode()
    assert f"/office/screens/{screen.pk}/" in board and "March" in board


def test_the_same_file_twice_is_noticed(client_of: SignIn, regulator: User, uscc: str) -> None:
    office = client_of(regulator)
    office.post("/office/screens/new/", {"title_zh": "三月", "title_en": "March"})
    screen = Screen.objects.get()
    upload(office, screen, report_log(uscc))
    again = upload(office, screen, report_log(uscc), name="renamed.csv").content.decode()
    assert "The same file came in already as reports.csv" in again
    assert LogFile.objects.count() == 1


def test_the_rows_to_mend_come_back_and_go_in_again(client_of: SignIn, regulator: User, uscc: str) -> None:
    office = client_of(regulator)
    screen = run_over(institution_of(regulator), regulator, report_log(uscc))
    log = screen.logs.get()
    table = read_table(office.get(f"/office/screens/logs/{log.pk}/errors.csv").content, filename="errors.csv")
    heads = [cell.text for cell in table.header]
    assert heads[-2:] == ["Row in the sent file", "Reason"]
    assert table.rows[0].texts[heads.index("Test begun")] == "soon"
    assert table.rows[0].texts[-2:-1] == ["4"]
    mended = office.get(f"/office/screens/logs/{log.pk}/errors.csv").content.replace(b"soon", b"2026-03-06 09:00")
    office.post("/office/screens/new/", {"title_zh": "又", "title_en": "again"})
    upload(office, Screen.objects.exclude(pk=screen.pk).get(), mended)
    work_off()
    assert LogFile.objects.exclude(pk=log.pk).values_list("state", "rows", "bad").get() == ("read", 1, 0)


@pytest.mark.parametrize("kind", ["reports", "uses", "people"])
def test_a_template_is_found_by_its_own_headings(client_of: SignIn, regulator: User, kind: str) -> None:
    from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
    from zhunsheng.foundation.imports.rules.columns import heading

    for form in ("xlsx", "csv"):
        content = client_of(regulator).get(f"/office/screens/templates/{kind}.{form}").content
        heads = [cell.text for cell in read_table(content, filename=f"t.{form}").header]
        assert [heading(head) in column.names() for head, column in zip(heads, LOGS[kind].columns, strict=True)] == [
            True
        ] * len(heads)


def test_a_laboratory_is_not_told_where_else_somebody_works(
    client_of: SignIn, regulator: User, laboratory: User, uscc: str
) -> None:
    elsewhere = Institution(
        kind="laboratory", name_zh="另一实验室", name_en="The Other Laboratory", region_code="330106"
    )
    enter_institutions([elsewhere], actor=None, at=AT)
    two = [Person(name="甲", identity_hash="a" * 64) for _ in range(2)]
    enter_people(two, actor=None, at=AT)
    places = (institution_of(laboratory), elsewhere)
    posts = [
        Post(person=who, institution=at, kind="analyst", valid_from=AT.date().replace(year=2025))
        for who, at in zip(two, places, strict=True)
    ]
    enter_posts(posts, actor=None, at=AT)
    run_over(institution_of(regulator), regulator, report_log(uscc))
    one = Suspicion.objects.get(rule="two_posts")
    actions.ask(one, question="Does this person work elsewhere?", actor=regulator, at=AT)
    office = client_of(regulator).get(f"/office/suspicions/{one.pk}/").content.decode()
    lab = client_of(laboratory)
    own = lab.get(f"/workspace/suspicions/{one.pk}/").content.decode()
    book = lab.get(f"/workspace/suspicions/{one.pk}/?format=xlsx").content
    assert "The Other Laboratory" in office
    assert "The Other Laboratory" not in own
    assert HIDDEN.en in own
    assert "The Other Laboratory" not in str(read_table(book, filename="x.xlsx").rows)


def test_rows_of_laboratories_beyond_the_area_take_no_part(client_of: SignIn, regulator: User, uscc: str) -> None:
    far = institution("laboratory", "外省实验室", "Far Laboratory", region_code="320100")
    Institution.objects.filter(pk=far.pk).update(uscc=code(9))
    content = report_log(uscc) + b"\n" + b"\n".join(report_log(code(9)).splitlines()[1:])
    screen = run_over(institution_of(regulator), regulator, content)
    assert {one.institution_id for one in Suspicion.objects.filter(screen=screen)}.isdisjoint({far.pk})
    assert screen.logs.get().bad == 4
    assert HEAD.encode() in content


def test_lists_ask_the_same_number_of_questions_at_any_length(client_of: SignIn, regulator: User, uscc: str) -> None:
    office, counted = client_of(regulator), []
    for size in (3, 20):
        lines = [HEAD] + [
            f"{uscc},Q{size}-{n},S,汞,饲料,GB 1-2020,2026-03-09,2026-03-0{1 + n % 8},2026-03-0{1 + n % 8},2026-03-0{1 + n % 8},签{n}"
            for n in range(size)
        ]
        run_over(institution_of(regulator), regulator, "\n".join(lines).encode())
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/office/suspicions/").status_code == 200
            assert office.get("/office/screens/").status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_exports_are_what_is_shown(client_of: SignIn, regulator: User, uscc: str) -> None:
    screen = run_over(institution_of(regulator), regulator, report_log(uscc))
    book = (
        client_of(regulator).get(f"/office/suspicions/?screen={screen.pk}&rule=issued_before_end&format=xlsx").content
    )
    assert len(read_table(book, filename="x.xlsx").rows) == 1
    one = Suspicion.objects.get(rule="issued_before_end")
    rows = read_table(
        client_of(regulator).get(f"/office/suspicions/{one.pk}/?format=xlsx").content, filename="x.xlsx"
    ).rows
    assert rows[0].texts[:1] + rows[0].texts[-2:] == ["R-1", "reports.csv", "2"]
    assert io.BytesIO(book).read(2) == b"PK"
