"""How a retest is judged: the score is computed here, the verdict is never typed; pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused
from zhunsheng.activities.proficiency.rules.judging import RuleSet, signal_of
from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.foundation.bilingual import Text, t

NO_RETEST = t("The rule of this round has no retest: close the case.", "本轮次规则不安排补测，请直接关闭。")
ASK_FIRST = t("The rule of this round has a retest: ask for it.", "本轮次规则要求补测，请先安排补测。")
NOT_OURS = t(
    "The authority that commissioned the round confirms the retest.", "本轮次为委托项目，补测合格须由委托部门确认。"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of a retest of one measurand, as texts."""

    result: str
    assigned: str
    sigma: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A retest of one measurand with its z score."""

    result: str
    assigned: float
    sigma: float
    score: float
    signal: str


def scored(name: Text, written: Written) -> Scored:
    """z of the retest. Raises FollowRefused, naming the measurand, for what is no number, or a σ_pt that is not above 0."""
    x, assigned, sigma = (_number(name, one) for one in (written.result, written.assigned, written.sigma))
    if sigma <= 0:
        raise FollowRefused(t("{m}: σ(pt) is above 0.", "{m}：σ(pt) 须大于 0。", m=name))
    z = (x - assigned) / sigma
    if not math.isfinite(z):
        raise _no_number(name, written.result)
    return Scored(written.result.strip(), assigned, sigma, z, signal_of(z, "z"))


def _number(name: Text, text: str) -> float:
    value = read_value(text)
    if value.kind != "number":
        raise _no_number(name, text)
    return float(value.number)


def _no_number(name: Text, text: str) -> FollowRefused:
    return FollowRefused(t("{m}: “{x}” is no number.", "{m}：“{x}”不是数值。", m=name, x=text.strip()))


def passes(signals: Sequence[str], rule: RuleSet | None) -> bool:
    """Whether a retest is passed: every measurand in it, a questionable one where the rule (or no rule) lets it."""
    good = {"acceptable", "warning"} if rule is None or rule.questionable_passes else {"acceptable"}
    return bool(signals) and set(signals) <= good


def check_all(asked: Sequence[int], given: Mapping[int, Written]) -> None:
    """Raise FollowRefused unless the retest is of exactly the measurands at fault."""
    if set(asked) != set(given):
        raise FollowRefused(t("Give the result of every measurand at fault.", "请填写全部不合格被测量的补测结果。"))


def check_day(performed_on: date, failed_on: date, today: date) -> None:
    """Raise FollowRefused for a retest that was not after the round, or is yet to come."""
    if not failed_on < performed_on <= today:
        raise FollowRefused(
            t(
                "The retest was after {a} and not after today.",
                "补测日期须晚于 {a} 且不晚于今日。",
                a=failed_on.isoformat(),
            )
        )


def check_retest_asked(rule: RuleSet | None) -> None:
    """Raise FollowRefused where the rule of the round has no retest."""
    if rule is not None and not rule.retest:
        raise FollowRefused(NO_RETEST)


def check_close(state: str, rule: RuleSet | None, *, commissioned: bool) -> None:
    """Who closes a case: the coordinator where nobody has to confirm, and without a retest only where the rule has none."""
    if state == "accepted" and (rule is None or rule.retest):
        raise FollowRefused(ASK_FIRST)
    if state == "passed" and commissioned:
        raise FollowRefused(NOT_OURS)
