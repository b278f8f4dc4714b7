"""Reports to single laboratories on the pages of provider and laboratory."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import institution_of
from tests.faces.pages import text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import own_code
from zhunsheng.activities.proficiency.report.models import LaboratoryReport, Taken
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.work import laboratory_reports
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]


def test_a_laboratory_gets_its_own_report_and_the_same_bytes_again(
    client_of: Clients, laboratory: User, coordinator: User, released_round: Round
) -> None:
    code = own_code(released_round, institution_of(laboratory))
    address = reverse("workspace_own_report", args=[released_round.pk, "zh"])
    first = client_of(laboratory).get(address)
    assert first["Content-Type"] == "application/pdf" and first.content.startswith(b"%PDF")
    assert client_of(laboratory).get(address).content == first.content
    assert LaboratoryReport.objects.get().participation.code == code
    office = client_of(coordinator)
    assert office.get(reverse("office_round_report", args=[released_round.pk, code, "zh"])).content == first.content
    assert office.get(reverse("office_round_report", args=[released_round.pk, code, "en"])).status_code == 404
    assert client_of(laboratory).get(address.replace("-zh.", "-xx.")).status_code == 404
    assert [one.by for one in Taken.objects.all()] == [laboratory, laboratory, coordinator]
    noted = Entry.objects.filter(verb="take_laboratory_report")
    assert noted.count() == 3 and not any(code.encode() in bytes(one.canonical) for one in noted), (
        "the journal tells no code"
    )
    listed = text_of(office.get(reverse("office_round_reports", args=[released_round.pk]) + f"?q={code}"))
    assert str(laboratory) in listed and str(coordinator) in listed
    office.get(reverse("office_round_report", args=[released_round.pk, code, "zh"]))
    assert "and once before" in text_of(office.get(reverse("office_round_reports", args=[released_round.pk])))


def test_the_rest_is_made_in_the_background(client_of: Clients, coordinator: User, released_round: Round) -> None:
    client, page = client_of(coordinator), reverse("office_round_reports", args=[released_round.pk])
    assert "Make the rest" in text_of(client.get(page))
    assert client.post(page, {"language": "xx"}).status_code == 404
    assert "The reports are being made." in text_of(client.post(page, {"language": "en"}, follow=True))
    job = Job.objects.get(kind="laboratory_reports")
    told: list[int] = []
    laboratory_reports(job, lambda done, total: told.append(done))
    assert told == [10, 20, 21] and LaboratoryReport.objects.filter(language="en").count() == 21


def test_before_the_release_nothing_is_made(client_of: Clients, coordinator: User, evaluated_round: Round) -> None:
    client, page = client_of(coordinator), reverse("office_round_reports", args=[evaluated_round.pk])
    assert "Reports are made after the release" in text_of(client.get(page))
    assert "not released yet" in text_of(client.post(page, {"language": "en"}, follow=True))
    assert not Job.objects.filter(kind="laboratory_reports").exists()
