"""From a file to a round on the pages: faults with their places, a preview, refusals that name the field, the round."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import laboratory_name
from tests.faces.pages import in_chinese, text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution

NEW = reverse("office_round_new")
GIVEN = {
    "number": "N-1", "title_zh": "饲料中总汞", "title_en": "Total mercury in feed", "performed_on": "2026-03-02",
    "commissioned_by": "", "assigned_method": "algorithm-a", "assigned_value": "", "u_assigned": "",
    "sigma_method": "given", "sigma_value": "0.0066", "parameter_0": "", "matrix_0": "",
}  # fmt: skip


@pytest.fixture
def client(client_of: Callable[[User | None], Client], coordinator: User) -> Client:
    return client_of(coordinator)


def upload(client: Client, name: str, content: str) -> str:
    """Upload a file; return where the preview is."""
    answer = client.post(NEW, {"file": SimpleUploadedFile(name, content.encode())})
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.fixture
def preview(client: Client, mercury_file: Attachment) -> str:
    return upload(client, "results.csv", bytes(mercury_file.content).decode())


def test_a_faulty_file_is_told_row_and_column_and_makes_no_round(client: Client) -> None:
    where = upload(client, "results.csv", 'laboratory,result\nA,0.1\nB,abc\nC,"1,234"\n')
    page = client.get(where)
    assert "The file has faults" in text_of(page)
    assert "1 3 B “abc” is not a number" in text_of(page)
    assert "1.234 or 1234" in text_of(page)
    assert "“abc”不是数字" in text_of(in_chinese(client).get(where))
    client.post(where, GIVEN)
    assert Round.objects.count() == Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("results.csv", ""), ("results.xlsx", "not a workbook"), ("results.csv", "\x00\x01\x02"), ("r.csv", "a,b\n1,2\n")],
)
def test_rubbish_is_refused_with_a_sentence(client: Client, name: str, content: str) -> None:
    answer = client.post(NEW, {"file": SimpleUploadedFile(name, content.encode())}, follow=True)
    assert answer.status_code == 200
    assert "faults" in text_of(answer) or "empty" in text_of(answer)


def test_other_kinds_of_files_are_refused_at_once(client: Client) -> None:
    answer = client.post(NEW, {"file": SimpleUploadedFile("results.pdf", b"%PDF-1.7")})
    assert "Save the table as .xlsx or .csv" in text_of(answer)
    assert Draft.objects.count() == 0


def test_the_preview_says_who_is_known_and_what_is_not_scored(
    client: Client, laboratory: User, mercury_file: Attachment
) -> None:
    where = upload(client, "results.csv", bytes(mercury_file.content).decode() + "Somewhere,<0.01,,,mg/kg\n")
    said = text_of(client.get(where))
    assert "Rows 22" in said
    assert "In the register: results become evidence (1)" in said
    assert f"{laboratory_name('L08')} →" in said
    assert "Not in the register: scored, but no evidence (21)" in said


def test_the_preview_tells_how_the_file_was_read(client: Client, mercury: Parameter) -> None:
    """The coded document carries no such notes: this page is where the coordinator learns them."""
    where = upload(client, "results.csv", "laboratory,result,contact\nA,1.1,x\nB,1.2,\nC,1.3,\nMean,1.2,\n")
    said = text_of(client.get(where))
    assert "How the file was read" in said and "contact" in said and "Mean" in said


def test_the_catalogue_is_suggested_from_the_names(client: Client, mercury: Parameter, feed: Matrix) -> None:
    where = upload(
        client, "results.csv", "laboratory,result,measurand\nA,1,Total mercury in feed\nB,2,Total mercury in feed\n"
    )
    page = client.get(where).content.decode()
    assert f'<option value="{mercury.pk}" selected>' in page
    assert f'<option value="{feed.pk}" selected>' in page


def test_a_confirmed_preview_becomes_a_round(
    client: Client, preview: str, mercury: Parameter, feed: Matrix, authority: Institution
) -> None:
    given = GIVEN | {"parameter_0": str(mercury.pk), "matrix_0": str(feed.pk), "commissioned_by": str(authority.pk)}
    answer = client.post(preview, given, follow=True)
    made = Round.objects.get()
    assert (made.number, made.sigma, made.assigned, made.commissioned_by) == ("N-1", "0.0066", "algorithm-a", authority)
    assert made.measurands.get().parameter == mercury
    assert "Round N-1 was created." in text_of(answer)
    assert "What to do next" in text_of(answer)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": ""}, "This field is required."),
        ({"performed_on": "soon"}, "Enter a valid date."),
        ({"performed_on": "2099-01-01"}, "This day is still to come."),
        ({"sigma_value": ""}, "Write the value, or choose a method."),
        ({"sigma_value": "0"}, "Must be more than 0."),
        ({"sigma_value": "nan"}, "is not a number such as"),
        ({"u_assigned": "1e999"}, "is not a number such as"),
        ({"sigma_method": "magic"}, "Select a valid choice."),
        ({"commissioned_by": "0"}, "Select a valid choice."),
    ],
)
def test_a_refusal_names_the_field_and_keeps_what_was_typed(
    client: Client, preview: str, wrong: dict[str, str], said: str
) -> None:
    answer = client.post(preview, GIVEN | wrong)
    assert answer.status_code == 200 and said in text_of(answer)
    assert 'value="饲料中总汞"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert Round.objects.count() == 0


def test_half_a_capability_is_refused(client: Client, preview: str, mercury: Parameter, feed: Matrix) -> None:
    assert "Choose both, or neither." in text_of(client.post(preview, GIVEN | {"parameter_0": str(mercury.pk)}))
    assert Round.objects.count() == 0


def test_a_number_is_given_once(client: Client, preview: str, mercury_round: Round) -> None:
    assert f"You already have a round {mercury_round.number}." in text_of(
        client.post(preview, GIVEN | {"number": mercury_round.number})
    )


def test_the_same_file_again_is_noticed(client: Client, preview: str, mercury_round: Round) -> None:
    assert f"The very same file became round {mercury_round.number} before." in text_of(client.get(preview))


def test_nobody_else_sees_an_uploaded_file(
    client_of: Callable[[User | None], Client], preview: str, regulator: User, laboratory: User
) -> None:
    assert client_of(regulator).get(preview).status_code == 404
    assert client_of(laboratory).get(preview).status_code == 404


def test_a_file_is_kept_when_the_round_is_made_and_not_before(
    client: Client, preview: str, mercury_file: Attachment
) -> None:
    assert set(Attachment.objects.all()) == {mercury_file}
    client.post(preview, GIVEN)
    assert Round.objects.get().attachment.name == "results.csv"
    assert Draft.objects.count() == 0
    assert client.get(preview).status_code == 404


def test_a_refused_round_keeps_no_file_and_loses_no_draft(
    client: Client, preview: str, mercury_file: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise CannotDo(t("Not today.", "今天不行。"))

    monkeypatch.setattr("zhunsheng.activities.proficiency.actions.create_round", refuse)
    assert "Not today." in text_of(client.post(preview, GIVEN))
    assert set(Attachment.objects.all()) == {mercury_file} and Draft.objects.count() == 1


def test_whoever_does_not_create_it_leaves_nothing_behind(client: Client, preview: str) -> None:
    where = reverse("office_round_discard", args=[Draft.objects.get().pk])
    assert where in client.get(preview).content.decode()
    assert client.get(where).status_code == 405 and Draft.objects.count() == 1
    answer = client.post(where, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("office_rounds")
    assert "The uploaded file was deleted." in text_of(answer)
    assert Draft.objects.count() == 0


def test_a_faulty_file_is_forgotten_on_the_way_to_the_mended_one(client: Client) -> None:
    page = client.get(upload(client, "results.csv", "laboratory,result\nA,abc\n")).content.decode()
    where = reverse("office_round_discard", args=[Draft.objects.get().pk])
    assert where in page
    assert client.post(where, {"another": "1"})["Location"] == NEW
    assert Draft.objects.count() == 0
