"""What holds for parcels, as tables."""

import hashlib
from datetime import date
from uuid import UUID

import pytest

from zhunsheng.activities.proficiency.ship.rules.shipping import (
    CannotShip,
    Content,
    check_days,
    check_receipt,
    check_spares,
    contents,
    mark_of,
    may_replace,
    number_of,
    overdue,
)
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.states import DayKind

TODAY = date(2026, 5, 6)
MAY_DAY = WorkingCalendar(
    {date(2026, 5, day): DayKind.HOLIDAY for day in (1, 2, 3, 4, 5)} | {date(2026, 5, 9): DayKind.WORKDAY}
)


@pytest.mark.parametrize(
    ("expected", "today", "days"),
    [
        (date(2026, 4, 30), date(2026, 4, 30), 0),
        (date(2026, 4, 30), date(2026, 5, 5), 0),  # a holiday is no delay
        (date(2026, 4, 30), date(2026, 5, 6), 1),
        (date(2026, 5, 8), date(2026, 5, 9), 1),  # a Saturday that is worked
        (date(2026, 5, 15), date(2026, 5, 17), 0),  # a weekend
        (date(2026, 6, 1), date(2026, 5, 6), 0),
        (None, date(2026, 5, 6), 0),
    ],
)
def test_overdue_counts_working_days(expected: date | None, today: date, days: int) -> None:
    assert overdue(expected, today, MAY_DAY) == days


def test_a_parcel_holds_each_item_in_the_variant_that_was_drawn() -> None:
    assert contents([("A", 1), ("B", 3)], {"B": 2}) == [Content("A", 1), Content("B", 2)]
    assert [number_of("K01", n) for n in range(3)] == ["K01", "K01-R1", "K01-R2"]


def test_the_mark_tells_no_variant_and_is_the_same_each_time() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert mark_of(one, "A") == mark_of(one, "A") == hashlib.sha256(f"{one}:A".encode()).hexdigest()[:6].upper()
    assert len({mark_of(parcel, item) for parcel in (one, other) for item in "AB"}) == 4


@pytest.mark.parametrize(
    ("state", "condition", "asked", "replaced", "may"),
    [
        ("lost", "intact", False, False, True),
        ("returned", "intact", False, False, True),
        ("received", "leaking", False, False, True),
        ("received", "intact", False, False, False),
        ("received", "intact", True, False, True),
        ("sent", "intact", False, False, False),
        ("sent", "intact", True, False, True),
        ("packed", "intact", False, False, False),
        ("lost", "intact", True, True, False),
    ],
)
def test_what_is_replaced(state: str, condition: str, asked: bool, replaced: bool, may: bool) -> None:
    assert (may_replace(state, condition, asked=asked, replaced=replaced) is None) is may


@pytest.mark.parametrize(
    ("wanted", "used", "prepared", "short"),
    [
        ("AB", {}, {"A": 1, "B": 1}, ""),
        ("AA", {"A": 9}, {"A": 10}, "Item A: 2 are needed, 1 of 10 prepared units are left"),
        ("A", {"A": 10}, {"A": 10}, "0 of 10"),
        ("AAA", {"A": 99}, {"A": 0}, ""),
        ("C", {}, {}, ""),
    ],
)
def test_units_enough_were_prepared(wanted: str, used: dict[str, int], prepared: dict[str, int], short: str) -> None:
    if not short:
        return check_spares(wanted, used, prepared)
    with pytest.raises(CannotShip, match=short):
        check_spares(wanted, used, prepared)
    return None


@pytest.mark.parametrize(
    ("condition", "temperature", "remark", "day", "refused"),
    [
        ("intact", "", "", TODAY, ""),
        ("intact", "-18.5", "", TODAY, ""),
        ("leaking", "4", "bottle B", TODAY, ""),
        ("leaking", "", " ", TODAY, "Describe"),
        ("gone", "", "", TODAY, "Choose"),
        ("intact", "4 °C", "", TODAY, "number in °C"),
        ("intact", "", "", date(2026, 5, 7), "between"),
        ("intact", "", "", date(2026, 5, 3), "between"),
    ],
)
def test_what_may_be_said_of_an_arrival(condition: str, temperature: str, remark: str, day: date, refused: str) -> None:
    def say() -> None:
        check_receipt(condition, temperature, remark, received_on=day, sent_on=date(2026, 5, 4), today=TODAY)

    if not refused:
        return say()
    with pytest.raises(CannotShip, match=refused):
        say()
    return None


def test_a_parcel_does_not_arrive_before_it_leaves() -> None:
    check_days(TODAY, TODAY, TODAY)
    check_days(TODAY, None, TODAY)
    with pytest.raises(CannotShip, match="ahead"):
        check_days(date(2026, 5, 7), None, TODAY)
    with pytest.raises(CannotShip, match="before it left"):
        check_days(TODAY, date(2026, 5, 5), TODAY)
