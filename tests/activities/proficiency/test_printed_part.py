"""A large round is printed in part, and the paper says what is not on it."""

from __future__ import annotations

from typing import Any

from zhunsheng.activities.proficiency.printed_part import MOST_ROWS, printed_part, rows_each, thinned


def measurand(scores: int, left_out: int = 0) -> dict[str, Any]:
    rows = [
        {"laboratory": f"L{n}", "z": (n % 7) - 3.5, "signal": "action" if n % 7 in (0,) else "acceptable"}
        for n in range(scores)
    ]
    return {
        "score_used": "z",
        "scores": rows,
        "left_out": [{"row": n} for n in range(left_out)],
        "notes": [{"en": "a", "zh": "甲"}],
    }


def test_a_small_round_is_printed_whole_and_in_its_order() -> None:
    small = measurand(30, 5)
    assert printed_part(small, 1) == small


def test_of_a_large_round_the_farthest_are_printed_and_the_note_counts() -> None:
    part = printed_part(measurand(2_100, 50), 25)
    assert len(part["scores"]) == 40 and {abs(row["z"]) for row in part["scores"]} == {3.5}
    assert len(part["left_out"]) == 40
    table, left_out, bars = (note["en"] for note in part["notes"][1:])
    assert "40 of 2100 laboratories" in table and "of the 300 warning and action signals" in table
    assert "Of 50 results" in left_out and "from 2100" in bars
    assert all(note["zh"] != note["en"] for note in part["notes"])


def test_many_measurands_share_the_rows() -> None:
    assert rows_each(1) == MOST_ROWS and rows_each(10) == MOST_ROWS // 10 and rows_each(1_000) == 20


def test_a_thinned_curve_keeps_its_ends_and_its_order() -> None:
    marks = thinned(range(16_000), 400)
    assert (marks[0], marks[-1], len(marks)) == (0, 15_999, 400) and marks == sorted(set(marks))
    assert thinned([3, 1, 2], 400) == [3, 1, 2]
