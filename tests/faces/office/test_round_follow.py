"""Cases and appeals on the pages of provider, authority and laboratory: by the buttons, from the release to the last confirmation."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.activities.proficiency.follow.cases import SAID, participation_of, second_coordinator
from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases
from zhunsheng.activities.proficiency.follow.models import Appeal, Case
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import issued_evaluation
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.work import release_round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.catalogue.actions import enter_methods
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
ANSWER = {"cause_class": "calibration", "cause": SAID.cause, "correction": SAID.correction,
          "corrective_action": SAID.corrective_action, "like_cases": SAID.like_cases}  # fmt: skip


@pytest.fixture
def soon_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody acts five weeks after the release of the cast."""
    now: datetime = AT + timedelta(days=35)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_the_release_opens_the_cases_by_itself_even_after_a_job_that_died(
    evaluated_round: Round, coordinator: User, client_of: Clients
) -> None:
    job = Job.objects.create(
        kind="release_round", subject=f"round:{evaluated_round.pk}", started_by=coordinator, created_at=AT,
        arguments={"round": str(evaluated_round.pk), "evaluation": str(evaluated_round.evaluations.get().pk)},
    )  # fmt: skip
    release_round(job, lambda done, total: None)
    opened = Case.objects.count()
    assert opened > 3
    release_round(job, lambda done, total: None)
    assert Case.objects.count() == opened
    page = client_of(coordinator).get(reverse("office_round_follow", args=[evaluated_round.pk]))
    assert f"{opened} cases" in text_of(page) and "Next: open the cases" not in text_of(page)


def test_from_the_answer_to_the_confirmation_by_the_buttons(
    client_of: Clients, released_round: Round, coordinator: User, other_laboratory: User, regulator: User, mercury: Parameter,
    feed: Matrix, soon_after: None,
) -> None:  # fmt: skip
    office, ours, authority = client_of(coordinator), client_of(other_laboratory), client_of(regulator)
    round_page = reverse("office_round_follow", args=[released_round.pk])
    assert "Next: open the cases" in text_of(office.get(round_page))
    assert "cases were opened" in text_of(
        office.post(reverse("office_round_follow_open", args=[released_round.pk]), follow=True)
    )
    case = Case.objects.get(participation=participation_of(released_round, other_laboratory))
    here, page = (
        reverse("workspace_round_follow", args=[released_round.pk]),
        reverse("office_round_case", args=[case.pk]),
    )
    assert "Next: answer" in text_of(ours.get(here)) and "下一步：答复" in text_of(in_chinese(ours).get(here))
    ours.cookies["django_language"] = "en"

    refused = ours.post(reverse("workspace_round_answer", args=[released_round.pk]), {**ANSWER, "cause_class": ""})
    assert "mend what is marked" in text_of(refused) and SAID.cause in refused.content.decode()
    sent = ours.post(
        reverse("workspace_round_answer", args=[released_round.pk]),
        {**ANSWER, "files": [SimpleUploadedFile("curve.pdf", b"%PDF made-up")]},
    )
    assert sent["Location"] == here and "answered, to be reviewed" in text_of(ours.get(here))
    file = case.answers.get().files.get()
    for client, name in ((office, "office_round_case_file"), (ours, "workspace_answer_file")):
        got = client.get(reverse(name, args=[file.pk]))
        assert got.content == b"%PDF made-up" and got["Content-Disposition"].startswith("attachment")

    back = {"outcome": "return", "reason": "未附曲线", "due_on": ""}
    assert "gets a new day" in text_of(office.post(reverse("office_round_case_review", args=[case.pk]), back))
    office.post(reverse("office_round_case_review", args=[case.pk]), {"outcome": "accept", "reason": "可以"})
    office.post(reverse("office_round_case_ask", args=[case.pk]), {"reason": "盲样"})
    key = case.rows.get().measurand_id
    wrong = {"performed_on": "2026-05-10", f"r-{key}": "0.05x", f"a-{key}": "0.05", f"s-{key}": "0.005"}
    refused = office.post(reverse("office_round_case_retest", args=[case.pk]), wrong)
    assert "Total mercury: “0.05x” is no number" in text_of(refused) and 'value="0.05x"' in refused.content.decode()
    office.post(reverse("office_round_case_retest", args=[case.pk]), {**wrong, f"r-{key}": "0.051"})
    assert "retest passed, to be confirmed" in text_of(office.get(page))
    assert "Example Authority confirms the retest" in text_of(office.get(page))

    line = ScopeLine(institution=institution_of(other_laboratory), parameter=mercury, matrix=feed, method=_method(),
                     region_code="330108", valid_from=AT.date(), status="active", recorded_at=AT)  # fmt: skip
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    assert "Suspended" in text_of(ours.get(reverse("workspace_capability")))
    listed = text_of(authority.get(reverse("office_commissioned_follow", args=[released_round.pk]) + "?state=passed"))
    assert "1 case" in listed and "Example Laboratory L04" in listed
    confirm = reverse("office_commissioned_case", args=[case.pk])
    assert "Next: confirm the retest" in text_of(authority.get(confirm)) and "curve.pdf" not in text_of(
        authority.get(confirm)
    )
    assert "This field is required" in text_of(authority.post(confirm, {"reason": ""}))
    assert "no longer suspended" in text_of(authority.post(confirm, {"reason": "记录属实"}, follow=True))
    shown = text_of(ours.get(reverse("workspace_capability")))
    assert "Suspended" not in shown and "Result of a retest" in shown and "记录属实" in shown
    assert "closed" in text_of(ours.get(reverse("workspace_cases")))


