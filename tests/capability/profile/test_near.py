"""Who near a place can test it: distances, days, certificates, entries merged, and who sees which evidence."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import AT, institution, institution_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.near import Answer, laboratories_near
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate, Institution, Site
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.regions import Point, place_of
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

TODAY = AT.date()
LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2099, 1, 1)
NOBODY_SEES = Evidence.objects.none()


def hangzhou() -> Point:
    found = place_of("330100", TODAY)
    assert found
    return found


@pytest.fixture
def melamine(db: None) -> Parameter:
    made = Parameter(code="melamine", name_zh="三聚氰胺", name_en="Melamine", cas="108-78-1")
    enter_parameters([made], actor=None, at=AT)
    return made


@pytest.fixture
def milk(db: None) -> Matrix:
    made = Matrix(code="milk", name_zh="乳", name_en="Milk", field="food")
    enter_matrices([made], actor=None, at=AT)
    return made


@pytest.fixture
def method(db: None) -> Method:
    made = Method(number="GB/T 22388-2008", name_zh="三聚氰胺", name_en="Melamine")
    enter_methods([made], actor=None, at=AT)
    return made


@pytest.fixture
def capable(melamine: Parameter, milk: Matrix, method: Method) -> Any:
    """`capable(code)`: a laboratory there with a line and a certificate; keywords change line, certificate or place."""

    def make(
        code: str,
        *,
        line: dict[str, Any] | None = None,
        certified_to: date | None = FAR_OFF,
        point: Point | None = None,
    ) -> Institution:
        n = Institution.objects.count()
        where = institution("laboratory", f"实验室 {n}", f"Laboratory {n}")
        where.region_code = code
        where.latitude, where.longitude = (point.latitude, point.longitude) if point else (None, None)
        where.save()
        if certified_to:
            certificate = Certificate(
                institution=where, scheme="CMA", number=f"2311000000{n:02d}", valid_from=LONG_AGO,
                valid_to=certified_to, recorded_at=AT,
            )  # fmt: skip
            enter_certificates([certificate], actor=None, at=AT)
        held = ScopeLine(
            **{
                "institution": where, "parameter": melamine, "matrix": milk, "method": method, "valid_from": LONG_AGO,
                "recorded_at": AT, **(line or {}),
            }
        )  # fmt: skip
        enter_scope_lines([held], instruments={}, actor=None, at=AT)
        return where

    return make


def ask(melamine: Parameter, *matrices: Matrix, km: float = 100, on: date = TODAY, **more: Any) -> Answer:
    return laboratories_near(
        [melamine.pk],
        [one.pk for one in matrices],
        where=hangzhou(),
        km=km,
        on=on,
        known_on=more.pop("known_on", on),
        evidence=NOBODY_SEES,
        **more,
    )


def names(answer: Answer) -> list[str]:
    return [one.institution.region_code for one in answer.laboratories]


def test_the_nearest_comes_first_and_none_beyond_the_distance(capable: Any, melamine: Parameter, milk: Matrix) -> None:
    for code in ("110105", "330400", "330106", "330600"):  # Beijing, Jiaxing, Hangzhou, Shaoxing
        capable(code)
    found = ask(melamine, milk)
    assert names(found) == ["330106", "330600", "330400"]
    assert [one.km for one in found.laboratories] == sorted(one.km for one in found.laboratories)
    assert found.found == 3 and not any(one.exact for one in found.laboratories)
    assert names(ask(melamine, km=2000)) == ["330106", "330600", "330400", "110105"]
    assert found.laboratories[0].lines[0].method.number == "GB/T 22388-2008"
    assert found.laboratories[0].certificates[0].scheme == "CMA"


def test_only_the_nearest_are_described_but_all_are_counted(capable: Any, melamine: Parameter) -> None:
    for code in ("330106", "330600", "330400"):
        capable(code)
    found = ask(melamine, most=2)
    assert names(found) == ["330106", "330600"] and found.found == 3


@pytest.mark.parametrize(
    ("line", "certified_to", "found"),
    [
        ({}, FAR_OFF, True),
        ({"valid_to": TODAY}, FAR_OFF, True),
        ({"valid_to": TODAY - timedelta(days=1)}, FAR_OFF, False),
        ({"valid_from": TODAY + timedelta(days=1)}, FAR_OFF, False),
        ({"status": "self_suspended"}, FAR_OFF, False),
        ({"status": "cancelled"}, FAR_OFF, False),
        ({"recorded_at": AT + timedelta(days=1)}, FAR_OFF, False),  # not known on the day
        ({"superseded_at": AT}, FAR_OFF, False),  # known to have been wrong
        ({}, TODAY, True),
        ({}, TODAY - timedelta(days=1), False),
        ({}, None, False),
    ],
)
def test_line_and_certificate_hold_on_the_day(
    capable: Any, melamine: Parameter, line: dict[str, Any], certified_to: date | None, found: bool
) -> None:
    capable("330106", line=line, certified_to=certified_to)
    assert bool(ask(melamine).laboratories) is found


def test_a_matrix_narrows_and_none_does_not(capable: Any, melamine: Parameter, feed: Matrix) -> None:
    capable("330106")
    assert ask(melamine, feed).laboratories == []
    assert len(ask(melamine).laboratories) == 1


def test_coordinates_count_before_the_region(capable: Any, melamine: Parameter) -> None:
    capable("330100", point=Point(30.9, 120.1))  # 70 km north of the point of Hangzhou
    here = ask(melamine).laboratories[0]
    assert here.exact and 60 < here.km < 80
    assert ask(melamine, km=30).laboratories == []


def test_a_site_counts_where_it_is(capable: Any, melamine: Parameter, milk: Matrix, method: Method) -> None:
    lab = capable("110105")  # in Beijing, with a site in Hangzhou
    site = Site.objects.create(
        institution=lab,
        name_zh="杭州场所",
        name_en="Hangzhou site",
        region_code="330106",
        valid_from=LONG_AGO,
        recorded_at=AT,
    )
    line = ScopeLine(
        institution=lab, site=site, parameter=melamine, matrix=milk, method=method, valid_from=LONG_AGO, recorded_at=AT
    )
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    found = ask(melamine).laboratories
    assert [one.institution for one in found] == [lab]
    assert [one.site for one in found[0].lines] == [site]  # the line in Beijing is not near


def test_entries_of_one_institution_count_once(capable: Any, melamine: Parameter) -> None:
    kept, other = capable("330106"), capable("330600")
    Institution.objects.filter(pk=other.pk).update(merged_into=kept, merged_at=timezone.now())
    found = ask(melamine)
    assert [one.institution for one in found.laboratories] == [kept]
    assert {line.institution_id for line in found.laboratories[0].lines} == {kept.pk, other.pk}


def test_the_certificate_of_the_kept_entry_stands_for_the_merged_one(capable: Any, melamine: Parameter) -> None:
    kept, other = capable("110105"), capable("330106", certified_to=None)
    assert ask(melamine).laboratories == []
    Institution.objects.filter(pk=other.pk).update(merged_into=kept, merged_at=timezone.now())
    assert [one.institution for one in ask(melamine).laboratories] == [kept]


def test_an_old_code_is_found_where_its_place_is_today(capable: Any, melamine: Parameter) -> None:
    capable("330185")  # Lin'an, a district of Hangzhou with another code since
    assert names(ask(melamine)) == ["330185"]


def test_the_number_of_queries_does_not_grow(capable: Any, melamine: Parameter) -> None:
    def queries(n: int) -> int:
        while Institution.objects.count() < n:
            capable("330106")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert len(ask(melamine, most=300).laboratories) == n
        return len(seen)

    assert queries(3) == queries(40) <= 8


def test_evidence_is_shown_to_whom_it_was_announced_alone(
    released_round: Round,
    mercury: Parameter,
    feed: Matrix,
    method: Method,
    laboratory: User,
    other_laboratory: User,
    regulator: User,
) -> None:
    for user in (laboratory, other_laboratory):
        where = institution_of(user)
        number = f"23110000{Certificate.objects.count():04d}"
        certificate = Certificate(
            institution=where, scheme="CMA", number=number, valid_from=LONG_AGO, valid_to=FAR_OFF, recorded_at=AT
        )
        enter_certificates([certificate], actor=None, at=AT)
        line = ScopeLine(
            institution=where, parameter=mercury, matrix=feed, method=method, valid_from=LONG_AGO, recorded_at=AT
        )
        enter_scope_lines([line], instruments={}, actor=None, at=AT)

    def seen_by(user: Any) -> dict[str, tuple[str | None, bool]]:
        evidence = visible_to(visitor(user, on=TODAY))
        answer = laboratories_near(
            [mercury.pk], [], where=hangzhou(), km=50, on=TODAY, known_on=TODAY, evidence=evidence
        )
        return {
            one.institution.name_en: (shown.latest.payload["signal"], shown.suspended is not None)
            for one in answer.laboratories
            for shown in one.evidence.values()
            if shown.latest
        }

    mine, other = institution_of(laboratory).name_en, institution_of(other_laboratory).name_en
    assert seen_by(regulator) == {mine: ("acceptable", False), other: ("action", True)}
    assert seen_by(laboratory) == {mine: ("acceptable", False)}
    assert seen_by(other_laboratory) == {other: ("action", True)}
    assert seen_by(AnonymousUser()) == {}
