"""From the call to the totals, through the verbs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_people, enter_posts
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.stocktaking import actions
from zhunsheng.registry.stocktaking.models import QuarterReports, Return, StockTaking
from zhunsheng.registry.stocktaking.queries import facts_of, rollup

TODAY = AT.date()
DUE = TODAY + timedelta(days=30)
QUARTERS = ["2025Q2", "2025Q3", "2025Q4", "2026Q1"]


@pytest.fixture
def opened(authority: Institution, regulator: User, laboratory: User, other_laboratory: User) -> StockTaking:
    institution("laboratory", "外省实验室", "Laboratory elsewhere", region_code="440300")
    return actions.open_stocktaking(
        authority=authority, title_zh="杭州摸底", title_en="Hangzhou", region_code="330100", fields=[], due_on=DUE,
        actor=regulator, at=AT,
    )  # fmt: skip


def return_of(user: User) -> Return:
    return Return.objects.get(institution=institution_of(user))


def test_it_asks_the_laboratories_of_the_region_and_nobody_else(opened: StockTaking) -> None:
    asked = {one.institution.name_en for one in opened.returns.select_related("institution")}
    assert asked == {"Example Laboratory L08", "Example Laboratory L04"}
    assert Entry.objects.get(verb="open_stocktaking").touched == 2


def test_it_asks_only_those_of_the_fields(authority: Institution, laboratory: User) -> None:
    with pytest.raises(NotAllowedNow, match="fields"):
        actions.open_stocktaking(
            authority=authority, title_zh="摸底", title_en="x", region_code="330100", fields=["textiles"], due_on=DUE,
            actor=None, at=AT,
        )  # fmt: skip
    assert not StockTaking.objects.exists()


def test_a_merged_entry_is_not_asked_and_counts_with_its_head(authority: Institution, laboratory: User) -> None:
    twin = institution("laboratory", "重复实验室", "Twin")
    enter_instruments(
        [Instrument(institution=twin, serial="T-1", name_zh="仪", name_en="Instrument")], actor=None, at=AT
    )
    head = institution_of(laboratory)
    Institution.objects.filter(pk=twin.pk).update(merged_into=head, merged_at=AT)
    made = actions.open_stocktaking(
        authority=authority,
        title_zh="摸底",
        title_en="x",
        region_code="330100",
        fields=[],
        due_on=DUE,
        actor=None,
        at=AT,
    )
    assert [one.institution_id for one in made.returns.all()] == [head.pk]
    assert facts_of([head], on=TODAY, quarters=QUARTERS)[head.pk].instruments == 1


def test_reports_are_entered_and_corrected_without_forgetting(opened: StockTaking, laboratory: User) -> None:
    one = return_of(laboratory)
    actions.enter_reports(one, {"2026Q1": 120, "2025Q4": 90}, actor=laboratory, at=AT)
    actions.enter_reports(one, {"2026Q1": 125, "2025Q4": 90}, actor=laboratory, at=AT + timedelta(hours=1))
    rows = QuarterReports.objects.filter(quarter="2026Q1").order_by("recorded_at")
    assert [(row.reports, row.superseded_at is None) for row in rows] == [(120, False), (125, True)]
    assert QuarterReports.objects.filter(quarter="2025Q4").count() == 1  # what did not change is not written again
    assert Entry.objects.filter(verb="enter_quarter_reports").count() == 2
    actions.enter_reports(one, {"2026Q1": 125}, actor=laboratory, at=AT + timedelta(hours=2))
    assert Entry.objects.filter(verb="enter_quarter_reports").count() == 2


def test_confirm_accept_return_and_confirm_again(opened: StockTaking, laboratory: User, regulator: User) -> None:
    one = actions.confirm(return_of(laboratory), remark="已核对", actor=laboratory, at=AT)
    assert (one.state, one.totals["people"], one.confirmed_by) == ("confirmed", 1, laboratory)
    failing = {point["code"] for point in one.points if not point["holds"]}
    assert {"C1", "C5", "C7", "C8", "C9", "C10"} <= failing and "C6" not in failing
    with pytest.raises(NotAllowedNow):
        actions.confirm(one, remark="", actor=laboratory, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.enter_reports(one, {"2026Q1": 1}, actor=laboratory, at=AT)
    with pytest.raises(NotAllowedNow, match="mended"):
        actions.give_back(opened, [one.pk], reason=" ", actor=regulator, at=AT)
    assert actions.give_back(opened, [one.pk], reason="缺少证书", actor=regulator, at=AT) == 1
    one.refresh_from_db()
    assert (one.state, one.reason) == ("returned", "缺少证书")
    again = actions.confirm(one, remark="", actor=laboratory, at=AT + timedelta(days=1))
    assert again.reason == ""
    assert actions.accept(opened, [one.pk], actor=regulator, at=AT) == 1
    with pytest.raises(NotAllowedNow):
        actions.accept(opened, [one.pk], actor=regulator, at=AT)


def test_only_what_waits_is_accepted_in_bulk(opened: StockTaking, laboratory: User, regulator: User) -> None:
    actions.confirm(return_of(laboratory), remark="", actor=laboratory, at=AT)
    everyone = list(opened.returns.values_list("pk", flat=True))
    assert actions.accept(opened, everyone, actor=regulator, at=AT) == 1
    assert Entry.objects.get(verb="accept_returns").touched == 1


def test_what_two_institutions_name_is_counted_once(
    opened: StockTaking, laboratory: User, other_laboratory: User, regulator: User
) -> None:
    here, there = institution_of(laboratory), institution_of(other_laboratory)
    person = Person(name="两处任职")
    enter_people([person], actor=None, at=AT)
    enter_posts(
        [Post(person=person, institution=where, kind="analyst", valid_from=date(2025, 1, 1)) for where in (here, there)],
        actor=None, at=AT,
    )  # fmt: skip
    enter_instruments(
        [
            Instrument(institution=where, serial=serial, name_zh="仪", name_en="I")
            for where, serial in ((here, "AB 12"), (there, "ab-12"))
        ],
        actor=None, at=AT,
    )  # fmt: skip
    for user in (laboratory, other_laboratory):
        actions.confirm(return_of(user), remark="", actor=user, at=AT)
    found = rollup(opened)
    assert (found.whole.sums["people"], found.people_once) == (4, 3)
    assert (found.whole.sums["instruments"], found.instruments_once) == (2, 1)
    assert sum(row.institutions for row in found.rows) == found.whole.institutions == 2
    points = {point["code"]: point for point in return_of(laboratory).points}
    assert not points["K4"]["holds"] and not points["K5"]["holds"]


def test_closing_freezes_the_totals(opened: StockTaking, laboratory: User, regulator: User) -> None:
    actions.confirm(return_of(laboratory), remark="", actor=laboratory, at=AT)
    closed = actions.close(opened, actor=regulator, at=AT)
    assert closed.summary["whole"]["confirmed"] == 1 and closed.summary["whole"]["states"] == {
        "confirmed": 1,
        "waiting": 1,
    }
    with pytest.raises(NotAllowedNow, match="closed"):
        actions.confirm(Return.objects.get(state="waiting"), remark="", actor=None, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.close(closed, actor=regulator, at=AT)


@contextmanager
def queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as seen:
        yield seen


def test_as_many_questions_for_300_as_for_3(authority: Institution) -> None:
    counts = []
    for n in (3, 297):
        for i in range(n):
            institution("laboratory", f"实验室 {n} {i}", f"Laboratory {n} {i}")
        heads = list(Institution.objects.filter(kind="laboratory"))
        with queries() as seen:
            facts_of(heads, on=TODAY, quarters=QUARTERS)
        counts.append(len(seen))
        with queries() as seen:
            actions.open_stocktaking(
                authority=authority,
                title_zh="摸底",
                title_en="x",
                region_code="",
                fields=[],
                due_on=DUE,
                actor=None,
                at=AT,
            )
        counts.append(sum(not one["sql"].startswith("INSERT") for one in seen))  # SQLite takes 66 rows an INSERT
    assert counts[0] == counts[2] and counts[1] == counts[3], counts


def test_who_confirms(opened: StockTaking, laboratory: User) -> None:
    from zhunsheng.registry.people.queries import visitor
    from zhunsheng.registry.stocktaking.access import may_confirm

    where = institution_of(laboratory)
    analyst = user_with_post("analyst", "analyst", where)
    assert may_confirm(visitor(laboratory, on=TODAY), where)
    assert not may_confirm(visitor(analyst, on=TODAY), where)
    assert not may_confirm(visitor(laboratory, on=TODAY), Institution.objects.get(name_en="Example Laboratory L04"))


def test_nothing_moves_after_the_close_whatever_was_loaded_before(opened: StockTaking, laboratory: User) -> None:
    loaded, held = return_of(laboratory), StockTaking.objects.get(pk=opened.pk)
    assert loaded.stocktaking.state == "open"  # read now, so that it is old below
    actions.close(opened, actor=None, at=AT)
    acts = [
        lambda: actions.confirm(loaded, remark="", actor=laboratory, at=AT),
        lambda: actions.enter_reports(loaded, {QUARTERS[0]: 12345}, actor=laboratory, at=AT),
        lambda: actions.accept(held, [loaded.pk], actor=None, at=AT),
        lambda: actions.give_back(held, [loaded.pk], reason="x", actor=None, at=AT),
        lambda: actions.close(held, actor=None, at=AT),
    ]
    for act in acts:
        with pytest.raises(NotAllowedNow, match="closed"):
            act()
    assert return_of(laboratory).state == "waiting" and not QuarterReports.objects.exists()


def test_reports_are_not_entered_on_a_return_that_was_confirmed_meanwhile(
    opened: StockTaking, laboratory: User
) -> None:
    loaded = return_of(laboratory)
    Return.objects.filter(pk=loaded.pk).update(state="confirmed")
    with pytest.raises(NotAllowedNow):
        actions.enter_reports(loaded, {QUARTERS[0]: 12345}, actor=laboratory, at=AT)
    assert not QuarterReports.objects.exists()
