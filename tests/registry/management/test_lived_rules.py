"""What is due when, and whether it was done: made in time, made late, missing, not yet due."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.registry.management.queries.requirements import basis_of, requirements
from zhunsheng.registry.management.rules.entering import Refused, check_class, check_correction, check_record
from zhunsheng.registry.management.rules.lived import lived, missing, opened
from zhunsheng.registry.management.rules.requirements import due_in, end_of_month
from zhunsheng.registry.management.states import CYCLES, STATES, Cycle, State
from zhunsheng.registry.rulebook.queries import book

TODAY = date(2026, 4, 15)


def unmoved(day: date) -> date:
    return day


def dues(year: int = 2026) -> dict[tuple[str, str], Any]:
    return {due.key: due for due in due_in(requirements().values(), year, unmoved)}


@dataclass(frozen=True)
class Made:
    kind: str
    period: str
    held_on: date
    recorded_on: date


@pytest.mark.parametrize(
    ("key", "period", "due_on"),
    [
        ("internal_audit", "2026", date(2026, 12, 31)), ("management_review", "2026", date(2026, 12, 31)),
        ("training", "2026", date(2026, 12, 31)), ("calibration_plan", "2026", date(2026, 3, 31)),
        ("self_declaration", "2026", date(2026, 12, 31)), ("annual_report", "2026", date(2027, 3, 31)),
        ("report_numbers", "2026Q1", date(2026, 4, 30)), ("report_numbers", "2026Q4", date(2027, 1, 31)),
    ],
)  # fmt: skip
def test_when_things_are_due(key: str, period: str, due_on: date) -> None:
    assert dues()[key, period].due_on == due_on


def test_a_year_asks_for_six_yearly_and_four_quarterly_records() -> None:
    assert len(dues()) == 10
    assert set(CYCLES) == set(Cycle) and set(STATES) == set(State)


def test_what_goes_to_an_authority_waits_for_a_working_day_and_nothing_else_does() -> None:
    moved = {due.key: due for due in due_in(requirements().values(), 2026, lambda day: date(day.year + 1, 1, 4))}
    assert moved["self_declaration", "2026"].due_on == date(2027, 1, 4)
    assert moved["internal_audit", "2026"].due_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("year", "asked"), [(2017, set()), (2022, {"internal_audit", "self_declaration"}), (2023, {"training"})]
)
def test_requirements_are_dated(year: int, asked: set[str]) -> None:
    assert asked <= {key for key, _ in dues(year)}
    assert ("training" in {key for key, _ in dues(year)}) is (year >= 2023)


def test_every_requirement_rests_on_an_article_of_the_day_it_is_due() -> None:
    for year in range(2023, 2028):
        for due in due_in(requirements().values(), year, unmoved):
            assert basis_of(due).en != "no rule of that day is known", due.key
    topics = {(v.regulation.id, a.topic) for v in book().versions for a in v.articles}
    assert all(basis in topics for one in requirements().values() for basis in one.basis)
    audit = dues(2022)["internal_audit", "2022"]
    assert (basis_of(audit).en, basis_of(dues()["internal_audit", "2026"]).en) == (
        "RB/T 214-2017, clause 4.5.15", "SAMR Announcement 2023 No. 21, clause 2.12",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("held_on", "recorded_on", "as_of", "state", "said"),
    [
        (None, None, date(2026, 3, 31), State.NOT_DUE, "0 d left"),
        (None, None, date(2026, 4, 1), State.MISSING, "1 d ago"),
        (date(2026, 3, 31), date(2026, 3, 31), TODAY, State.IN_TIME, "made on 2026-03-31"),
        (date(2026, 3, 31), date(2026, 4, 10), TODAY, State.IN_TIME, "entered on 2026-04-10 after it was due"),
        (date(2026, 4, 1), date(2026, 4, 1), TODAY, State.LATE, "1 d late"),
        (date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 6), State.IN_TIME, "made on 2026-01-05"),
    ],
)  # fmt: skip
def test_the_four_states(held_on: date | None, recorded_on: date, as_of: date, state: State, said: str) -> None:
    due = dues()["calibration_plan", "2026"]
    records = [Made("calibration_plan", "2026", held_on, recorded_on)] if held_on else []
    (found,) = lived([due], records, as_of)
    assert found.state is state and said in found.reason.en and found.reason.zh


def test_of_several_records_the_first_made_counts_and_those_of_other_periods_do_not() -> None:
    due = dues()["calibration_plan", "2026"]
    records = [
        Made("calibration_plan", "2026", day, day) for day in (date(2026, 4, 9), date(2026, 2, 1), date(2026, 4, 2))
    ]
    assert lived([due], records, TODAY)[0].record.held_on == date(2026, 2, 1)
    other = [
        Made("calibration_plan", "2025", date(2026, 1, 1), TODAY),
        Made("training", "2026", date(2026, 1, 1), TODAY),
    ]
    assert lived([due], other, TODAY)[0].state is State.MISSING


def test_the_longest_overdue_stands_first() -> None:
    lines = lived(dues(2025).values(), [], date(2026, 12, 31))
    days = [line.due.due_on for line in missing(lines)]
    assert len(days) == 10 and days == sorted(days)


@pytest.mark.parametrize(("as_of", "open_"), [(date(2026, 4, 30), False), (date(2026, 5, 1), True)])
def test_a_regulator_sees_nothing_of_it_before_thirty_days_of_grace_are_over(as_of: date, open_: bool) -> None:
    """Due on 31 March: the last day of grace is 30 April."""
    assert (("calibration_plan", "2026") in {due.key for due in opened(dues().values(), as_of)}) is open_


@given(
    st.dates(date(2018, 6, 1), date(2030, 12, 31)), st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2030, 12, 31)))
)
def test_what_is_not_made_is_missing_exactly_after_the_due_day(as_of: date, held_on: date | None) -> None:
    for due in due_in(requirements().values(), as_of.year, unmoved):
        records = [Made(*due.key, held_on, held_on)] if held_on else []
        (found,) = lived([due], records, as_of)
        assert found.made is (held_on is not None)
        assert (found.state is State.MISSING) is (held_on is None and as_of > due.due_on)
        assert (found.state is State.LATE) is (held_on is not None and held_on > due.due_on)


def test_the_end_of_a_month_knows_leap_years() -> None:
    assert end_of_month(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert end_of_month(date(2025, 12, 31), -9) == date(2025, 3, 31)
    assert end_of_month(date(2025, 12, 31), 0) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "no such thing"}, "No rule asks"), ({"period": "2026Q1"}, "not a period"), ({"period": "26"}, "not a period"),
        ({"period": "２０２６"}, "not a period"), ({"held_on": date(2026, 4, 16)}, "is to come"), ({"title": " "}, "Say what"),
        ({"made_by": ""}, "Say what"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    given_: dict[str, Any] = {
        "kind": "internal_audit",
        "period": "2026",
        "held_on": TODAY,
        "title": "Audit",
        "made_by": "QM",
    } | changes
    kind = given_.pop("kind")
    with pytest.raises(Refused, match=said) as refused:
        check_record(requirements().get(kind), **given_, today=TODAY)
    assert refused.value.reason.zh


def test_a_correction_needs_a_reason_and_happens_once() -> None:
    check_correction(superseded=False, reason="wrong day")
    for superseded, reason in ((True, "wrong day"), (False, " ")):
        with pytest.raises(Refused):
            check_correction(superseded=superseded, reason=reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"letter": "E"},
        {"letter": "AB"},
        {"letter": ""},
        {"valid_to": date(2025, 12, 31)},
        {"reason": " "},
        {"source": ""},
    ],
)
def test_a_class_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    sound: dict[str, Any] = {
        "letter": "A",
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        "reason": "few findings",
        "source": "2026 No. 1",
    }
    check_class(**sound)
    with pytest.raises(Refused):
        check_class(**sound | changes)
