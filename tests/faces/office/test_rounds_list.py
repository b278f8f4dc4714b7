"""The list of rounds: found, filtered, sorted, paged, exported; and never more questions for more rounds."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import AT, PERFORMED_ON
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.faces.jobs.actions import run
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.registry.institutions.models import Institution

ROUNDS = reverse("office_rounds")


@pytest.fixture
def many(provider: Institution, mercury_file: Attachment) -> Callable[[int], None]:
    """Rounds in bulk, past the verb, because only their number matters here."""

    def make(n: int) -> None:
        have = Round.objects.count()
        made = Round.objects.bulk_create(
            Round(
                number=f"R-{i:03d}", title_zh=f"第{i}轮", title_en=f"Round the {i}th", provider=provider,
                performed_on=PERFORMED_ON, created_at=AT, attachment=mercury_file, state="collected",
            )
            for i in range(have, n)
        )  # fmt: skip
        Participation.objects.bulk_create(Participation(round=one, code="A01") for one in made)

    return make


@pytest.fixture
def client(client_of: Callable[[User | None], Client], coordinator: User) -> Client:
    return client_of(coordinator)


def test_an_empty_list_says_what_to_do_next(client: Client) -> None:
    page = client.get(ROUNDS)
    assert "No round yet" in text_of(page)
    assert reverse("office_round_new") in page.content.decode()


def test_three_and_three_hundred_rounds_cost_the_same(client: Client, many: Callable[[int], None]) -> None:
    many(3)
    few = queries_of(lambda: client.get(ROUNDS))
    many(300)
    assert queries_of(lambda: client.get(ROUNDS)) == few
    assert queries_of(lambda: client.get(reverse("home"))) < 25


@pytest.mark.parametrize(
    ("words", "found"), [("R-00", 10), ("the 11th", 1), ("第12轮", 1), ("%", 0), ("_", 0), ("\x00", 40)]
)
def test_words_are_searched_in_number_and_both_titles(
    client: Client, many: Callable[[int], None], words: str, found: int
) -> None:
    many(40)
    page = client.get(ROUNDS, {"q": words})
    counted = {0: "Nothing matches", 1: "1 round "}.get(found, f"{found} rounds")
    assert counted in text_of(page)


def test_the_state_filters(client: Client, many: Callable[[int], None]) -> None:
    many(4)
    Round.objects.filter(number="R-002").update(state="released")
    page = client.get(ROUNDS, {"state": "released"})
    assert "R-002" in text_of(page) and "R-001" not in text_of(page)


@pytest.mark.parametrize(("sort", "first"), [("number", "R-000"), ("-number", "R-039")])
def test_a_column_sorts_both_ways(client: Client, many: Callable[[int], None], sort: str, first: str) -> None:
    many(40)
    page = client.get(ROUNDS, {"sort": sort})
    assert text_of(page).split("State", 2)[2].split()[0] == first
    assert "aria-sort" in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "abc"},
        {"page": "-1"},
        {"page": "999999999999"},
        {"sort": "provider__uscc"},
        {"state": "x"},
        {"q": "x" * 5000},
    ],
)
def test_a_wrong_address_gives_the_nearest_page(
    client: Client, many: Callable[[int], None], query: dict[str, str]
) -> None:
    many(30)
    assert client.get(ROUNDS, query).status_code == 200


def test_paging_keeps_what_was_asked(client: Client, many: Callable[[int], None]) -> None:
    many(30)
    page = client.get(ROUNDS, {"q": "R-", "sort": "-number"}).content.decode()
    assert "q=R-&amp;sort=-number&amp;page=2" in page


def test_the_workbook_holds_what_is_shown(client: Client, many: Callable[[int], None]) -> None:
    many(30)
    page = in_chinese(client).get(ROUNDS, {"q": "R-01", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(page.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "编号"
    assert [row[0] for row in rows[1:]] == [f"R-{i:03d}" for i in range(10, 20)]


def test_both_languages(client: Client, many: Callable[[int], None]) -> None:
    many(1)
    english = client.get(ROUNDS)
    chinese = in_chinese(client).get(ROUNDS)
    assert '<html lang="en">' in english.content.decode() and "Round the 0th" in text_of(english)
    assert '<html lang="zh-Hans">' in chinese.content.decode() and "第0轮" in text_of(chinese)


def test_all_that_need_it_are_evaluated_by_one_button(
    client: Client,
    client_of: Callable[[User | None], Client],
    laboratory: User,
    mercury_round: Round,
) -> None:
    assert "1 round has results and needs evaluation" in text_of(client.get(ROUNDS))
    assert client.post(reverse("office_rounds_evaluate")).status_code == 302
    job = Job.objects.get(kind="evaluate_rounds")
    assert job.arguments["rounds"] == [str(mercury_round.pk)]
    page = client.get(ROUNDS)
    assert "Evaluating rounds" in text_of(page) and "needs evaluation" not in text_of(page)
    assert client.get(reverse("job", args=[job.pk])).status_code == 200
    assert client_of(laboratory).get(reverse("job", args=[job.pk])).status_code == 404
    run(str(job.pk))
    assert "needs evaluation" not in text_of(client.get(ROUNDS))
    client.post(reverse("office_rounds_evaluate"))
    assert Job.objects.count() == 1, "with nothing to evaluate none is started"


def test_what_was_refused_is_told_on_the_list(client: Client, coordinator: User, many: Callable[[int], None]) -> None:
    many(1)
    Job.objects.create(
        kind="evaluate_rounds",
        subject=f"rounds:{coordinator.pk}",
        state="failed",
        created_at=AT,
        fault_en="R-000: why",
        fault_zh="R-000：原因",
    )
    assert "R-000: why" in text_of(client.get(ROUNDS))
    assert "R-000：原因" in text_of(in_chinese(client).get(ROUNDS))
