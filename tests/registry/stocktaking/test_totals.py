"""What the returns come to: once for each institution, of one day, kept when closed, also when entries are merged or parted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution, institution_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.equipment.actions import enter_instrument
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.actions.merging import undo_merge
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_person
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.stocktaking import access, actions
from zhunsheng.registry.stocktaking.models import Return, StockTaking
from zhunsheng.registry.stocktaking.queries import reports_of, rollup, standing_returns

TODAY = AT.date()
LATER = AT + timedelta(days=1)


@pytest.fixture
def opened(authority: Institution, regulator: User, laboratory: User, other_laboratory: User) -> StockTaking:
    return actions.open_stocktaking(
        authority=authority, title_zh="杭州摸底", title_en="Hangzhou", region_code="330100", fields=[],
        due_on=TODAY + timedelta(days=30), actor=regulator, at=AT,
    )  # fmt: skip


def return_of(user: User) -> Return:
    return Return.objects.get(institution=institution_of(user))


def confirmed(user: User, reports: int = 100) -> Return:
    one = return_of(user)
    actions.enter_reports(one, {"2026Q1": reports}, actor=user, at=AT)
    return actions.confirm(one, remark="", actor=user, at=AT)


def instrument(where: Institution, serial: str, name: str, maker: str = "") -> Instrument:
    one = Instrument(institution=where, serial=serial, name_zh=name, name_en=name, manufacturer=maker)
    return enter_instrument(one, actor=None, at=AT)


def test_entries_merged_during_the_call_are_one_laboratory_and_two_again_when_parted(
    opened: StockTaking, laboratory: User, other_laboratory: User
) -> None:
    confirmed(laboratory)
    confirmed(other_laboratory)
    merge = merge_institutions(
        institution_of(laboratory), institution_of(other_laboratory), reason="同一机构", actor=None, at=LATER
    )
    whole = rollup(opened).whole
    assert (whole.institutions, whole.confirmed, dict(whole.reports)) == (1, 1, {"2026Q1": 100})
    assert whole.sums["people"] == rollup(opened).people_once == 2  # of both entries, counted anew
    undo_merge(merge, reason="不是同一机构", actor=None, at=LATER + timedelta(days=1))
    whole = rollup(opened).whole
    assert (whole.institutions, whole.confirmed, dict(whole.reports)) == (2, 2, {"2026Q1": 200})
    assert whole.sums["people"] == rollup(opened).people_once == 2


def test_what_was_confirmed_for_both_is_parted_with_them(
    opened: StockTaking, laboratory: User, other_laboratory: User
) -> None:
    kept, merged = institution_of(laboratory), institution_of(other_laboratory)
    merge = merge_institutions(kept, merged, reason="同一机构", actor=None, at=AT)
    assert confirmed(laboratory).totals["people"] == 2
    undo_merge(merge, reason="不是同一机构", actor=None, at=LATER)
    actions.confirm(return_of(other_laboratory), remark="", actor=other_laboratory, at=LATER)
    assert rollup(opened).whole.sums["people"] == rollup(opened).people_once == 2


def test_the_people_of_a_merged_entry_confirm_the_return_that_stands(
    opened: StockTaking, laboratory: User, other_laboratory: User, regulator: User
) -> None:
    old = return_of(other_laboratory)
    merge_institutions(institution_of(laboratory), old.institution, reason="同一机构", actor=None, at=AT)
    mine = access.own_returns(visitor(other_laboratory, on=TODAY))
    assert list(mine) == [return_of(laboratory)]
    old.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="merged"):
        actions.confirm(old, remark="", actor=other_laboratory, at=AT)
    with pytest.raises(NotAllowedNow, match="merged"):
        actions.enter_reports(old, {"2026Q1": 1}, actor=other_laboratory, at=AT)
    actions.confirm(mine.get(), remark="", actor=other_laboratory, at=AT)
    everyone = list(opened.returns.values_list("pk", flat=True))
    assert actions.accept(opened, everyone, actor=regulator, at=AT) == 1


def test_an_entry_merged_into_one_that_was_not_asked_is_confirmed_under_that(
    opened: StockTaking, laboratory: User, other_laboratory: User
) -> None:
    away = institution("laboratory", "省外本部", "Head office", region_code="440300")
    merge_institutions(away, institution_of(laboratory), reason="同一机构", actor=None, at=AT)
    [one] = access.own_returns(visitor(laboratory, on=TODAY))
    assert access.may_confirm(visitor(laboratory, on=TODAY), one.institution)
    actions.enter_reports(one, {"2026Q1": 7}, actor=laboratory, at=AT)
    done = actions.confirm(one, remark="", actor=laboratory, at=AT)
    assert (done.totals["people"], done.totals["reports"]) == (1, {"2026Q1": 7})
    merge_institutions(away, institution_of(other_laboratory), reason="同一机构", actor=None, at=LATER)
    assert standing_returns().filter(stocktaking=opened).count() == 1


def test_reports_entered_under_the_merged_entry_are_those_of_the_institution(
    opened: StockTaking, laboratory: User, other_laboratory: User
) -> None:
    confirmed(other_laboratory, reports=42)
    kept = institution_of(laboratory)
    merge_institutions(kept, institution_of(other_laboratory), reason="同一机构", actor=None, at=AT)
    assert reports_of([kept], ["2026Q1"]) == {kept.pk: {"2026Q1": 42}}
    actions.enter_reports(return_of(laboratory), {"2026Q1": 50}, actor=laboratory, at=AT)
    assert reports_of([kept], ["2026Q1"]) == {kept.pk: {"2026Q1": 50}}


def test_sums_and_what_is_counted_once_are_of_one_day(opened: StockTaking, laboratory: User) -> None:
    late = Post(institution=institution_of(laboratory), kind="analyst", valid_from=TODAY + timedelta(days=5))
    enter_person(Person(name="新人"), late, actor=None, at=AT + timedelta(days=5))
    actions.confirm(return_of(laboratory), remark="", actor=laboratory, at=AT + timedelta(days=6))
    assert rollup(opened).whole.sums["people"] == rollup(opened).people_once == 1


def test_instruments_are_one_by_the_rule_that_finds_duplicates(
    opened: StockTaking, laboratory: User, other_laboratory: User
) -> None:
    here, there = institution_of(laboratory), institution_of(other_laboratory)
    instrument(here, "001", "天平")
    instrument(there, "001", "色谱仪")  # a short number of two kinds of things: two
    instrument(here, "SN123456", "色谱仪", "Agilent")
    instrument(there, "SN-123456", "色谱仪", "agilent")  # one maker written twice: one
    instrument(here, "AB777777", "离心机", "甲厂")
    instrument(there, "AB777777", "离心机", "乙厂")  # two makers: two
    for user in (laboratory, other_laboratory):
        actions.confirm(return_of(user), remark="", actor=user, at=AT)
    found = rollup(opened)
    assert (found.whole.sums["instruments"], found.instruments_once) == (6, 5)
    merge_institutions(here, there, reason="同一机构", actor=None, at=LATER)
    assert rollup(opened).whole.sums["instruments"] == rollup(opened).instruments_once == 5


def test_closed_totals_stay_whatever_the_registers_learn(
    opened: StockTaking, laboratory: User, other_laboratory: User, regulator: User
) -> None:
    confirmed(laboratory)
    before = rollup(opened)
    closed = actions.close(opened, actor=regulator, at=AT)
    instrument(institution_of(laboratory), "X-1", "天平")
    merge_institutions(
        institution_of(laboratory), institution_of(other_laboratory), reason="同一机构", actor=None, at=LATER
    )
    assert rollup(closed) == before
    assert standing_returns().filter(stocktaking=closed).count() == 2  # the list fits the totals


def test_points_that_do_not_apply_are_in_no_share(opened: StockTaking, laboratory: User) -> None:
    one = actions.confirm(return_of(laboratory), remark="", actor=laboratory, at=AT)
    assert (one.complete_of, one.consistent, one.consistent_of) == (10, 2, 2)  # a region and one person who works there
    assert rollup(opened).whole.share("consistency") == 1.0


@contextmanager
def queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as seen:
        yield seen


def test_as_many_questions_for_300_as_for_3(authority: Institution, regulator: User) -> None:
    counts = []
    for n in (3, 297):
        for i in range(n):
            institution("laboratory", f"实验室 {n} {i}", f"Laboratory {n} {i}")
        made = actions.open_stocktaking(
            authority=authority, title_zh="摸底", title_en="x", region_code="", fields=[],
            due_on=TODAY + timedelta(days=30), actor=None, at=AT,
        )  # fmt: skip
        Return.objects.filter(stocktaking=made).update(state="confirmed")
        with queries() as seen:
            rollup(made)
        counts.append(len(seen))
        with queries() as seen:
            actions.accept(made, Return.objects.filter(stocktaking=made), actor=regulator, at=AT)
        counts.append(sum(not one["sql"].startswith("INSERT") for one in seen))
    assert counts[:2] == counts[2:], counts
