"""Two files that were checked before either was applied: what both bring enters the register once."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from tests.faces.imports.test_registers import FILES, fill
from tests.foundation.imports.sent import reasons, send, sender, workbook_of
from zhunsheng.faces.imports.registers import REGISTERS
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.models import Chunk, Import
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person

pytestmark = pytest.mark.django_db
ALL = {"national": True, "keeper": True}

TWICE: dict[str, tuple[str, list[list[str]]]] = {
    "institutions": ("institutions.Institution", [["机构名称", "行政区划代码"], ["重复机构", "330106"]]),
    "sites": ("institutions.Site", [["机构名称", "场所名称", "启用日期"], ["甲实验室", "分场所", "2024-01-01"]]),
    "contacts": ("institutions.Contact", [["机构名称", "姓名"], ["甲实验室", "联系人甲"]]),
    "people": (
        "people.Person",
        [["机构名称", "姓名", "岗位", "任职起始日期"], ["甲实验室", "重复人", "检测人员", "2024-01-01"]],
    ),
    "equipment": ("equipment.Instrument", [["机构名称", "设备名称", "出厂编号"], ["甲实验室", "天平", "X-1"]]),
    "scopes": ("scopes.ScopeLine", [FILES["scopes"][0], FILES["scopes"][1]]),
    "risk": ("institutions.RiskClass", FILES["risk"]),
    "parameters": ("catalogue.Parameter", [["代码", "中文名称", "英文名称"], ["tin", "锡", "Tin"]]),
    "matrices": ("catalogue.Matrix", [["代码", "中文名称", "英文名称", "领域"], ["rice", "大米", "Rice", "食品"]]),
    "methods": ("catalogue.Method", [["方法编号", "中文名称", "英文名称"], ["GB 7-2020", "甲", "A"]]),
    "standards": ("catalogue.StandardState", [FILES["standards"][0], FILES["standards"][1]]),
}


@pytest.fixture
def laboratory_a() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


def count(model: str) -> int:
    return apps.get_model(model)._default_manager.count()


def go_in(imported: Import) -> Import:
    register = REGISTERS[imported.register]
    actions.begin_applying(imported, register, reach=ALL, actor=sender(), at=AT)
    actions.apply(imported, register, reach=lambda: ALL, at=AT)
    imported.refresh_from_db()
    return imported


def two(key: str, rows: list[list[str]], mode: Mode = Mode.ALL) -> tuple[Import, Import]:
    """Both checked, then both applied."""
    sent = [send(REGISTERS[key], workbook_of(rows), mode=mode, reach=ALL) for _ in range(2)]
    assert [one.state for one in sent] == ["checked", "checked"], [reasons(one) for one in sent]
    first, second = (go_in(one) for one in sent)
    return first, second


def test_every_register_has_a_row() -> None:
    assert set(TWICE) == {register.key for register in REGISTERS}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("key", TWICE)
def test_the_second_enters_nothing(key: str, mode: Mode, laboratory_a: Institution) -> None:
    if key == "scopes":
        fill("parameters", "matrices", "methods")
    model, rows = TWICE[key]
    before = count(model)
    first, second = two(key, rows, mode)
    assert (first.state, first.new) == ("done", 1) and count(model) == before + 1
    if mode is Mode.ALL:
        assert second.state == "refused" and "has changed since the file was checked" in second.faults[0][0]
    else:
        assert (second.state, second.new, second.failed) == ("done", 0, 1)
        assert "has changed since the file was checked" in reasons(second)[2][0]
    assert Entry.objects.filter(verb=f"import_{key}").count() == 1


def test_what_a_page_entered_meanwhile_is_not_entered_again() -> None:
    waiting = send(REGISTERS["institutions"], workbook_of(TWICE["institutions"][1]))
    institution("laboratory", "重复机构", "Twice", region_code="330106")
    assert go_in(waiting).state == "refused" and Institution.objects.filter(name_zh="重复机构").count() == 1


def test_two_institutions_of_one_name_with_two_codes_are_two() -> None:
    head = ["统一社会信用代码", "机构名称", "行政区划代码"]
    waiting = send(REGISTERS["institutions"], workbook_of([head, ["91330100799655058B", "同名机构", "330106"]]))
    other = institution("laboratory", "同名机构", "Same", region_code="330106")
    Institution.objects.filter(pk=other.pk).update(uscc="12100000400003909T")
    assert go_in(waiting).state == "done" and Institution.objects.filter(name_zh="同名机构").count() == 2


@pytest.mark.parametrize(
    ("columns", "cells", "model"),
    [
        (["岗位", "任职起始日期"], ["质量负责人", "2025-01-01"], "people.Post"),
        (["授权领域", "授权起始日期"], ["食品", "2025-01-01"], "people.Authorisation"),
        (["资格名称", "资格取得日期"], ["工程师", "2025-01-01"], "people.Qualification"),
    ],
)
def test_what_is_new_of_a_known_person_comes_once(
    columns: list[str], cells: list[str], model: str, laboratory_a: Institution
) -> None:
    fill("people")
    before = count(model)
    first, second = two("people", [["机构名称", "姓名", *columns], ["甲实验室", "示例人员二", *cells]])
    assert (first.state, second.state) == ("done", "refused") and count(model) == before + 1
    assert Person.objects.filter(name="示例人员二").count() == 1


def test_a_scope_line_that_overlaps_is_not_entered_beside(laboratory_a: Institution) -> None:
    fill("parameters", "matrices", "methods")
    head, row = FILES["scopes"][0], FILES["scopes"][1]
    sent = [
        send(REGISTERS["scopes"], workbook_of([head, [*row[:7], day, ""]]), reach=ALL)
        for day in ("2024-01-01", "2024-02-01")
    ]
    assert [go_in(one).state for one in sent] == ["done", "refused"]


def rows_of(number: int) -> list[list[str]]:
    return [TWICE["institutions"][1][0], *([f"机构 {n}", "330106"] for n in range(number))]


def test_rows_that_are_there_by_now_fail_together_and_the_others_go_in() -> None:
    """Some hundred rows are found by one question, not by halving; chunk and journal count what went in."""

    def asked(number: int) -> int:
        early = send(REGISTERS["institutions"], workbook_of(rows_of(number)[: 1 + number // 2]))
        late = send(REGISTERS["institutions"], workbook_of(rows_of(number)), mode=Mode.ROWS)
        go_in(early)
        with CaptureQueriesContext(connection) as found:
            go_in(late)
        assert (late.state, late.new, late.failed) == ("done", number - number // 2, number // 2)
        assert Chunk.objects.get(belongs_to=late).new == number - number // 2
        Institution.objects.all().delete()
        return len(found)

    few: Any = asked(4)
    assert asked(300) <= few + 2


def test_a_row_about_what_changed_meanwhile_is_told_beside_those() -> None:
    there = institution("laboratory", "旧机构", "Old", region_code="330106")
    content = workbook_of(
        [
            ["机构名称", "行政区划代码", "地址"],
            ["旧机构", "330106", "新址"],
            ["重复机构", "330106", ""],
            ["新机构", "330106", ""],
        ]
    )
    waiting = send(REGISTERS["institutions"], content, mode=Mode.ROWS)
    Institution.objects.filter(pk=there.pk).update(address="别处")
    institution("laboratory", "重复机构", "Twice", region_code="330106")
    done = go_in(waiting)
    assert (done.state, done.new, done.changed, done.failed) == ("done", 1, 0, 2)
    assert set(reasons(done)) == {2, 3} and Institution.objects.filter(name_zh="新机构").count() == 1
