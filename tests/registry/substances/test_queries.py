"""What the list calls a substance and what the catalogue does, and the states of its standards."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from zhunsheng.registry.catalogue.models import Method, Parameter, ParameterName, Standard, StandardState
from zhunsheng.registry.substances.queries import editions_meant, methods_meant, parameters_meant
from zhunsheng.registry.substances.shipped import substances

TODAY = date(2026, 4, 15)
LIST = substances()
MELAMINE, SUDAN, DEHP, SULFIDE = LIST[4], LIST[2], LIST[48], LIST[13]

pytestmark = pytest.mark.django_db


def parameter(code: str, zh: str, en: str, cas: str = "") -> Parameter:
    return Parameter.objects.create(code=code, name_zh=zh, name_en=en, cas=cas)


def standard(number: str, *states: tuple[str, date]) -> Standard:
    made = Standard.objects.create(number=number, name_zh=number, name_en=number)
    for state, since in states:
        StandardState.objects.create(standard=made, state=state, valid_from=since, source="test", recorded_at=AT)
    return made


def test_a_parameter_is_meant_by_number_or_by_a_whole_name() -> None:
    by_cas = parameter("melamine", "密胺", "Triaminotriazine", "108-78-1")
    by_name = parameter("sudan-1", "苏丹红Ⅰ", "Solvent Yellow 14")
    by_other_name = parameter("bis", "塑化剂", "Plasticiser")
    ParameterName.objects.create(parameter=by_other_name, language="en", name="dehp")
    parameter("sudan-sum", "苏丹红总量", "Sudan dyes, sum")  # holds the name, is not called so
    meant = parameters_meant([MELAMINE, SUDAN, DEHP, SULFIDE])
    assert meant == {4: [by_cas], 2: [by_name], 48: [by_other_name], 13: []}


def test_names_are_compared_without_case_and_width() -> None:
    found = parameter("sudan-2", "Sudan II", "SUDAN  II".replace("  ", " "))
    assert parameters_meant([SUDAN])[2] == [found]


def test_a_number_without_a_year_means_every_edition_and_one_with_a_year_that_one() -> None:
    old = standard("GB/T 21911-2008", ("current", date(2008, 9, 1)), ("superseded", date(2017, 6, 23)))
    new = standard("GB 5009.271-2016", ("current", date(2017, 6, 23)))
    standard("GB/T 219110-2008")
    standard("GB 5009.271-2030")
    found = editions_meant([DEHP], on=TODAY, known_on=TODAY)
    assert [one.standard for one in found["GB/T 21911"]] == [old]
    assert [one.standard for one in found["GB 5009.271-2016"]] == [new]
    rows = [found[number][0].on_day.row for number in ("GB/T 21911", "GB 5009.271-2016")]
    assert [row.state for row in rows if row] == ["superseded", "current"]
    earlier = editions_meant([DEHP], on=date(2010, 1, 1), known_on=TODAY)["GB/T 21911"][0].on_day.row
    assert earlier and earlier.state == "current"


def test_a_standard_that_the_catalogue_does_not_hold_has_no_state() -> None:
    assert editions_meant([MELAMINE], on=TODAY, known_on=TODAY) == {"GB/T 22388-2008": [], "GB/T 22400-2008": []}


def test_methods_rest_on_the_standard_or_bear_its_number() -> None:
    whole = standard("GB/T 22388-2008")
    first = Method.objects.create(
        number="GB/T 22388-2008 第一法", name_zh="高效液相色谱法", name_en="HPLC", standard=whole
    )
    loose = Method.objects.create(number="GB/T 22400-2008", name_zh="快速检测", name_en="Rapid")
    Method.objects.create(number="GB/T 1", name_zh="别的", name_en="Another")
    editions = editions_meant([MELAMINE, SULFIDE], on=TODAY, known_on=TODAY)
    assert methods_meant([MELAMINE, SULFIDE], editions) == {4: [first, loose], 13: []}


def test_the_whole_list_is_asked_in_as_many_queries_as_one_substance() -> None:
    parameter("melamine", "三聚氰胺", "Melamine", "108-78-1")
    standard("GB/T 22388-2008", ("current", date(2008, 10, 7)))

    def queries(listed: list[int]) -> int:
        chosen = [LIST[n] for n in listed]
        with CaptureQueriesContext(connection) as seen:
            parameters_meant(chosen)
            methods_meant(chosen, editions_meant(chosen, on=TODAY, known_on=TODAY))
        return len(seen)

    assert queries([4]) == queries(list(LIST)) == 5
