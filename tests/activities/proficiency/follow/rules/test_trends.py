"""How scores run over rounds: cumulative sums as the capability page has them, groups that one can tell apart."""

from datetime import date, timedelta

import pytest

from zhunsheng.activities.proficiency.follow.rules.trends import Entered, Point, chart_data, groups_of, points_of
from zhunsheng.capability.profile.rules import Result, trends
from zhunsheng.foundation.bilingual import Text

ITEM = Text(en="lead in tea", zh="茶叶中铅")


def run(*scores: float, analysts: tuple[str, ...] = ()) -> list[Point]:
    results = [
        Result(
            f"e{n}", f"R{n}", date(2020, 1, 1) + timedelta(days=n), score, "action" if abs(score) >= 3 else "acceptable"
        )
        for n, score in enumerate(scores)
    ]
    entered = {f"e{n}": Entered(analysts=(name,) if name else ()) for n, name in enumerate(analysts)}
    return points_of(trends([results])[0], {}, entered)


def test_the_cumulative_sums_end_where_the_trend_says_and_are_checked_by_hand() -> None:
    found = run(1.5, 1.5, 1.5, -0.5)
    assert [one.high for one in found] == pytest.approx([1.0, 2.0, 3.0, 2.0])  # max(0, C + z − 0.5)
    assert [one.low for one in found] == pytest.approx([0, 0, 0, 0])
    trend = trends([[one.result for one in found]])[0]
    assert (found[-1].high, found[-1].low) == (trend.high, trend.low)
    assert points_of(trends([[]])[0], {}, {}) == []


def test_groups_are_the_largest_first_and_what_is_too_many_is_others() -> None:
    found = run(*[0.1] * 9, analysts=("A", "B", "B", "C", "D", "E", "F", "", "B"))
    assert groups_of(found, "analyst") == ["B", "", "A", "C", "…"]
    drawn = chart_data(found, "analyst", name=ITEM)
    assert drawn["groups"] == ["B", "not said", "A", "C", "others"]
    assert [one["group"] for one in drawn["points"]][-3:] == ["others", "not said", "B"]
    assert groups_of(found, "") == [""] and len(chart_data(found, "", name=ITEM)["groups"]) == 1


def test_the_chart_says_in_words_what_it_shows() -> None:
    drawn = chart_data(run(0.5, -3.2), "", name=ITEM)
    assert [(one["label"], one["score"], one["signal"]) for one in drawn["points"]] == [
        ("R0", 0.5, "acceptable"), ("R1", -3.2, "action"),
    ]  # fmt: skip
    assert (
        "lead in tea over 2 rounds" in drawn["description"]["en"] and "1 action signals" in drawn["description"]["en"]
    )
    assert "不满意 1 个" in drawn["description"]["zh"]
