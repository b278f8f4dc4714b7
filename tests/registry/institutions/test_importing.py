"""Institutions from files: matched, never doubled; damage caught; all or nothing, or row by row."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.foundation.imports.sent import NATIONAL, csv_of, reasons, send, send_and_apply, sender, workbook_of
from zhunsheng.foundation.imports import actions, files
from zhunsheng.foundation.imports.models import FailedRow, StagedRow
from zhunsheng.foundation.imports.register import Context
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.importing import COLUMNS, Institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.rules.uscc import organisation_check_character, uscc_check_character

pytestmark = pytest.mark.django_db
REGISTER = Institutions()
HEAD = ["统一社会信用代码", "机构名称", "行政区划代码", "CMA 证书编号", "CMA 有效期起", "CMA 有效期止"]


def code(number: int) -> str:
    """A sound code."""
    body = f"{number:08d}"
    first = "91330100" + body + organisation_check_character(body)
    return first + uscc_check_character(first)


def row(number: int, **other: Any) -> list[Any]:
    found = {
        "code": code(number), "name": f"示例检测中心{number}", "region": "330106", "cma": f"2311{number:08d}",
        "first": "2023-05-04", "last": "2029-05-03",
    }  # fmt: skip
    return list({**found, **other}.values())


def test_a_good_file_goes_in_with_one_journal_row() -> None:
    before = Entry.objects.filter(verb="import_institutions").count()
    imported = send_and_apply(REGISTER, workbook_of([HEAD, row(1), row(2)]))
    assert (imported.state, imported.new, imported.failed) == ("done", 2, 0)
    one = Institution.objects.get(uscc=code(1))
    assert (one.name_zh, one.kind, one.region_code) == ("示例检测中心1", "laboratory", "330106")
    certificate = one.certificates.get()
    assert (certificate.number, certificate.valid_to, certificate.recorded_at) == ("231100000001", date(2029, 5, 3), AT)
    entry = Entry.objects.get(verb="import_institutions")
    assert before == 0 and entry.actor == sender() and entry.subject == f"import:{imported.pk}"
    assert imported.attachment is not None and imported.attachment.sha256 == imported.sha256


def test_the_same_file_again_changes_nothing() -> None:
    content = workbook_of([HEAD, row(1), row(2)])
    send_and_apply(REGISTER, content)
    again = send_and_apply(REGISTER, content)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert (Institution.objects.count(), Certificate.objects.count()) == (2, 2)
    assert Entry.objects.filter(verb="import_institutions").count() == 1


def test_a_change_is_shown_old_and_new_and_keeps_what_was_known() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1)]))
    imported = send(REGISTER, workbook_of([HEAD, row(1, name="改名检测中心", last="2030-01-01")]))
    assert StagedRow.objects.get(belongs_to=imported).changes == [
        ["name_zh", "示例检测中心1", "改名检测中心"], ["former_names", "", "示例检测中心1"],
        ["name_en", "示例检测中心1", "改名检测中心"], ["cma_to", "2029-05-03", "2030-01-01"],
    ]  # fmt: skip
    assert Institution.objects.get().name_zh == "示例检测中心1"
    actions.begin_applying(imported, REGISTER, reach=imported.reach, actor=sender(), at=AT)
    actions.apply(imported, REGISTER, reach=lambda: imported.reach, at=AT)
    assert Institution.objects.get().name_zh == "改名检测中心"
    assert [c.valid_to.year for c in Certificate.objects.order_by("pk")] == [2029, 2030]
    assert Certificate.objects.filter(superseded_at=None).get().valid_to.year == 2030


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ({"name": "另一名称"}, True),  # by its code
        ({"code": ""}, True),  # by its certificate
        ({"code": "", "cma": "", "first": "", "last": ""}, True),  # by name and region
        ({"code": code(7), "cma": "", "first": "", "last": ""}, False),  # another code is another institution
        ({"code": "", "cma": "", "first": "", "last": "", "region": "330105"}, False),
    ],
)
def test_what_an_institution_is_known_by(again: dict[str, str], same: bool) -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1)]))
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, **again)]))
    assert Institution.objects.count() == (1 if same else 2)


def test_an_entry_that_was_merged_stands_for_the_one_that_was_kept() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1), row(2)]))
    kept, merged = Institution.objects.order_by("uscc")
    Institution.objects.filter(pk=merged.pk).update(merged_into=kept, merged_at=AT)
    given = row(2, name="合并后的名称", cma="", first="", last="", code=merged.uscc)
    imported = send_and_apply(REGISTER, workbook_of([HEAD, given]))
    kept.refresh_from_db()
    assert (imported.unchanged, kept.name_zh, Institution.objects.count()) == (1, "示例检测中心1", 2)


def test_all_or_nothing_refuses_the_file_and_gives_back_the_failed_rows_to_mend() -> None:
    imported = send(REGISTER, workbook_of([HEAD, row(1), row(2, region="11000"), row(3, code="9.1E+17"), row(1)]))
    assert (imported.state, imported.rows, imported.failed) == ("refused", 4, 3)
    assert Institution.objects.count() == 0
    said = reasons(imported)
    assert said[3][0].startswith("C 11000 has 5 digits instead of 6")
    assert "digits are lost" in said[4][0] and "same as row 2" in " ".join(said[5])
    book = openpyxl.load_workbook(io.BytesIO(files.error_file(imported, REGISTER, "zh")))
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == [*HEAD, "原文件行号", "错误原因"]
    assert page.max_row == 4 and page["C2"].value == "11000" and page["G2"].value == 3
    assert page["H2"].value.startswith("行政区划代码（C）：11000 只有 5 位，应为 6 位")


def test_the_mended_error_file_goes_in_and_its_reasons_are_passed_over() -> None:
    first = send(REGISTER, workbook_of([HEAD, row(1), row(2, region="11000")]), mode=Mode.ROWS)
    actions.begin_applying(first, REGISTER, reach=first.reach, actor=sender(), at=AT)
    actions.apply(first, REGISTER, reach=lambda: first.reach, at=AT)
    assert Institution.objects.count() == 1
    book = openpyxl.load_workbook(io.BytesIO(files.error_file(first, REGISTER, "en")))
    book.worksheets[0]["C2"] = "330105"
    buffer = io.BytesIO()
    book.save(buffer)
    second = send_and_apply(REGISTER, buffer.getvalue())
    assert (second.new, second.failed, second.notes) == (1, 0, [])
    assert Institution.objects.count() == 2


def test_the_csv_error_file_goes_in_too() -> None:
    first = send(REGISTER, workbook_of([HEAD, row(2, region="11000")]))
    mended = files.error_csv(first, "en").decode("utf-8-sig").replace("11000", "330105", 1)
    assert send_and_apply(REGISTER, mended.encode(), name="f.csv").new == 1


def test_what_is_in_the_register_comes_out_as_its_template_and_goes_in_unchanged() -> None:
    values: dict[str, str | float] = {
        "uscc": code(5)[:-1] + ("0" if code(5)[-1] != "0" else "1"), "uscc_reason": "老代码", "name_zh": "=中心", "region_code": "330106",
        "former_names": "甲；乙", "latitude": -0.5, "cnas_number": "CNAS L1234", "cnas_from": "2024-01-01", "cnas_to": "2030-01-01",
        "level": "省级", "legal_kind": "事业单位", "address": "路 1 号",
    }  # fmt: skip
    given = files.template_csv(REGISTER, "zh", rows=[[values.get(column.key, "") for column in COLUMNS]])
    send_and_apply(REGISTER, given, name="f.csv")
    assert Institution.objects.get().name_zh == "=中心"
    context = Context(at=AT, on=AT.date(), reach={"national": True})
    rows = [list(one) for one in REGISTER.export(context)]
    assert len(rows) == 1
    for lang in ("zh", "en"):
        for content, name in (
            (files.template(REGISTER, lang, rows=rows), "a.xlsx"),
            (files.template_csv(REGISTER, lang, rows=rows), "a.csv"),
        ):
            again = send(REGISTER, content, name=name)
            assert (again.unchanged, again.failed, again.changed) == (1, 0, 0), reasons(again)


def test_damage_that_can_be_mended_is_mended_and_said() -> None:
    title = ["全省检验检测机构名单"]
    given = row(1, code="\u200b'" + code(1), region="３３０１０６", first=45050, last="2029/5/3")
    imported = send_and_apply(
        REGISTER,
        workbook_of([title, [], [f"{HEAD[0]}\n/ USCC", *HEAD[1:], "备注"], [*given, "x"], [], [None]], merge="A1:F1"),
    )
    one = Institution.objects.get()
    assert (one.uscc, one.region_code) == (code(1), "330106")
    assert one.certificates.get().valid_from == date(2023, 5, 4)
    said = " ".join(en for en, _, _, _ in imported.notes)
    for word in ("Invisible", "apostrophe", "half-width", "serial number", "Columns not read: 备注"):
        assert word in said, word


def test_a_gb18030_file_is_read() -> None:
    content = csv_of([HEAD, [str(x) for x in row(1)]], encoding="gb18030")
    assert send_and_apply(REGISTER, content, name="f.csv").new == 1
    assert Institution.objects.get().name_zh == "示例检测中心1"


def test_formulas_and_dates_in_wrong_places_are_faults_with_their_place() -> None:
    imported = send(REGISTER, workbook_of([HEAD, row(1, name="=A1"), row(2, region=date(2026, 1, 2))]))
    said = reasons(imported)
    assert said[2][0].startswith("B is a formula") and "turned into a date" in said[3][0]


@pytest.mark.parametrize(
    ("text", "said"),
    [("3/4/2026", "may be 2026-03-04 or 2026-04-03"), ("soon", "is not a date"), ("2026-02-30", "is not a date")],
)
def test_a_date_is_not_guessed(text: str, said: str) -> None:
    assert said in reasons(send(REGISTER, workbook_of([HEAD, row(1, first=text)])))[2][0]


def test_a_code_that_breaks_the_rule_is_kept_and_told() -> None:
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    head = [*HEAD, "代码保留原因"]
    imported = send_and_apply(REGISTER, workbook_of([head, [*row(1, code=wrong), "登记证书所载"]]))
    assert Institution.objects.get().uscc == wrong and Institution.objects.get().uscc_reason == "登记证书所载"
    assert any("breaks the rule was kept" in en for en, *_ in imported.notes)
    assert send(REGISTER, workbook_of([HEAD, row(1, code=wrong)])).unchanged == 1, "the reason is known by now"


def test_a_code_that_breaks_the_rule_needs_a_reason() -> None:
    """The name of a file says nothing of why a code is kept."""
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    refused = send(REGISTER, workbook_of([HEAD, row(1, code=wrong), row(2)]), mode=Mode.ROWS)
    (said,) = reasons(refused)[2]
    assert wrong in said and "GB 32100" in said and "write here why it is kept" in said
    head = [*HEAD, "代码保留原因"]
    assert reasons(send(REGISTER, workbook_of([head, [*row(1, code=wrong), ""]])))[2][0].startswith("G ")


def test_a_province_writes_about_its_own_institutions_only() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, region="110101")]))
    imported = send(REGISTER, workbook_of([HEAD, row(1), row(2, region="320102"), row(3)]), reach={"areas": ["33"]})
    assert set(reasons(imported)) == {2, 3}


def test_only_the_national_authority_makes_authorities() -> None:
    content = workbook_of([[*HEAD, "机构类型"], [*row(1), "监管部门"]])
    assert "national authority" in reasons(send(REGISTER, content, reach={"areas": ["33"]}))[2][0]
    assert send_and_apply(REGISTER, content).new == 1


def test_a_register_that_changed_since_the_check_refuses_the_whole_or_fails_the_row() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1)]))
    content = workbook_of([HEAD, row(1, name="改名"), row(2)])
    whole, by_row = send(REGISTER, content), send(REGISTER, content, mode=Mode.ROWS)
    Institution.objects.filter(uscc=code(1)).update(name_zh="别人改的名")
    for imported in (whole, by_row):
        actions.begin_applying(imported, REGISTER, reach=imported.reach, actor=sender(), at=AT)
        actions.apply(imported, REGISTER, reach=lambda: NATIONAL, at=AT)
        imported.refresh_from_db()
    assert (whole.state, by_row.state, by_row.new, by_row.changed, by_row.failed) == ("refused", "done", 1, 0, 1)
    assert Institution.objects.get(uscc=code(1)).name_zh == "别人改的名"
    page = openpyxl.load_workbook(io.BytesIO(files.error_file(by_row, REGISTER, "en"))).worksheets[0]
    assert page["B2"].value == "改名" and "changed since" in page["H2"].value


def test_giving_up_leaves_no_trace_of_the_rows() -> None:
    imported = send(REGISTER, workbook_of([HEAD, row(1), row(2, region="1")]), mode=Mode.ROWS)
    actions.give_up(imported, REGISTER, actor=sender(), at=AT)
    assert not StagedRow.objects.exists() and not FailedRow.objects.exists()
    assert not [name for name in connection.introspection.table_names() if name.startswith("staging_")]


def test_a_missing_column_refuses_the_file_and_names_it() -> None:
    imported = send(REGISTER, workbook_of([["机构名称", "x"], ["甲", "1"]]))
    assert imported.state == "refused" and "The header lacks: Region code" in imported.faults[0][0]


def counted(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


def test_checking_asks_as_often_for_three_hundred_rows_as_for_three() -> None:
    sender()
    few = workbook_of([HEAD, *(row(n) for n in range(1, 4))])
    many = workbook_of([HEAD, *(row(n) for n in range(1, 301))])
    send(REGISTER, few)
    a, b = counted(lambda: send(REGISTER, few)), counted(lambda: send(REGISTER, many))
    assert b - a <= 4, (a, b)  # bulk_create writes some hundred rows a statement
