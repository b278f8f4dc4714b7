"""The screen of a round, and the statistician, who sees codes only."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.activities.proficiency.planned import planned_round
from tests.cast import institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Identity, Participation, Round
from zhunsheng.foundation.accounts.models import User

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]


@pytest.fixture
def statistician(coordinator: User) -> User:
    return user_with_post("statistician", "statistician", institution_of(coordinator))


def test_every_test_says_why_it_was_not_applied(client_of: Clients, coordinator: User, evaluated_round: Round) -> None:
    said = text_of(client_of(coordinator).get(reverse("office_round_screen", args=[evaluated_round.pk])))
    assert said.count("Not applied:") == 4
    assert "21 laboratories" not in said  # enough for T3: it is replicates that are missing
    assert "No replicates" in said and "0 laboratories with 8 scores over the rounds; the test needs 30." in said


def test_before_the_results_are_there(client_of: Clients, coordinator: User) -> None:
    made = planned_round(institution_of(coordinator), coordinator)
    client = client_of(coordinator)
    assert "not collected yet" in text_of(client.get(reverse("office_round_screen", args=[made.pk])))
    assert "not collected yet" in text_of(client.get(reverse("office_round", args=[made.pk])))
    assert "尚未收齐" in text_of(in_chinese(client).get(reverse("office_round", args=[made.pk])))


def test_the_statistician_evaluates_by_code_and_never_reads_a_name(
    client_of: Clients, statistician: User, mercury_round: Round
) -> None:
    client, page = client_of(statistician), reverse("office_round", args=[mercury_round.pk])
    said = text_of(client.get(page))
    assert Participation.objects.first().code in said
    assert not any(name in said for name in Identity.objects.values_list("name", flat=True))
    assert mercury_round.attachment is not None and mercury_round.attachment.sha256 not in said
    assert "The evaluation has started." in text_of(client.post(page + "evaluate/", follow=True))
    assert client.get(reverse("office_round_release", args=[mercury_round.pk])).status_code == 404
    assert mercury_round.number in text_of(client.get(reverse("office_rounds")))


def test_a_statistician_of_another_provider_finds_nothing(client_of: Clients, evaluated_round: Round) -> None:
    from tests.cast import institution

    other = user_with_post("other", "statistician", institution("provider", "另一提供者", "Other provider"))
    for name in ("office_round", "office_round_screen"):
        assert client_of(other).get(reverse(name, args=[evaluated_round.pk])).status_code == 404


def test_the_screen_asks_a_constant_number_of_questions(
    client_of: Clients, coordinator: User, evaluated_round: Round
) -> None:
    client = client_of(coordinator)
    assert queries_of(lambda: client.get(reverse("office_round_screen", args=[evaluated_round.pk]))) <= 18
