"""Instruments from files: by institution and serial number, a laboratory its own only, nothing doubled."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import AT, institution
from tests.foundation.imports.sent import csv_of, reasons, send, send_and_apply, workbook_of
from zhunsheng.foundation.imports import files
from zhunsheng.foundation.imports.register import Context
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.registry.equipment.importing import Equipment
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
REGISTER = Equipment()
HEAD = ["机构名称", "出厂编号", "设备名称", "溯源方式", "校准或检定证书编号", "校准日期", "有效期至"]


@pytest.fixture
def mine() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


def row(serial: str, **other: str) -> list[str]:
    found = {
        "who": "甲实验室", "serial": serial, "name": "气相色谱仪", "kind": "校准", "certificate": f"C-{serial}",
        "first": "2026-01-10", "last": "2027-01-09",
    }  # fmt: skip
    return list({**found, **other}.values())


def test_instruments_and_calibrations_go_in_once(mine: Institution) -> None:
    content = workbook_of([HEAD, row("SN-1"), row("SN-2")])
    assert send_and_apply(REGISTER, content).new == 2
    assert send_and_apply(REGISTER, content).unchanged == 2
    assert (Instrument.objects.count(), Calibration.objects.count()) == (2, 2)
    assert Instrument.objects.get(serial="SN-1").serial_key == "SN1"


def test_the_next_calibration_stands_beside_the_last_and_a_correction_closes_it(mine: Institution) -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row("SN-1")]))
    later = send_and_apply(
        REGISTER, workbook_of([HEAD, row("sn 1", certificate="C-9", first="2026-04-01", last="2028-01-08")])
    )
    assert (later.new, Instrument.objects.count(), Calibration.objects.count()) == (1, 1, 2)
    send_and_apply(REGISTER, workbook_of([HEAD, row("SN-1", last="2026-12-31")]))
    known = Calibration.objects.filter(certificate="C-SN-1").order_by("pk")
    assert [(c.valid_to, c.superseded_at) for c in known] == [(date(2027, 1, 9), AT), (date(2026, 12, 31), None)]


def test_a_laboratory_writes_about_itself_only(mine: Institution) -> None:
    institution("laboratory", "乙实验室", "Laboratory B")
    content = workbook_of([HEAD, row("SN-1"), row("SN-2", who="乙实验室"), row("SN-3", who=""), row("SN-4", who="丙")])
    imported = send(REGISTER, content, mode=Mode.ROWS, reach={"institution": str(mine.pk)})
    assert set(reasons(imported)) == {3, 5} and imported.new == 2


def test_one_name_of_two_institutions_is_not_guessed(mine: Institution) -> None:
    institution("laboratory", "甲实验室", "Laboratory A")
    assert "2 institutions bear this name" in reasons(send(REGISTER, workbook_of([HEAD, row("SN-1")])))[2][0]


def test_it_comes_out_as_it_goes_in(mine: Institution) -> None:
    send_and_apply(REGISTER, csv_of([HEAD, row("-1/2"), row("0012", kind="检定")]), name="f.csv")
    rows = list(REGISTER.export(Context(at=AT, on=AT.date(), reach={"institution": str(mine.pk)})))
    assert send(REGISTER, files.template(REGISTER, "en", rows=rows)).unchanged == 2
    assert send(REGISTER, files.template_csv(REGISTER, "zh", rows=rows), name="f.csv").unchanged == 2
