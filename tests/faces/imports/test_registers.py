"""Every register that takes files: what goes in comes out as its template and, sent again, changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from tests.foundation.imports.sent import csv_of, reasons, send, send_and_apply, workbook_of
from zhunsheng.faces.imports.registers import REGISTERS
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.imports import files
from zhunsheng.foundation.imports.models import FailedRow, StagedRow
from zhunsheng.foundation.imports.register import Context
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.rules import identity_check_character
from zhunsheng.registry.scopes.models import ScopeLine

pytestmark = pytest.mark.django_db
ALL = {"national": True, "keeper": True}


@pytest.fixture
def laboratory_a() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


PARAMETERS = [
    ["代码", "中文名称", "英文名称", "CAS 号", "中文别名"],
    ["mercury", "总汞", "Mercury", "7439-97-6", "汞；水银"],
    ["lead", "铅", "Lead", "", ""],
]
MATRICES = [
    ["代码", "中文名称", "英文名称", "领域", "上级代码"],
    ["food", "食品", "Food", "食品", ""],
    ["tea", "茶叶", "Tea", "食品", "food"],
]
METHODS = [
    ["方法编号", "中文名称", "英文名称"],
    ["GB 5009.17-2021", "总汞的测定", "Mercury"],
    ["GB 5009.12-2023", "铅的测定", "Lead"],
]
STANDARDS = [
    ["标准编号", "中文名称", "英文名称", "标准状态", "起始日期", "代替标准", "依据"],
    ["GB 5009.17-2021", "总汞", "Mercury", "现行", "2022-03-07", "", "公告"],
    ["GB 5009.17-2014", "总汞", "Mercury", "被代替", "2022-03-07", "GB 5009.17-2021", "公告"],
]
SCOPES = [
    ["机构名称", "检测项目", "检测对象", "检测方法", "范围下限", "单位", "限制范围", "有效期起", "有效期止"],
    ["甲实验室", "水银", "茶叶", "GB 5009.17-2021", "0.003", "mg/kg", "", "2024-01-01", ""],
    ["甲实验室", "lead", "tea", "GB5009.12—2023", "", "", "只做绿茶", "2024-01-01", "2029-12-31"],
]
RISK = [["机构名称", "信用风险等级", "起始日期", "分类理由"], ["甲实验室", "B", "2026-01-01", "年度分类"]]


def number(first17: str) -> str:
    return first17 + identity_check_character(first17)


PEOPLE = [
    ["机构名称", "姓名", "身份证号", "岗位", "任职起始日期", "授权领域", "授权起始日期", "资格名称", "资格取得日期"],
    [
        "甲实验室",
        "示例人员一",
        number("33010619800101001"),
        "授权签字人",
        "2020-01-01",
        "食品",
        "2021-01-01",
        "工程师",
        "2010-06-01",
    ],
    ["甲实验室", "示例人员二", "", "检测人员", "2020-01-01", "", "", "", ""],
]
FILES: dict[str, list[list[str]]] = {
    "parameters": PARAMETERS, "matrices": MATRICES, "standards": STANDARDS, "methods": METHODS, "scopes": SCOPES, "risk": RISK,
    "people": PEOPLE,
}  # fmt: skip


def fill(*keys: str) -> None:
    for key in keys:
        send_and_apply(REGISTERS[key], workbook_of(FILES[key]), reach=ALL)


NEEDS = {"scopes": ("parameters", "matrices", "methods")}


@pytest.mark.parametrize("key", FILES)
def test_it_goes_in_once_and_comes_out_as_it_goes_in(key: str, laboratory_a: Institution) -> None:
    fill(*NEEDS.get(key, ()))
    register = REGISTERS[key]
    first = send_and_apply(register, workbook_of(FILES[key]), reach=ALL)
    assert (first.new, first.failed) == (len(FILES[key]) - 1, 0)
    again = send(register, workbook_of(FILES[key]), reach=ALL)
    assert (again.unchanged, again.new, again.changed) == (len(FILES[key]) - 1, 0, 0)
    rows = list(register.export(Context(at=AT, on=AT.date(), reach=ALL)))
    assert len(rows) == len(FILES[key]) - 1
    for lang in ("zh", "en"):
        for content, name in (
            (files.template(register, lang, rows=rows), "f.xlsx"),
            (files.template_csv(register, lang, rows=rows), "f.csv"),
        ):
            back = send(register, content, reach=ALL, name=name)
            assert (back.unchanged, back.failed) == (len(rows), 0), (lang, name, reasons(back))
    assert Entry.objects.filter(verb=f"import_{key}").count() == 1


def test_synonyms_parents_standards_and_their_links_are_written() -> None:
    fill("parameters", "matrices", "methods", "standards")
    assert set(Parameter.objects.get(code="mercury").names.values_list("name", flat=True)) == {"汞", "水银"}
    assert Matrix.objects.get(code="tea").within.code == "food"
    new, old = Standard.objects.get(number="GB 5009.17-2021"), Standard.objects.get(number="GB 5009.17-2014")
    assert list(new.replaces.all()) == [old] and old.states.get().replacement == new
    assert Method.objects.get(number="GB 5009.17-2021").standard == new, (
        "a method that waited for the standard is linked"
    )


def test_a_change_of_a_scope_line_closes_what_was_known_and_keeps_its_instruments(laboratory_a: Institution) -> None:
    from zhunsheng.registry.equipment.models import Instrument

    fill("parameters", "matrices", "methods", "scopes")
    line = ScopeLine.objects.get(parameter__code="mercury")
    line.instruments.add(Instrument.objects.create(institution=laboratory_a, serial="1", name_zh="甲", name_en="A"))
    changed = [SCOPES[0], [*SCOPES[1][:4], "0.001", *SCOPES[1][5:]]]
    imported = send_and_apply(REGISTERS["scopes"], workbook_of(changed), reach=ALL)
    assert (imported.changed, imported.new) == (1, 0)
    now = ScopeLine.objects.get(series=line.series, superseded_at=None)
    line.refresh_from_db()
    assert (now.low, line.superseded_at, now.recorded_at) == ("0.001", AT, AT) and now.instruments.count() == 1


@pytest.mark.parametrize(
    ("key", "row", "said"),
    [
        (
            "scopes",
            ["甲实验室", "钯", "茶叶", "GB 5009.17-2021", "", "", "", "2024-01-01", ""],
            "is not in the catalogue",
        ),
        ("scopes", ["甲实验室", "铅", "茶叶", "GB 1-2000", "", "", "", "2024-01-01", ""], "is not in the catalogue"),
        (
            "scopes",
            ["乙实验室", "铅", "茶叶", "GB 5009.17-2021", "", "", "", "2024-01-01", ""],
            "is not in the register",
        ),
        ("standards", ["GB 5009.17", "甲", "A", "", "", "", ""], "has no year"),
        ("standards", ["GB 1-2020", "甲", "A", "现行", "", "", ""], "go together"),
        (
            "standards",
            ["GB 1-2020", "甲", "A", "被代替", "2020-01-01", "GB 2-2020", ""],
            "neither registered nor in the file",
        ),
        ("parameters", ["x", "甲", "A", "7439-97-5", ""], "check digit"),
        ("matrices", ["x", "甲", "A", "食品", "nowhere"], "neither registered nor above"),
        ("people", ["甲实验室", "甲", "330106198001010011", "检测人员", "2020-01-01", "", "", "", ""], "does not fit"),
        ("people", ["甲实验室", "甲", "", "", "", "", "", "", ""], "is needed for somebody new"),
        ("risk", ["甲实验室", "E", "2026-01-01", "甲"], "is not in the list"),
    ],
)
def test_what_is_wrong_is_said(key: str, row: list[str], said: str, laboratory_a: Institution) -> None:
    fill("parameters", "matrices", "methods")
    imported = send(REGISTERS[key], csv_of([FILES[key][0], row]), name="f.csv", reach=ALL)
    assert said in " ".join(reasons(imported)[2])


def test_an_identity_number_is_kept_nowhere(laboratory_a: Institution) -> None:
    given = PEOPLE[1][2]
    content = workbook_of(
        [*PEOPLE, ["甲实验室", "示例人员三", given[:-1] + ("0" if given[-1] != "0" else "1"), "检测人员", "2020-01-01"]]
    )
    imported = send_and_apply(REGISTERS["people"], content, reach=ALL, mode=Mode.ROWS)
    assert (imported.new, imported.failed, imported.attachment) == (2, 1, None)
    assert not Attachment.objects.exists() and not Draft.objects.exists() and not StagedRow.objects.exists()
    failed = FailedRow.objects.get()
    assert given[:-1] not in str(failed.cells) and failed.cells[2].startswith("*" * 14)
    person = Person.objects.get(name="示例人员一")
    assert person.identity_hash and person.identity_masked.startswith("3301**") and given not in str(vars(person))


def test_whoever_has_an_account_gets_no_post_from_a_file(laboratory_a: Institution) -> None:
    fill("people")
    Person.objects.filter(name="示例人员二").update(user=User.objects.create_user(username="two"))
    row = ["甲实验室", "示例人员二", "", "质量负责人", "2025-01-01", "", "", "", ""]
    imported = send(REGISTERS["people"], workbook_of([PEOPLE[0], row]), reach=ALL)
    assert "has an account" in reasons(imported)[2][0] and Post.objects.filter(person__name="示例人员二").count() == 1


def test_a_risk_class_that_was_wrong_is_superseded(laboratory_a: Institution) -> None:
    fill("risk")
    send_and_apply(REGISTERS["risk"], workbook_of([RISK[0], ["甲实验室", "C", "2026-01-01", "更正"]]), reach=ALL)
    old, new = RiskClass.objects.order_by("pk")
    assert (new.letter, new.supersedes, new.valid_from) == ("C", old, date(2026, 1, 1))


def asked(register: Any, content: bytes) -> int:
    with CaptureQueriesContext(connection) as found:
        assert send(register, content, reach=ALL).failed == 0
    return len(found)


@pytest.mark.parametrize("key", ["scopes", "people", "parameters", "methods", "standards", "matrices", "risk"])
def test_checking_asks_as_often_for_three_hundred_rows_as_for_three(key: str, laboratory_a: Institution) -> None:
    fill("parameters", "matrices", "methods")
    head, row = FILES[key][0], FILES[key][1]

    def rows(count: int) -> bytes:
        made = []
        for n in range(count):
            one = list(row)
            if key == "scopes":
                one[6] = f"限制 {n}"
            elif key == "risk":
                one[2] = f"{1950 + n % 75}-{1 + n // 75:02}-01"
            elif key == "people":
                one[1:3] = [f"示例 {n}", ""]
            elif key == "standards":
                one[0] = f"GB {n + 1}-2020"
            elif key == "methods":
                one[0] = f"QX {n}"
            else:
                one[0], one[1] = f"code-{n}", f"名称 {n}"
                if key == "parameters":
                    one[3:5] = ["", ""]
            made.append(one)
        return workbook_of([head, *made])

    send(REGISTERS[key], rows(3), reach=ALL)
    few, many = asked(REGISTERS[key], rows(3)), asked(REGISTERS[key], rows(300))
    assert many - few <= 4, (few, many)
