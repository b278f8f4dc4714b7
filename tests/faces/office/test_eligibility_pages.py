"""The regulator's pages: the question, the answer with its trace, the rounds that the authority commissioned."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PERFORMED_ON, institution, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter

ASK = reverse("office_eligibility")


@pytest.fixture
def client(client_of: Callable[[User | None], Client], regulator: User) -> Client:
    return client_of(regulator)


@pytest.fixture
def question(mercury: Parameter, feed: Matrix) -> dict[str, str]:
    return {
        "institution": "Example Laboratory L04",
        "parameter": str(mercury.pk),
        "matrix": str(feed.pk),
        "on": "2026-05-01",
    }


def test_an_answer_shows_each_rule_with_value_need_clause_and_mend(
    client: Client, question: dict[str, str], other_laboratory: User
) -> None:
    page = client.post(ASK, question, follow=True)
    said = text_of(page)
    assert Decision.objects.get().institution == institution_of(other_laboratory)
    assert all(f"R{n} ·" in said for n in range(1, 6))
    assert "Found" in said and "Needed" in said and "Clause" in said and "What would change it" in said
    assert "the very same bytes" in said
    assert "逐项依据" in text_of(in_chinese(client).get(page.redirect_chain[-1][0]))


def test_evidence_that_a_rule_used_is_linked_and_shown(
    client: Client, question: dict[str, str], released_round: Round
) -> None:
    question["on"] = "2026-11-01"
    page = client.post(ASK, question, follow=True).content.decode()
    line = institution_of(User.objects.get(username="other_laboratory")).evidence.get()
    assert f'href="#evidence-{line.pk}"' in page and f'id="evidence-{line.pk}"' in page
    assert str(PERFORMED_ON) in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"institution": "Nowhere"}, "No laboratory in the register has this name or code."),
        ({"institution": "Example"}, "Several laboratories match"),
        ({"institution": ""}, "This field is required."),
        ({"parameter": "x"}, "Select a valid choice."),
        ({"matrix": ""}, "This field is required."),
        ({"on": "31.31.2026"}, "Enter a valid date."),
        ({"on": "1850-01-01"}, "Choose a day from 1950 to 2100."),
        ({"on": "2001-01-01"}, "No policy was in force on this day."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    client: Client, question: dict[str, str], laboratory: User, other_laboratory: User, wrong: dict[str, str], said: str
) -> None:
    assert said in text_of(client.post(ASK, question | wrong))
    assert Decision.objects.count() == 0


def test_part_of_a_name_is_enough_when_only_one_bears_it(
    client: Client, question: dict[str, str], laboratory: User, other_laboratory: User
) -> None:
    client.post(ASK, question | {"institution": "laboratory l04"})
    assert Decision.objects.get().institution == institution_of(other_laboratory)


def test_names_are_suggested_as_one_types(client: Client, laboratory: User, other_laboratory: User) -> None:
    page = client.get(reverse("office_suggestions"), {"institution": "L04"}).content.decode()
    assert "Example Laboratory L04" in page and "L08" not in page
    assert client.get(reverse("office_suggestions")).content.strip() == b""


def test_more_answers_cost_no_more_questions(client: Client, question: dict[str, str], other_laboratory: User) -> None:
    for _ in range(3):
        client.post(ASK, question)
    few = queries_of(lambda: client.get(ASK))
    kept = Decision.objects.filter(answer__gt="").values().first()
    assert kept is not None
    Decision.objects.bulk_create(Decision(**{**kept, "id": uuid.uuid4()}) for _ in range(40))
    assert queries_of(lambda: client.get(ASK)) == few


def test_commissioned_rounds_show_identities(client: Client, released_round: Round) -> None:
    assert released_round.number in text_of(client.get(reverse("office_commissioned")))
    said = text_of(client.get(reverse("office_commissioned_round", args=[released_round.pk])))
    assert "Example Laboratory L04" in said
    report = client.get(reverse("office_commissioned_file", args=[released_round.pk, "report-both.pdf"]))
    assert report.content.startswith(b"%PDF-")


def test_no_commissioned_round_says_what_to_do(client: Client, evaluated_round: Round) -> None:
    page = client.get(reverse("office_commissioned"))
    assert "No released round yet" in text_of(page) and ASK in page.content.decode()


def test_another_authority_sees_nothing_of_it(
    client: Client, client_of: Callable[[User | None], Client], question: dict[str, str], other_laboratory: User
) -> None:
    client.post(ASK, question)
    elsewhere = client_of(user_with_post("elsewhere", "regulator", institution("authority", "他局", "Elsewhere")))
    assert "Nothing asked yet" in text_of(elsewhere.get(ASK))
    assert elsewhere.get(reverse("office_decision", args=[Decision.objects.get().pk])).status_code == 404
