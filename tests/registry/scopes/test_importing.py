"""Scope lines from a file: approved by an authority, for laboratories; what was cancelled does not come back by a correction."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import AT
from tests.foundation.imports.sent import reasons, send, send_and_apply, workbook_of
from tests.registry.scopes import ground
from zhunsheng.foundation.imports import files
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.imports.register import AUTHORITIES, Context
from zhunsheng.registry.equipment.actions import enter_instrument
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.scopes.actions import cancel, self_suspend
from zhunsheng.registry.scopes.importing import Scopes
from zhunsheng.registry.scopes.models import ScopeLine

pytestmark = pytest.mark.django_db
HEAD = ["机构名称", "检测项目", "检测对象", "检测方法", "状态", "有效期起", "有效期止"]
SINCE = "2024-01-01"


@pytest.fixture
def line() -> ScopeLine:
    where = ground.laboratory("甲实验室")
    (lead,) = ground.parameters("lead")
    return ground.line(where, lead, ground.matrix("tea"), ground.method("GB 1-2020"))


def row(status: str = "", first: str = SINCE, last: str = "", where: str = "甲实验室") -> list[str]:
    return [where, "lead", "tea", "GB 1-2020", status, first, last]


def sent(*rows: list[str]) -> Import:
    return send(Scopes(), workbook_of([HEAD, *rows]))


def test_only_authorities_send_scopes() -> None:
    assert Scopes().open_to == AUTHORITIES


def test_a_cancelled_line_does_not_become_active_by_a_correction(line: ScopeLine) -> None:
    cancel([line.series], from_day=date(2026, 1, 1), reason="revoked", actor=None, at=AT)
    before = ground.rows_of(line.series)
    for status in ("有效", "自行暂停"):
        refused = sent(row(status, "2026-01-01"))
        assert "cannot become" in reasons(refused)[2][0]
    stretched = sent(row("", SINCE, "2029-12-31"))
    assert "another period from 2026-01-01" in reasons(stretched)[2][0]
    assert ground.rows_of(line.series) == before


def test_a_cancelled_line_is_approved_anew_from_a_later_day(line: ScopeLine) -> None:
    cancel([line.series], from_day=date(2026, 1, 1), reason="revoked", actor=None, at=AT)
    send_and_apply(Scopes(), workbook_of([HEAD, row("有效", "2026-09-01", "2032-08-31")]))
    assert ground.rows_of(line.series) == [
        ("2024-01-01", "2025-12-31", "active"),
        ("2026-01-01", "2026-08-31", "cancelled"),
        ("2026-09-01", "2032-08-31", "active"),
    ]


def test_statuses_move_as_on_the_pages(line: ScopeLine) -> None:
    self_suspend([line.series], from_day=date(2026, 12, 1), reason="moving", actor=None, at=AT)
    assert sent(row("有效", "2026-12-01")).changed == 1
    assert sent(row("已取消", "2026-12-01")).changed == 1
    assert sent(row("自行暂停", "2026-12-01")).unchanged == 1


def test_only_laboratories_have_a_scope(line: ScopeLine) -> None:
    Institution.objects.create(kind="provider", name_zh="乙机构", name_en="B", region_code="330106")
    assert "is no laboratory" in reasons(sent(row(where="乙机构")))[2][0]


def test_a_renewal_leaves_the_period_before_it(line: ScopeLine) -> None:
    send_and_apply(Scopes(), workbook_of([HEAD, row("", SINCE, "2026-05-03")]))
    send_and_apply(Scopes(), workbook_of([HEAD, row("", "2026-02-01", "2032-01-31")]))
    assert ground.rows_of(line.series) == [
        ("2024-01-01", "2026-01-31", "active"),
        ("2026-02-01", "2032-01-31", "active"),
    ]
    assert ScopeLine.objects.filter(valid_to=date(2026, 5, 3)).exclude(superseded_at=None).exists()


def test_a_renewal_of_a_suspended_line_does_not_take_it_up_again(line: ScopeLine) -> None:
    self_suspend([line.series], from_day=date(2026, 12, 1), reason="moving", actor=None, at=AT)
    send_and_apply(Scopes(), workbook_of([HEAD, row("", "2027-02-01", "2032-01-31")]))
    assert ground.rows_of(line.series)[-1] == ("2027-02-01", "2032-01-31", "self_suspended")


def test_the_file_of_an_entry_that_was_merged_makes_no_second_line(line: ScopeLine) -> None:
    kept = ground.laboratory("乙实验室")
    merge_institutions(kept, line.institution, reason="same", actor=None, at=AT)
    again = send_and_apply(Scopes(), workbook_of([HEAD, row()]))
    assert (again.unchanged, ScopeLine.objects.filter(superseded_at=None).count()) == (1, 1)


def test_a_range_turned_round_is_a_fault(line: ScopeLine) -> None:
    turned = send(Scopes(), workbook_of([[*HEAD, "范围下限", "范围上限"], [*row(), "10", "1"]]))
    assert turned.failed == 1


def test_a_site_goes_by_its_english_name_until_it_is_closed(line: ScopeLine) -> None:
    Site.objects.create(
        institution=line.institution, name_zh="滨江场所", name_en="Binjiang", region_code="330108",
        valid_from=date(2020, 1, 1), valid_to=date(2025, 12, 31), recorded_at=AT,
    )  # fmt: skip
    head = [*HEAD, "场所"]
    assert send(Scopes(), workbook_of([head, [*row(), "Binjiang"]])).new == 1
    closed = send(Scopes(), workbook_of([head, [*row(first="2026-01-01"), "Binjiang"]]))
    assert "closed on 2025-12-31" in reasons(closed)[2][0]


def used_now(line: ScopeLine) -> set[str]:
    standing = ScopeLine.objects.get(series=line.series, superseded_at=None, valid_from=SINCE)
    return set(standing.instruments.values_list("serial", flat=True))


def with_instruments(said: str) -> bytes:
    return workbook_of([[*HEAD, "仪器设备编号"], [*row(), said]])


def test_a_line_names_the_instruments_it_uses(line: ScopeLine) -> None:
    for serial in ("001", "002"):
        Instrument.objects.create(institution=line.institution, serial=serial, name_zh="天平", name_en="Balance")
    named = send_and_apply(Scopes(), with_instruments("001；002"))
    assert (named.changed, used_now(line)) == (1, {"001", "002"})
    assert send(Scopes(), with_instruments("002; 001")).unchanged == 1
    assert send(Scopes(), with_instruments("")).unchanged == 1  # empty leaves them as they are
    assert send(Scopes(), workbook_of([HEAD, row()])).unchanged == 1
    send_and_apply(Scopes(), with_instruments("002"))
    assert used_now(line) == {"002"}
    unknown = send(Scopes(), with_instruments("003"))
    assert "“003” is no instrument of" in reasons(unknown)[2][0]


def test_the_instruments_go_on_into_a_renewal_and_come_out_in_an_export(line: ScopeLine) -> None:
    Instrument.objects.create(institution=line.institution, serial="001", name_zh="天平", name_en="Balance")
    send_and_apply(Scopes(), with_instruments("001"))
    send_and_apply(Scopes(), workbook_of([HEAD, row("", "2026-02-01", "2032-01-31")]))
    context = Context(at=AT, on=AT.date(), reach={"national": True})
    at = [column.key for column in Scopes.columns].index("instruments")
    assert [exported[at] for exported in Scopes().export(context)] == ["001", "001"]


def test_an_instrument_is_named_with_its_manufacturer_or_by_the_own_number(line: ScopeLine) -> None:
    for maker, own in (("甲厂", ""), ("乙厂", "ZC-2")):
        one = Instrument(
            institution=line.institution,
            serial="001",
            name_zh="天平",
            name_en="B",
            manufacturer=maker,
            inventory_number=own,
        )
        enter_instrument(one, actor=None, at=AT)
    enter_instrument(
        Instrument(institution=line.institution, serial="", name_zh="标准砝码", name_en="W"), actor=None, at=AT
    )
    assert "names 2 instruments (001（乙厂）；001（甲厂）)" in reasons(send(Scopes(), with_instruments("001")))[2][0]
    for said, maker in (("001(甲厂)", "甲厂"), ("zc2", "乙厂"), ("标准砝码", "")):
        send_and_apply(Scopes(), with_instruments(said))
        standing = ScopeLine.objects.get(series=line.series, superseded_at=None)
        assert standing.instruments.get().manufacturer == maker
    send_and_apply(Scopes(), with_instruments("001（甲厂）；001（乙厂）；标准砝码"))
    rows = list(Scopes().export(Context(at=AT, on=AT.date(), reach={"national": True})))
    assert (
        rows[0][[column.key for column in Scopes.columns].index("instruments")] == "001（乙厂）; 001（甲厂）; 标准砝码"
    )
    assert send(Scopes(), files.template(Scopes(), "zh", rows=rows)).unchanged == 1


@pytest.mark.parametrize("who", ["甲 实验室", "甲·实验室", "甲（实验室）"])
def test_names_are_compared_by_one_key(line: ScopeLine, who: str) -> None:
    assert sent(row(where=who)).unchanged == 1
    twin = ground.laboratory("甲-实验室")
    ambiguous = reasons(sent(row(where=who)))[2][0]
    assert "2 institutions bear this name" in ambiguous and all(
        name in ambiguous for name in (twin.name_en, line.institution.name_en)
    )
    assert sent(row()).unchanged == 1  # as it is written, it is one


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("there", [False, True])
def test_overlapping_periods_in_one_file_are_refused_with_both_rows(line: ScopeLine, there: bool, turned: bool) -> None:
    if not there:
        ScopeLine.objects.all().delete()
    early, late = row("", SINCE, "2026-05-03"), row("", "2026-02-01", "2032-01-31")
    imported = sent(*([late, early] if turned else [early, late]))
    (said,) = [text for texts in reasons(imported).values() for text in texts]
    assert "Rows 2 and 3 give this line overlapping periods" in said


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("there", [False, True])
def test_the_periods_of_a_line_go_in_together(line: ScopeLine, there: bool, turned: bool) -> None:
    if not there:
        ScopeLine.objects.all().delete()
    early, late = row("", SINCE, "2026-01-31"), row("", "2026-02-01", "2032-01-31")
    rows = [late, early] if turned else [early, late]
    send_and_apply(Scopes(), workbook_of([HEAD, *rows]))
    expected = [("2024-01-01", "2026-01-31", "active"), ("2026-02-01", "2032-01-31", "active")]
    series = ScopeLine.objects.filter(superseded_at=None).values_list("series", flat=True)[0]
    assert ground.rows_of(series) == expected
    assert sent(*rows).unchanged == 2


def test_two_renewals_in_one_file_end_the_period_before_them_once(line: ScopeLine) -> None:
    send_and_apply(Scopes(), workbook_of([HEAD, row("", "2026-02-01", "2027-01-31"), row("", "2027-02-01", "")]))
    assert [days[:2] for days in ground.rows_of(line.series)] == [
        ("2024-01-01", "2026-01-31"), ("2026-02-01", "2027-01-31"), ("2027-02-01", None),
    ]  # fmt: skip
