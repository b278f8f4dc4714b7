"""The list of non-food substances, one of them, and who can test it near a place, as anybody and as those who see evidence."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.cast import AT, institution, institution_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.substances.shipped import substances

LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2099, 1, 1)

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, **asked: Any) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def approve(where: Institution, parameter: Parameter, matrix: Matrix, method: Method) -> None:
    number = f"2311000000{Certificate.objects.count():02d}"
    certificate = Certificate(
        institution=where, scheme="CMA", number=number, valid_from=LONG_AGO, valid_to=FAR_OFF, recorded_at=AT
    )
    enter_certificates([certificate], actor=None, at=AT)
    line = ScopeLine(
        institution=where, parameter=parameter, matrix=matrix, method=method, valid_from=LONG_AGO, recorded_at=AT
    )
    enter_scope_lines([line], instruments={}, actor=None, at=AT)


@pytest.fixture
def melamine_in_milk(db: None) -> tuple[Parameter, Matrix, Method]:
    parameter = Parameter(code="melamine", name_zh="三聚氰胺", name_en="Melamine", cas="108-78-1")
    matrix = Matrix(code="milk", name_zh="乳", name_en="Milk", field="food")
    method = Method(number="GB/T 22388-2008", name_zh="三聚氰胺", name_en="Melamine")
    enter_parameters([parameter], actor=None, at=AT)
    enter_matrices([matrix], actor=None, at=AT)
    enter_methods([method], actor=None, at=AT)
    return parameter, matrix, method


@pytest.fixture
def near_hangzhou(melamine_in_milk: tuple[Parameter, Matrix, Method]) -> Institution:
    where = institution("laboratory", "示例市食品检验中心", "Example Municipal Food Centre")
    approve(where, *melamine_in_milk)
    return where


# The list


def test_the_whole_list_is_there_page_by_page(client: Client) -> None:
    seen = "".join(page(client, "/substances/", page=n) for n in (1, 2, 3))
    assert all(f'href="/substances/{n}/"' in seen for n in range(1, 65))


@pytest.mark.parametrize(("words", "number"), [("melamine", 4), ("三聚氰胺", 4), ("108-78-1", 4), ("味精", 13)])
def test_the_list_is_searched(client: Client, words: str, number: int) -> None:
    seen = page(client, "/substances/", q=words)
    assert f'href="/substances/{number}/"' in seen and 'href="/substances/2/"' not in seen


def test_a_search_without_an_answer_says_what_it_means(client: Client) -> None:
    assert "A substance that is not here is not therefore allowed." in page(
        client, "/substances/", q="salt of the earth"
    )


def test_substances_without_a_method_are_listed_and_told_so(client: Client) -> None:
    seen = page(client, "/substances/", method="none", q="木耳")
    assert 'href="/substances/34/"' in seen and 'href="/substances/35/"' in seen and "none named" in seen
    assert 'href="/substances/4/"' not in page(client, "/substances/", method="none", q="melamine")


def test_what_is_shown_is_exported(client: Client) -> None:
    answer = client.get("/substances/", {"q": "phthalate", "format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 1 + 17
    assert rows[1][:3] == ("48", "Di(2-ethylhexyl) phthalate (DEHP)", "117-81-7")
    assert "A later standard: GB 5009.271-2016" in str(rows[1][4])


# One substance


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("number", substances())
def test_every_substance_has_a_page_in_both_languages(client: Client, number: int, language: str) -> None:
    one = substances()[number]
    client.cookies["django_language"] = language
    seen = page(client, f"/substances/{number}/")
    plainly = {"en": "The list names no method for this substance.", "zh-hans": "名单未列出该物质的检测方法。"}
    assert (plainly[language] in seen) is not one.has_listed_method
    assert all(cas in seen for cas in one.cas)


@pytest.mark.parametrize("number", [0, 65, 10**30])
def test_a_substance_that_is_not_in_the_list_is_not_there(client: Client, number: int) -> None:
    assert client.get(f"/substances/{number}/").status_code == 404


def test_methods_show_their_state_on_the_day(client: Client) -> None:
    old = Standard.objects.create(number="GB/T 22388-2008", name_zh="a", name_en="a")
    new = Standard.objects.create(number="GB 5009.999-2025", name_zh="b", name_en="b")
    for state, since, instead in (("current", date(2008, 10, 7), None), ("superseded", date(2026, 1, 1), new)):
        StandardState.objects.create(
            standard=old, state=state, valid_from=since, replacement=instead, source="test", recorded_at=AT
        )
    seen = page(client, "/substances/4/")
    assert "Superseded" in seen and "GB 5009.999-2025" in seen
    assert "not in the catalogue: state not known" in seen  # GB/T 22400-2008
    assert "Superseded" not in page(client, "/substances/4/", on="2020-01-01")


def test_the_plan_tells_how_many_samples(client: Client) -> None:
    asked = {"prevalence": "1", "probability": "95", "sensitivity": "100", "population": ""}
    assert "299 samples" in page(client, "/substances/4/", **asked)
    assert "95 samples" in page(client, "/substances/4/", **{**asked, "population": "100"})


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("prevalence", "0", "The prevalence lies above 0"), ("probability", "100", "below 1"), ("prevalence", "x", "Enter a number."),
        ("prevalence", "nan", "Enter a number."), ("sensitivity", "", "This field is required."),
        ("population", "1000001", "1000000"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused_at_its_field(client: Client, field: str, value: str, said: str) -> None:
    asked = {"prevalence": "1", "probability": "95", "sensitivity": "100", "population": ""}
    seen = page(client, "/substances/4/", **{**asked, field: value})
    assert said in seen and f'id="id_{field}_error"' in seen


def test_a_substance_is_tested_near_a_place(client: Client, near_hangzhou: Institution) -> None:
    seen = page(client, "/substances/4/", place="330106", km="100")
    assert near_hangzhou.name_en in seen and "CMA 231100000000" in seen and "GB/T 22388-2008" in seen
    assert "No laboratory within 100 km" in page(client, "/substances/4/", place="Harbin", km="100")


def test_without_a_parameter_in_the_catalogue_the_page_says_so(client: Client) -> None:
    assert "The catalogue has no parameter for this substance" in page(client, "/substances/4/")


# Who can test it near a place


@pytest.mark.parametrize("what", ["melamine", "三聚氰胺", "108-78-1"])
@pytest.mark.parametrize("where", ["Hangzhou", "杭州", "330185", "浙江省杭州市西湖区"])
def test_the_nearest_laboratories_are_found(client: Client, near_hangzhou: Institution, what: str, where: str) -> None:
    assert near_hangzhou.name_en in page(client, "/find/", what=what, matrix="milk", place=where)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Name a parameter and a place"),
        ({"what": "unobtainium", "place": "Hangzhou"}, "No parameter is called “unobtainium”."),
        ({"what": "melamine", "place": "Atlantis"}, "No region is called “Atlantis”."),
        ({"what": "melamine", "matrix": "moon dust", "place": "Hangzhou"}, "No matrix is called “moon dust”."),
        ({"what": "melamine", "place": "Chaoyang"}, "Or did you mean"),
        ({"what": "melamine", "place": "Hangzhou", "on": "2010-01-01"}, "No laboratory within 200 km"),
        ({"what": "melamine", "place": "Hangzhou", "on": "nonsense", "km": "-3"}, "Example Municipal Food Centre"),
        ({"what": "melamine\0", "place": "Hangzhou\0"}, "Example Municipal Food Centre"),
    ],
)
def test_what_the_page_says(client: Client, near_hangzhou: Institution, asked: dict[str, str], said: str) -> None:
    assert said in page(client, "/find/", **asked)


def test_names_are_suggested_while_typing(client: Client, melamine_in_milk: tuple[Parameter, Matrix, Method]) -> None:
    assert "Melamine" in page(client, "/find/suggestions/", what="mela")
    assert "Milk" in page(client, "/find/suggestions/", matrix="mi")
    assert "Hangzhou, Zhejiang" in page(client, "/find/suggestions/", place="hang")
    with translation.override("zh-hans"):
        client.cookies["django_language"] = "zh-hans"
        assert "浙江省杭州市" in page(client, "/find/suggestions/", place="hang")
    assert page(client, "/find/suggestions/").strip() == ""


def test_the_number_of_queries_does_not_grow(
    client: Client, melamine_in_milk: tuple[Parameter, Matrix, Method]
) -> None:
    def queries(n: int) -> int:
        for made in range(n - Institution.objects.count()):
            where = institution("laboratory", f"实验室 {n} {made}", f"Laboratory {n} {made}")
            approve(where, *melamine_in_milk)
        with CaptureQueriesContext(connection) as seen:
            page(client, "/find/", what="melamine", place="Hangzhou")
        return len(seen)

    assert queries(3) == queries(30)


def test_what_a_round_has_shown_is_not_public(
    released_round: Round, mercury: Parameter, feed: Matrix, client_of: Callable[[Any], Client], laboratory: User,
    other_laboratory: User, regulator: User,
) -> None:  # fmt: skip
    method = Method(number="GB/T 13081-2022", name_zh="汞", name_en="Mercury")
    enter_methods([method], actor=None, at=AT)
    for user in (laboratory, other_laboratory):
        approve(institution_of(user), mercury, feed, method)

    def seen_by(user: User | None) -> str:
        return page(client_of(user), "/find/", what="mercury", place="Hangzhou")

    for user in (None, laboratory, other_laboratory, regulator):
        assert institution_of(laboratory).name_en in seen_by(user)
    assert "IMEP-111" not in seen_by(None) and "Suspended" not in seen_by(None)
    assert "Results of proficiency tests are not public." in seen_by(None)
    assert "IMEP-111" in seen_by(laboratory) and "Suspended" not in seen_by(laboratory)
    assert "Suspended after a failed round" in seen_by(other_laboratory)
    assert seen_by(regulator).count("IMEP-111") == 2
