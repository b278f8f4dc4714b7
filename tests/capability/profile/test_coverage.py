"""Gaps and crowds by hand-made networks: distances that an atlas gives, entries merged, lines and certificates that ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from zhunsheng.capability.profile.coverage import counted, coverage, distances, place_code, places, untested
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate, Institution, Site
from zhunsheng.registry.regions import distance_km
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

TODAY = AT.date()
LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2099, 1, 1)


@pytest.fixture
def milk(db: None) -> tuple[Parameter, Matrix, Method]:
    made = (
        Parameter(code="melamine", name_zh="三聚氰胺", name_en="Melamine", cas="108-78-1"),
        Matrix(code="milk", name_zh="乳", name_en="Milk", field="food"),
        Method(number="GB/T 22388-2008", name_zh="三聚氰胺", name_en="Melamine"),
    )
    enter_parameters([made[0]], actor=None, at=AT)
    enter_matrices([made[1]], actor=None, at=AT)
    enter_methods([made[2]], actor=None, at=AT)
    return made


def laboratory(
    milk: tuple[Parameter, Matrix, Method], code: str, *, certified_to: date = FAR_OFF, line_to: date | None = None
) -> Institution:
    n = Institution.objects.count()
    where = institution("laboratory", f"实验室 {n}", f"Laboratory {n}", region_code=code)
    certificate = Certificate(
        institution=where,
        scheme="CMA",
        number=f"2011000000{n:02d}",
        valid_from=LONG_AGO,
        valid_to=certified_to,
        recorded_at=AT,
    )
    enter_certificates([certificate], actor=None, at=AT)
    line = ScopeLine(
        institution=where, parameter=milk[0], matrix=milk[1], method=milk[2], valid_from=LONG_AGO, valid_to=line_to,
        recorded_at=AT,
    )  # fmt: skip
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    return where


def test_every_place_is_where_the_atlas_says() -> None:
    where = {one.code: n for n, one in enumerate(places(TODAY))}
    table = distances(TODAY)
    for a, b in (("330100", "310000"), ("110000", "120000"), ("650100", "460100")):
        one, other = places(TODAY)[where[a]], places(TODAY)[where[b]]
        assert table[where[a], where[b]] == pytest.approx(distance_km(one.point, other.point), abs=1e-6)
    assert 150 < table[where["330100"], where["310000"]] < 180  # Hangzhou to Shanghai
    assert (table.diagonal() == 0).all() and (table == table.T).all()


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("330106", "330100"),  # a district of Hangzhou
        ("330103", "330100"),  # one that ended in 2021
        ("371202", "370100"),  # of a prefecture that became a part of Jinan
        ("110105", "110000"),  # a municipality has no prefectures
        ("429004", "429004"),  # a county directly under its province
        ("330171", "330100"),  # a development zone, which is not listed
        ("999999", None),
    ],
)
def test_which_place_a_code_lies_in(code: str, place: str | None) -> None:
    assert place_code(code, TODAY) == place


def test_a_gap_is_a_place_without_a_laboratory_within_the_distance(milk: tuple[Parameter, Matrix, Method]) -> None:
    laboratory(milk, "330106")
    laboratory(milk, "330110")
    (found,) = coverage(counted(TODAY, TODAY), on=TODAY, km=200, within=("33",))
    assert (found.laboratories, found.by_place, found.most_within) == (2, {"330100": 2}, 2)
    gaps = {place.name.zh: far for place, far in found.gaps}
    assert "温州市" in gaps and 220 < gaps["温州市"] < 280
    assert "杭州市" not in gaps and "宁波市" not in gaps
    (wider,) = coverage(counted(TODAY, TODAY), on=TODAY, km=400, within=("33",))
    assert wider.gaps == ()


def test_a_laboratory_beyond_the_border_counts_for_those_near_it(milk: tuple[Parameter, Matrix, Method]) -> None:
    laboratory(milk, "310101")
    (found,) = coverage(counted(TODAY, TODAY), on=TODAY, km=200, within=("33",))
    assert found.laboratories == 0  # none in Zhejiang itself
    assert "330400" not in {place.code for place, _ in found.gaps}  # but Jiaxing lies near Shanghai


def test_what_has_ended_or_is_merged_does_not_count(milk: tuple[Parameter, Matrix, Method]) -> None:
    yesterday = TODAY - timedelta(days=1)
    laboratory(milk, "330106", certified_to=yesterday)
    laboratory(milk, "330106", line_to=yesterday)
    assert counted(TODAY, TODAY) == {}
    kept, twin = laboratory(milk, "330106"), laboratory(milk, "330106")
    item = (milk[0].pk, milk[1].pk)
    assert counted(TODAY, TODAY)[item] == {"330100": 2}
    Institution.objects.filter(pk=twin.pk).update(merged_into=kept, merged_at=AT)
    assert counted(TODAY, TODAY)[item] == {"330100": 1}
    long_ago = yesterday - timedelta(days=400)
    assert counted(long_ago, long_ago) == {}  # nothing was known then


def test_two_queries_however_many_there_are(milk: tuple[Parameter, Matrix, Method]) -> None:
    for code in ("330106", "310101", "110105"):
        laboratory(milk, code)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        coverage(counted(TODAY, TODAY), on=TODAY, km=100)
    assert len(asked) == 2


def also_at(where: Institution, code: str, milk: tuple[Parameter, Matrix, Method]) -> None:
    site = Site.objects.create(
        institution=where,
        name_zh=f"分场所 {code}",
        name_en=f"Branch {code}",
        region_code=code,
        valid_from=LONG_AGO,
        recorded_at=AT,
    )
    line = ScopeLine(
        institution=where, site=site, parameter=milk[0], matrix=milk[1], method=milk[2], valid_from=LONG_AGO, recorded_at=AT
    )  # fmt: skip
    enter_scope_lines([line], instruments={}, actor=None, at=AT)


def test_two_counties_of_one_prefecture_count_an_institution_once(milk: tuple[Parameter, Matrix, Method]) -> None:
    where = laboratory(milk, "330106")
    also_at(where, "330110", milk)  # another district of Hangzhou
    also_at(where, "330402", milk)  # a district of Jiaxing
    laboratory(milk, "330110")
    assert counted(TODAY, TODAY)[milk[0].pk, milk[1].pk] == {"330100": 2, "330400": 1}


def test_what_nobody_tests_is_listed(milk: tuple[Parameter, Matrix, Method]) -> None:
    def gone() -> list[tuple[int, int | None]]:
        return untested("food", counted(TODAY, TODAY, matrix__field="food"), known_on=TODAY)

    melamine, whole = milk[0].pk, milk[1].pk
    assert gone() == [(melamine, None)]  # the catalogue holds it, no line names it
    laboratory(milk, "330106", line_to=TODAY - timedelta(days=1))
    assert gone() == [(melamine, whole)]  # a line named it until yesterday
    (found,) = coverage({}, on=TODAY, km=200, within=("33",), nobody=gone())
    assert (found.laboratories, len(found.gaps), {far for _, far in found.gaps}) == (0, 11, {None})
    laboratory(milk, "330106")
    assert gone() == []


def test_a_substance_that_nobody_tests_in_its_food_is_listed(milk: tuple[Parameter, Matrix, Method]) -> None:
    listed = Matrix(code="dairy", name_zh="乳及乳制品", name_en="Dairy", field="food")
    enter_matrices([listed], actor=None, at=AT)
    item = (milk[0].pk, listed.pk)
    assert untested("food", [], known_on=TODAY) == [item]
    assert untested("textiles", [], known_on=TODAY) == [(milk[0].pk, None)]
    Matrix.objects.filter(pk=milk[1].pk).update(within=listed)
    assert untested("food", [(milk[0].pk, milk[1].pk)], known_on=TODAY) == [(milk[0].pk, None)]


def test_the_page_lists_what_nobody_tests_first(
    milk: tuple[Parameter, Matrix, Method], client_of: Any, regulator: User
) -> None:
    laboratory(milk, "330106")
    other = Parameter(code="clenbuterol", name_zh="克伦特罗", name_en="Clenbuterol")
    enter_parameters([other], actor=None, at=AT)
    page = client_of(regulator).get("/office/coverage/?field=food").content.decode()
    assert page.index("Clenbuterol (in no matrix)") < page.index("nobody tests it") < page.index("Melamine in Milk")
    whole = client_of(regulator).get(f"/office/coverage/{other.pk}/{milk[1].pk}/").content.decode()
    assert "Clenbuterol in Milk" in whole
