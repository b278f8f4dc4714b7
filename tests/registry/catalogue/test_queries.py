"""What is found by words, and in which state standards are, in a constant number of queries."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters, enter_standards
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.catalogue.queries import (
    changed_standards,
    matrices_named,
    methods_by_standard,
    methods_named,
    parameters_named,
    parts_of,
    standards_named,
    states_of,
    suggested_parameters,
    with_state,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def parameters() -> None:
    made = [
        ("mercury", "总汞", "Total mercury", "7439-97-6"), ("methylmercury", "甲基汞", "Methylmercury", "22967-92-6"),
        ("melamine", "三聚氰胺", "Melamine", "108-78-1"), ("lead", "铅", "Lead", "7439-92-1"),
    ]  # fmt: skip
    names = {
        "mercury": [("zh", "汞"), ("zh", "水银"), ("en", "Hg")],
        "melamine": [("zh", "蛋白精"), ("en", "Cyanuramide")],
    }
    enter_parameters(
        [Parameter(code=c, name_zh=z, name_en=e, cas=n) for c, z, e, n in made], names=names, actor=None, at=AT
    )


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("汞", ["mercury", "methylmercury"]),  # exactly another name before a part of one
        ("mercury", ["mercury", "methylmercury"]),  # exactly the code
        ("meth", ["methylmercury"]),
        ("ME", ["melamine", "methylmercury", "mercury"]),
        ("蛋白", ["melamine"]),
        ("cyanuramide", ["melamine"]),
        ("hg", ["mercury"]),
        ("７４３９—９７-６", ["mercury"]),
        ("7439", ["lead", "mercury"]),
        ("%", []),
        ("  ", []),
        ("nothing", []),
    ],
)
@pytest.mark.usefixtures("parameters")
def test_parameters_are_found_by_every_name_the_best_first(words: str, codes: list[str]) -> None:
    assert [match.parameter.code for match in suggested_parameters(words)] == codes
    if codes:
        assert set(parameters_named(words).values_list("code", flat=True)) == set(codes)


@pytest.mark.usefixtures("parameters")
def test_a_suggestion_says_by_which_other_name_it_was_found() -> None:
    assert [(m.parameter.code, m.also_called) for m in suggested_parameters("水银")] == [("mercury", "水银")]
    assert [m.also_called for m in suggested_parameters("三聚")] == [""]


def test_a_matrix_brings_all_that_lies_within_it() -> None:
    food = Matrix(code="food", name_zh="食品", name_en="Food", field="food")
    enter_matrices([food], actor=None, at=AT)
    milk = Matrix(code="milk", name_zh="乳", name_en="Milk", field="food", within=food)
    enter_matrices([milk], actor=None, at=AT)
    powder = Matrix(code="powder", name_zh="乳粉", name_en="Milk powder", field="food", within=milk)
    feed = Matrix(code="feed", name_zh="饲料", name_en="Feed", field="feed")
    enter_matrices([powder, feed], actor=None, at=AT)
    assert parts_of(food) == [food.pk, milk.pk, powder.pk] and parts_of(powder) == [powder.pk]
    assert [m.code for m in matrices_named("乳")] == ["milk", "powder"]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("gb5009.17", ["GB 5009.17-2014", "GB 5009.17-2021"]),
        ("ＧＢ 5009.17—2021", ["GB 5009.17-2021"]),
        ("5009", ["GB 5009.17-2014", "GB 5009.17-2021"]),
        ("汞", ["GB 5009.17-2014", "GB 5009.17-2021"]),
        ("feed", ["GB/T 13081-2022"]),
    ],
)
def test_standards_and_methods_are_found_however_their_numbers_are_typed(words: str, numbers: list[str]) -> None:
    rows = [
        ("GB 5009.17-2014", "食品中总汞的测定", "Mercury in foods"), ("GB 5009.17-2021", "食品中总汞的测定", "Mercury in foods"),
        ("GB/T 13081-2022", "饲料测定", "Determination in feed"),
    ]  # fmt: skip
    enter_standards([Standard(number=n, name_zh=z, name_en=e) for n, z, e in rows], actor=None, at=AT)
    enter_methods([Method(number=n, name_zh=z, name_en=e) for n, z, e in rows], actor=None, at=AT)
    assert [one.number for one in standards_named(words)] == numbers
    assert [one.number for one in methods_named(words)] == numbers


def make_states(n: int, seed: int) -> list[Standard]:
    """Standards with random histories: corrections, corrections of corrections, rows of one day, rows recorded late."""
    chance = random.Random(seed)
    standards = Standard.objects.bulk_create(
        Standard(number=f"GB/T {seed}{i:05d}-2020", name_zh="甲", name_en="a") for i in range(n)
    )
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for one in standards:
        rows: list[StandardState] = []
        for _ in range(chance.randrange(6)):
            free = [row for row in rows if row.pk not in {other.supersedes_id for other in rows}]
            row = StandardState.objects.create(
                standard=one, state=chance.choice(["upcoming", "current", "superseded", "withdrawn"]),
                valid_from=DAY + timedelta(days=chance.randrange(-3, 4)), source=chance.choice("AB"),
                recorded_at=start + timedelta(days=chance.randrange(8)),
                supersedes=chance.choice(free) if free and chance.random() < 0.4 else None,
            )  # fmt: skip
            rows.append(row)
    return standards


@pytest.mark.parametrize("seed", range(3))
def test_the_database_and_the_rule_agree_on_every_state(seed: int) -> None:
    standards = make_states(40, seed)
    for shift in range(-3, 5):
        on, known_on = DAY + timedelta(days=shift), date(2026, 1, 1) + timedelta(days=shift + 3)
        by_rule = states_of([one.pk for one in standards], on=on, known_on=known_on)
        for one in with_state(Standard.objects.all(), on=on, known_on=known_on):
            found = by_rule[one.pk].row
            assert one.state == (found.state if found else None)  # type: ignore[attr-defined]


def test_three_and_three_hundred_standards_cost_the_same() -> None:
    few = [one.pk for one in make_states(3, 1)]
    many = [one.pk for one in make_states(300, 2)]
    far = {"after": date(2026, 1, 1), "until": date(2026, 12, 31), "known_on": DAY}
    for keys in (few, many):
        with CaptureQueriesContext(connection) as asked:
            states_of(keys, on=DAY, known_on=DAY)
            changed_standards(**far)
            methods_by_standard(keys)
        assert len(asked) == 4
    assert {change.standard for change in changed_standards(**far)} <= {*few, *many}
