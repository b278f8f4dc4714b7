"""What a plan must say before it is kept and before it is published, and the days of its stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from zhunsheng.activities.campaigns.plan.states import SECTIONS, STAGES
from zhunsheng.foundation.bilingual import Text, t

LONGEST = 20_000
PARTS_OF_THE_TIME: Mapping[str, float] = {
    "deployment": 0.08, "stocktaking": 0.12, "selfcheck": 0.25, "analysis": 0.08, "inspection": 0.17, "rectification": 0.17,
    "acceptance": 0.08, "summary": 0.05,
}  # fmt: skip
"""Of the whole period, for the first proposal of days; a person changes them."""


class PlanRefused(Exception):
    """A plan, a gate, a task or a signature cannot be taken as it is; `reason` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the plan in both languages."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class StageDays:
    """A stage and its days."""

    key: str
    starts_on: date
    ends_on: date


def proposed_stages(opens_on: date, closes_on: date) -> list[StageDays]:
    """The template: all eight stages one after the other over the period, each at least a day."""
    days = (closes_on - opens_on).days + 1
    if days < len(STAGES):
        raise PlanRefused(t("The period has fewer days than stages.", "起止时间少于阶段数，无法安排。"))
    found, spare, begun = [], days - len(STAGES), 0.0
    for place, (key, part) in enumerate(PARTS_OF_THE_TIME.items()):
        starts, ends = place + int(spare * begun), place + int(spare * round(begun + part, 9))
        begun = round(begun + part, 9)
        found.append(StageDays(key, opens_on + timedelta(starts), opens_on + timedelta(ends)))
    return found


def a_year_later(day: date) -> date:
    """The same day of the next year; the 28th for the 29th of February."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28) if leap else day.replace(year=day.year + 1)


def check_title(title: Text) -> None:
    """Raise PlanRefused without a name in both languages."""
    if not title.zh.strip() or not title.en.strip():
        raise PlanRefused(t("Give the campaign a name in both languages.", "请填写中英文名称。"))


def check_sections(sections: Sequence[Section]) -> None:
    """Raise PlanRefused for a part that there is not, twice the same, or text without end."""
    keys = [one.key for one in sections]
    if unknown := [key for key in keys if key not in SECTIONS]:
        raise PlanRefused(t("A plan has no part “{k}”.", "方案没有“{k}”部分。", k=unknown[0]))
    if len(set(keys)) != len(keys):
        raise PlanRefused(t("A part of the plan stands there twice.", "方案的某一部分重复出现。"))
    if any(max(len(one.text.zh), len(one.text.en)) > LONGEST for one in sections):
        raise PlanRefused(t("A part is longer than {n} characters.", "某一部分超过 {n} 字。", n=LONGEST))


def check_stages(stages: Sequence[StageDays], opens_on: date, closes_on: date) -> None:
    """Raise PlanRefused for stages that are unknown, out of order, outside the campaign, or that end before they begin."""
    if closes_on < opens_on:
        raise PlanRefused(t("The campaign ends before it begins.", "结束日期早于开始日期。"))
    order = list(STAGES)
    keys = [one.key for one in stages]
    if not keys or any(key not in STAGES for key in keys) or keys != sorted(set(keys), key=order.index):
        raise PlanRefused(t("The stages are not those of the template in their order.", "阶段不符合模板或顺序不对。"))
    for one in stages:
        check_days(one, opens_on, closes_on)
    for before, after in pairwise(stages):
        if after.starts_on < before.starts_on:
            raise PlanRefused(
                t("“{a}” begins before “{b}”.", "“{a}”早于“{b}”开始。", a=STAGES[after.key], b=STAGES[before.key])
            )


def check_days(stage: StageDays, opens_on: date, closes_on: date) -> None:
    """Raise PlanRefused for days of a stage that end before they begin or lie outside the campaign."""
    name = STAGES[stage.key]
    if stage.ends_on < stage.starts_on:
        raise PlanRefused(t("“{s}” ends before it begins.", "“{s}”的结束日期早于开始日期。", s=name))
    if stage.starts_on < opens_on or stage.ends_on > closes_on:
        raise PlanRefused(t("“{s}” lies outside the campaign.", "“{s}”超出整顿行动的起止时间。", s=name))


def check_publishable(sections: Sequence[Section], commitment: Text) -> None:
    """Raise PlanRefused naming the first thing that is missing in either language."""
    said = {one.key: one.text for one in sections}
    for key, name in SECTIONS.items():
        text = said.get(key, Text("", ""))
        if not text.zh.strip() or not text.en.strip():
            raise PlanRefused(
                t("“{s}” is not written in both languages.", "“{s}”尚未用中英文写全。", s=name),
            )
    if not commitment.zh.strip() or not commitment.en.strip():
        raise PlanRefused(
            t(
                "The commitment that institutions sign is not written in both languages.",
                "机构签署的承诺书尚未用中英文写全。",
            )
        )
