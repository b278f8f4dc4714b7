"""Both sides of a stock-taking through their pages: open, look, fill in, confirm, give back, accept, close, export."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import institution_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.stocktaking.models import QuarterReports, Return, StockTaking

Clients = Callable[[User | None], Client]
OPEN = {"title_zh": "2026 年杭州摸底", "title_en": "Hangzhou 2026", "region_code": "330100"}


@pytest.fixture
def office(client_of: Clients, regulator: User, authority: Institution) -> Client:
    Institution.objects.filter(pk=authority.pk).update(level="prefecture")
    return client_of(regulator)


@pytest.fixture
def workspace(client_of: Clients, laboratory: User) -> Client:
    return client_of(laboratory)


@pytest.fixture
def opened(office: Client, laboratory: User, other_laboratory: User) -> StockTaking:
    due = timezone.localdate() + timedelta(days=30)
    answer = office.post(reverse("office_stocktaking_new"), {**OPEN, "due_on": due.isoformat()})
    made = StockTaking.objects.get()
    assert answer.headers["Location"] == reverse("office_stocktaking", args=[made.pk])
    return made


def test_a_day_that_is_past_is_refused_and_what_was_typed_is_kept(office: Client, laboratory: User) -> None:
    page = office.post(reverse("office_stocktaking_new"), {**OPEN, "due_on": "2020-01-01"}).content.decode()
    assert "must lie after today" in page and "Hangzhou 2026" in page
    assert not StockTaking.objects.exists()


def test_from_both_sides(opened: StockTaking, office: Client, workspace: Client, laboratory: User) -> None:
    one = Return.objects.get(institution=institution_of(laboratory))
    ours = reverse("workspace_return", args=[one.pk])
    page = workspace.get(ours).content.decode()
    assert "Mend it" in page and "No active scope line is entered." in page and "Quality manager" in page
    quarter = page.split('name="20')[1][:4]
    workspace.post(ours, {f"20{quarter}": "1,234"})
    assert QuarterReports.objects.get().reports == 1234
    assert "type a whole number" in workspace.post(ours, {f"20{quarter}": "-3"}, follow=True).content.decode()
    workspace.post(reverse("workspace_return_confirm", args=[one.pk]), {"remark": "已核对"})
    today = office.get(reverse("home")).content.decode()
    assert "Decide on returns: Hangzhou 2026" in today and "Confirmed and waiting for you: 1." in today
    sheet = reverse("office_stocktaking", args=[opened.pk])
    page = office.get(sheet, {"state": "confirmed"}).content.decode()
    assert "Example Laboratory L08" in page and "Example Laboratory L04" not in page
    assert "已核对" in office.get(reverse("office_stocktaking_return", args=[one.pk])).content.decode()

    decide = reverse("office_stocktaking_decide", args=[opened.pk])
    refused = office.post(decide, {"returns": [str(one.pk)], "verb": "return", "reason": "", "sure": "1"}, follow=True)
    assert "Say what is to be mended" in refused.content.decode()
    office.post(decide, {"returns": [str(one.pk)], "verb": "return", "reason": "请补充证书", "sure": "1"})
    assert "请补充证书" in workspace.get(ours).content.decode()
    workspace.post(reverse("workspace_return_confirm", args=[one.pk]), {})
    office.post(decide, {"returns": [str(one.pk), "not-a-key"], "verb": "accept", "sure": "1"})
    assert Return.objects.get(pk=one.pk).state == "accepted"
    office.post(reverse("office_stocktaking_close", args=[opened.pk]))
    assert "Closed on" in office.get(sheet).content.decode()


def test_the_export_holds_what_is_shown(opened: StockTaking, office: Client) -> None:
    answer = office.get(reverse("office_stocktaking", args=[opened.pk]), {"format": "xlsx", "q": "L08"})
    table = read_table(answer.content, filename="returns.xlsx")
    assert [row.texts[0] for row in table.rows] == ["示例实验室 L08"]


def test_who_only_works_there_looks_and_cannot_confirm(
    opened: StockTaking, client_of: Clients, laboratory: User
) -> None:
    from tests.cast import user_with_post

    one = Return.objects.get(institution=institution_of(laboratory))
    analyst = client_of(user_with_post("analyst", "analyst", institution_of(laboratory)))
    assert "confirms." in analyst.get(reverse("workspace_return", args=[one.pk])).content.decode()
    analyst.post(reverse("workspace_return_confirm", args=[one.pk]), {})
    assert Return.objects.get(pk=one.pk).state == "waiting"


def test_the_clock_calls_who_confirms(opened: StockTaking, laboratory: User) -> None:
    from zhunsheng.faces.clocks.stocktakings import find
    from zhunsheng.foundation.calendar.rules import WorkingCalendar

    today = timezone.localdate()
    due = list(find(on=today, since=today, until=opened.due_on, calendar=WorkingCalendar({}), where=None))
    assert {one.whose.en for one in due} == {"Example Laboratory L08", "Example Laboratory L04"}
    Return.objects.update(state="accepted")
    assert not list(find(on=today, since=today, until=opened.due_on, calendar=WorkingCalendar({}), where=None))


def test_all_that_the_list_shows_is_decided_after_a_preview(
    opened: StockTaking, office: Client, laboratory: User, other_laboratory: User
) -> None:
    Return.objects.update(state="confirmed")
    decide = reverse("office_stocktaking_decide", args=[opened.pk])
    page = office.post(f"{decide}?state=confirmed", {"all": "1", "verb": "accept"}).content.decode()
    assert "2 returns are accepted." in page and not Return.objects.filter(state="accepted").exists()
    one = office.post(f"{decide}?q=L08", {"all": "1", "verb": "accept"}).content.decode()
    assert "1 return is accepted." in one and "Example Laboratory L04" not in one
    stale = office.post(decide, {"all": "1", "verb": "accept", "seen": "1", "sure": "1"}).content.decode()
    assert "2 returns are accepted." in stale and not Return.objects.filter(state="accepted").exists()
    office.post(f"{decide}?state=confirmed", {"all": "1", "verb": "accept", "seen": "2", "sure": "1"})
    assert Return.objects.filter(state="accepted").count() == 2


def test_the_reports_stand_in_a_column_a_quarter(opened: StockTaking, office: Client, laboratory: User) -> None:
    from zhunsheng.registry.stocktaking import actions

    one = Return.objects.get(institution=institution_of(laboratory))
    first, *_, last = quarters = actions.quarters_of(opened)
    actions.enter_reports(one, {first: 7, last: 5}, actor=laboratory, at=timezone.now())
    actions.confirm(one, remark="", actor=laboratory, at=timezone.now())
    address = reverse("office_stocktaking", args=[opened.pk])
    page = office.get(address).content.decode()
    assert all(f"Reports {quarter}" in page for quarter in quarters)
    table = read_table(office.get(address, {"format": "xlsx", "q": "L08"}).content, filename="returns.xlsx")
    heads = [head.text for head in table.header]
    assert heads[11:15] == [f"Reports {quarter}" for quarter in quarters]
    assert list(table.rows[0].texts[11:15]) == ["7", "", "", "5"]


def test_an_old_link_leads_to_the_return_that_stands(
    opened: StockTaking, client_of: Clients, laboratory: User, other_laboratory: User
) -> None:
    from zhunsheng.registry.institutions.actions import merge_institutions

    kept, merged = (Return.objects.get(institution=institution_of(one)) for one in (laboratory, other_laboratory))
    merge_institutions(kept.institution, merged.institution, reason="同一机构", actor=None, at=timezone.now())
    theirs = client_of(other_laboratory)
    answer = theirs.get(reverse("workspace_return", args=[merged.pk]))
    assert answer.headers["Location"] == reverse("workspace_return", args=[kept.pk])
    assert theirs.get(answer.headers["Location"]).status_code == 200


def test_an_authority_gets_one_message_for_all_that_are_late(opened: StockTaking) -> None:
    from zhunsheng.faces.clocks.stocktakings import find
    from zhunsheng.foundation.calendar.rules import WorkingCalendar

    today = timezone.localdate()
    due = list(find(on=today, since=today, until=opened.due_on, calendar=WorkingCalendar({}), where=None))
    assert len(due) == 2 and {one.together for one in due} == {f"stocktaking:{opened.pk}"}


def test_each_point_names_who_mends_it_and_links_only_for_them(
    opened: StockTaking, workspace: Client, client_of: Clients, laboratory: User
) -> None:
    from tests.cast import user_with_post

    ours = reverse("workspace_return", args=[Return.objects.get(institution=institution_of(laboratory)).pk])
    page = workspace.get(ours).content.decode()  # the quality manager: only the reports, on this very page
    assert page.count(">Mend it</a>") == 1 and 'href="#reports">Mend it' in page
    assert "The technical manager or the administrator mends it." in page
    keeper = client_of(user_with_post("keeper", "technical_manager", institution_of(laboratory)))
    page = keeper.get(ours).content.decode()
    assert page.count(">Mend it</a>") > 1 and "The technical manager or the administrator mends it." not in page
    assert "The authority that keeps the register mends it." in page
