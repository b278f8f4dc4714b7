"""By when a report is due, what it says, who verifies, and which are looked at again."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from tests.activities.campaigns.rectification.cases import REPORT
from zhunsheng.activities.campaigns.rectification.rules import lookback, publishing, reports
from zhunsheng.activities.campaigns.rectification.rules.reports import PARTS, RectificationRefused
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.states import DayKind

IDS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(1, 11)]


def calendar_2026() -> WorkingCalendar:
    off = {date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)}
    worked = {date(2026, 9, 20): DayKind.WORKDAY, date(2026, 10, 10): DayKind.WORKDAY}
    return WorkingCalendar({date(2026, 1, 1): DayKind.HOLIDAY, **off, **worked})


def test_thirty_working_days_over_the_national_day_and_a_make_up_day() -> None:
    """Trap 11: from Friday 18 September, with a make-up Sunday (20 September), seven days off and a make-up Saturday (10 October)."""
    last, warnings = reports.due_day(date(2026, 9, 18), None, 30, calendar_2026())
    assert (last, warnings) == (date(2026, 11, 4), [])
    weekdays, _ = reports.due_day(date(2026, 9, 18), None, 30, WorkingCalendar({}))
    assert weekdays == date(2026, 10, 30), "what it would be without the table"


def test_2027_has_no_table_and_says_so() -> None:
    last, warnings = reports.due_day(date(2026, 12, 1), None, 30, calendar_2026())
    assert last == date(2027, 1, 12)
    assert len(warnings) == 1 and "2027" in warnings[0].zh and "2027" in warnings[0].en


def test_a_decided_day_stands() -> None:
    assert reports.due_day(date(2026, 9, 18), date(2026, 9, 30), 30, WorkingCalendar({})) == (date(2026, 9, 30), [])


@pytest.mark.parametrize("part", PARTS)
def test_a_report_says_every_part(part: str) -> None:
    reports.check_report(REPORT, 1)
    with pytest.raises(RectificationRefused) as refusal:
        reports.check_report(replace(REPORT, **{part: " "}), 1)
    assert PARTS[part].zh in refusal.value.reason.zh


def test_a_report_has_evidence() -> None:
    with pytest.raises(RectificationRefused):
        reports.check_report(REPORT, 0)


def test_the_digest_covers_words_and_files() -> None:
    assert reports.digest_of(REPORT, ["a", "b"]) == reports.digest_of(REPORT, ["b", "a"])
    assert reports.digest_of(REPORT, ["a"]) != reports.digest_of(REPORT, ["b"])
    assert reports.digest_of(REPORT, []) != reports.digest_of(replace(REPORT, cause="x"), [])


def test_a_look_back_is_replayed_from_what_was_published() -> None:
    """The numbers made again with nothing but SHA-256, as the docstring of the rules says."""
    seed, drawn = lookback.drawn(IDS, (1, 5), "051118202733")
    listed = lookback.list_bytes(IDS, (1, 5))
    assert listed == lookback.list_bytes(IDS[::-1], (1, 5))
    again = hashlib.sha256(hashlib.sha256(listed).digest() + b"051118202733").digest()
    numbers = sorted((hashlib.sha256(again + f"even|{one}".encode()).hexdigest(), one) for one in IDS)
    assert seed == again.hex()
    assert drawn == [(one, number) for number, one in numbers[:2]]
    assert lookback.drawn(IDS, (1, 5), "051118202734")[0] != seed


@pytest.mark.parametrize(
    ("n", "share", "expected"), [(10, (1, 10), 1), (11, (1, 10), 2), (1, (1, 10), 1), (7, (1, 1), 7)]
)
def test_the_share_is_rounded_up(n: int, share: tuple[int, int], expected: int) -> None:
    assert lookback.how_many(n, share) == expected


def test_a_look_back_needs_a_list_a_share_and_the_day_of_the_value() -> None:
    lookback.check_list(IDS, (1, 10))
    for ids, share in (([], (1, 10)), (IDS, (0, 10)), (IDS, (11, 10))):
        with pytest.raises(RectificationRefused):
            lookback.check_list(ids, share)
    lookback.check_beacon("051118", date(2026, 1, 2), date(2026, 1, 2))
    for value, today in (("051118", date(2026, 1, 1)), ("05", date(2026, 1, 2)), ("05 1118", date(2026, 1, 2))):
        with pytest.raises(RectificationRefused):
            lookback.check_beacon(value, date(2026, 1, 2), today)


@pytest.mark.parametrize(
    ("counts", "alone", "rest"),
    [
        ([("F07", 9, 8), ("F10", 5, 5)], [("F07", 9, 8), ("F10", 5, 5)], (0, 0)),
        ([("F07", 9, 8), ("F10", 2, 0), ("F11", 3, 3)], [("F07", 9, 8)], (5, 3)),
        ([("F07", 9, 8), ("F10", 6, 5), ("F11", 2, 0)], [("F07", 9, 8)], (8, 5)),
        ([("F07", 9, 8), ("F10", 1, 0)], [], (10, 8)),
        ([("F07", 3, 1), ("F10", 2, 0)], [], (5, 1)),
    ],
)
def test_no_class_is_told_alone_or_by_subtraction_that_is_too_small(
    counts: list[tuple[str, int, int]], alone: list[tuple[str, int, int]], rest: tuple[int, int]
) -> None:
    told = publishing.told(counts, 5)
    assert told is not None
    assert (list(told.classes), (told.n, told.held)) == (alone, rest)


def test_nothing_is_told_of_too_few() -> None:
    assert publishing.told([("F07", 3, 3), ("F10", 1, 0)], 5) is None
    assert publishing.told([], 5) is None
