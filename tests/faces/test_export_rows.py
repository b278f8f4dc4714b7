"""The file holds the rows of the page, in its order, and nothing in a cell becomes a formula."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution, institution_of
from tests.faces.pages import text_of
from tests.faces.test_exports import read, sheet_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_standard_states, enter_standards
from zhunsheng.registry.catalogue.models import Matrix, Parameter, Standard, StandardState
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.findings.actions import settle
from zhunsheng.registry.findings.queries import double_posts
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_people, enter_posts
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.stocktaking.actions import open_stocktaking

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
FORMULA = '=HYPERLINK("http://x")'
SINCE = date(2025, 1, 1)


class Row:
    """A row of a page, for `text_of`."""

    def __init__(self, markup: str) -> None:
        self.content = markup.encode()


def rows_of_page(answer: Any) -> list[str]:
    """The words of each row of the page's first table."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    return [unescape(text_of(Row(one))) for one in re.findall(r"<tr>(.*?)</tr>", body[1] if body else "", re.DOTALL)]


def check_same(client: Client, name: str, rows: int, *, formula: bool = True, **asked: str) -> list[Sequence[str]]:
    """Every cell of a row of the file stands in that row of the page; text that begins like a formula is text in both files."""
    page = rows_of_page(client.get(reverse(name), asked))
    book = client.get(reverse(name), {**asked, "format": "xlsx"})
    file = read(book)[1:]
    assert len(page) == len(file) == rows, (name, page, file)
    for shown, cells in zip(page, file, strict=True):
        missing = [cell for cell in cells if cell and cell not in shown]
        assert missing == [], (name, shown, missing)
    plain = [cell for row in read(client.get(reverse(name), {**asked, "format": "csv"}))[1:] for cell in row]
    assert b"<f>" not in sheet_of(book.content) and not [cell for cell in plain if cell.startswith("=")]
    assert not formula or f"'{FORMULA}" in plain
    return file


def both_in(person: str, laboratory: User, other: User) -> None:
    places = [institution_of(one) for one in (laboratory, other)]
    who = Person(name=person)
    enter_people([who], actor=None, at=AT)
    enter_posts([Post(person=who, institution=x, kind="analyst", valid_from=SINCE) for x in places], actor=None, at=AT)
    made = [Instrument(institution=x, serial=f"SN-{person}", name_zh=FORMULA, name_en=FORMULA) for x in places]
    enter_instruments(made, actor=None, at=AT)


def test_findings(client_of: Clients, regulator: User, laboratory: User, other_laboratory: User) -> None:
    for name in ("乙2026001", FORMULA):
        both_in(name, laboratory, other_laboratory)
    office = client_of(regulator)
    check_same(office, "office_findings", 2)
    check_same(office, "office_findings", 2, formula=False, what="serials")
    found = double_posts(AT.date(), AT.date(), within=Institution.objects.all())[:1]
    settle(found, authority=institution_of(regulator), reason=FORMULA, actor=regulator, at=AT)
    (row,) = check_same(office, "office_findings", 1, state="settled")
    assert row[-4:] == ["settled", "Regulator, Example Authority", "2026-04-15", FORMULA]
    check_same(office, "office_findings", 1, formula=False, state="open")


def standard(number: str, title: str, following: date) -> Standard:
    made = Standard(number=number, name_zh=title, name_en=title)
    enter_standards([made], actor=None, at=AT)
    rows = [("current", SINCE), ("withdrawn", following)]
    states = [StandardState(standard=made, state=x, valid_from=day, source="公告") for x, day in rows]
    enter_standard_states(states, actor=None, at=AT)
    return made


def test_standards_and_their_watch(client_of: Clients, regulator: User) -> None:
    standard("GB/T 9001-2020", "饲料", date(2027, 3, 1)), standard("GB/T 9002-2020", FORMULA, date(2027, 1, 1))
    office = client_of(regulator)
    file = check_same(office, "office_standards", 2)
    assert [row[0] for row in file] == ["GB/T 9001-2020", "GB/T 9002-2020"]
    asked: dict[str, Any] = {"from": "2026-11-01", "to": "2027-12-31"}  # no names that Python takes
    watched = check_same(office, "office_watch", 2, **asked)
    assert [row[1] for row in watched] == ["GB/T 9002-2020", "GB/T 9001-2020"]


def test_stock_takings(client_of: Clients, regulator: User, laboratory: User) -> None:
    for n, title in enumerate(("摸底", FORMULA)):
        open_stocktaking(
            authority=institution_of(regulator), title_zh=title, title_en=title, region_code="330100", fields=[],
            due_on=AT.date() + timedelta(days=30 + n), actor=regulator, at=AT + timedelta(hours=n),
        )  # fmt: skip
    file = check_same(client_of(regulator), "office_stocktakings", 2)
    assert [row[0] for row in file] == [FORMULA, "摸底"] and [row[3] for row in file] == ["1", "1"]


def test_answers_to_the_subcontractors_question(
    client_of: Clients, regulator: User, other_laboratory: User, mercury: Parameter, feed: Matrix
) -> None:
    institution("laboratory", FORMULA, FORMULA)
    office, ask = client_of(regulator), reverse("office_eligibility")
    for name in ("Example Laboratory L04", FORMULA):
        office.post(
            ask, {"institution": name, "parameter": str(mercury.pk), "matrix": str(feed.pk), "on": "2026-05-01"}
        )
    pages = rows_of_page(office.get(ask))
    file = read(office.get(ask, {"format": "csv"}))[1:]
    assert len(pages) == len(file) == 2 and [row[0] for row in file] == [f"'{FORMULA}", "Example Laboratory L04"]
    for shown, row in zip(pages, file, strict=True):
        assert all(cell.removeprefix("'") in shown for cell in row[:6]) and row[6]
