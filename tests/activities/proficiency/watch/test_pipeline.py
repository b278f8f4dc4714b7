"""Where participants are: in every state a round's numbers add up, of tables that know nothing of each other; and if not, it shows."""

from typing import Any

import pytest

from zhunsheng.activities.proficiency.watch.rules.pipeline import (
    Facts,
    Scored,
    Shipped,
    Step,
    steps_of,
    summed,
    unreconciled,
)

ENROLLED = Facts("enrolling", True, registered=10, enrolled=8, withdrawn=2)
CODED: dict[str, Any] = {
    "registered": 10,
    "enrolled": 8,
    "withdrawn": 2,
    "codes": 8,
    "nothing": 2,
    "draft": 1,
    "submitted": 1,
    "approved": 4,
}
Row = tuple[str, int, int, int, dict[str, int]]


def rows(facts: Facts) -> list[Row]:
    return [(one.key, one.came, one.went, one.here, dict(one.left)) for one in steps_of(facts)]


def test_an_open_enrolment() -> None:
    first, second, *_ = rows(ENROLLED)
    assert first == ("registered", 10, 0, 8, {"withdrawn": 2}) and second == ("coded", 0, 0, 0, {})


def test_a_round_whose_results_come_in() -> None:
    assert rows(Facts("running", True, **CODED)) == [
        ("registered", 10, 8, 0, {"withdrawn": 2}),
        ("coded", 8, 5, 3, {}),
        ("submitted", 5, 4, 1, {}),
        ("taken", 4, 0, 4, {}),
        ("evaluated", 0, 0, 0, {}),
        ("released", 0, 0, 0, {}),
    ]


@pytest.mark.parametrize(
    ("evaluation", "submitted", "taken"),
    [
        (Scored(3, 1, 0), ("submitted", 5, 4, 0, {"not_approved": 1}), ("taken", 4, 3, 0, {"could_not": 1})),
        (Scored(3, 1, 1), ("submitted", 5, 5, 0, {}), ("taken", 5, 3, 0, {"could_not": 1, "no_number": 1})),
    ],
)
def test_an_evaluation_with_and_without_what_nobody_approved(evaluation: Scored, submitted: Row, taken: Row) -> None:
    found = rows(Facts("evaluated", True, **CODED, evaluation=evaluation))
    assert found[1] == ("coded", 8, 5, 0, {"no_reply": 3}) and found[2:4] == [submitted, taken]
    assert found[4:] == [("evaluated", 3, 0, 3, {}), ("released", 0, 0, 0, {})]
    released = rows(Facts("released", True, **CODED, evaluation=evaluation))
    assert released[:4] == found[:4] and released[4:] == [("evaluated", 3, 3, 0, {}), ("released", 3, 0, 3, {})]


def test_a_round_of_a_file_has_no_enrolment_and_nothing_submitted() -> None:
    found = rows(Facts("evaluated", False, codes=21, nothing=21, evaluation=Scored(20, 0, 1)))
    assert found[:2] == [("coded", 21, 21, 0, {}), ("taken", 21, 20, 0, {"no_number": 1})]


def test_whoever_is_in_a_cancelled_round_left_it() -> None:
    assert rows(Facts("cancelled", True, registered=10, enrolled=8, withdrawn=2))[0] == (
        "registered", 10, 0, 0, {"withdrawn": 2, "cancelled": 8},
    )  # fmt: skip
    running = steps_of(Facts("cancelled", True, **CODED))
    assert not unreconciled(running) and sum(one.left.get("cancelled", 0) for one in running) == 8


@pytest.mark.parametrize("state", ["running", "collected", "evaluated", "released", "cancelled"])
def test_every_state_adds_up(state: str) -> None:
    done = Scored(3, 1, 1) if state in ("evaluated", "released") else None
    assert not unreconciled(steps_of(Facts(state, True, **CODED, evaluation=done)))


SHIPPED = Shipped(unsent=1, on_way=1, waiting=1, unconfirmed=2)


def test_items_on_their_way_are_steps_between_code_and_results() -> None:
    facts = Facts("running", True, **CODED, shipped=SHIPPED)
    assert rows(facts)[1:5] == [
        ("coded", 8, 7, 1, {}),
        ("shipped", 7, 6, 1, {}),
        ("received", 6, 5, 1, {}),
        ("submitted", 5, 4, 1, {}),
    ]
    assert [one.unconfirmed for one in steps_of(facts)] == [0, 0, 0, 2, 0, 0, 0, 0]


def test_who_got_no_items_left_for_that_reason_when_the_collection_is_closed() -> None:
    found = rows(Facts("collected", True, **CODED, shipped=SHIPPED))
    assert [left for *_, left in found[1:4]] == [{"not_shipped": 1}, {"not_received": 1}, {"no_reply": 1}]
    assert not unreconciled(steps_of(Facts("cancelled", True, **CODED, shipped=SHIPPED)))


def test_a_code_that_neither_parcels_nor_submissions_know_shows() -> None:
    lost = Facts("running", True, **CODED, shipped=Shipped(1, 1, 0, 0))
    assert unreconciled(steps_of(lost)) == {"coded": 1}


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"codes": 7, "nothing": 1}, {"registered": 1}),  # somebody enrolled and has no code
        ({"codes": 9, "nothing": 3}, {"registered": -1}),  # a code of nobody who enrolled
        ({"evaluation": Scored(1, 0, 0)}, {"submitted": 3}),  # approved and not among the results
        ({"evaluation": Scored(6, 0, 0)}, {"submitted": -1}),  # among the results without a submission
    ],
)
def test_whoever_is_lost_between_two_tables_shows_with_the_step(
    changed: dict[str, Any], differs: dict[str, int]
) -> None:
    said = {**CODED, "evaluation": Scored(3, 1, 0), **changed}
    assert unreconciled(steps_of(Facts("evaluated", True, **said))) == differs


def test_sums_keep_the_balance_and_the_difference() -> None:
    good, bad = (
        steps_of(Facts("running", True, **CODED)),
        steps_of(Facts("running", True, **{**CODED, "registered": 11})),
    )
    total = summed([good, bad])
    assert total[0] == Step("registered", 21, 16, 0, {"withdrawn": 4}) and unreconciled(total) == {"registered": 1}
    of_file = steps_of(Facts("released", False, codes=5, evaluation=Scored(5, 0, 0)))
    assert not unreconciled(summed([good, of_file]))
    shipped = steps_of(Facts("running", True, **CODED, shipped=SHIPPED))
    both = summed([good, shipped])
    assert not unreconciled(both) and next(one for one in both if one.key == "received").unconfirmed == 2
