"""The gate of calibration asks whether an instrument is in use on the day, whatever its certificate says."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import InstrumentOnDay, capabilities, capability
from zhunsheng.decisions.eligibility.queries import facts_of
from zhunsheng.decisions.eligibility.rules import look_calibration
from zhunsheng.decisions.eligibility.wording import SENTENCES, Names, Read
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

pytestmark = pytest.mark.django_db
LONG_AGO, FAR_OFF, LAST = date(2020, 1, 1), date(2099, 1, 1), date(2026, 6, 30)
BEFORE = date(2026, 6, 30)
AFTER = date(2026, 7, 1)


@pytest.fixture
def equipped() -> tuple[Institution, Parameter, Matrix]:
    """One line with two instruments calibrated for ever, one of them used until the end of June."""
    where = institution("laboratory", "甲实验室", "Laboratory A")
    parameter = Parameter.objects.create(code="lead", name_zh="铅", name_en="Lead")
    matrix = Matrix.objects.create(code="tea", name_zh="茶叶", name_en="Tea", field="food")
    method = Method.objects.create(number="GB 5009.12-2023", name_zh="铅", name_en="Lead")
    line = ScopeLine(
        institution=where, parameter=parameter, matrix=matrix, method=method, valid_from=LONG_AGO, recorded_at=AT
    )
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    for serial, last in (("ZS-1", None), ("ZS-2", LAST)):
        one = Instrument.objects.create(
            institution=where, serial=serial, name_zh="光谱仪", name_en="Spectrometer", retired_on=last
        )
        Calibration.objects.create(
            instrument=one, certificate=f"C-{serial}", valid_from=LONG_AGO, valid_to=FAR_OFF, recorded_at=AT
        )
        line.instruments.add(one)
    return where, parameter, matrix


def on_day(equipped: tuple[Institution, Parameter, Matrix], on: date) -> list[InstrumentOnDay]:
    return capability(*equipped, on=on, known_on=on, evidence=Evidence.objects.all()).instruments


def test_until_its_last_day_it_supports_the_line_and_from_the_next_it_does_not(
    equipped: tuple[Institution, Parameter, Matrix],
) -> None:
    assert [(one.retired, one.covering is not None) for one in on_day(equipped, BEFORE)] == [(False, True)] * 2
    assert [(one.retired, one.covering is not None) for one in on_day(equipped, AFTER)] == [
        (False, True),
        (True, False),
    ]


def test_the_decision_says_so_and_what_would_mend_it(equipped: tuple[Institution, Parameter, Matrix]) -> None:
    known = {
        on: facts_of(capability(*equipped, on=on, known_on=on, evidence=Evidence.objects.all()), {})
        for on in (BEFORE, AFTER)
    }
    assert look_calibration(known[BEFORE], {}).outcome == "yes"
    shut = look_calibration(known[AFTER], {})
    assert shut.outcome == "no"
    told = Names(
        equipped[1].name,
        equipped[2].name,
        {str(pk): serial for pk, serial in Instrument.objects.values_list("pk", "serial")},
    )
    value, would_change = SENTENCES[shut.found](Read(known[AFTER], shut.values, told))
    assert value.en == "ZS-2: no longer in use, last day 2026-06-30"
    assert "已停用" in value.zh and "在用设备" in would_change.zh


def test_it_costs_no_further_question(equipped: tuple[Institution, Parameter, Matrix]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            capabilities(
                equipped[0],
                [(equipped[1].pk, equipped[2].pk)],
                on=AFTER,
                known_on=AFTER,
                evidence=Evidence.objects.all(),
            )
        return len(found)

    few = asked()
    line = ScopeLine.objects.get()
    for n in range(20):
        one = Instrument.objects.create(
            institution=equipped[0], serial=f"R-{n}", name_zh="仪", name_en="I", retired_on=LAST
        )
        line.instruments.add(one)
    assert asked() == few
