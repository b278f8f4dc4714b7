"""One round on its coordinator's page: what to do next, jobs, release by typing the number, settings, files."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import document, latest_evaluation
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User


def of(name: str, round_: Round, *more: str) -> str:
    return reverse(f"office_round{name}", args=[round_.pk, *more])


@pytest.fixture
def client(client_of: Callable[[User | None], Client], coordinator: User) -> Client:
    return client_of(coordinator)


def test_a_collected_round_shows_its_participants_and_wants_evaluation(client: Client, mercury_round: Round) -> None:
    said = text_of(client.get(of("", mercury_round)))
    assert "Results are collected. Evaluate them" in said
    assert "21 participants with their codes" in said


def test_evaluating_starts_one_job_however_often_the_button_is_pressed(client: Client, mercury_round: Round) -> None:
    said = text_of(client.post(of("_evaluate", mercury_round), follow=True))
    client.post(of("_evaluate", mercury_round))
    assert Job.objects.filter(kind="evaluate_round").count() == 1
    assert "The evaluation has started." in said and "You may leave this page" in said


def test_progress_is_polled_and_ends_by_loading_the_page_again(client: Client, mercury_round: Round) -> None:
    client.post(of("_evaluate", mercury_round))
    job = Job.objects.get()
    address = reverse("job", args=[job.pk])
    Job.objects.update(state="running", done=3, total=12)
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert 'value="3" max="12"' in fragment.content.decode() and "<html" not in fragment.content.decode()
    assert "<html" in client.get(address).content.decode()
    Job.objects.update(state="done")
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_failed_job_says_why(client: Client, mercury_round: Round) -> None:
    Job.objects.create(
        kind="evaluate_round", subject=f"round:{mercury_round.pk}", state="failed", created_at=AT,
        fault_en="All results are equal.", fault_zh="所有结果相同。",
    )  # fmt: skip
    assert "All results are equal." in text_of(client.get(of("", mercury_round)))
    assert "所有结果相同。" in text_of(in_chinese(client).get(of("", mercury_round)))


def test_an_evaluated_round_shows_scores_with_names_and_codes(client: Client, evaluated_round: Round) -> None:
    page = client.get(of("", evaluated_round))
    evaluation = latest_evaluation(evaluated_round)
    assert evaluation is not None
    codes = [score["laboratory"] for score in document(evaluation)["scores"]]
    assert all(code in text_of(page) for code in codes)
    assert "Example Laboratory L08" in text_of(page)
    assert page.content.decode().count('data-chart="') == 2
    assert "z′" in text_of(page) and "action signal" in text_of(page)


@pytest.mark.parametrize("sort", ["code", "name", "result", "U", "k", "z", "z_prime", "zeta", "e_n", "signal"])
def test_every_column_sorts(client: Client, evaluated_round: Round, sort: str) -> None:
    up = client.get(of("", evaluated_round), {"sort": sort})
    down = client.get(of("", evaluated_round), {"sort": f"-{sort}"})
    assert 'aria-sort="ascending"' in up.content.decode()
    assert 'aria-sort="descending"' in down.content.decode()


@pytest.mark.parametrize(
    "query", [{"sort": "x"}, {"measurand": "99"}, {"measurand": "²"}, {"page": "x"}, {"rows": "all"}]
)
def test_a_wrong_address_gives_the_nearest_page(client: Client, evaluated_round: Round, query: dict[str, str]) -> None:
    assert client.get(of("", evaluated_round), query).status_code == 200


def test_changed_settings_make_the_evaluation_stale(client: Client, evaluated_round: Round) -> None:
    given = {"assigned_method": "median", "sigma_method": "given", "sigma_value": "0.01"}
    said = text_of(client.post(of("_settings", evaluated_round), given, follow=True))
    evaluated_round.refresh_from_db()
    assert (evaluated_round.assigned, evaluated_round.sigma) == ("median", "0.01")
    assert "The settings were changed." in said and "out of date" in said
    refused = client.post(of("_release", evaluated_round), {"number": evaluated_round.number}, follow=True)
    assert "Evaluate again before the release." in text_of(refused)
    assert Job.objects.count() == 0


def test_wrong_settings_are_refused_on_the_page(client: Client, evaluated_round: Round) -> None:
    page = client.post(of("_settings", evaluated_round), {"assigned_method": "given", "sigma_method": "sd"})
    assert "Write the value, or choose a method." in text_of(page)
    evaluated_round.refresh_from_db()
    assert evaluated_round.settings_stamp == 1


def test_a_release_wants_the_number_typed(client: Client, evaluated_round: Round) -> None:
    assert "cannot be undone" in text_of(client.get(of("_release", evaluated_round)))
    page = client.post(of("_release", evaluated_round), {"number": "something else"})
    assert "That is not the number of this round." in text_of(page)
    assert Job.objects.count() == 0
    typed = {"number": evaluated_round.number}
    unseen = client.post(of("_release", evaluated_round), typed | {"evaluation": "another"}, follow=True)
    assert "has been evaluated again since you looked" in text_of(unseen)
    assert Job.objects.count() == 0
    looked_at = str(evaluated_round.evaluations.get().pk)
    said = client.post(of("_release", evaluated_round), typed | {"evaluation": looked_at}, follow=True)
    assert "The release has started" in text_of(said)
    assert Job.objects.get().arguments["evaluation"] == looked_at


def test_a_round_that_was_never_evaluated_is_not_released(client: Client, mercury_round: Round) -> None:
    page = client.post(of("_release", mercury_round), {"number": mercury_round.number}, follow=True)
    assert "is not possible while" in text_of(page)
    assert Job.objects.count() == 0


def test_a_released_round_is_not_evaluated_again(client: Client, released_round: Round) -> None:
    page = client.post(of("_evaluate", released_round), follow=True)
    assert "is not possible while" in text_of(page) and Job.objects.count() == 0
    refused = client.post(
        of("_settings", released_round), {"assigned_method": "mean", "sigma_method": "sd"}, follow=True
    )
    assert "its settings stay as they were" in text_of(refused)


def test_files(client: Client, released_round: Round) -> None:
    found = json.loads(client.get(of("_file", released_round, "evaluation.json")).content)
    assert found["schema"] == "zhunsheng-evaluation/1"
    assert client.get(of("_file", released_round, "scores.xlsx")).content[:2] == b"PK"
    for language in ("zh", "en", "both"):
        page = client.get(of("_file", released_round, f"report-{language}.pdf"))
        assert page["Content-Type"] == "application/pdf" and page.content.startswith(b"%PDF-")


@pytest.mark.parametrize("what", ["report-fr.pdf", "report-zh", "zh", "x.json", "report-zh.pdf.pdf"])
def test_there_are_no_other_files(client: Client, released_round: Round, what: str) -> None:
    assert client.get(of("_file", released_round, what)).status_code == 404


def test_no_report_before_the_release(client: Client, evaluated_round: Round) -> None:
    assert client.get(of("_file", evaluated_round, "report-zh.pdf")).status_code == 404


def test_the_page_asks_few_questions(client: Client, released_round: Round) -> None:
    assert queries_of(lambda: client.get(of("", released_round))) <= 16
