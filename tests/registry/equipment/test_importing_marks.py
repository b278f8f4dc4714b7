"""Files of instruments: two makers' 001, plates without a number, zeros that were dropped, several calibrations, what ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from tests.foundation.imports.sent import reasons, send, send_and_apply, workbook_of
from zhunsheng.foundation.imports import actions, files
from zhunsheng.foundation.imports.register import Context
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.registry.equipment.importing import Equipment
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.queries import shared_serials
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
REGISTER = Equipment()
HEAD = [
    "机构名称", "出厂编号", "资产编号", "设备名称", "制造商", "型号", "停用日期", "校准或检定证书编号", "校准日期", "有效期至",
]  # fmt: skip


@pytest.fixture(autouse=True)
def mine() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


def row(serial: str, /, **other: str) -> list[str]:
    found = {"who": "甲实验室", "serial": serial, "own": "", "name": "天平", "maker": "", "model": "", "end": ""}
    dated = {"certificate": "", "first": "", "last": ""}
    return list({**found, **dated, **other}.values())


def calibrated(serial: str, certificate: str, year: int, **other: str) -> list[str]:
    days = {"first": f"{year}-01-10", "last": f"{year + 1}-01-09"}
    return row(serial, certificate=certificate, **{**days, **other})


def book(*rows: list[str]) -> bytes:
    return workbook_of([HEAD, *rows])


def twice(*rows: list[str]) -> int:
    """Send a file, and again: the second time nothing changes; how many instruments there are."""
    send_and_apply(REGISTER, book(*rows))
    again = send_and_apply(REGISTER, book(*rows))
    assert (again.new, again.changed) == (0, 0)
    return Instrument.objects.count()


def test_two_makers_of_one_number_are_two_instruments() -> None:
    assert twice(row("001", maker="甲厂"), row("001", maker="乙厂")) == 2
    unclear = send(REGISTER, book(row("001")))
    said = reasons(unclear)[2][0]
    assert "2 instruments bear this number" in said and "001（甲厂）" in said and "001（乙厂）" in said


def test_where_no_plate_names_a_maker_the_model_tells() -> None:
    assert twice(row("001", model="M1"), row("001", model="M2")) == 2


def test_a_manufacturer_is_learnt() -> None:
    send_and_apply(REGISTER, book(row("001")))
    learnt = send_and_apply(REGISTER, book(row("001", maker="甲厂")))
    assert (learnt.changed, Instrument.objects.get().manufacturer) == (1, "甲厂")


def test_without_a_number_the_inventory_number_finds_it() -> None:
    assert twice(row("/", own="ZC-1"), row("无", own="ZC-2"), row("", own="ZC-3")) == 3
    assert set(Instrument.objects.values_list("serial_key", flat=True)) == {""}
    found = send_and_apply(REGISTER, book(row("SN-7", own="zc1")))
    one = Instrument.objects.get(inventory_number="ZC-1")
    assert (found.changed, one.serial, one.serial_key) == (1, "SN-7", "SN7")


def test_with_neither_number_each_row_is_a_new_one_and_that_is_said() -> None:
    imported = send_and_apply(REGISTER, book(row("/"), row("/"), row("无")))
    assert (imported.new, Instrument.objects.count()) == (3, 3)
    assert any("Give it an inventory number" in en and n == 3 for en, _, n, _ in imported.notes)


def test_the_inventory_number_of_another_is_refused() -> None:
    send_and_apply(REGISTER, book(row("A1", own="ZC-1")))
    refused = reasons(send(REGISTER, book(row("B2", own="ZC-1"))))
    assert "is the inventory number of A1" in refused[2][0]


def test_zeros_that_were_dropped_are_suspected_and_nothing_is_entered() -> None:
    send_and_apply(REGISTER, book(row("0012", maker="甲厂")))
    refused = reasons(send(REGISTER, book(row("12"), row("12", maker="乙厂")), mode=Mode.ROWS))
    assert set(refused) == {2} and "12 is not registered, but 0012（甲厂） is" in refused[2][0]
    above = reasons(send(REGISTER, book(row("0077"), row("77")), mode=Mode.ROWS))
    assert set(above) == {3}


def test_several_calibrations_of_one_instrument_in_one_file() -> None:
    rows = [calibrated("SN1", "C-1", 2024), calibrated("SN1", "C-2", 2025), calibrated("sn-1", "C-3", 2026)]
    assert twice(*rows) == 1
    assert Calibration.objects.filter(superseded_at=None).count() == 3
    doubled = reasons(send(REGISTER, book(*rows, rows[0])))
    assert "is about the same as row 2" in doubled[5][0]


def test_rows_that_say_different_things_of_one_instrument_are_both_named() -> None:
    for there in (False, True):
        differing = book(calibrated("SN1", "C-1", 2024), calibrated("SN1", "C-2", 2025, name="电子天平"))
        assert "Rows 2 and 3 are about one instrument" in reasons(send(REGISTER, differing))[3][0], there
        send_and_apply(REGISTER, book(row("SN1")))


@pytest.mark.parametrize("mode", list(Mode))
def test_a_row_that_failed_leaves_its_instrument_to_the_next(mode: Mode) -> None:
    bad, good = calibrated("SN1", "C-1", 2024, last="2023-01-01"), calibrated("SN1", "C-2", 2025)
    if mode is Mode.ALL:
        assert send(REGISTER, book(bad, good), mode=mode).state == "refused"
        return
    imported = send_and_apply(REGISTER, book(bad, good), mode=mode)
    assert (imported.new, imported.failed, Instrument.objects.count(), Calibration.objects.count()) == (1, 1, 1, 1)


@pytest.mark.parametrize("mode", list(Mode))
def test_two_rows_that_learn_the_same_change_it_once(mode: Mode) -> None:
    send_and_apply(REGISTER, book(row("SN1")))
    rows = [
        calibrated("SN1", "C-1", 2024, maker="甲厂", own="ZC-1"),
        calibrated("SN1", "C-2", 2025, maker="甲厂", own="ZC-1"),
    ]
    send_and_apply(REGISTER, book(*rows), mode=mode)
    one = Instrument.objects.get()
    assert (one.manufacturer, one.inventory_number, one.calibrations.count()) == ("甲厂", "ZC-1", 2)


def test_the_last_day_of_use_goes_in_and_comes_out() -> None:
    assert twice(row("0012", end="2026-03-31", maker="甲厂", own="ZC-1")) == 1
    assert Instrument.objects.get().retired_on == date(2026, 3, 31)
    rows = list(REGISTER.export(Context(at=AT, on=AT.date(), reach={"national": True})))
    assert send(REGISTER, files.template(REGISTER, "zh", rows=rows)).unchanged == 1


def test_a_calibration_in_the_future_is_a_slip() -> None:
    refused = reasons(send(REGISTER, book(calibrated("SN1", "C-1", 2062))))
    assert "cannot lie in the future" in refused[2][0]


def test_the_register_learns_of_a_new_one_between_check_and_application() -> None:
    first = send(REGISTER, book(row("001", maker="甲厂")))
    send_and_apply(REGISTER, book(row("001", maker="乙厂"), row("/", own="ZC-1")))
    actions.begin_applying(first, REGISTER, reach=first.reach, actor=first.started_by, at=AT)
    actions.apply(first, REGISTER, reach=lambda: first.reach, at=AT)
    first.refresh_from_db()
    assert (first.state, Instrument.objects.count()) == ("done", 3)


def test_one_number_in_two_institutions_is_found_by_its_maker() -> None:
    institution("laboratory", "乙实验室", "Laboratory B", region_code="320100")
    for who in ("甲实验室", "乙实验室"):
        send_and_apply(
            REGISTER, book(*(row("SN-2026-1", who=who, maker=maker) for maker in ("甲厂", "乙厂")), row("/", who=who))
        )
    assert {(one.one.manufacturer, one.other.manufacturer) for one in shared_serials(AT.date())} == {
        ("甲厂", "甲厂"),
        ("乙厂", "乙厂"),
    }


def test_the_questions_do_not_grow() -> None:
    def asked(*rows: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert send(REGISTER, book(*rows)).failed == 0
        return sum("SELECT" in one["sql"][:8] for one in captured)

    def some(n: int) -> Any:
        return [calibrated(f"{i:04d}", f"C-{i}", 2025, own=f"ZC-{i}") for i in range(1, n + 1)]

    send_and_apply(REGISTER, book(*some(300)))
    assert asked(*some(3)) == asked(*some(300))
