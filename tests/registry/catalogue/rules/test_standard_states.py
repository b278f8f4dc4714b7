"""In which state a standard was on a day, by what was known on another: truth tables."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from zhunsheng.registry.catalogue.rules.standard_states import changes, otherwise, state_on, timeline


@dataclass(frozen=True)
class Row:
    id: int
    state: str
    valid_from: date
    recorded_at: datetime
    supersedes_id: int | None = None
    source: str = "announcement"


def d(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


EDITION = [
    Row(1, "upcoming", d("2021-09-07"), at("2021-09-10")),
    Row(2, "current", d("2022-03-07"), at("2021-09-10")),
    Row(3, "superseded", d("2026-09-01"), at("2026-03-01"), source="announcement 2026-3"),
]
CORRECTED = [*EDITION, Row(4, "superseded", d("2026-12-01"), at("2026-06-01"), supersedes_id=3)]
"""On 1 June we learned that the successor is in force three months later than we had been told."""


@pytest.mark.parametrize(
    ("on", "known", "state"),
    [
        ("2021-09-06", "2026-01-01", None),
        ("2021-09-07", "2026-01-01", "upcoming"),
        ("2022-03-06", "2026-01-01", "upcoming"),
        ("2022-03-07", "2026-01-01", "current"),
        ("2026-10-01", "2026-02-28", "current"),  # nothing was announced yet
        ("2026-10-01", "2026-03-02", "superseded"),
        ("2026-08-31", "2026-03-02", "current"),
        ("2026-10-01", "2026-06-01", "superseded"),  # the correction is recorded at this instant, not before it
        ("2026-10-01", "2026-06-02", "current"),  # corrected
        ("2026-12-01", "2026-06-02", "superseded"),
        ("2022-03-07", "2021-09-10", None),  # in force on that day, but nobody had told us
        ("2022-03-07", "2021-09-11", "current"),
    ],
)
def test_as_of_a_day_and_as_known_on_a_day(on: str, known: str, state: str | None) -> None:
    found = state_on(CORRECTED, d(on), at(known))
    assert (found.state if found else None) == state
    assert state_on(reversed(CORRECTED), d(on), at(known)) == found  # the order in which rows come does not matter


def test_a_correction_of_a_correction_does_not_bring_the_first_back() -> None:
    again = [*CORRECTED, Row(5, "superseded", d("2027-03-01"), at("2026-07-01"), supersedes_id=4)]
    assert state_on(again, d("2027-01-01"), at("2026-08-01")).id == 2
    assert state_on(again, d("2027-03-01"), at("2026-08-01")).id == 5


def test_of_two_rows_of_one_day_the_later_recorded_counts_and_the_other_is_told() -> None:
    first = Row(1, "current", d("2020-07-01"), at("2020-07-01"), source="catalogue A")
    second = Row(2, "withdrawn", d("2020-07-01"), at("2020-08-01"), source="catalogue B")
    assert state_on([first, second], d("2021-01-01"), at("2021-01-01")) == second
    assert otherwise([first, second], d("2021-01-01"), at("2021-01-01")) == [first]
    assert otherwise([first, second], d("2021-01-01"), at("2020-07-15")) == []


WITHDRAWN = Row(2, "withdrawn", d("2024-03-01"), at("2026-05-01"), source="biaozhun.org")


@pytest.mark.parametrize(
    ("row", "contradicts"),
    [
        # GB/T 28043-2019: one catalogue still lists it as current after the other has been read as withdrawn
        (Row(1, "current", d("2020-07-01"), at("2026-06-01"), source="gbstd.com"), True),
        # what was recorded before the withdrawal is history, not a contradiction
        (Row(1, "current", d("2020-07-01"), at("2020-07-01"), source="gbstd.com"), False),
        # the same source fills in what was before
        (Row(1, "current", d("2020-07-01"), at("2026-06-01"), source="biaozhun.org"), False),
    ],
)
def test_sources_that_disagree_are_told(row: Row, contradicts: bool) -> None:
    rows = [row, WITHDRAWN]
    assert state_on(rows, d("2026-07-01"), at("2026-07-01")) == WITHDRAWN
    assert otherwise(rows, d("2026-07-01"), at("2026-07-01")) == ([row] if contradicts else [])


def test_a_withdrawn_standard_that_is_said_to_be_current_again_is_told() -> None:
    again = Row(3, "current", d("2026-06-01"), at("2026-06-01"), source="gbstd.com")
    assert state_on([WITHDRAWN, again], d("2026-07-01"), at("2026-07-01")) == again
    assert otherwise([WITHDRAWN, again], d("2026-07-01"), at("2026-07-01")) == [WITHDRAWN]


def test_settling_a_disagreement_keeps_what_was_said() -> None:
    said = Row(1, "current", d("2020-07-01"), at("2026-06-01"), source="gbstd.com")
    settled = Row(3, "current", d("2020-07-01"), at("2026-06-15"), supersedes_id=1, source="biaozhun.org")
    rows = [said, WITHDRAWN, settled]
    assert otherwise(rows, d("2026-07-01"), at("2026-07-01")) == []
    assert otherwise(rows, d("2026-07-01"), at("2026-06-10")) == [said]


def test_the_timeline_tells_each_state_once() -> None:
    rows = [*CORRECTED, Row(6, "current", d("2023-01-01"), at("2023-01-01"), source="reviewed")]
    assert [row.id for row in timeline(rows, at("2026-08-01"))] == [1, 2, 4]
    assert timeline(rows, at("2021-01-01")) == []


@pytest.mark.parametrize(
    ("after", "until", "known", "found"),
    [
        ("2026-08-31", "2026-09-01", "2026-04-01", [("2026-09-01", "current", "superseded")]),
        ("2026-09-01", "2026-09-30", "2026-04-01", []),  # the first day does not count, the last does
        ("2026-08-31", "2026-09-30", "2026-07-01", []),  # corrected to December
        ("2026-04-01", "2027-04-01", "2026-07-01", [("2026-12-01", "current", "superseded")]),
        ("2026-04-01", "2027-04-01", "2026-02-01", []),
        (
            "2020-01-01",
            "2022-12-31",
            "2026-07-01",
            [("2021-09-07", None, "upcoming"), ("2022-03-07", "upcoming", "current")],
        ),
    ],
)
def test_what_changes_between_two_days(after: str, until: str, known: str, found: list) -> None:
    got = changes({"GB 1": CORRECTED}, after=d(after), until=d(until), known=at(known))
    assert [(c.day.isoformat(), c.before and c.before.state, c.after.state) for c in got] == found
    assert {c.standard for c in got} <= {"GB 1"}
