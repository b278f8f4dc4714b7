"""Today: each coordinator's and regulator's list holds what waits for them, and no more."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of
from tests.faces.pages import text_of
from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.stocktaking import actions as stocktaking
from zhunsheng.registry.stocktaking.models import Return

HOME = reverse("home")


def test_a_collected_round_waits_for_evaluation(
    client_of: Callable[[User | None], Client], coordinator: User, mercury_round: Round
) -> None:
    said = text_of(client_of(coordinator).get(HOME))
    assert "One thing to do" in said and "Evaluate IMEP-111: Total mercury in feed" in said


def test_an_evaluated_round_waits_for_release_until_its_settings_change(
    client_of: Callable[[User | None], Client], coordinator: User, evaluated_round: Round
) -> None:
    client = client_of(coordinator)
    assert "Release IMEP-111" in text_of(client.get(HOME)) and "Evaluate IMEP-111" not in text_of(client.get(HOME))
    proficiency.change_settings(evaluated_round, assigned="median", u_assigned="", sigma="sd", actor=coordinator, at=AT)
    assert "Evaluate IMEP-111" in text_of(client.get(HOME)) and "Release IMEP-111" not in text_of(client.get(HOME))


def test_nothing_waits_after_the_release(
    client_of: Callable[[User | None], Client], coordinator: User, released_round: Round
) -> None:
    said = text_of(client_of(coordinator).get(HOME))
    assert "Nothing waits for you" in said and "Rounds: released 1" in said


def test_a_regulator_reads_what_was_released_lately(
    client_of: Callable[[User | None], Client], regulator: User, released_round: Round
) -> None:
    client = client_of(regulator)
    Round.objects.update(released_at=AT.replace(year=2100))
    assert "Read IMEP-111" in text_of(client.get(HOME))
    Round.objects.update(released_at=AT.replace(year=2001))
    assert "Nothing new" in text_of(client.get(HOME))


def test_a_return_of_an_entry_that_was_merged_waits_for_nobody(
    client_of: Callable[[User | None], Client], regulator: User, laboratory: User, other_laboratory: User
) -> None:
    stocktaking.open_stocktaking(
        authority=institution_of(regulator), title_zh="摸底", title_en="Stock-taking", region_code="330100", fields=[],
        due_on=AT.date() + timedelta(days=30), actor=regulator, at=AT,
    )  # fmt: skip
    Return.objects.update(state="confirmed")
    client = client_of(regulator)
    assert "Confirmed and waiting for you: 2." in text_of(client.get(HOME))
    merge_institutions(
        institution_of(laboratory), institution_of(other_laboratory), reason="one house", actor=regulator, at=AT
    )
    assert "Confirmed and waiting for you: 1." in text_of(client.get(HOME))
