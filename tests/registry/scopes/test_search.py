"""Who can test what, where, when; page after page, and never more questions for more lines."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import AT
from tests.registry.scopes.ground import SINCE, laboratory, line, matrix, method, parameters
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.search import Question, count_up_to, every_line, lines_asked, scope_search

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 15)
REGIONS = ["110101", "330106", "330108", "350203", "440305"]


@pytest.fixture
def network() -> dict[str, list]:
    """Five laboratories in four provinces, three parameters in three matrices by two methods: 90 lines."""
    what, where = parameters("lead", "zinc", "melamine"), [laboratory(f"Lab {code}", code) for code in REGIONS]
    food = matrix("food")
    matrices, by = [food, matrix("milk", food), matrix("feed")], [method("GB 5009.12-2023"), method("GB/T 22388-2008")]
    lines = [
        ScopeLine(institution=one, parameter=p, matrix=m, method=way, valid_from=SINCE, recorded_at=AT)
        for one in where for p in what for m in matrices for way in by
    ]  # fmt: skip
    actions.enter_scope_lines(lines, instruments={}, actor=None, at=AT)
    return {"parameters": what, "matrices": matrices, "methods": by, "laboratories": where, "lines": lines}


def question(**given: Any) -> Question:
    return Question(**{"on": TODAY, "known_on": TODAY} | given)


def keys(asked: Question, **how: Any) -> list[UUID]:
    return [one.pk for one in scope_search(asked, **how).lines]


QUESTIONS = [
    lambda n: {},
    lambda n: {"parameter": n["parameters"][0].pk},
    lambda n: {"parameter": n["parameters"][0].pk, "region": "330000"},
    lambda n: {"parameter": n["parameters"][0].pk, "matrices": tuple(m.pk for m in n["matrices"][:2])},
    lambda n: {"parameter": n["parameters"][0].pk, "methods": (n["methods"][1].pk,)},
    lambda n: {"methods": tuple(m.pk for m in n["methods"])},
    lambda n: {"methods": (n["methods"][0].pk,), "region": "330100"},
    lambda n: {"matrices": tuple(m.pk for m in n["matrices"])},
    lambda n: {"matrices": (n["matrices"][2].pk,), "region": "440000"},
    lambda n: {"region": "330000"},
    lambda n: {"institutions": (n["laboratories"][1].pk,)},
    lambda n: {"institutions": (n["laboratories"][1].pk,), "region": "110000"},
    lambda n: {"institutions": tuple(one.pk for one in n["laboratories"][:2]), "methods": (n["methods"][0].pk,)},
]


def expected(network: dict[str, list], asked: Question) -> set[UUID]:
    """The same, thought out line by line."""
    return {
        one.pk for one in network["lines"]
        if asked.parameter in (None, one.parameter_id)
        and (not asked.matrices or one.matrix_id in asked.matrices)
        and (not asked.methods or one.method_id in asked.methods)
        and (not asked.institutions or one.institution_id in asked.institutions)
        and one.region_code.startswith(asked.region.rstrip("0"))
    }  # fmt: skip


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_every_page_forwards_and_back_gives_each_line_once(network: dict[str, list], number: int) -> None:
    asked = question(**QUESTIONS[number](network))
    pages, place = [], ""
    while True:
        page = scope_search(asked, after=place, size=4)
        pages.append([one.pk for one in page.lines])
        if not (place := page.following):
            break
    walked = [key for page in pages for key in page]
    assert set(walked) == expected(network, asked) and len(walked) == len(set(walked))
    assert [one.pk for one in every_line(asked, most=1000)] == walked
    assert count_up_to(asked) == len(walked)
    while page.preceding:  # and all the way back
        page = scope_search(asked, before=page.preceding, size=4)
        pages.pop()
        assert [one.pk for one in page.lines] == pages[-1]
    assert len(pages) <= 1


def test_a_count_says_no_more_than_it_must(network: dict[str, list]) -> None:
    assert count_up_to(question(), most=10) == 11
    assert count_up_to(question(methods=tuple(m.pk for m in network["methods"])), most=89) == 90


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "1_2",
        "a_b_c",
        "330106_1_nothex",
        "___",
        "330106_999999999999999999999_" + "0" * 32,
        "\x00_1_" + "0" * 32,
        "\x00",
    ],
)
def test_a_place_that_does_not_fit_gives_the_first_page(network: dict[str, list], place: str) -> None:
    asked = question(parameter=network["parameters"][0].pk)
    assert keys(asked, after=place) == keys(asked) == keys(asked, before=place)


def test_as_of_a_day_and_as_known_on_a_day(network: dict[str, list]) -> None:
    one = network["lines"][0]
    asked = {"parameter": one.parameter_id, "institutions": (one.institution_id,), "matrices": (one.matrix_id,)}
    actions.self_suspend([one.series], from_day=date(2026, 5, 1), reason="x", actor=None, at=AT + timedelta(days=5))
    after = (AT + timedelta(days=5)).date()
    assert len(keys(question(**asked))) == 2  # not yet known
    assert len(keys(question(**asked, known_on=after))) == 2  # known, but from May on only
    may = date(2026, 5, 1)
    assert len(keys(question(**{**asked, "on": may, "known_on": after}))) == 1
    assert len(keys(question(**{**asked, "on": may}))) == 2  # what we would have said about May in April
    suspended = question(**{**asked, "on": may, "known_on": after, "status": "self_suspended"})
    assert [line.series for line in scope_search(suspended).lines] == [one.series]
    assert len(keys(question(**{**asked, "on": may, "known_on": after, "status": ""}))) == 2
    assert keys(question(**{**asked, "on": SINCE - timedelta(days=1)})) == []
    assert keys(question(**{**asked, "known_on": AT.date() - timedelta(days=1)})) == []


def test_a_merged_institution_is_found_by_the_one_that_is_kept(network: dict[str, list]) -> None:
    kept, merged = network["laboratories"][:2]
    Institution.objects.filter(pk=merged.pk).update(merged_into=kept, merged_at=timezone.now())
    found = scope_search(question(institutions=tuple(family_ids(kept))), size=100).lines
    assert len(found) == 36
    assert {(one.institution.merged_into or one.institution).pk for one in found} == {kept.pk}


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_three_and_three_hundred_lines_cost_the_same(network: dict[str, list], number: int) -> None:
    asked = question(**QUESTIONS[number](network))
    with CaptureQueriesContext(connection) as few:
        scope_search(asked)
    what = parameters(*(f"p{i}" for i in range(100)))
    place, food, by = network["laboratories"][1], network["matrices"][0], network["methods"][0]
    more = [
        ScopeLine(institution=place, parameter=p, matrix=food, method=by, valid_from=SINCE, recorded_at=AT, limits=str(n))
        for p in [network["parameters"][0], *what] for n in range(3)
    ]  # fmt: skip
    actions.enter_scope_lines(more, instruments={}, actor=None, at=AT)
    with CaptureQueriesContext(connection) as many:
        scope_search(asked)
    assert len(many) <= len(few) <= 4  # fewer when the first of several stretches fills the page


def test_lines_asked_is_all_that_the_pages_show(network: dict[str, list]) -> None:
    asked = question(parameter=network["parameters"][1].pk)
    assert set(lines_asked(asked).values_list("pk", flat=True)) == expected(network, asked)


def test_a_region_brings_lines_entered_under_its_old_codes() -> None:
    """Xiacheng, 330103, was joined to Gongshu, 330105, in 2021: a laboratory registered there before is found in Gongshu."""
    (lead,) = parameters("lead")
    old = line(laboratory("Old", "330103"), lead, matrix("tea"), method("GB 5009.12-2023"))
    assert keys(question(parameter=lead.pk, region="330105")) == [old.pk]
    assert keys(question(parameter=lead.pk, region="330106")) == []
