"""The page of all rounds step by step, and of one: numbers that add up, what is overdue, the same questions for ten and ten thousand."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.activities.proficiency.collect.collected import AFTER, handed_in, running_round
from tests.activities.proficiency.planned import on_paper, planned_round
from tests.activities.proficiency.ship.shipped import TODAY, parcel, ready_round, sent
from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.collect.actions.closing import close
from zhunsheng.activities.proficiency.collect.models import Submission
from zhunsheng.activities.proficiency.enrol.actions import begin, withdraw
from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.ship.actions import Arrival, come_back, pack, receive
from zhunsheng.activities.proficiency.watch.queries.pipeline import flows_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

PAGE = reverse("office_pipeline")
Clients = Callable[[User | None], Client]


@pytest.fixture
def client(client_of: Clients, coordinator: User) -> Client:
    return client_of(coordinator)


def test_a_round_through_its_verbs_adds_up_at_every_step(
    provider: Institution, coordinator: User, laboratory: User, other_laboratory: User, client: Client
) -> None:
    """Five with a code: two approved, one who could not test, one draft, one nothing."""
    second = user_with_post("second", "quality_manager", institution_of(laboratory))
    made = running_round(
        provider, coordinator, laboratories=[institution_of(laboratory), institution_of(other_laboratory), None, None, None],
        assigned="0.1", u_assigned="0.01",
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        Enrolment(round=made, institution=institution_of(one), promise=made.promises.get(), accepted_at=AT)
        for one in (laboratory, other_laboratory)
    )  # the other three have codes and no enrolment: that is to show
    for code in ("K01", "K02"):
        handed_in(made, code, ("0.120", "0.110"), by=laboratory, approved_by=second)
    handed_in(made, "K03", ("<0.01", "<0.01"), by=laboratory, approved_by=second)
    handed_in(made, "K04", ("0.100", "0.110"), by=laboratory)
    (flow,) = flows_of(Round.objects.filter(pk=made.pk))
    assert flow.differs == {"registered": -3}
    page = client.get(reverse("office_round_pipeline", args=[made.pk]))
    assert "The numbers do not add up: registered: -3" in text_of(page)
    assert f"The numbers of {made.number} do not add up: registered: -3" in text_of(client.get(PAGE))

    close(made, with_submitted=False, actor=coordinator, at=AFTER)
    made.measurands.update(assigned="0.11", u_assigned="0.001", sigma="0.01")
    actions.evaluate(made.pk, actor=coordinator, at=AFTER)
    (flow,) = flows_of(Round.objects.filter(pk=made.pk))
    assert [(one.key, one.came, one.went, one.here, dict(one.left)) for one in flow.steps[1:5]] == [
        ("coded", 5, 4, 0, {"no_reply": 1}),
        ("submitted", 4, 3, 0, {"not_approved": 1}),
        ("taken", 3, 2, 0, {"no_number": 1}),
        ("evaluated", 2, 0, 2, {}),
    ]


def test_parcels_are_steps_between_the_code_and_the_results(
    provider: Institution, coordinator: User, laboratory: User, client: Client
) -> None:
    """Four with a code: one whose parcel came back, one on its way, one that confirmed, one that only handed in results."""
    made = ready_round(provider, coordinator, laboratories=[institution_of(laboratory), None, None, None])
    pack(made, actor=coordinator, at=AT)
    sent(made, coordinator)
    come_back(parcel(made, "K04"), reason="address unknown", actor=coordinator, at=AT)
    receive(parcel(made, "K01"), Arrival(TODAY, "intact", "4.5", ""), actor=laboratory, at=AT)
    handed_in(made, "K02", ("0.120", "0.110"), by=laboratory)
    (flow,) = flows_of(Round.objects.filter(pk=made.pk))
    assert [(one.key, one.came, one.went, one.here, one.unconfirmed) for one in flow.steps[1:5]] == [
        ("coded", 4, 3, 1, 0),
        ("shipped", 3, 2, 1, 0),
        ("received", 2, 1, 1, 1),
        ("submitted", 1, 0, 1, 0),
    ]
    page = in_chinese(client).get(reverse("office_round_pipeline", args=[made.pk]))
    assert "1 家未确认收样" in text_of(page)


def test_an_enrolment_through_its_verbs_adds_up(
    provider: Institution, coordinator: User, laboratory: User, other_laboratory: User
) -> None:
    made = planned_round(provider, coordinator, announced=True)
    on_paper(made, *((institution_of(one), "", "") for one in (laboratory, other_laboratory)))
    withdraw(Enrolment.objects.get(institution=institution_of(laboratory)), actor=laboratory, at=AT)

    def first() -> tuple[int, int, int, dict[str, int]]:
        (flow,) = flows_of(Round.objects.filter(pk=made.pk))
        assert not flow.differs
        return flow.steps[0].came, flow.steps[0].went, flow.steps[0].here, dict(flow.steps[0].left)

    assert first() == (2, 0, 1, {"withdrawn": 1})
    begin(made, draw=random.Random(1), actor=coordinator, at=AT)
    assert first() == (2, 1, 0, {"withdrawn": 1})


def test_a_released_round_of_a_file_adds_up(released_round: Round, client: Client) -> None:
    (flow,) = flows_of(Round.objects.all())
    assert not flow.differs and flow.due is None
    assert [(one.key, one.came) for one in flow.steps] == [
        ("coded", 21),
        ("taken", 21),
        ("evaluated", 21),
        ("released", 21),
    ]
    page = in_chinese(client).get(reverse("office_round_pipeline", args=[released_round.pk]))
    assert "转入下一环节" in text_of(page)
    sheet = client.get(PAGE, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(sheet) == 2 and sheet[1].split(",")[0] == "IMEP-111"


def many(provider: Institution, rounds: int, each: int) -> None:
    """Running rounds in bulk, past the verbs, half of the results handed in."""
    have = Round.objects.count()
    made = Round.objects.bulk_create(
        Round(number=f"R-{n:04d}", title_zh="轮", title_en="Round", provider=provider, performed_on=AT.date(), created_at=AT,
              state="running")
        for n in range(have, rounds)
    )  # fmt: skip
    due = datetime(2026, 1, 5, tzinfo=UTC)
    Plan.objects.bulk_create(
        Plan(round=one, enrol_until=due, ship_on=due.date(), results_until=due + timedelta(days=n))
        for n, one in enumerate(made)
    )
    parts = Participation.objects.bulk_create(
        [Participation(round=one, code=f"C{n:03d}") for one in made for n in range(each)], batch_size=400
    )
    Submission.objects.bulk_create(
        [Submission(participation=one, state="approved") for one in parts[::2]], batch_size=100
    )


def test_ten_and_ten_thousand_participants_cost_the_same_questions(client: Client, provider: Institution) -> None:
    client.get(PAGE)
    many(provider, 2, 5)
    few = queries_of(lambda: client.get(PAGE))
    many(provider, 100, 102)
    assert Participation.objects.count() > 10_000 - 10
    assert queries_of(lambda: client.get(PAGE)) == few
    assert queries_of(lambda: client.get(PAGE, {"format": "csv"})) <= few


def test_overdue_rounds_are_asked_for_sorted_and_paged(client: Client, provider: Institution) -> None:
    many(provider, 30, 2)
    Plan.objects.filter(round__number="R-0003").update(results_until=datetime(2099, 1, 1, tzinfo=UTC))
    page = client.get(PAGE, {"only": "overdue", "sort": "-number"})
    shown = text_of(page)
    assert "All 29 rounds together" in shown and "R-0003" not in shown
    assert shown.index("R-0029") < shown.index("R-0028") and "R-0001" not in shown
    assert "R-0001" in text_of(client.get(PAGE, {"only": "overdue", "sort": "-number", "page": "2"}))
    assert "Nothing matches" in text_of(client.get(PAGE, {"q": "nowhere"}))
    assert "30 rounds" in text_of(client.get(PAGE, {"only": "differs"}))  # codes of nobody who enrolled
