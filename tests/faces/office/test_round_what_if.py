"""The page that compares settings: figures and changed signals, in both languages, and nothing kept."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.faces.pages import in_chinese, text_of
from zhunsheng.activities.proficiency.models import Evaluation, Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry


def test_other_settings_stand_side_by_side_and_nothing_is_kept(
    client_of: Callable[[User | None], Client], coordinator: User, evaluated_round: Round
) -> None:
    client, address = client_of(coordinator), reverse("office_round_what_if", args=[evaluated_round.pk])
    before = Evaluation.objects.count(), Entry.objects.count()
    said = text_of(client.get(address))
    assert ("as it is set" in said and "0.0440" in said) or "0.044" in said
    assert "Q method" in said and "Whose signal would be another" in said
    assert "评定将改变的实验室" in text_of(in_chinese(client).get(address))
    assert (Evaluation.objects.count(), Entry.objects.count()) == before
    evaluated_round.refresh_from_db()
    assert evaluated_round.settings_stamp == 1 and "Example Laboratory" not in said
