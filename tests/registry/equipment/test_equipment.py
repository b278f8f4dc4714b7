"""Equipment: in date on a day, and one serial number in two institutions."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from zhunsheng.registry.equipment import actions
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.queries import in_date, shared_serials, standing_so
from zhunsheng.registry.equipment.rules import Plate, may_be_one, state_on
from zhunsheng.registry.equipment.states import DATES
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.rules.refusals import CannotEnter

DAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("valid_to", "latest", "retired", "state"),
    [
        (DAY + timedelta(days=60), DAY, None, "in_date"),
        (DAY + timedelta(days=59), DAY, None, "due_soon"),
        (DAY, DAY, None, "due_soon"),
        (None, DAY - timedelta(days=1), None, "out_of_date"),
        (None, None, None, "never"),
        (DAY + timedelta(days=90), DAY, DAY, "in_date"),  # the last day of use is a day of use
        (DAY + timedelta(days=90), DAY, DAY - timedelta(days=1), "retired"),
    ],
)
def test_where_an_instrument_stands(
    valid_to: date | None, latest: date | None, retired: date | None, state: str
) -> None:
    assert state_on(DAY, valid_to=valid_to, latest=latest, retired_on=retired) == state and state in DATES


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Plate("A-12 3", "示例厂", "天平"), Plate("ａ123", "示例厂", "电子天平"), True),
        (Plate("123", "甲厂", "天平"), Plate("123", "乙厂", "天平"), False),
        (Plate("123", "", "天平"), Plate("123", "乙厂", "天平"), True),
        (Plate("123", "", "天平"), Plate("123", "乙厂", "色谱仪"), False),
        (Plate("SN2026001", "", "天平"), Plate("sn-2026-001", "", "色谱仪"), True),
        (Plate("", "", "天平"), Plate("--", "", "天平"), False),
        (Plate("123", "甲厂", "天平"), Plate("124", "甲厂", "天平"), False),
    ],
)
def test_when_two_plates_may_be_one(one: Plate, other: Plate, same: bool) -> None:
    assert may_be_one(one, other) is may_be_one(other, one) is same


def instrument(where: Institution, serial: str, **more: Any) -> Instrument:
    made = Instrument(institution=where, serial=serial, name_zh="色谱仪", name_en="Chromatograph", **more)
    return actions.enter_instrument(made, actor=None, at=AT)


def calibrate(one: Instrument, first: date, last: date, certificate: str = "C-1", **more: Any) -> Calibration:
    made = Calibration(instrument=one, certificate=certificate, valid_from=first, valid_to=last, **more)
    return actions.enter_calibration(made, actor=None, at=AT)


@pytest.fixture
def here(db: None) -> Institution:
    return institution("laboratory", "示例甲所", "Example A")


@pytest.fixture
def there(db: None) -> Institution:
    return institution("laboratory", "示例乙所", "Example B", region_code="320100")


def test_calibrated_the_day_after_use_is_not_in_date(here: Institution) -> None:
    one = instrument(here, "S1")
    calibrate(one, DAY, DAY + timedelta(days=364))
    assert in_date([one], DAY, known_on=DAY)[one.pk].in_date
    before = in_date([one], DAY - timedelta(days=1), known_on=DAY - timedelta(days=1))[one.pk]
    assert not before.in_date and before.state == "never"


@pytest.mark.parametrize("state", DATES)
def test_the_list_filters_as_the_page_says(here: Institution, state: str) -> None:
    far = DAY + timedelta(days=300)
    for serial, last, more in (
        ("1", far, {}), ("2", DAY + timedelta(days=5), {}), ("3", DAY - timedelta(days=1), {}),
        ("5", far, {"retired_on": date(2026, 4, 1)}),
    ):  # fmt: skip
        calibrate(instrument(here, serial, **more), date(2025, 4, 1), last)
    instrument(here, "4")
    of = {"in_date": "1", "due_soon": "2", "out_of_date": "3", "never": "4", "retired": "5"}
    everything = Instrument.objects.all()
    assert [one.serial for one in standing_so(everything, state, DAY, known_on=DAY)] == [of[state]]
    assert {one.serial: in_date([one], DAY, known_on=DAY)[one.pk].state for one in everything}[of[state]] == state


def test_a_corrected_calibration_is_asked_as_known(here: Institution) -> None:
    one = instrument(here, "S1")
    wrong = calibrate(one, DAY - timedelta(days=30), DAY + timedelta(days=400))
    later = AT + timedelta(days=7)
    actions.correct_calibration(wrong, {"valid_to": DAY + timedelta(days=3)}, reason="misread", actor=None, at=later)
    assert in_date([one], DAY, known_on=DAY)[one.pk].covering.pk == wrong.pk
    assert in_date([one], later.date(), known_on=later.date())[one.pk].state == "out_of_date"
    with pytest.raises(CannotEnter):
        calibrate(one, DAY, DAY, certificate="C-1")


def test_a_serial_number_is_had_once(here: Institution) -> None:
    instrument(here, "ZS-001")
    with pytest.raises(CannotEnter) as refusal:
        instrument(here, "zs 001")
    assert refusal.value.field == "serial"
    second = instrument(here, "ZS-002")
    with pytest.raises(CannotEnter):
        actions.mend_instrument(second, {"serial": "ZS001"}, reason="r", actor=None, at=AT)
    assert actions.mend_instrument(second, {"serial": "ZS-003"}, reason="r", actor=None, at=AT).serial_key == "ZS003"


def test_one_serial_in_two_institutions_is_found(here: Institution, there: Institution) -> None:
    mine, theirs = instrument(here, "SN-2026-001", manufacturer="示例厂"), instrument(there, "sn2026001")
    instrument(here, "OTHER-1"), instrument(there, "OTHER-2")
    (found,) = shared_serials(DAY)
    assert {found.one, found.other} == {mine, theirs} and found.serial_key == "SN2026001"
    assert len(shared_serials(DAY, within=Institution.objects.filter(pk=there.pk))) == 1
    assert shared_serials(DAY, within=Institution.objects.none()) == []


def test_sold_or_merged_is_no_finding(here: Institution, there: Institution) -> None:
    sold = instrument(here, "SN-2026-001")
    instrument(there, "SN-2026-001"), instrument(here, "SN-2026-002"), instrument(there, "SN-2026-002")
    actions.mend_instrument(sold, {"retired_on": DAY - timedelta(days=1)}, reason="sold", actor=None, at=AT)
    assert [one.serial_key for one in shared_serials(DAY)] == ["SN2026002"]
    assert len(shared_serials(DAY - timedelta(days=1))) == 2
    merge_institutions(here, there, reason="r", actor=None, at=AT)
    assert shared_serials(DAY) == []


def test_the_questions_do_not_grow(here: Institution, there: Institution) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert shared_serials(DAY, within=Institution.objects.all())
        return len(captured)

    def have(first: int, last: int) -> None:
        for where in (here, there):
            actions.enter_instruments(
                [Instrument(institution=where, serial=f"SHARED-{n}", name_zh="仪", name_en="I") for n in range(first, last)],
                actor=None, at=AT,
            )  # fmt: skip

    have(0, 3)
    few = asked()
    have(3, 300)
    assert asked() == few == 2 and len(shared_serials(DAY)) == 300
