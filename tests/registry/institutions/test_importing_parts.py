"""Sites and contacts from files: updated and never doubled, a laboratory its own only, what Excel damaged is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from tests.foundation.imports.sent import NATIONAL, csv_of, reasons, send, send_and_apply, workbook_of
from zhunsheng.foundation.imports import files
from zhunsheng.foundation.imports.register import Context
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.importing_contacts import Contacts
from zhunsheng.registry.institutions.importing_sites import Sites
from zhunsheng.registry.institutions.models import Contact, Institution, Site
from zhunsheng.registry.institutions.rules.telephones import lost_its_zero

pytestmark = pytest.mark.django_db
SITES = ["机构名称", "场所名称", "场所英文名称", "行政区划代码", "地址", "纬度", "经度", "启用日期", "停用日期"]
CONTACTS = ["机构名称", "联系人", "职责", "电话", "电子邮箱"]


@pytest.fixture
def mine() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


def site(name: str, /, **other: str) -> list[str]:
    found = {
        "who": "甲实验室", "name": name, "en": "Site", "region": "330106", "address": "示例路 1 号", "lat": "30.25", "lon": "120.5",
        "first": "2020-01-01", "last": "",
    }  # fmt: skip
    return list({**found, **other}.values())


def contact(name: str, /, **other: str) -> list[str]:
    found = {
        "who": "甲实验室",
        "name": name,
        "role": "业务受理",
        "phone": "0571-00000000",
        "email": "office@example.org",
    }
    return list({**found, **other}.values())


FILES: list[tuple[Any, Any, list[str], Any]] = [(Sites(), Site, SITES, site), (Contacts(), Contact, CONTACTS, contact)]


@pytest.mark.parametrize(("register", "model", "head", "row"), FILES)
def test_it_goes_in_once_and_comes_out_as_it_goes_in(
    register: Any, model: Any, head: list[str], row: Any, mine: Institution
) -> None:
    content = workbook_of([head, row("甲"), row("乙")])
    assert send_and_apply(register, content).new == 2
    assert send_and_apply(register, content).unchanged == 2
    assert model.objects.count() == 2 and Entry.objects.filter(verb=f"import_{register.key}").count() == 1
    rows = list(register.export(Context(at=AT, on=AT.date(), reach={"institution": str(mine.pk)})))
    assert len(rows) == 2
    for lang in ("zh", "en"):
        assert send(register, files.template(register, lang, rows=rows)).unchanged == 2
        assert send(register, files.template_csv(register, lang, rows=rows), name="f.csv").unchanged == 2


@pytest.mark.parametrize(("register", "model", "head", "row"), FILES)
def test_a_laboratory_writes_about_itself_only(
    register: Any, model: Any, head: list[str], row: Any, mine: Institution
) -> None:
    institution("laboratory", "乙实验室", "Laboratory B")
    content = workbook_of([head, row("甲"), row("乙", who="乙实验室"), row("丙", who="")])
    imported = send_and_apply(register, content, mode=Mode.ROWS, reach={"institution": str(mine.pk)})
    assert set(reasons(imported)) == {3} and "is not an institution that you may write about" in reasons(imported)[3][0]
    assert set(model.objects.values_list("institution", flat=True)) == {mine.pk} and imported.new == 2


@pytest.mark.parametrize(("register", "model", "head", "row"), FILES)
def test_what_is_exported_is_what_may_be_written(
    register: Any, model: Any, head: list[str], row: Any, mine: Institution
) -> None:
    institution("laboratory", "乙实验室", "Laboratory B")
    send_and_apply(register, workbook_of([head, row("甲"), row("乙", who="乙实验室")]))
    rows = list(register.export(Context(at=AT, on=AT.date(), reach={"institution": str(mine.pk)})))
    assert [one[1] for one in rows] == ["甲实验室"]


@pytest.mark.parametrize(("register", "model", "head", "row"), FILES)
def test_an_area_authority_does_not_write_about_authorities(
    register: Any, model: Any, head: list[str], row: Any, mine: Institution
) -> None:
    institution("authority", "示例监管局", "Example Authority")
    content = workbook_of([head, row("甲"), row("乙", who="示例监管局")])
    imported = send(register, content, mode=Mode.ROWS, reach={"areas": ["33"]})
    assert set(reasons(imported)) == {3}
    assert send(register, content, reach=NATIONAL).new == 2


@pytest.mark.parametrize(("register", "model", "head", "row"), FILES)
def test_what_belongs_to_a_merged_entry_is_found_and_stands_once_in_the_export(
    register: Any, model: Any, head: list[str], row: Any, mine: Institution
) -> None:
    other = institution("laboratory", "乙实验室", "Laboratory B")
    send_and_apply(register, workbook_of([head, row("甲"), row("甲", who="乙实验室"), row("乙", who="乙实验室")]))
    Institution.objects.filter(pk=other.pk).update(merged_into=mine, merged_at=AT)
    rows = list(register.export(Context(at=AT, on=AT.date(), reach=NATIONAL)))
    assert sorted(str(one[2]) for one in rows) == ["乙", "甲"]
    assert send(register, files.template(register, "zh", rows=rows)).unchanged == 2


def test_a_site_is_mended_in_place_and_ends() -> None:
    where = institution("laboratory", "甲实验室", "Laboratory A")
    send_and_apply(Sites(), workbook_of([SITES, site("甲")]))
    before = Site.objects.get()
    imported = send_and_apply(Sites(), workbook_of([SITES, site("甲", address="示例路 2 号", last="2027-01-01")]))
    now = Site.objects.get()
    assert imported.changed == 1 and (now.pk, now.institution, now.latitude) == (before.pk, where, 30.25)
    assert (now.address, now.valid_to) == ("示例路 2 号", date(2027, 1, 1))


def test_a_site_without_a_region_lies_where_the_institution_is_registered(mine: Institution) -> None:
    send_and_apply(Sites(), workbook_of([SITES, site("甲", region="", lat="", lon="", en="")]))
    one = Site.objects.get()
    assert (one.region_code, one.latitude, one.name_en) == (mine.region_code, None, "甲")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"region": "33010"}, "33010 has 5 digits"),
        ({"region": "999999"}, "999999 is no region"),
        ({"lat": ""}, "Give both coordinates or neither"),
        ({"lat": "91"}, "is not between -90 and 90"),
        ({"first": ""}, "is needed for a new site"),
        ({"last": "2019-12-31"}, "The last day lies before the first"),
        ({"name": ""}, "must be filled in"),
    ],
)
def test_what_is_wrong_with_a_site_is_said(changed: dict[str, str], said: str, mine: Institution) -> None:
    imported = send(Sites(), csv_of([SITES, site("甲", **changed)]), name="f.csv")
    assert said in " ".join(reasons(imported)[2]) and not Site.objects.exists()


def test_a_last_day_alone_is_held_against_the_first_day_that_is_registered(mine: Institution) -> None:
    send_and_apply(Sites(), workbook_of([SITES, site("甲")]))
    imported = send(Sites(), workbook_of([["机构名称", "场所名称", "停用日期"], ["甲实验室", "甲", "2019-01-01"]]))
    assert "The last day lies before the first" in reasons(imported)[2][0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"phone": "57188888888"}, "has lost the zero"),
        ({"phone": "1.38E+10"}, "was turned into the number"),
        ({"email": "office.example.org"}, "is not an e-mail address"),
    ],
)
def test_what_is_wrong_with_a_contact_is_said(changed: dict[str, str], said: str, mine: Institution) -> None:
    imported = send(Contacts(), csv_of([CONTACTS, contact("甲", **changed)]), name="f.csv")
    assert said in " ".join(reasons(imported)[2])


def test_full_width_and_invisible_characters_are_mended(mine: Institution) -> None:
    given = contact("甲", phone="０５７１－００００００００", email="office\u200b@example.org")
    send_and_apply(Contacts(), workbook_of([CONTACTS, given]))
    one = Contact.objects.get()
    assert (one.phone, one.email) == ("0571-00000000", "office@example.org")


@pytest.mark.parametrize(
    ("number", "lost"),
    [
        ("57188888888", True), ("2188888888", True), ("1088888888", True), ("057188888888", False), ("13800000000", False),
        ("4008000000", False), ("8001234567", False), ("88888888", False), ("0571-88888888", False), ("", False),
    ],
)  # fmt: skip
def test_a_number_that_lost_its_zero_is_told_from_others(number: str, lost: bool) -> None:
    assert lost_its_zero(number) is lost


@pytest.mark.parametrize(("register", "model", "head", "row"), FILES)
def test_checking_asks_as_often_for_three_hundred_rows_as_for_three(
    register: Any, model: Any, head: list[str], row: Any, mine: Institution
) -> None:
    def asked(count: int) -> int:
        content = workbook_of([head, *(row(f"名称 {n}") for n in range(count))])
        with CaptureQueriesContext(connection) as found:
            assert send(register, content).failed == 0
        return len(found)

    asked(3)
    few, many = asked(3), asked(300)
    assert many - few <= 4, (few, many)
