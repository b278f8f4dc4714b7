"""One line of a scope: entered by hand, its instruments, its method changed; what became of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.faces.pages import queries_of, text_of
from tests.faces.scopes.conftest import LONG_AGO, Ground
from tests.registry.scopes.ground import SINCE, laboratory, method, parameters, rows_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Method
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.models import ScopeLine

TODAY = timezone.localdate()


@pytest.fixture
def own(client_of: Callable[[User | None], Client], technical_manager: User) -> Client:
    return client_of(technical_manager)


@pytest.fixture
def office(client_of: Callable[[User | None], Client], county: User) -> Client:
    return client_of(county)


def instrument(where: Institution, serial: str) -> Instrument:
    made = Instrument(institution=where, serial=serial, name_zh="液相色谱仪", name_en="Liquid chromatograph")
    enter_instruments([made], actor=None, at=LONG_AGO)
    return made


def typed(**also: Any) -> dict[str, Any]:
    return {
        "parameter": "蛋白精", "matrix": "milk", "method": "GB/T 22388—2008", "valid_from": TODAY.isoformat(),
        "limits": "raw milk only", "reason": "decision 2026-31", **also,
    }  # fmt: skip


def test_a_line_is_entered_by_its_other_names(office: Client, ground: Ground) -> None:
    used = instrument(ground.laboratory, "X-1")
    where = reverse("office_scope_new", args=[ground.laboratory.pk])
    assert "X-1" in text_of(office.get(where))
    answer = office.post(where, typed(instruments=[str(used.pk)], low="0.01", unit="mg/kg"))
    line = ScopeLine.objects.get(limits="raw milk only")
    assert answer.headers["Location"] == reverse("office_scope_line", args=[line.series])
    assert (line.parameter, line.matrix, line.method) == (ground.parameters[0], ground.milk, ground.method)
    page = text_of(office.get(answer.headers["Location"]))
    assert "decision 2026-31" in page and "X-1" in page and "No calibration known" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parameter": "dioxin"}, "No parameter is called “dioxin”"),
        ({"method": "GB 1-1999"}, "No method of the catalogue has the number “GB 1-1999”"),
        ({"limits": ""}, "in the scope already, from 2024-01-01"),
        ({"low": "5", "high": "2", "unit": "mg"}, "The lower end 5 is above"),
        ({"valid_to": "2001-01-01"}, "The last day lies before the first"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    office: Client, ground: Ground, given: dict[str, Any], said: str
) -> None:
    page = text_of(office.post(reverse("office_scope_new", args=[ground.laboratory.pk]), typed(**given)))
    assert said in page
    assert ScopeLine.objects.count() == 3


def test_of_several_that_may_be_meant_none_is_guessed(office: Client, ground: Ground) -> None:
    parameters("arsenic-total", "arsenic-inorganic")
    page = text_of(office.post(reverse("office_scope_new", args=[ground.laboratory.pk]), typed(parameter="arsenic")))
    assert "“arsenic” may be Arsenic-" in page


def test_instruments_of_others_are_neither_offered_nor_taken(office: Client, ground: Ground) -> None:
    foreign = instrument(laboratory("Elsewhere", "110105"), "F-1")
    where = reverse("office_scope_new", args=[ground.laboratory.pk])
    assert "F-1" not in text_of(office.get(where))
    assert "F-1" not in text_of(office.post(where, typed(instruments=[str(foreign.pk)])))
    assert ScopeLine.objects.count() == 3


def test_the_laboratory_names_its_instruments_from_today_on(own: Client, ground: Ground) -> None:
    used, line = instrument(ground.laboratory, "X-1"), ground.lines[0]
    where = reverse("workspace_scope_instruments", args=[line.series])
    given = {"instruments": [str(used.pk)], "from_day": TODAY.isoformat(), "reason": "new instrument"}
    past = {**given, "from_day": (TODAY - timedelta(days=1)).isoformat()}
    assert "today or a later day" in text_of(own.post(where, past))
    assert own.post(where, given).status_code == 302
    standing = ScopeLine.objects.filter(series=line.series, superseded_at=None).order_by("valid_from")
    assert [row.instruments.count() for row in standing] == [0, 1]
    assert "new instrument" in text_of(own.get(reverse("workspace_scope_line", args=[line.series])))


def test_the_quality_manager_looks_only(
    client_of: Callable[[User | None], Client], laboratory: User, ground: Ground
) -> None:
    client, line = client_of(laboratory), ground.lines[0]
    assert "Change the instruments" not in text_of(client.get(reverse("workspace_scope_line", args=[line.series])))
    assert client.get(reverse("workspace_scope_instruments", args=[line.series])).status_code == 404


def test_the_second_of_two_people_is_told(office: Client, own: Client, ground: Ground) -> None:
    one, two = instrument(ground.laboratory, "X-1"), instrument(ground.laboratory, "X-2")
    line = ground.lines[0]
    where = reverse("office_scope_instruments", args=[line.series])
    opened = unescape(re.findall(r'name="seen" value="([^"]*)"', office.get(where).content.decode())[0])
    given = {"from_day": TODAY.isoformat(), "reason": "x"}
    own.post(reverse("workspace_scope_instruments", args=[line.series]), {**given, "instruments": [str(one.pk)]})
    page = text_of(office.post(where, {**given, "instruments": [str(two.pk)], "seen": opened}))
    assert "Somebody else has changed this entry" in page and "is now “X-1”" in page


def test_the_next_edition_from_the_watch_to_the_act(office: Client, ground: Ground) -> None:
    after = Method.objects.create(number=ground.new.number, name_zh="新版", name_en="New", standard=ground.new)
    Method.objects.filter(pk=ground.method.pk).update(standard=ground.old)
    watch = office.get(reverse("office_watch_standard", args=[ground.old.pk])).content.decode()
    link = (
        reverse("office_scope", args=[ground.laboratory.pk])
        + "?what=GB/T%2022388-2008&amp;verb=change_method&amp;method="
    )
    assert link in watch
    page = office.get(
        reverse("office_scope", args=[ground.laboratory.pk]), {"verb": "change_method", "method": after.number}
    )
    assert f'value="{after.number}"' in page.content.decode()
    assert '<option value="change_method" selected>' in page.content.decode()
    day = TODAY + timedelta(days=150)
    given = {
        "series": [str(one.series) for one in ground.lines[:2]], "verb": "change_method", "from_day": day.isoformat(),
        "reason": "next edition",
    }  # fmt: skip
    where = reverse("office_scope_change", args=[ground.laboratory.pk])
    assert "Say by which method" in text_of(office.post(where, given))
    seen = text_of(office.post(where, {**given, "method": after.number}))
    assert "2 lines would change" in seen and after.number in seen
    assert office.post(where, {**given, "method": after.number, "confirmed": "1"}).status_code == 302
    assert rows_of(ground.lines[0].series) == [("2024-01-01", (day - timedelta(days=1)).isoformat(), "active")]
    assert ScopeLine.objects.filter(method=after, valid_from=day).count() == 2
    old = text_of(office.get(reverse("office_scope_line", args=[ground.lines[0].series])))
    assert f"Since {day.isoformat()}" in old


def test_a_line_that_went_over_from_its_first_day_is_still_found(office: Client, ground: Ground) -> None:
    line = ground.lines[0]
    where = reverse("office_scope_line", args=[line.series])
    given = {"limits": "raw milk", "from_day": SINCE.isoformat(), "reason": "as in the certificate"}
    assert office.post(where, given).status_code == 302
    page = text_of(office.get(where))
    assert "no longer stands" in page and "raw milk" in page and "Since 2024-01-01" in page


def test_a_laboratory_does_not_change_its_methods(own: Client, ground: Ground) -> None:
    given = {"series": [str(ground.lines[0].series)], "verb": "change_method", "method": method("GB/T 9-2026").number,
             "from_day": TODAY.isoformat(), "reason": "x", "confirmed": "1"}  # fmt: skip
    assert "Select a valid choice" in text_of(own.post(reverse("workspace_scope_change"), given))


def test_three_and_three_hundred_instruments_cost_the_same(office: Client, ground: Ground) -> None:
    line = ground.lines[0]
    pages = [
        lambda: office.get(reverse("office_scope_line", args=[line.series])),
        lambda: office.get(reverse("office_scope_instruments", args=[line.series])),
        lambda: office.get(reverse("office_scope_new", args=[ground.laboratory.pk])),
    ]
    asked = []
    for first, last in ((0, 3), (3, 300)):
        made = [
            Instrument(institution=ground.laboratory, serial=f"S-{i}", name_zh="仪器", name_en="Thing")
            for i in range(first, last)
        ]
        enter_instruments(made, actor=None, at=LONG_AGO)
        line.instruments.add(*made)
        asked.append([queries_of(page) for page in pages])
    assert asked[0] == asked[1]


def test_a_method_is_suggested_while_it_is_typed(office: Client, ground: Ground) -> None:
    said = office.get(reverse("scope_suggestions"), {"method": "22388"}).content.decode()
    assert 'value="GB/T 22388-2008"' in said
