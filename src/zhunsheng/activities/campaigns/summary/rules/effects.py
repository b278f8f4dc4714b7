"""Did it help? Before and after with the interval of the difference, never a bare number; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhunsheng.activities.campaigns.summary.rules.intervals import (
    LEVEL,
    Interval,
    Pairs,
    Share,
    difference,
    paired_difference,
)
from zhunsheng.foundation.bilingual import Text, t

FELL, ROSE, UNCLEAR, NOTHING = "fell", "rose", "unclear", "nothing"

INDICATORS: Mapping[str, Text] = {
    "nonconforming": t("Institutions with a nonconformity, of those inspected", "存在不符合的机构占被检查机构的比例"),
    "major": t("Institutions with a major nonconformity, of those inspected", "存在严重不符合的机构占被检查机构的比例"),
    "repeat": t("Institutions where a problem came back, of those inspected", "同类问题重复出现的机构占被检查机构的比例"),
    "called_fine": t(
        "Institutions that had called fine what was found, of those with a comparable finding",
        "自查称“未发现问题”而检查发现问题的机构占可比机构的比例",
    ),
    "again": t("The same institutions, first visit and last visit: with a nonconformity", "同一批机构首次与末次检查：存在不符合的比例"),
}  # fmt: skip
"""Shares of institutions; of each of them less is better."""

CAUTION = t(
    "A difference shows that something changed, not that the campaign was the cause.",
    "差异只说明情况有变化，不能说明变化由整顿行动引起。",
)
NOT_DRAWN = t(
    "Not everybody was drawn at random: a sample chosen otherwise may differ from the rest, before or after.",
    "被检查机构并非全部随机抽取：以其他方式选取的样本，无论在前在后，都可能与总体不同。",
)
CHOSEN_AGAIN = t(
    "Whoever had problems is visited again sooner, and would look better at the second visit by chance alone.",
    "有问题的机构更容易被再次检查；即使什么都没有改变，第二次检查也可能因偶然而显得更好。",
)


@dataclass(frozen=True, slots=True)
class Effect:
    """One indicator before and after."""

    key: str
    before: Share
    after: Share
    fall: Interval | None
    """of the share before less the share after; None where a side is empty"""
    small: bool
    cautions: tuple[Text, ...] = ()

    @property
    def verdict(self) -> str:
        """What the interval allows to be said."""
        if self.fall is None:
            return NOTHING
        if self.fall.holds(0):
            return UNCLEAR
        return FELL if self.fall.low > 0 else ROSE

    @property
    def sentence(self) -> Text:
        return _sentence(self)


def compared(key: str, before: Share, after: Share, *, small_below: int, cautions: tuple[Text, ...] = ()) -> Effect:
    """Two sets of institutions, before and after."""
    fall = difference(before, after) if before.of and after.of else None
    return Effect(key, before, after, fall, min(before.of, after.of) < small_below, cautions)


def paired(key: str, pairs: Pairs, *, small_below: int) -> Effect:
    """The same institutions, first and then."""
    fall = paired_difference(pairs) if pairs.all else None
    return Effect(key, pairs.first, pairs.then, fall, pairs.all < small_below, (CHOSEN_AGAIN,))


def _sentence(effect: Effect) -> Text:
    if effect.fall is None:
        return t("Nothing to compare with.", "没有可供比较的数据。")
    low, high, level = _points(effect.fall.low), _points(effect.fall.high), f"{LEVEL:.0%}"
    if effect.verdict == FELL:
        said = t(
            "It fell, by {a} to {b} percentage points (interval of {l}).", "下降了 {a} 至 {b} 个百分点（{l} 置信区间）。",
            a=low, b=high, l=level,
        )  # fmt: skip
    elif effect.verdict == ROSE:
        said = t(
            "It rose, by {a} to {b} percentage points (interval of {l}).", "上升了 {a} 至 {b} 个百分点（{l} 置信区间）。",
            a=high, b=low, l=level,
        )  # fmt: skip
    else:
        said = t(
            "It cannot be said that it changed: anything from a fall by {b} to a rise by {a} percentage points fits the data "
            "(interval of {l}).",
            "不能断定有变化：从下降 {b} 个百分点到上升 {a} 个百分点，都与数据相容（{l} 置信区间）。",
            a=low, b=high, l=level,
        )  # fmt: skip
    return _with_size(said, effect) if effect.small else said


def _with_size(said: Text, effect: Effect) -> Text:
    few = min(effect.before.of, effect.after.of)
    small = t(
        "Few institutions (from {n} on a side): read it with care.",
        "样本量小（较少一侧仅 {n} 家），解读须谨慎。",
        n=few,
    )
    return Text(en=f"{said.en} {small.en}", zh=f"{said.zh}{small.zh}")


def _points(value: float) -> str:
    return f"{abs(value) * 100:.1f}"
