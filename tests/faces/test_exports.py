"""Files of what lists show: the rows of the question, formulas dead, numbers alive, nothing that the page does not show."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import AT, institution
from zhunsheng.faces.exports import MORE, bounded, file_asked, table_file
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.catalogue.actions import enter_standards
from zhunsheng.registry.catalogue.models import Parameter, Standard
from zhunsheng.registry.institutions.models import Institution, PossibleDuplicate

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
OFFICE = (
    "office_duplicates_apart",
    "office_duplicates", "office_findings", "office_parameters", "office_methods", "office_standards", "office_watch",
    "office_stocktakings", "office_eligibility",
)  # fmt: skip
PUBLIC = ("public_parameters", "public_methods", "public_standards")


def read(answer: Any) -> list[Sequence[str]]:
    """The cells of a file, the heading first."""
    assert answer.status_code == 200, answer.status_code
    if answer.headers["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    table = read_table(answer.content, filename="asked.xlsx")
    return [[str(cell) for cell in table.header], *(list(row.texts) for row in table.rows)]


def test_formulas_are_dead_and_a_number_stays_one() -> None:
    columns = (t("Name", "名称"), t("Number", "编号"))
    rows: list[Sequence[str | float | None]] = [['=HYPERLINK("http://x")', -0.5], ["-0.5", None]]
    text = table_file("csv", "x", t("Rows", "行"), columns, rows).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [['\'=HYPERLINK("http://x")', "-0.5"], ["-0.5", ""]]
    book = table_file("xlsx", "x", t("Rows", "行"), columns, rows).content
    assert b"<f>" not in sheet_of(book) and b"<v>-0.5</v>" in sheet_of(book)


def sheet_of(book: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


def test_what_is_beyond_the_bound_is_named_and_what_is_at_it_is_not() -> None:
    assert list(bounded([["a"], ["b"]], most=2)) == [["a"], ["b"]]
    assert list(bounded([["a"], ["b"], ["c"]], most=2)) == [["a"], ["b"], [str(MORE)]]


def test_only_a_known_format_is_a_file_and_only_when_read() -> None:
    make = RequestFactory()
    assert file_asked(make.get("/", {"format": "csv"})) == "csv"
    assert file_asked(make.get("/", {"format": "exe"})) == "" == file_asked(make.post("/?format=csv"))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_list_gives_a_file_to_whom_it_shows_itself(
    client_of: Clients, regulator: User, laboratory: User, kind: str
) -> None:
    office, stranger, public = client_of(regulator), client_of(laboratory), client_of(None)
    for name in OFFICE:
        asked = {"format": kind}
        answer = office.get(reverse(name), asked)
        assert f".{kind}" in answer.headers["Content-Disposition"] and len(read(answer)[0]) > 2, name
        assert stranger.get(reverse(name), asked).status_code == 404, name
        assert public.get(reverse(name), asked).status_code in {302, 404}, name
    for name in PUBLIC:
        assert f".{kind}" in public.get(reverse(name), {"format": kind}).headers["Content-Disposition"], name


def test_the_file_holds_what_was_searched_for_and_all_pages_of_it(client: Client) -> None:
    Parameter.objects.bulk_create(
        Parameter(code=f"p{n:03}", name_zh=f"参数{n}", name_en=f"Thing {n}") for n in range(60)
    )
    every = read(client.get(reverse("public_parameters"), {"format": "csv", "page": "2"}))
    assert len(every) == 61 and every[1][0] == "p000"
    some = read(client.get(reverse("public_parameters"), {"format": "csv", "q": "Thing 59"}))
    assert [row[0] for row in some[1:]] == ["p059"]


def test_a_province_gets_its_own_pairs_alone(client_of: Clients, province: User) -> None:
    def pair(one: str, other: str, region: str) -> None:
        made = [institution("laboratory", name, name, region_code=region) for name in (one, other)]
        first, second = sorted(made, key=lambda each: each.pk)
        PossibleDuplicate.objects.create(first=first, second=second, weight=1, reasons=[], found_at=AT)

    pair("=甲", "甲二", "330106")
    pair("乙一", "乙二", "320102")
    cells = [
        cell for row in read(client_of(province).get(reverse("office_duplicates"), {"format": "csv"})) for cell in row
    ]
    assert "'=甲" in cells and "乙一" not in cells


@pytest.mark.parametrize("name", ["public_standards", "public_institutions"])
def test_more_rows_ask_no_more(client: Client, name: str) -> None:
    counts = []
    for first, last in ((0, 3), (3, 300)):
        fill(first, last)
        with CaptureQueriesContext(connection) as asked:
            rows = read(client.get(reverse(name), {"format": "csv", "q": "many"}))
        assert len(rows) == last + 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


def fill(first: int, last: int) -> None:
    numbers = range(first, last)
    enter_standards(
        [Standard(number=f"GB/T {9000 + n}-2020", name_zh="许多", name_en=f"many {n}") for n in numbers],
        actor=None,
        at=AT,
    )
    Institution.objects.bulk_create(
        Institution(kind="laboratory", name_zh=f"许多{n}", name_en=f"many {n}", region_code="330106") for n in numbers
    )
