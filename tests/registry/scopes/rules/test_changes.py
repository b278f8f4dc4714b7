"""How the rows of a line are split when it changes from a day on: truth tables, and what must always hold."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.rules.changes import check_day, check_reason, mended_split, status_split


@dataclass
class Row:
    valid_from: date
    valid_to: date | None
    status: str = "active"


def d(month: int, day: int = 1) -> date:
    return date(2026, month, day)


OPEN, TO_JUNE = Row(d(1), None), Row(d(1), d(6, 30))
ORDERED = Row(d(1), None, "suspended")
SUSPENDED, CANCELLED = Row(d(1), None, "self_suspended"), Row(d(1), None, "cancelled")
LATER = [Row(d(1), d(5, 31)), Row(d(6), None, "self_suspended")]


@pytest.mark.parametrize(
    ("rows", "verb", "day", "pieces"),
    [
        ([OPEN], "self_suspend", d(5), [(d(1), d(4, 30), "active"), (d(5), None, "self_suspended")]),
        ([OPEN], "self_suspend", d(1), [(d(1), None, "self_suspended")]),  # from its first day: nothing is left before
        ([TO_JUNE], "cancel", d(6, 30), [(d(1), d(6, 29), "active"), (d(6, 30), d(6, 30), "cancelled")]),
        ([SUSPENDED], "resume", d(5), [(d(1), d(4, 30), "self_suspended"), (d(5), None, "active")]),
        ([SUSPENDED], "cancel", d(5), [(d(1), d(4, 30), "self_suspended"), (d(5), None, "cancelled")]),
        ([OPEN], "suspend", d(5), [(d(1), d(4, 30), "active"), (d(5), None, "suspended")]),
        ([SUSPENDED], "suspend", d(5), [(d(1), d(4, 30), "self_suspended"), (d(5), None, "suspended")]),
        ([ORDERED], "reinstate", d(5), [(d(1), d(4, 30), "suspended"), (d(5), None, "active")]),
        (
            LATER,
            "suspend",
            d(5),
            [(d(1), d(4, 30), "active"), (d(5), None, "suspended")],
        ),  # a change to come holds nothing off
        (LATER, "resume", d(7), [(d(6), d(6, 30), "self_suspended"), (d(7), None, "active")]),
        (LATER, "cancel", d(5), [(d(1), d(4, 30), "active"), (d(5), None, "cancelled")]),  # takes later changes with it
    ],
)
def test_a_line_is_split_at_the_day(rows: list[Row], verb: str, day: date, pieces: list) -> None:
    split = status_split(rows, verb, day)
    assert [(p.first, p.last, p.status) for p in split.pieces] == pieces
    assert [p.changed for p in split.pieces] == [p.first >= day for p in split.pieces]


@pytest.mark.parametrize(
    ("rows", "verb", "day", "said"),
    [
        ([OPEN], "self_suspend", date(2025, 12, 31), "not in the scope on 2025-12-31"),
        ([TO_JUNE], "self_suspend", d(7), "not in the scope on 2026-07-01"),
        ([OPEN], "resume", d(5), "“resume” is not possible while the scope line is “Active”"),
        ([ORDERED], "resume", d(5), "not possible while the scope line is “Suspended by the authority"),
        ([ORDERED], "self_suspend", d(5), "not possible while the scope line is “Suspended by the authority"),
        ([SUSPENDED], "reinstate", d(5), "not possible while the scope line is “Suspended by the institution"),
        ([SUSPENDED], "self_suspend", d(5), "not possible while the scope line is “Suspended"),
        ([CANCELLED], "resume", d(5), "not possible while the scope line is “Cancelled”"),
        ([CANCELLED], "cancel", d(5), "not possible"),
        (LATER, "self_suspend", d(5), "From 2026-06-01 on another change"),
        ([], "cancel", d(5), "not in the scope"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(rows: list[Row], verb: str, day: date, said: str) -> None:
    with pytest.raises(CannotChange) as refused:
        status_split(rows, verb, day)
    assert said in refused.value.reason.en


def test_mending_keeps_every_status() -> None:
    split = mended_split(LATER, d(5))
    assert split.closed == LATER
    assert [(p.first, p.last, p.status, p.changed) for p in split.pieces] == [
        (d(1), d(4, 30), "active", False), (d(5), d(5, 31), "active", True), (d(6), None, "self_suspended", True),
    ]  # fmt: skip


DAYS = st.integers(0, 60).map(lambda n: d(1) + timedelta(days=n))


@given(DAYS, DAYS, DAYS, st.sampled_from(["self_suspend", "cancel"]))
def test_no_day_is_lost_and_none_counted_twice(first: date, last: date, day: date, verb: str) -> None:
    row = Row(min(first, last), max(first, last))
    try:
        pieces = status_split([row], verb, day).pieces
    except CannotChange:
        assert not row.valid_from <= day <= row.valid_to
        return
    covered = [p.first + timedelta(days=n) for p in pieces for n in range((p.last - p.first).days + 1)]
    assert covered == [row.valid_from + timedelta(days=n) for n in range((row.valid_to - row.valid_from).days + 1)]


def test_an_institution_does_not_change_its_scope_backwards() -> None:
    check_day(d(5), d(5))
    with pytest.raises(CannotChange, match="today or a later day"):
        check_day(d(4, 30), d(5))


def test_a_change_has_a_reason() -> None:
    assert check_reason(" the ICP-MS is out of order ") == "the ICP-MS is out of order"
    with pytest.raises(CannotChange, match="Give the reason"):
        check_reason(" \n")
