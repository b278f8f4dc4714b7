"""A laboratory's pages: its own result stands out, others are codes, its capability as of a day."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import own_code
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.equipment.actions import enter_calibrations, enter_instruments
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

CAPABILITY = reverse("workspace_capability")


@pytest.fixture
def client(client_of: Callable[[User | None], Client], laboratory: User) -> Client:
    return client_of(laboratory)


@pytest.fixture
def scope(laboratory: User, feed: Matrix) -> Callable[[int], None]:
    """Scope lines with an instrument each, through the verbs."""

    def make(n: int) -> None:
        where = institution_of(laboratory)
        method = Method(number=f"GB {n}")
        enter_methods([method], actor=None, at=AT)
        parameters = [Parameter(code=f"p{n}-{i}", name_zh=f"参数{i}", name_en=f"parameter {i}") for i in range(n)]
        enter_parameters(parameters, actor=None, at=AT)
        instruments = [
            Instrument(institution=where, serial=f"S{n}-{i}", name_zh="仪器", name_en="Device") for i in range(n)
        ]
        enter_instruments(instruments, actor=None, at=AT)
        enter_calibrations(
            [
                Calibration(
                    instrument=one, certificate="C", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), recorded_at=AT
                )
                for one in instruments
            ],
            actor=None, at=AT,
        )  # fmt: skip
        lines = [
            ScopeLine(
                institution=where, parameter=p, matrix=feed, method=method, valid_from=date(2026, 1, 1), recorded_at=AT
            )
            for p in parameters
        ]
        named = {line.pk: [one] for line, one in zip(lines, instruments, strict=True)}
        enter_scope_lines(lines, instruments=named, actor=None, at=AT)

    return make


def test_the_own_result_stands_out_and_nobody_is_named(client: Client, laboratory: User, released_round: Round) -> None:
    where = institution_of(laboratory)
    code = own_code(released_round, where)
    page = client.get(reverse("workspace_round", args=[released_round.pk]))
    body, said = page.content.decode(), text_of(page)
    assert f"Our code {code}" in said and "Our result" in said
    assert body.count('<tr class="own">') == 1 and f"{code} (you)" in said
    assert body.count('"own": true') == 2  # its bar in each of the two charts
    others = Identity.objects.exclude(institution=where).values_list("name", flat=True)
    assert not [name for name in others if name in body]


@pytest.mark.parametrize("who", ["laboratory", "other_laboratory"])
def test_a_sentence_says_what_the_score_means(
    request: pytest.FixtureRequest, client_of: Callable[[User | None], Client], released_round: Round, who: str
) -> None:
    said = text_of(client_of(request.getfixturevalue(who)).get(reverse("workspace_round", args=[released_round.pk])))
    expected = {"laboratory": "agrees with the assigned value", "other_laboratory": "gives an action signal"}[who]
    assert expected in said


def test_reports_are_there_and_nothing_else_is(client: Client, released_round: Round) -> None:
    report = client.get(reverse("workspace_round_file", args=[released_round.pk, "report-zh.pdf"]))
    assert report.content.startswith(b"%PDF-")
    for what in ("evaluation.json", "scores.xlsx", "report-xx.pdf"):
        assert client.get(reverse("workspace_round_file", args=[released_round.pk, what])).status_code == 404


def test_an_unreleased_round_is_not_there(client: Client, evaluated_round: Round) -> None:
    assert "No released round yet" in text_of(client.get(reverse("workspace_rounds")))
    assert client.get(reverse("workspace_round", args=[evaluated_round.pk])).status_code == 404


def test_a_released_round_is_listed_and_announced_today(client: Client, released_round: Round) -> None:
    assert released_round.number in text_of(client.get(reverse("workspace_rounds")))
    Round.objects.update(released_at=AT.replace(year=2100))
    assert "Read our result: Total mercury in feed" in text_of(client.get(reverse("home")))
    assert "查看本室结果" in text_of(in_chinese(client).get(reverse("home")))


def test_capability_shows_gates_as_of_a_day(client: Client, scope: Callable[[int], None]) -> None:
    scope(1)
    said = text_of(client.get(CAPABILITY, {"on": "2026-06-01"}))
    assert "parameter 0 in Feed" in said
    assert "Device S1-0: to 2026-12-31" in said and "none is known" in said
    later = text_of(client.get(CAPABILITY, {"on": "2027-06-01"}))
    assert "ended on 2026-12-31" in later
    assert "No scope on this day" in text_of(client.get(CAPABILITY, {"on": "2025-06-01"}))


def test_a_release_puts_a_line_of_evidence_under_the_capability(
    client: Client, laboratory: User, released_round: Round, mercury: Parameter, feed: Matrix
) -> None:
    method = Method(number="GB/T 13081")
    enter_methods([method], actor=None, at=AT)
    line = ScopeLine(
        institution=institution_of(laboratory), parameter=mercury, matrix=feed, method=method,
        valid_from=date(2025, 1, 1), recorded_at=AT,
    )  # fmt: skip
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    said = text_of(client.get(CAPABILITY, {"on": "2026-06-01"}))
    assert f"Proficiency-testing result {released_round.number}" in said and "acceptable" in said
    assert released_round.number not in text_of(client.get(CAPABILITY, {"known": "2026-04-14"})), (
        "not known the day before"
    )


@pytest.mark.parametrize("day", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_a_day_that_is_none_is_said(client: Client, day: str) -> None:
    page = client.get(CAPABILITY, {"on": day})
    assert page.status_code == 200 and "That was not a day" in text_of(page)


def test_three_and_many_scope_lines_cost_the_same(client: Client, scope: Callable[[int], None]) -> None:
    scope(3)
    few = queries_of(lambda: client.get(CAPABILITY, {"on": "2026-06-01"}))
    scope(60)
    assert queries_of(lambda: client.get(CAPABILITY, {"on": "2026-06-01"})) == few


def test_three_and_many_rounds_cost_the_same(client: Client, laboratory: User, released_round: Round) -> None:
    few = queries_of(lambda: client.get(reverse("workspace_rounds")))
    where: Institution = institution_of(laboratory)
    for i in range(40):
        again = Round.objects.create(
            number=f"again {i}", title_zh="轮", title_en="round", provider=released_round.provider, state="released",
            performed_on=released_round.performed_on, created_at=AT, released_at=AT, attachment=released_round.attachment,
        )  # fmt: skip
        Identity.objects.create(participation=again.participations.create(code="A01"), institution=where, name="x")
    assert queries_of(lambda: client.get(reverse("workspace_rounds"))) == few
