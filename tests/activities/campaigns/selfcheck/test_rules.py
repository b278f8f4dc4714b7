"""What an answer must hold, what a checklist file may hold, what the registers say beforehand."""

import pytest

from zhunsheng.activities.campaigns.selfcheck.queries.shipped import POINTS, meanings, shipped_items
from zhunsheng.activities.campaigns.selfcheck.rules.answering import (
    LONGEST,
    AnswerRefused,
    Given,
    check_answer,
    check_complete,
    check_two_people,
    missing_of,
)
from zhunsheng.activities.campaigns.selfcheck.rules.checklists import Difference, Item, difference, items_of
from zhunsheng.activities.campaigns.selfcheck.rules.prefilling import prefilled
from zhunsheng.activities.campaigns.selfcheck.states import FINE, NOT_APPLICABLE, OPEN, PROBLEM


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        (Given(1, FINE), None),
        (Given(1, PROBLEM, "两台设备超期"), None),
        (Given(1, NOT_APPLICABLE, "不抽样"), None),
        (Given(1, ""), "not answered"),
        (Given(1, PROBLEM, " "), "what the problem is"),
        (Given(1, NOT_APPLICABLE), "why it does not apply"),
    ],
)
def test_an_answer_needs_its_words(given: Given, lacks: str | None) -> None:
    found = missing_of(given)
    assert (found is None) if lacks is None else (found is not None and lacks in found.en)


def test_an_answer_that_there_is_not_and_text_without_end_are_refused() -> None:
    with pytest.raises(AnswerRefused, match="no answer"):
        check_answer(Given(3, "perhaps"))
    with pytest.raises(AnswerRefused, match="longer"):
        check_answer(Given(3, PROBLEM, "字" * (LONGEST + 1)))


def test_what_is_missing_is_named_first_and_counted() -> None:
    check_complete([Given(1, FINE), Given(2, FINE)], [])
    with pytest.raises(AnswerRefused, match=r"Item 2 is not answered\. 1 more"):
        check_complete([Given(1, FINE), Given(2, ""), Given(3, FINE)], [3])
    with pytest.raises(AnswerRefused, match="Item 1: confirm"):
        check_complete([Given(1, FINE)], [1])


@pytest.mark.parametrize(
    ("filled", "submits", "refused"), [({1}, 2, False), ({1, 2}, 2, True), ({2}, 2, True), ({1, 2}, 3, False)]
)
def test_whoever_filled_anything_in_does_not_sign(filled: set[int | None], submits: int, refused: bool) -> None:
    if refused:
        with pytest.raises(AnswerRefused, match="filled"):
            check_two_people(filled, submits)
    else:
        check_two_people(filled, submits)


@pytest.mark.parametrize(
    ("holds", "answer"),
    [
        ({"C1": True, "K1": True}, FINE), ({"C1": True, "K1": False}, PROBLEM), ({"C1": True, "K1": None}, OPEN), ({}, OPEN),
        ({"C1": None, "K1": False}, PROBLEM),
    ],
)  # fmt: skip
def test_the_registers_speak_only_of_what_they_hold(holds: dict[str, bool | None], answer: str) -> None:
    assert prefilled(["C1", "K1"], holds) == answer


def test_the_shipped_checklist_has_the_fifty_items() -> None:
    items = shipped_items()
    assert [one.no for one in items] == list(range(1, 51))
    assert sum(one.starred for one in items) == 12
    assert {one.clause.split(".")[1] for one in items} == {"8", "9", "10", "11", "12"}
    assert all(one.item_zh and one.item_en and bool(one.evidence_zh) == bool(one.evidence_en) for one in items)
    assert not {point for one in items for point in one.register} - set(POINTS)


ROW = {"no": "1", "clause": "2.8.1", "starred": "是", "item_zh": "依法登记", "item_en": "Registered", "register": "C1"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"no": "0"}, "no number"), ({"no": "1.5"}, "no number"), ({"item_en": " "}, "is empty"), ({"starred": "maybe"}, "neither"),
        ({"register": "C99"}, "no point"), ({"item_zh": "字" * 501}, "longer"),
    ],
)  # fmt: skip
def test_a_bad_row_of_a_checklist_file_is_named(change: dict[str, str], said: str) -> None:
    items, faults = items_of([(2, ROW), (3, {**ROW, "no": "2", **change})], POINTS)
    assert len(items) == 1 and faults[0].row == 3 and said in faults[0].reason.en


def test_a_number_twice_and_an_empty_file_are_named() -> None:
    _, faults = items_of([(2, ROW), (3, ROW)], POINTS)
    assert "row 2" in faults[0].reason.en
    assert "no item" in items_of([], POINTS)[1][0].reason.en


def test_the_next_version_says_what_changed() -> None:
    one, two, three = (Item(n, "2.8.1", False, f"第{n}", f"No {n}") for n in (1, 2, 3))
    reworded = Item(2, "2.8.1", True, "第2", "No 2")
    assert difference([one, two], [reworded, three]) == Difference(added=(3,), removed=(1,), changed=(2,))


def test_every_shipped_item_is_explained_in_both_languages() -> None:
    said = meanings()
    assert list(said) == [one.no for one in shipped_items()]
    assert all(
        one.en.endswith(".") and one.zh.endswith("\u3002") and one.en.isascii() | ("\u2019" in one.en)
        for one in said.values()
    )
