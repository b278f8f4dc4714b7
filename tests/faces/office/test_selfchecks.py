"""Self-checks at the authority: called, opened in the background, counted, read, given back; checklists from Excel."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
from zhunsheng.activities.campaigns.plan.models import RegionalDays
from zhunsheng.activities.campaigns.selfcheck.actions.answering import answer_items, return_selfcheck, submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.actions.opening import open_selfchecks
from zhunsheng.activities.campaigns.selfcheck.models import Call, Checklist, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import by_place, total, turned_out
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.activities.campaigns.selfcheck.states import FINE, PROBLEM
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def work_off() -> None:
    for job in Job.objects.filter(state="queued").order_by("created_at"):
        jobs.run(str(job.pk))


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def call(authority: Institution, laboratory: User, other_laboratory: User) -> Call:
    return called(authority)


def form_of(user: User) -> SelfCheck:
    return SelfCheck.objects.get(participant__institution=institution_of(user))


def submitted(user: User, **answers: Given) -> SelfCheck:
    boss = user_with_post(f"boss-{user.pk}", "institution_admin", institution_of(user))
    form = filled_in(form_of(user), user, **answers)
    submit_selfcheck(form, actor=boss, at=AT)
    return form


def test_a_self_check_is_called_and_opened_in_the_background(
    client_of: SignIn, regulator: User, authority: Institution, laboratory: User
) -> None:
    office, campaign = client_of(regulator), published(authority)
    address = f"/office/campaigns/{campaign.pk}/self-check/"
    assert office.get(address).headers["Location"].endswith("/self-check/call/")
    due = timezone.localdate() + timedelta(days=30)
    chosen = {"checklist": str(shipped_checklist(at=AT).pk), "due_on": due.isoformat()}
    assert "has passed already" in office.post(f"{address}call/", {**chosen, "due_on": "2020-01-01"}).content.decode()
    with CaptureQueriesContext(connection) as asked:
        assert office.post(f"{address}call/", chosen).status_code == 302
    assert len(asked) < 40 and not SelfCheck.objects.exists()
    assert "Making the forms of the self-check" in page(office, address)
    work_off()
    shown = page(office, address)
    assert "Making the forms" not in shown and Call.objects.get().complete
    assert SelfCheck.objects.count() == 1
    institution("laboratory", "新室", "New", region_code="330106")
    office.post(f"/office/campaigns/{campaign.pk}/enrol/")
    work_off()
    assert "1 institution was enrolled since" in page(office, address)
    office.post(f"{address}open/")
    work_off()
    assert SelfCheck.objects.count() == 2


def test_drafts_are_in_no_figure_and_on_no_page(
    client_of: SignIn, regulator: User, laboratory: User, call: Call
) -> None:
    office, form = client_of(regulator), form_of(laboratory)
    answer_items(form, [Given(18, PROBLEM, "漏雨的屋顶")], actor=laboratory, at=AT)
    address = f"/office/campaigns/{call.campaign_id}/self-check/"
    assert "By class" not in page(office, address)
    assert "漏雨的屋顶" not in page(office, f"/office/self-checks/{form.pk}/")
    listed = page(office, f"{address}institutions/?list=problems")
    assert str(form.pk) not in listed


def test_figures_by_class_place_and_field(
    client_of: SignIn, regulator: User, laboratory: User, other_laboratory: User, call: Call
) -> None:
    submitted(laboratory, i23=Given(23, PROBLEM, "未校准"))
    submitted(other_laboratory)
    address = f"/office/campaigns/{call.campaign_id}/self-check/"
    shown = page(client_of(regulator), f"{address}?region=330106")
    assert "Equipment and facilities" in shown and "That an institution finds nothing in any item is no merit" in shown
    zero = page(client_of(regulator), f"{address}institutions/?list=zero")
    assert str(form_of(other_laboratory).pk) in zero and str(form_of(laboratory).pk) not in zero
    assert "That is no merit" in zero
    assert "Nobody was called here" in page(client_of(regulator), f"{address}?field=fire")


def test_what_was_submitted_is_read_given_back_and_made_final(
    client_of: SignIn, regulator: User, laboratory: User, call: Call
) -> None:
    office, form = client_of(regulator), submitted(laboratory, i23=Given(23, PROBLEM, "两台天平未校准"))
    address = f"/office/self-checks/{form.pk}/"
    assert "两台天平未校准" in page(office, address)
    assert "What is to be mended" in office.post(f"{address}return/", {"reason": ""}).content.decode()
    office.post(f"{address}return/", {"reason": "请补充校准计划"})
    answer_items(form, [Given(23, PROBLEM, "三台天平未校准")], actor=laboratory, at=AT)
    shown = page(office, address)
    assert "请补充校准计划" in shown and "两台天平未校准" in shown and "三台天平未校准" not in shown
    submit_selfcheck(form, actor=User.objects.get(username=f"boss-{laboratory.pk}"), at=AT)
    shown = page(office, address)
    assert "三台天平未校准" in shown and "两台天平未校准" in page(office, f"{address}?version=1")
    office.post(f"{address}freeze/", {"sure": "on"})
    form.refresh_from_db()
    assert form.state == "frozen"
    answer = office.post(f"{address}return/", {"reason": "再看一次"}, follow=True).content.decode()
    assert "not possible while the self-check is" in answer


def test_what_the_registers_said_otherwise_is_marked(
    client_of: SignIn, regulator: User, laboratory: User, authority: Institution
) -> None:
    from zhunsheng.registry.equipment.actions import enter_instruments
    from zhunsheng.registry.equipment.models import Instrument

    balance = Instrument(institution=institution_of(laboratory), serial="S-1", name_zh="天平", name_en="Balance")
    enter_instruments([balance], actor=None, at=AT)
    called(authority)
    form = submitted(laboratory)
    assert "the registers said otherwise" in page(client_of(regulator), f"/office/self-checks/{form.pk}/")


def test_a_county_sees_its_own_and_gives_back_there(
    client_of: SignIn, county: User, laboratory: User, other_laboratory: User, call: Call
) -> None:
    office, ours, others = client_of(county), submitted(laboratory), submitted(other_laboratory)
    figures = page(office, f"/office/campaigns/{call.campaign_id}/self-check/")
    assert "Equipment and facilities" in figures and "Binjiang" not in figures
    listed = page(office, f"/office/campaigns/{call.campaign_id}/self-check/institutions/")
    assert str(ours.pk) in listed and str(others.pk) not in listed
    assert office.get(f"/office/self-checks/{others.pk}/").status_code == 404
    office.post(f"/office/self-checks/{ours.pk}/return/", {"reason": "第 3 项不实"})
    ours.refresh_from_db()
    assert ours.state == "returned"


def test_the_list_is_searched_narrowed_sorted_and_exported(
    client_of: SignIn, regulator: User, laboratory: User, other_laboratory: User, call: Call
) -> None:
    form = submitted(laboratory)
    return_selfcheck(submitted(other_laboratory), reason="不实", actor=regulator, at=AT)
    office, address = client_of(regulator), f"/office/campaigns/{call.campaign_id}/self-check/institutions/"
    for asked, many in {"": 2, "?list=handed_in": 1, "?list=missing": 1, "?list=returned": 1, "?q=%27": 0}.items():
        found = re.findall(r"/office/self-checks/([0-9a-f-]{36})/", page(office, address + asked))
        assert len(found) == many, asked
    first, second = (
        re.findall(r"/office/self-checks/([0-9a-f-]{36})/", page(office, f"{address}?sort={sort}"))
        for sort in ("institution", "-institution")
    )
    assert first == second[::-1]
    book = office.get(f"{address}?list=handed_in&format=xlsx").content
    rows = read_table(book, filename="x.xlsx").rows
    assert [row.texts[0] for row in rows] == [str(form.participant.institution.name)]


def test_pages_ask_the_same_number_of_questions_at_any_size(
    client_of: SignIn, regulator: User, authority: Institution
) -> None:
    office, asked = client_of(regulator), []
    for many in (3, 300):
        for n in range(many):
            institution("laboratory", f"室{many}-{n}", f"L{many}-{n}", region_code="330106")
        made = called(authority)
        form = SelfCheck.objects.filter(call=made)[0]
        with CaptureQueriesContext(connection) as queries:
            page(office, f"/office/campaigns/{made.campaign_id}/self-check/")
            page(office, f"/office/campaigns/{made.campaign_id}/self-check/institutions/")
            page(office, f"/office/self-checks/{form.pk}/")
            office.get(f"/office/campaigns/{made.campaign_id}/self-check/institutions/?format=xlsx")
        asked.append(len(queries))
    assert asked[0] == asked[1], asked


# Checklists


def forms_more(call: Call, n: int) -> list[Institution]:
    """So many institutions more, each with its form."""
    more = [
        Institution(kind="laboratory", name_zh=f"新{i}", name_en=f"New {i}", region_code="330106") for i in range(n)
    ]  # fmt: skip
    enter_institutions(more, actor=None, at=AT)
    enrol_participants(call.campaign_id, actor=None, at=AT)
    open_selfchecks(call, actor=None, at=AT)
    return more


def forms_ready(call: Call, n: int) -> None:
    """So many institutions more, each with a form that stands as submitted."""
    more = forms_more(call, n)
    SelfCheck.objects.filter(participant__institution__in=more).update(state="submitted", submitted_at=AT)


def stamp_in(shown: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert found
    return found[1]


def test_many_are_made_final_at_once_and_the_page_says_which_cannot(
    client_of: SignIn, regulator: User, laboratory: User, other_laboratory: User, call: Call
) -> None:
    forms_ready(call, 3)
    office, address = client_of(regulator), f"/office/campaigns/{call.campaign_id}/self-check/final/"
    shown = page(office, address)
    assert "Make 3 forms final" in shown and "Not submitted yet" in shown
    old = stamp_in(shown)
    form = submitted(laboratory)
    refused = office.post(address, {"seen": old, "sure": "on"}, follow=True).content.decode()
    assert "submitted or given back meanwhile" in refused and not SelfCheck.objects.filter(state="frozen").exists()
    acts = Entry.objects.count()
    done = office.post(address, {"seen": stamp_in(refused), "sure": "on"}, follow=True).content.decode()
    assert "4 forms were made final." in done and Entry.objects.count() == acts + 1
    form.refresh_from_db()
    assert form.state == "frozen" and form_of(other_laboratory).state == "open"
    again = page(office, address)
    assert "Nothing to make final" in again and "Final already" in again
    kept, counted = total(by_place(call).values()), total(turned_out(call).values())
    assert kept.by_state["submitted"] == -3, "three were never submitted by the verb"
    assert kept.by_state["frozen"] == counted.by_state["frozen"] == 4


def test_only_what_the_address_asks_for_and_lies_within_reach_is_made_final(
    client_of: SignIn, county: User, laboratory: User, other_laboratory: User, call: Call
) -> None:
    submitted(laboratory), submitted(other_laboratory)
    address = f"/office/campaigns/{call.campaign_id}/self-check/final/"
    shown = page(client_of(county), address)
    assert "Make 1 form final" in shown
    assert "Nothing to make final" in page(client_of(county), f"{address}?list=returned")
    client_of(county).post(address, {"seen": stamp_in(shown)})
    assert (form_of(laboratory).state, form_of(other_laboratory).state) == ("frozen", "submitted")


def test_three_hundred_are_made_final_with_as_many_questions_as_three(
    client_of: SignIn, regulator: User, call: Call
) -> None:
    office, address = client_of(regulator), f"/office/campaigns/{call.campaign_id}/self-check/final/"
    counts = []
    for n in (3, 3, 300):
        forms_ready(call, n)
        with CaptureQueriesContext(connection) as looked:
            shown = page(office, address)
        with CaptureQueriesContext(connection) as done:
            assert office.post(address, {"seen": stamp_in(shown)}).status_code == 302
        counts.append((len(looked), len(done)))
    assert counts[1] == counts[2] and SelfCheck.objects.filter(state="frozen").count() == 306


def test_late_goes_by_the_days_of_the_region_in_every_figure_list_and_page(
    client_of: SignIn, regulator: User, laboratory: User, other_laboratory: User, call: Call
) -> None:
    """One region has more time than the call gives, the other has the day of the call."""
    Call.objects.filter(pk=call.pk).update(due_on=timezone.localdate() - timedelta(1))
    office, address = client_of(regulator), f"/office/campaigns/{call.campaign_id}/self-check/"
    stage = call.campaign.stages.get(key="selfcheck")

    def late() -> tuple[int, set[User]]:
        shown = page(office, f"{address}?region=330100")
        n = re.search(r'list=late">(\d+)</a>', shown)
        assert n
        listed = page(office, f"{address}institutions/?list=late")
        return int(n[1]), {name for name in (laboratory, other_laboratory) if str(form_of(name).pk) in listed}

    assert late() == (2, {laboratory, other_laboratory})
    more = timezone.localdate() + timedelta(9)
    RegionalDays.objects.create(stage=stage, region_code="330106", starts_on=stage.starts_on, ends_on=more)
    assert late() == (1, {other_laboratory})
    for user, chips in ((laboratory, 0), (other_laboratory, 1)):
        listed = page(office, f"{address}institutions/?region={institution_of(user).region_code}")
        assert listed.count(">late<") == chips or ("late" in re.sub(r"<option.*?</option>", "", listed)) is bool(chips)
        shown = page(office, f"/office/self-checks/{form_of(user).pk}/")
        assert (more.isoformat() in shown) is (chips == 0)
        ours = page(client_of(user), "/workspace/campaigns/selfchecks/")
        assert ("overdue" in ours) is bool(chips)
    counts = []
    for n in (3, 300):
        forms_more(call, n)
        with CaptureQueriesContext(connection) as asked:
            page(office, address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def workbook(client: Client, pk: Any) -> Any:
    return load_workbook(io.BytesIO(client.get(f"/office/checklists/{pk}/checklist.xlsx").content))


def sent(client: Client, pk: Any, book: Any, **named: str) -> Any:
    buffer = io.BytesIO()
    book.save(buffer)
    file = SimpleUploadedFile("list.xlsx", buffer.getvalue())
    data = {"name_zh": "本市自查表", "name_en": "Our list", **named, "file": file}
    return client.post(f"/office/checklists/{pk}/next/", data, follow=True)


def test_a_checklist_comes_back_from_excel_as_a_version(client_of: SignIn, regulator: User, call: Call) -> None:
    office, shipped = client_of(regulator), call.checklist
    book = workbook(office, shipped.pk)
    sheet = book.worksheets[0]
    assert sheet.max_row == 51
    sheet.cell(2, 4).value = "依法登记，且在有效期内"
    sheet.delete_rows(51)
    shown = sent(office, shipped.pk, book).content.decode()
    made = Checklist.objects.get(authority=institution_of(regulator))
    assert (made.version, made.items.count()) == (1, 49) and "Version 1 is kept" in shown
    compared = page(office, f"/office/checklists/{made.pk}/?with={shipped.pk}")
    assert "2 items differ" in compared and "says otherwise" in compared and "gone" in compared
    again = workbook(office, made.pk)
    assert "Nothing changed from the version before" in sent(office, made.pk, again).content.decode()
    again.worksheets[0].cell(3, 3).value = "否"
    sent(office, made.pk, again)
    second = Checklist.objects.get(replaces=made)
    assert second.version == 2 and "1 item differs" in page(office, f"/office/checklists/{second.pk}/")
    assert "A newer version replaces this one" in page(office, f"/office/checklists/{made.pk}/")
    call.refresh_from_db()
    assert call.checklist == shipped  # a call keeps the version it was made with


def test_rows_that_are_wrong_are_named_in_the_readers_language(client_of: SignIn, regulator: User) -> None:
    office, shipped = client_of(regulator), shipped_checklist(at=AT)
    book = workbook(office, shipped.pk)
    sheet = book.worksheets[0]
    sheet.cell(3, 1).value, sheet.cell(4, 5).value, sheet.cell(5, 8).value = "1", "", "Z9"
    english = sent(office, shipped.pk, book).content.decode()
    for said in ("Row 3: ", "Number 1 stands in row 2 already.", "Row 4: ", "is empty.", "Row 5: ", "no point “Z9”"):
        assert said in english
    office.cookies["django_language"] = "zh-hans"
    chinese = sent(office, shipped.pk, book).content.decode()
    assert "第 3 行：" in chinese and "序号 1 已出现在第 2 行。" in chinese
    assert not Checklist.objects.filter(authority__isnull=False).exists()
    office.cookies["django_language"] = "en"
    sheet.delete_cols(4)
    assert "There is no column “What is checked, in Chinese”." in sent(office, shipped.pk, book).content.decode()
    refused = office.post(
        f"/office/checklists/{shipped.pk}/next/",
        {"name_zh": "表", "name_en": "L", "file": SimpleUploadedFile("a.xlsx", b"no workbook")},
    )
    assert "Nothing was kept" in refused.content.decode()


def test_answers_stand_beside_their_column(client_of: SignIn, regulator: User, call: Call, laboratory: User) -> None:
    form = submitted(laboratory, i18=Given(18, FINE, "见附件"))
    assert "见附件" in page(client_of(regulator), f"/office/self-checks/{form.pk}/")
