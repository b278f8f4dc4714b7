"""How far a regulator sees follows from level and region of the authority, and from nothing else."""

from datetime import date

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from tests.cast import AT, BINJIANG, HANGZHOU, XIHU, institution, regulating
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_posts
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.queries import visitor

TODAY = date(2026, 4, 15)
SUZHOU, WENZHOU = "320500", "330300"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "reaches", "not_there"),
    [
        ("national", [XIHU, HANGZHOU, SUZHOU], []),
        ("province", [XIHU, HANGZHOU, WENZHOU], [SUZHOU]),
        ("other_province", [SUZHOU], [XIHU, HANGZHOU]),
        ("regulator", [XIHU, BINJIANG, HANGZHOU], [WENZHOU, SUZHOU]),
        ("county", [XIHU], [BINJIANG, HANGZHOU, SUZHOU]),
        ("coordinator", [], [XIHU, HANGZHOU]),
        ("institution_admin", [], [XIHU, HANGZHOU]),
        ("integrity_officer", [], [XIHU, HANGZHOU]),
        ("administrator", [], [XIHU, HANGZHOU]),
    ],
)
def test_one_place_at_a_time_and_as_a_question_to_the_table(
    who: str, reaches: list[str], not_there: list[str], request: pytest.FixtureRequest
) -> None:
    reach = visitor(request.getfixturevalue(who), on=TODAY).jurisdiction
    assert bool(reach) is bool(reaches)
    placed = {code: institution("laboratory", code, code, region_code=code).pk for code in {*reaches, *not_there}}
    found = Institution.objects.filter(reach.q("region_code", TODAY), pk__in=placed.values())
    assert {one.region_code for one in found} == set(reaches)
    beside = Institution.objects.filter(Q(name_en="nobody") | reach.q("region_code", TODAY), pk__in=placed.values())
    assert {one.region_code for one in beside} == set(reaches)
    assert [code for code in placed if reach.covers(code, TODAY)] == [code for code in placed if code in reaches]


@pytest.mark.django_db
def test_an_office_in_a_district_reaches_as_far_as_its_level() -> None:
    reach = visitor(regulating("p", "省局", "P", level="provincial", region_code=XIHU), on=TODAY).jurisdiction
    assert reach.covers(WENZHOU, TODAY) and not reach.covers(SUZHOU, TODAY)


@pytest.mark.django_db
def test_an_authority_without_a_level_reaches_nowhere() -> None:
    reach = visitor(regulating("p", "某局", "P", level="", region_code="330000"), on=TODAY).jurisdiction
    assert not reach and not reach.covers(XIHU, TODAY)
    institution("laboratory", "某室", "L")
    assert not Institution.objects.filter(reach.q("region_code", TODAY)).exists()


@pytest.mark.django_db
def test_posts_in_several_authorities_reach_together(
    county: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    also = institution("authority", "邻市局", "Neighbour", region_code=SUZHOU, level="prefecture")
    post = Post(person=county.person, institution=also, kind="regulator", valid_from=date(2026, 1, 1))
    enter_posts([post], actor=None, at=AT)
    with django_assert_num_queries(1):
        seen = visitor(county, on=TODAY)
        assert seen.jurisdiction.covers(XIHU, TODAY) and seen.jurisdiction.covers(SUZHOU, TODAY)
        assert not seen.jurisdiction.covers(BINJIANG, TODAY)
    assert visitor(county, on=date(2025, 12, 31)).jurisdiction.covers(SUZHOU, TODAY) is False


@pytest.mark.django_db
def test_of_several_institutions_the_chosen_one_comes_first(laboratory: User) -> None:
    second = institution("laboratory", "第二实验室", "Second Laboratory")
    enter_posts(
        [Post(person=laboratory.person, institution=second, kind="analyst", valid_from=TODAY)], actor=None, at=AT
    )
    assert visitor(laboratory, on=TODAY).laboratory != second
    assert visitor(laboratory, on=TODAY, acting_for=second.pk).laboratory == second
    stranger = institution("laboratory", "他人实验室", "Not His")
    assert visitor(laboratory, on=TODAY, acting_for=stranger.pk).laboratory == visitor(laboratory, on=TODAY).laboratory


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "seat", "sees", "not_this"),
    [
        ("county", "330105", ["330103", "330105"], ["330106"]),  # Xiacheng went into Gongshu in 2021
        ("provincial", "500000", ["510200", "500106"], ["510100"]),  # Chongqing was a city of Sichuan until 1997
        ("provincial", "510000", ["510100"], ["510200"]),
    ],
)
def test_places_are_found_by_the_codes_they_bore_before(
    level: str, seat: str, sees: list[str], not_this: list[str]
) -> None:
    reach = visitor(regulating("r", "某局", "R", level=level, region_code=seat), on=TODAY).jurisdiction
    assert [reach.covers(code, TODAY) for code in sees + not_this] == [True] * len(sees) + [False] * len(not_this)
    made = [institution("laboratory", code, code, region_code=code).pk for code in sees + not_this]
    found = Institution.objects.filter(reach.q("region_code", TODAY), pk__in=made)
    assert {one.region_code for one in found} == set(sees)