def _method() -> Method:
    made = Method(number="GB 5009.17-2021", name_zh="汞", name_en="Mercury")
    enter_methods([made], actor=None, at=AT)
    return made


def test_an_appeal_by_the_buttons_and_what_the_statistician_reads_of_it(
    client_of: Clients,
    released_round: Round,
    coordinator: User,
    other_laboratory: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = datetime.fromisoformat("2026-05-09T23:59:00+08:00")
    ours, here = client_of(other_laboratory), reverse("workspace_round_follow", args=[released_round.pk])
    monkeypatch.setattr(timezone, "now", lambda: last)
    assert "We may appeal until the end of 2026-05-09" in text_of(ours.get(here))
    file = reverse("workspace_round_appeal", args=[released_round.pk])
    assert "mend what is marked" in text_of(ours.post(file, {"grounds": ""}))
    ours.post(file, {"grounds": "SECRET of L04", "measurand": "1"})
    made = Appeal.objects.get()
    assert made.measurand is not None and made.state == "open"
    monkeypatch.setattr(timezone, "now", lambda: last + timedelta(minutes=1))
    late = ours.post(file, {"grounds": "x"})
    assert "were taken until 2026-05-09" in text_of(late) and Appeal.objects.count() == 1
    assert "Appeals were taken until the end of 2026-05-09" in text_of(ours.get(here))

    statistician = client_of(user_with_post("statistician", "statistician", released_round.provider))
    listed = statistician.get(reverse("office_round_follow", args=[released_round.pk]) + "?show=appeals")
    assert made.participation.code in text_of(listed) and "to be decided" in text_of(listed)
    assert "SECRET" not in listed.content.decode() and "Laboratory L04" not in listed.content.decode()
    assert "1 appeal is to be decided" in text_of(statistician.get(reverse("office_round", args=[released_round.pk])))

    page, decided = reverse("office_round_appeal", args=[made.pk]), {"outcome": "uphold", "reason": "指定值有误"}
    assert "SECRET" in text_of(client_of(coordinator).get(page))
    assert "another coordinator" in text_of(client_of(coordinator).post(page, decided))
    other = client_of(second_coordinator(released_round))
    assert "Correct the round" in text_of(other.post(page, decided, follow=True))
    assert "The round is being corrected" in text_of(ours.get(here)) and "指定值有误" in text_of(ours.get(here))
    assert "Under way: 第 1 号申诉成立" in text_of(other.get(reverse("office_round_correct", args=[released_round.pk])))


def test_the_lists_are_searched_narrowed_sorted_and_downloaded(
    client_of: Clients, released_round: Round, coordinator: User, other_laboratory: User
) -> None:
    open_cases(released_round, actor=None, at=AT)
    client, page = client_of(coordinator), reverse("office_round_follow", args=[released_round.pk])
    assert "1 case" in text_of(client.get(page, {"q": "L04"})) and "1 case" in text_of(
        client.get(page, {"q": "实验室 l04"})
    )
    assert "No case here" in text_of(client.get(page, {"state": "passed"}))
    up, down = (
        re.findall(r'cases/[0-9a-f-]{36}/">(\w+)<', client.get(page, {"sort": sort}).content.decode())
        for sort in ("code", "-code")
    )
    assert up == sorted(up) == down[::-1] and len(up) > 3
    rows = read_table(client.get(page, {"format": "csv"}).content, filename="cases.csv").rows
    assert len(rows) == len(up) and "Example Laboratory L04" in {row.cell(1).text for row in rows}
    statistician = client_of(user_with_post("statistician", "statistician", released_round.provider))
    rows = read_table(statistician.get(page, {"format": "csv"}).content, filename="cases.csv").rows
    assert len(rows) == len(up) and {row.cell(1).text for row in rows} == {""}
    assert "No case here" in text_of(statistician.get(page, {"q": "L04"}))  # a name that one may not see finds nothing
    assert issued_evaluation(released_round) is not None


def test_a_page_of_cases_asks_as_much_for_three_as_for_many(
    client_of: Clients, released_round: Round, coordinator: User, other_laboratory: User
) -> None:
    open_cases(released_round, actor=None, at=AT)
    client, page = client_of(coordinator), reverse("office_round_follow", args=[released_round.pk])
    one = queries_of(lambda: client.get(page, {"q": "L04"}))
    assert queries_of(lambda: client.get(page)) == one
    assert queries_of(lambda: client.get(page, {"format": "csv"})) <= one


def test_before_the_release_the_days_are_set(client_of: Clients, evaluated_round: Round, coordinator: User) -> None:
    client, page = client_of(coordinator), reverse("office_round_follow", args=[evaluated_round.pk])
    assert "30 working days to answer, and every laboratory 15 to appeal" in text_of(client.get(page))
    days = reverse("office_round_follow_days", args=[evaluated_round.pk])
    assert "20 working days to answer" in text_of(
        client.post(days, {"answer_days": "20", "appeal_days": "10"}, follow=True)
    )
    assert "Give whole numbers" in text_of(client.post(days, {"answer_days": "x"}, follow=True))
    assert "20 个工作日内答复" in text_of(in_chinese(client).get(page))


def test_scores_over_rounds_as_chart_and_table(
    client_of: Clients,
    released_round: Round,
    coordinator: User,
    other_laboratory: User,
    mercury: Parameter,
    feed: Matrix,
) -> None:
    open_cases(released_round, actor=None, at=AT)
    ours = client_of(other_laboratory)
    listed = ours.get(reverse("workspace_trends"))
    assert "Total mercury in Feed" in text_of(listed)
    assert "No item here" in text_of(ours.get(reverse("workspace_trends"), {"q": "lead"}))
    page = reverse("workspace_trend", args=[mercury.pk, feed.pk])
    shown = ours.get(page, {"by": "analyst"})
    assert 'data-chart="controlChart"' in shown.content.decode() and "IMEP-111" in text_of(shown)
    assert "历轮比分数" in text_of(in_chinese(ours).get(page)) and "按检测人员" in text_of(ours.get(page))
    rows = read_table(ours.get(page, {"format": "csv"}).content, filename="trend.csv").rows
    assert [row.cell(1).text for row in rows] == ["IMEP-111"]
    case = Case.objects.get(participation=participation_of(released_round, other_laboratory))
    office = client_of(coordinator).get(reverse("office_round_case_trends", args=[case.pk]))
    assert "Example Laboratory L04" in text_of(office) and 'data-chart="controlChart"' in office.content.decode()
    assert "Analyst" not in text_of(office)
    unknown = Case.objects.filter(participation__identity__institution=None).first()
    assert unknown is not None
    empty = client_of(coordinator).get(reverse("office_round_case_trends", args=[unknown.pk]))
    assert "Nothing to draw" in text_of(empty)
