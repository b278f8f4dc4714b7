"""What an evaluation rests on, on its page: settings of one measurand, results taken out and put back, questions of tests."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency import actions, choices, queries
from zhunsheng.activities.proficiency.models import Exclusion, Participation, Round
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry


def of(name: str, round_: Round, *more: int) -> str:
    return reverse(f"office_round_evaluation{name}", args=[round_.pk, *more])


@pytest.fixture
def client(client_of: Callable[[User | None], Client], coordinator: User) -> Client:
    return client_of(coordinator)


@pytest.fixture
def statistician(coordinator: User) -> User:
    return user_with_post("statistician", "statistician", institution_of(coordinator))


def first_code(round_: Round) -> str:
    return Participation.objects.filter(round=round_).order_by("code").values_list("code", flat=True)[0]


def test_a_result_is_taken_out_with_a_reason_and_put_back(
    client: Client, evaluated_round: Round, coordinator: User
) -> None:
    code = first_code(evaluated_round)
    address = of("_exclude", evaluated_round, 0)
    assert "Give a reason" in text_of(client.post(address, {"code": code, "out": "yes", "reason": " "}, follow=True))
    said = text_of(client.post(address, {"code": code, "out": "yes", "reason": "wrong unit"}, follow=True))
    assert "Left out of the statistics: 1" in said and "wrong unit" in said
    evaluated_round.refresh_from_db()
    assert queries.needs_evaluation(evaluated_round, queries.latest_evaluation(evaluated_round))
    document = queries.document(actions.evaluate(evaluated_round.pk, actor=coordinator, at=AT))
    assert [s["excluded"] for s in document["scores"] if s["laboratory"] == code] == ["wrong unit"]
    page = text_of(in_chinese(client).get(reverse("office_round", args=[evaluated_round.pk])))
    assert "不参与统计：wrong unit" in page
    client.post(address, {"code": code, "out": "no", "reason": "it was right"})
    assert queries.excluded_in(evaluated_round) == [{}]
    assert list(Exclusion.objects.values_list("out", flat=True)) == [True, False]
    assert Entry.objects.filter(verb__in=("exclude_result", "include_result")).count() == 2


def test_taking_out_and_putting_back_gives_the_very_bytes_as_before(evaluated_round: Round, coordinator: User) -> None:
    before = queries.latest_evaluation(evaluated_round)
    one = Participation.objects.filter(round=evaluated_round)[0]
    for out in (True, False):
        choices.exclude(evaluated_round, one, None, out=out, reason="x", actor=coordinator, at=AT)
    after = actions.evaluate(evaluated_round.pk, actor=coordinator, at=AT)
    assert before is not None and bytes(after.document) == bytes(before.document) and after.version == 2


def test_settings_of_one_measurand_are_set_and_shown(client: Client, evaluated_round: Round) -> None:
    given = {"assigned": "median", "u_assigned": "", "sigma": "0.01"}
    said = text_of(client.post(of("_measurand", evaluated_round, 0), given, follow=True))
    assert "The settings were changed" in said and "(of this measurand alone)" in said
    assert queries.settings_of(evaluated_round)[0].assigned == "median"
    refused = text_of(client.post(of("_measurand", evaluated_round, 0), {"assigned": "guess"}, follow=True))
    assert "“guess” is neither a number nor a way" in refused


def test_the_page_speaks_chinese_and_asks_about_far_results(client: Client, evaluated_round: Round) -> None:
    said = text_of(in_chinese(client).get(of("", evaluated_round)))
    assert "检验提示的可疑值" in said and "不参与统计：0 个" in said


def test_the_statistician_sees_codes_and_no_names(
    client_of: Callable[[User | None], Client], statistician: User, evaluated_round: Round
) -> None:
    said = text_of(client_of(statistician).get(of("", evaluated_round)))
    assert first_code(evaluated_round) in said and "Example Laboratory" not in said


def test_after_the_release_nothing_is_taken_out(released_round: Round, coordinator: User) -> None:
    one = Participation.objects.filter(round=released_round)[0]
    with pytest.raises(CannotDo, match="released"):
        choices.exclude(released_round, one, None, out=True, reason="x", actor=coordinator, at=AT)


def test_the_number_of_queries_does_not_grow_with_the_decisions(
    client: Client, evaluated_round: Round, coordinator: User
) -> None:
    people = list(Participation.objects.filter(round=evaluated_round))
    choices.exclude(evaluated_round, people[0], None, out=True, reason="x", actor=coordinator, at=AT)
    few = queries_of(lambda: client.get(of("", evaluated_round)))
    for one in people[1:8]:
        choices.exclude(evaluated_round, one, None, out=True, reason="x", actor=coordinator, at=AT)
    assert queries_of(lambda: client.get(of("", evaluated_round))) == few


def test_a_rule_of_judging_is_chosen_and_shown(client: Client, evaluated_round: Round, coordinator: User) -> None:
    address = of("_judging", evaluated_round)
    given = {"score": "zeta", "rule": "share-satisfactory", "share": "60"}
    said = text_of(client.post(address, given, follow=True))
    assert "Judged by ζ." in said and "at least 60 %" in said and "There is no retest." in said
    document = queries.document(actions.evaluate(evaluated_round.pk, actor=coordinator, at=AT))
    assert document["score_used"] == "zeta" and document["judging"]["rule"]["share"] == 60
    page = text_of(in_chinese(client).get(reverse("office_round", args=[evaluated_round.pk])))
    assert "综合结论" in page and "实验室至少 60% 的被测量为满意方为合格" in page
    assert "不能以该比分数判定" in text_of(client.post(address, {"score": "guess"}, follow=True))
