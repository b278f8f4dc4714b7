"""Who may go, who may decide, until when an appeal is heard, when a record is complete."""

from datetime import date

import pytest

from zhunsheng.activities.campaigns.inspection.rules import dispositions, signatures, teams
from zhunsheng.activities.campaigns.inspection.rules.checklist import BY_CODE
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.states import DayKind
from zhunsheng.registry.rulebook.queries import book

TODAY = date(2026, 9, 24)


@pytest.mark.parametrize("team", [[], ["a"], ["a", "a"]])
def test_fewer_than_two_officers_do_not_go(team: list[str]) -> None:
    with pytest.raises(InspectionRefused):
        teams.check_team(team, {"a": "A"}, {})


def test_a_mentor_does_not_go() -> None:
    teams.check_team(["a", "b"], {"a": "A", "b": "B"}, {})
    with pytest.raises(InspectionRefused) as refusal:
        teams.check_team(["a", "b"], {"a": "A", "b": "B"}, {"b": {"mentor"}})
    assert "B" in refusal.value.reason.zh and "帮扶" in refusal.value.reason.zh


@pytest.mark.parametrize(
    ("kind", "due_on", "reasons", "to"),
    [
        ("order", None, "理由", ""),
        ("order", TODAY, "理由", ""),
        ("self_correct", date(2026, 10, 30), " ", ""),
        ("transfer", None, "理由", " "),
        ("fine", date(2026, 10, 30), "理由", ""),
    ],
)
def test_a_decision_without_its_parts_is_refused(kind: str, due_on: date | None, reasons: str, to: str) -> None:
    with pytest.raises(InspectionRefused):
        dispositions.check_decision(kind, due_on, TODAY, reasons, to)


def test_a_case_needs_no_day() -> None:
    dispositions.check_decision("case", None, TODAY, "理由", "")


def test_officers_do_not_decide_and_deciders_do_not_answer_appeals() -> None:
    dispositions.check_decider("regulator", {"a", "b"})
    with pytest.raises(InspectionRefused):
        dispositions.check_decider("a", {"a", "b"})
    with pytest.raises(InspectionRefused):
        dispositions.check_other_head("regulator", "regulator")


def test_an_appeal_is_heard_in_working_days_over_the_national_day_and_a_make_up_sunday() -> None:
    off = {date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)} | {date(2026, 1, 1): DayKind.HOLIDAY}
    calendar = WorkingCalendar({**off, date(2026, 9, 27): DayKind.WORKDAY})
    assert dispositions.appeal_until(TODAY, 5, calendar) == (date(2026, 9, 30), [])
    assert dispositions.appeal_until(TODAY, 6, calendar) == (date(2026, 10, 8), [])


def test_a_year_without_a_calendar_is_counted_by_weekdays_and_says_so() -> None:
    last, warnings = dispositions.appeal_until(date(2027, 9, 30), 3, WorkingCalendar({}))
    assert last == date(2027, 10, 5)
    assert ["2027" in one.zh for one in warnings] == [True]


def test_good_practice_is_not_decided_about() -> None:
    dispositions.check_findings(["minor", "observation"])
    for wrong in ([], ["minor", "good_practice"]):
        with pytest.raises(InspectionRefused):
            dispositions.check_findings(wrong)


@pytest.mark.parametrize(
    ("signed", "manner", "complete"),
    [
        ({"a"}, "account", False),
        ({"a", "b"}, None, False),
        ({"a", "b"}, "refused", True),
        ({"a", "b", "c"}, "paper", True),
    ],
)
def test_a_record_is_complete_with_all_officers_and_the_institution_or_its_refusal(
    signed: set[str], manner: str | None, complete: bool
) -> None:
    assert signatures.is_complete({"a", "b"}, signed, manner) is complete


def test_a_refusal_says_what_happened_and_a_signature_on_paper_who_signed() -> None:
    signatures.check_manner("account", "", "")
    for manner, said, name in (("refused", " ", "x"), ("paper", "x", " ")):
        with pytest.raises(InspectionRefused):
            signatures.check_manner(manner, said, name)


def test_leniency_counts_what_could_have_been_fined() -> None:
    assert dispositions.is_lenient("self_correct", 30_000)
    assert not dispositions.is_lenient("self_correct", None)
    assert not dispositions.is_lenient("order", 30_000)


def test_the_checklist_has_a_point_for_every_class_of_the_rulebook() -> None:
    assert set(BY_CODE) == set(book().classes)
