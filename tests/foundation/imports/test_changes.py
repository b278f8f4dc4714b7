"""What a file changed is kept for ever, old and new, under the history of each thing; what was new has no before."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from tests.foundation.imports.sent import send, send_and_apply, workbook_of
from zhunsheng.foundation.imports.models import Change, StagedRow
from zhunsheng.foundation.imports.queries import changes_of
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.append_only import guarded_tables
from zhunsheng.foundation.journal.models import Manifest
from zhunsheng.registry.equipment.importing import Equipment
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.importing import Institutions
from zhunsheng.registry.institutions.importing_sites import Sites
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.people.importing import People
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.rules import identity_check_character

pytestmark = pytest.mark.django_db
CODE = "91330100799655058B"


@pytest.fixture
def there() -> Institution:
    made = institution("laboratory", "旧名检测", "Old", region_code="330106")
    Institution.objects.filter(pk=made.pk).update(uscc=CODE)
    return made


def told(subject: str) -> list[tuple[str, str, str]]:
    return [(one.column, one.before, one.after) for one in reversed(changes_of([subject]))]


def test_the_old_name_is_found_again(there: Institution) -> None:
    rows = [["统一社会信用代码", "机构名称", "行政区划代码", "CMA 证书编号", "CMA 有效期起", "CMA 有效期止"]]
    certificate = ["231120110001", "2023-05-04", "2029-05-03"]
    send_and_apply(Institutions(), workbook_of([*rows, [CODE, "新名检测", "330106", *certificate]]))
    assert told(f"institution:{there.pk}") == [("name_zh", "旧名检测", "新名检测"), ("former_names", "", "旧名检测")]
    later = [CODE, "新名检测", "330106", *certificate[:2], "2027-05-03"]
    imported = send_and_apply(Institutions(), workbook_of([*rows, later]), name="二.xlsx")
    last = changes_of([f"institution:{there.pk}"])[0]
    assert (last.column, last.before, last.after) == ("cma_to", "2029-05-03", "2027-05-03")
    assert (last.belongs_to, last.row, last.at, last.label) == (imported, 2, AT, "新名检测")
    assert not StagedRow.objects.exists()


def test_it_is_in_the_list_of_the_act_and_in_a_guarded_table(there: Institution) -> None:
    send_and_apply(
        Institutions(), workbook_of([["统一社会信用代码", "机构名称", "行政区划代码"], [CODE, "新名检测", "330106"]])
    )
    assert Change._meta.db_table in guarded_tables()
    part = Manifest.objects.get(table=Change._meta.db_table)
    assert part.entry.verb == "import_institutions" and {"subject", "before", "after"} <= set(part.columns.split())


def test_instruments_sites_and_people_too(there: Institution) -> None:
    balance = Instrument.objects.create(
        institution=there, serial="1", serial_key="1", name_zh="天平", name_en="Balance", manufacturer="甲厂", model="A"
    )
    send_and_apply(
        Equipment(),
        workbook_of([["机构名称", "设备名称", "出厂编号", "制造商", "型号"], ["旧名检测", "天平", "1", "甲厂", "B"]]),
    )
    assert told(f"instrument:{balance.pk}") == [("model", "A", "B")]
    Site.objects.create(
        institution=there, name_zh="分场所", name_en="Branch", region_code="330106", address="旧址", valid_from="2024-01-01",
        recorded_at=AT,
    )  # fmt: skip
    send_and_apply(Sites(), workbook_of([["机构名称", "场所名称", "地址"], ["旧名检测", "分场所", "新址"]]))
    assert told(f"institution:{there.pk}") == [("address", "旧址", "新址")]
    assert changes_of([f"institution:{there.pk}"])[0].label == "分场所"


def test_an_identity_number_is_told_masked(there: Institution) -> None:
    person = Person.objects.create(name="示例人员")
    Post.objects.create(person=person, institution=there, kind="analyst", valid_from="2020-01-01")
    number = "33010619800101001" + identity_check_character("33010619800101001")
    send_and_apply(People(), workbook_of([["机构名称", "姓名", "身份证号"], ["旧名检测", "示例人员", number]]))
    ((column, before, after),) = told(f"person:{person.pk}")
    assert (column, before) == ("identity_masked", "") and "*" in after and number not in after


def test_a_new_thing_and_a_refused_row_leave_none(there: Institution) -> None:
    content = workbook_of(
        [["统一社会信用代码", "机构名称", "行政区划代码"], ["", "全新", "330106"], [CODE, "新名检测", "11"]]
    )
    send_and_apply(Institutions(), content, mode=Mode.ROWS)
    assert not Change.objects.exists()


def test_given_up_it_leaves_none(there: Institution) -> None:
    send(Institutions(), workbook_of([["统一社会信用代码", "机构名称", "行政区划代码"], [CODE, "新名检测", "330106"]]))
    assert not Change.objects.exists()


def test_keeping_them_asks_as_often_for_many_as_for_few() -> None:
    def asked(number: int) -> int:
        rows = [["机构名称", "行政区划代码", "地址"]]
        for n in range(number):
            institution("laboratory", f"机构 {number} {n}", f"I {number} {n}", region_code="330106")
            rows.append([f"机构 {number} {n}", "330106", "新址"])
        with CaptureQueriesContext(connection) as found:
            send_and_apply(Institutions(), workbook_of(rows))
        return len(found)

    few = asked(3)
    assert asked(300) <= few + 4 and Change.objects.count() == 303
