"""Slips of the year: what lies too far away, what was done in the future, what begins in the wrong century."""

from __future__ import annotations

from datetime import date

import pytest

from zhunsheng.foundation.calendar.plausible import Lies, slip_in

TODAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("day", "lies", "said"),
    [
        (date(23, 5, 4), Lies.ANYWHERE, "as 2023-05-04"),
        (date(62, 5, 4), Lies.ANYWHERE, "as 1962-05-04"),
        (date(3023, 5, 4), Lies.ANYWHERE, "too far away"),
        (date(1949, 9, 30), Lies.ANYWHERE, "too far away"),
        (date(2026, 4, 16), Lies.PAST, "cannot lie in the future"),
        (date(2062, 1, 1), Lies.PAST, "cannot lie in the future"),
        (date(2062, 1, 1), Lies.SOON, "more than 5 years ahead"),
        (date(2032, 1, 1), Lies.SOON, "more than 5 years ahead"),
    ],
)
def test_a_slip_is_named_with_the_mend(day: date, lies: Lies, said: str) -> None:
    slip = slip_in(day, TODAY, lies)
    assert slip is not None and said in slip.en and day.isoformat() in slip.zh


@pytest.mark.parametrize(
    ("day", "lies"),
    [
        (TODAY, Lies.PAST), (date(1949, 10, 1), Lies.PAST), (date(2031, 12, 31), Lies.SOON), (date(2062, 1, 1), Lies.ANYWHERE),
        (date(2100, 1, 1), Lies.ANYWHERE),
    ],
)  # fmt: skip
def test_what_may_be_meant_is_taken(day: date, lies: Lies) -> None:
    assert slip_in(day, TODAY, lies) is None
