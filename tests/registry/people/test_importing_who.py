"""Who a row of a file is: a number that comes later is added, nobody is doubled or guessed, veiled numbers can be sent again."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.cast import AT, institution
from tests.foundation.imports.sent import reasons, send, send_and_apply, workbook_of
from zhunsheng.foundation.imports import files
from zhunsheng.foundation.imports.models import FailedRow, Import
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.importing import People
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.people.rules import identity_check_character

pytestmark = pytest.mark.django_db
REGISTER = People()
HEAD = [
    "机构名称",
    "姓名",
    "身份证号",
    "岗位",
    "任职起始日期",
    "任职截止日期",
    "授权领域",
    "授权起始日期",
    "授权截止日期",
]


@pytest.fixture(autouse=True)
def mine() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


def number(n: int) -> str:
    first17 = f"33010619800101{n:03d}"
    return first17 + identity_check_character(first17)


def row(name: str, identity: str = "", **other: str) -> list[str]:
    found = {
        "who": "甲实验室",
        "name": name,
        "identity": identity,
        "post": "检测人员",
        "since": "2020-01-01",
        "until": "",
    }
    return list({**found, "field": "", "first": "", "last": "", **other}.values())


def book(*rows: list[str]) -> bytes:
    return workbook_of([HEAD, *rows])


def said(*rows: list[str], mode: Mode = Mode.ROWS) -> dict[int, str]:
    return {n: " ".join(texts) for n, texts in reasons(send(REGISTER, book(*rows), mode=mode)).items()}


def test_a_number_that_comes_later_is_added_and_that_is_told() -> None:
    send_and_apply(REGISTER, book(row("阿依·买买提")))
    later = send_and_apply(REGISTER, book(row("阿依•买买提", number(1))))
    one = Person.objects.get()
    assert later.changed == 1 and one.identity_masked.endswith(number(1)[-4:])
    assert any("was added to the entry of this name" in en for en, *_ in later.notes)
    assert send_and_apply(REGISTER, book(row("阿依·买买提", number(1)), row("阿依 买买提", post="抽样人员"))).new == 1
    assert (Person.objects.count(), Post.objects.count()) == (1, 2)


def test_two_numbers_for_one_entry_are_not_guessed() -> None:
    send_and_apply(REGISTER, book(row("张三")))
    refused = said(row("张三", number(1)), row("张三", number(2)))
    assert set(refused) == {3} and "Rows 2 and 3 give the one entry" in refused[3]


@pytest.mark.parametrize("mode", list(Mode))
def test_one_number_in_two_rows_is_learnt_once(mode: Mode) -> None:
    send_and_apply(REGISTER, book(row("张三")))
    rows = [row("张三", number(1)), row("张三", number(1), post="抽样人员")]
    assert send_and_apply(REGISTER, book(*rows), mode=mode).failed == 0
    assert (Person.objects.count(), Post.objects.count()) == (1, 2)


def test_two_entries_without_number_are_not_guessed() -> None:
    for n in (1, 2):
        person = Person.objects.create(name="张三")
        Post.objects.create(
            person=person, institution=Institution.objects.get(), kind="analyst", valid_from=f"202{n}-01-01"
        )
    assert "none with an identity number" in said(row("张三", number(1)))[2]
    assert "2 people of this name work there; give the identity number" in said(row("张三"))[2]


def test_with_and_without_number_in_one_file_is_one_person() -> None:
    refused = said(row("张三"), row("张三", number(1), post="抽样人员"))
    assert set(refused) == {3} and "Rows 2 and 3 name one person" in refused[3]
    send_and_apply(REGISTER, book(row("李四", number(2)), row("李四", post="抽样人员")))
    assert Person.objects.get(name="李四").posts.count() == 2
    both = said(row("王五", number(3)), row("王五", number(4)), row("王五", post="抽样人员"))
    assert set(both) == {4} and "Rows 2, 3 enter people of this name" in both[4]


def test_a_row_that_failed_says_nothing_to_those_below() -> None:
    bad = row("张三", field="食品", first="2019-01-01")
    good = row("张三", post="抽样人员", field="食品", first="2021-01-01")
    alone = row("张三", post="", since="", field="饲料", first="2021-01-01")
    imported = send_and_apply(REGISTER, book(bad, good, alone), mode=Mode.ROWS)
    assert (imported.failed, imported.new) == (1, 2)
    assert (Person.objects.count(), Post.objects.count(), Authorisation.objects.count()) == (1, 1, 2)


def test_overlapping_periods_in_one_file_name_both_rows() -> None:
    first = row("张三", field="食品", first="2021-01-01", last="2025-12-31")
    second = row("张三", post="抽样人员", field="食品", first="2024-01-01")
    assert "Rows 2 and 3 give overlapping periods" in said(first, second)[3]
    posts = said(row("张三", until="2025-12-31"), row("张三", since="2024-01-01"))
    assert "Rows 2 and 3 give overlapping periods" in posts[3]
    send_and_apply(REGISTER, book(row("张三", field="食品", first="2021-01-01")))
    renewed = [first, row("张三", post="抽样人员", field="食品", first="2026-01-01")]
    send_and_apply(REGISTER, book(*renewed))
    spans = (
        Authorisation.objects.filter(superseded_at=None)
        .order_by("valid_from")
        .values_list("valid_from__year", "valid_to__year")
    )
    assert list(spans) == [(2021, 2025), (2026, None)]


def error_rows(imported: Import) -> list[list[str]]:
    page = openpyxl.load_workbook(io.BytesIO(files.error_file(imported, REGISTER, "zh"))).worksheets[0]
    return [[str(cell or "") for cell in cells] for cells in page.iter_rows(values_only=True)]


def test_a_veiled_number_is_sent_again() -> None:
    send_and_apply(REGISTER, book(row("张三", number(1))))
    imported = send(
        REGISTER, book(row("张三", number(1), post="没有的岗位"), row("李四", number(2), post="没有的岗位"))
    )
    head, *rows = error_rows(imported)
    assert [cells[2] for cells in rows] == ["*" * 14 + number(n)[-4:] for n in (1, 2)]
    assert all("再次提交本行前请重新填写完整号码" in cells[-1] for cells in rows)
    kept = str(list(FailedRow.objects.values_list("cells", "reasons"))) + str(imported.notes)
    assert number(1)[:14] not in kept and number(2)[:14] not in kept
    for cells in rows:
        cells[3], cells[4] = "抽样人员", "2021-01-01"
    again = send_and_apply(REGISTER, workbook_of([head, *rows]), mode=Mode.ROWS)
    assert set(reasons(again)) == {3} and "Type the whole number again" in reasons(again)[3][0]
    assert Person.objects.get().posts.count() == 2
    rows[1][2] = number(2)
    send_and_apply(REGISTER, workbook_of([head, rows[1]]))
    assert Person.objects.get(name="李四").identity_masked.endswith(number(2)[-4:])


def test_a_veil_that_shows_other_characters_is_somebody_else() -> None:
    send_and_apply(REGISTER, book(row("张三", number(1))))
    assert "Type the whole number again" in said(row("张三", "*" * 14 + "9999"))[2]
    assert "Type the whole number again" in said(row("张三", "*" * 8))[2]


def test_a_birth_in_the_future_is_refused() -> None:
    first17 = "33010620620101001"
    assert AT.year < 2062 and "in the future" in said(row("张三", first17 + identity_check_character(first17)))[2]
