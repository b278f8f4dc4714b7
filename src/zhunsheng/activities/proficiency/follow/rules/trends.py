"""How the scores of one laboratory for one item run over rounds: control chart, cumulative sums, by analyst and by method; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from intercomp import cusum

from zhunsheng.capability.profile.rules import Result, Trend
from zhunsheng.foundation.bilingual import Text, t

By = Literal["", "analyst", "method"]
SPLITS: Mapping[str, Text] = {
    "": t("all together", "不分组"),
    "analyst": t("by analyst", "按检测人员"),
    "method": t("by method", "按方法"),
}
NOT_SAID = t("not said", "未填写")
MOST_GROUPS = 5
OTHERS = t("others", "其他")


@dataclass(frozen=True, slots=True)
class Entered:
    """Who found a result, and by which method, as far as the laboratory entered it here."""

    analysts: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One round of the chart, with the cumulative sums up to it."""

    result: Result
    score_kind: str
    high: float
    low: float
    entered: Entered = field(default_factory=Entered)

    def group(self, by: str) -> str:
        """In which group the round falls: several persons or methods of one round are a group of their own."""
        said = {"analyst": self.entered.analysts, "method": self.entered.methods}.get(by, ())
        return " + ".join(said)


def points_of(trend: Trend, kinds: Mapping[str, str], entered: Mapping[str, Entered]) -> list[Point]:
    """The rounds of a trend, oldest first; `kinds` and `entered` by the key of the result."""
    if not trend.results:
        return []
    table: Any = [[one.score for one in trend.results]]
    sums = cusum(table)
    return [
        Point(
            one, kinds.get(one.id, "z"), float(sums.high[0][i]), float(sums.low[0][i]), entered.get(one.id, Entered())
        )
        for i, one in enumerate(trend.results)
    ]


def groups_of(points: Sequence[Point], by: str) -> list[str]:
    """The groups, the largest first; what is beyond the most that one can tell apart is one group of others."""
    named = [one.group(by) for one in points]
    found = sorted(set(named), key=lambda name: (-named.count(name), name))
    return found if len(found) <= MOST_GROUPS else [*found[: MOST_GROUPS - 1], "…"]


def chart_data(points: Sequence[Point], by: str, *, name: Text) -> dict[str, Any]:
    """The control chart as plain data, which page and paper draw alike; a group without a name was not said."""
    groups = groups_of(points, by)
    called = {group: _called(group) for group in groups}
    return {
        "groups": [called[group] for group in groups],
        "points": [
            {
                "label": one.result.round, "day": one.result.occurred_on.isoformat(), "score": one.result.score,
                "signal": one.result.signal, "group": called.get(one.group(by)) or str(OTHERS),
            }
            for one in points
        ],
        "description": _described(points, name),
    }  # fmt: skip


def _called(group: str) -> str:
    return str(OTHERS) if group == "…" else group or str(NOT_SAID)


def _described(points: Sequence[Point], name: Text) -> dict[str, str]:
    bad = sum(one.result.signal == "action" for one in points)
    said = t(
        "Control chart of the scores for {x} over {n} rounds, oldest first, with lines at ±2 and ±3: {a} action signals.",
        "{x}的比分数控制图，共 {n} 轮，由旧到新，在 ±2 和 ±3 处有界线：不满意 {a} 个。",
        x=name,
        n=len(points),
        a=bad,
    )
    return {"en": said.en, "zh": said.zh}
