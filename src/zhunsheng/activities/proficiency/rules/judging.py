"""How scores become verdicts: limits of |score|, and what a laboratory must have shown to pass a round; pure.

A rule set is named and has a version: a report says by which one it judged, and its words never change under a version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from zhunsheng.activities.proficiency.rules.names import same
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.bilingual import Text, t

Kind = Literal["z", "zeta", "e_n"]
Signal = Literal["acceptable", "warning", "action"]
KINDS: dict[str, Text] = {
    "z": t("z (z′ where u(x_pt) is not negligible)", "z（u(x_pt) 不可忽略时为 z′）"),
    "zeta": t("ζ", "ζ"),
    "e_n": t("E_n", "E_n"),
}
LIMITS: dict[str, tuple[float, float]] = {"z": (2.0, 3.0), "zeta": (2.0, 3.0), "e_n": (1.0, 1.0)}
"""|score| up to the first is satisfactory, from the second unsatisfactory (ISO 13528:2022, 9.4, 9.6, 9.7)."""
ON_THE_BOUNDARY = 1e-9
"""Binary arithmetic cannot keep a quotient of decimal results exactly on a limit."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What a laboratory must have shown to pass.

    `share` in per cent of the measurands of the round have to pass; one that was not scored does not. A questionable result
    passes or fails as `questionable_passes` says; `retest`: whether who fails may show in a retest that it can.
    """

    key: str
    version: int
    share: int
    questionable_passes: bool
    retest: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def words(self) -> Text:
        """The rule in a sentence."""
        return t(
            "A laboratory passes when at least {share} % of the measurands are {which}; a measurand without a score does not"
            " count as such. {retest}",
            "实验室至少 {share}% 的被测量为{which}方为合格；未评分的被测量不计入。{retest}",
            share=self.share,
            which=_NOT_UNSATISFACTORY if self.questionable_passes else _SATISFACTORY,
            retest=_RETEST if self.retest else _NO_RETEST,
        )


_SATISFACTORY = t("satisfactory", "满意")
_NOT_UNSATISFACTORY = t("satisfactory or questionable", "满意或可疑")
_RETEST = t("Whoever fails may take a retest.", "不合格的实验室可以补测。")
_NO_RETEST = t("There is no retest.", "不安排补测。")

RULES: dict[str, RuleSet] = {
    one.key: one
    for one in (
        RuleSet("every-satisfactory", 1, share=100, questionable_passes=False, retest=True),
        RuleSet("none-unsatisfactory", 1, share=100, questionable_passes=True, retest=True),
        RuleSet("share-satisfactory", 1, share=80, questionable_passes=False, retest=True),
    )
}
NAMES: dict[str, Text] = {
    "every-satisfactory": t("every measurand satisfactory", "全部被测量满意"),
    "none-unsatisfactory": t("no measurand unsatisfactory", "无不满意被测量"),
    "share-satisfactory": t("a share of the measurands satisfactory", "达到规定满意率"),
}


def rule_of(chosen: Mapping[str, Any]) -> RuleSet | None:
    """The rule set that a round's JSON names; none where nothing was chosen. Raises CannotDo for what is no rule."""
    if not chosen:
        return None
    known = RULES.get(str(chosen.get("key", "")))
    try:
        made = RuleSet(**{**(known.as_json() if known else {}), **chosen})
    except TypeError:
        raise CannotDo(_NO_RULE) from None
    if known is None or made.version != known.version or not isinstance(made.share, int) or not 0 < made.share <= 100:
        raise CannotDo(_NO_RULE)
    return made


_NO_RULE = t("This is no rule by which a round can be judged.", "该判定规则不可用。")


NO_UNCERTAINTIES = t(
    "No laboratory reported an uncertainty, so nothing can be judged by ζ or E_n. Choose z.",
    "没有实验室上报不确定度，无法按 ζ 或 E_n 判定，请改用 z。",
)


def check_kind(kind: str) -> None:
    """Raise CannotDo unless this is a score by which a round can be judged."""
    if kind not in KINDS:
        raise CannotDo(t("This is no score by which a round can be judged.", "不能以该比分数判定。"))


def signal_of(score: float, kind: str) -> Signal:
    """|score| ≤ limit: acceptable; ≥ the other limit: action; between them: warning. E_n has one limit, 1."""
    satisfactory, unsatisfactory = LIMITS[kind]
    if abs(score) <= satisfactory + ON_THE_BOUNDARY:
        return "acceptable"
    return "action" if abs(score) >= unsatisfactory - ON_THE_BOUNDARY else "warning"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a laboratory has shown over all measurands of a round."""

    laboratory: str
    satisfactory: int
    questionable: int
    unsatisfactory: int
    not_scored: int
    passed: bool


def judged(laboratory: str, signals: Sequence[str], measurands: int, rule: RuleSet) -> Verdict:
    """One laboratory by its signals, at most one a measurand."""
    good, fair = signals.count("acceptable"), signals.count("warning")
    bad, rest = signals.count("action"), measurands - len(signals)
    passing = good + fair if rule.questionable_passes else good
    return Verdict(laboratory, good, fair, bad, rest, Fraction(100 * passing, measurands) >= rule.share)


def judging(measurands: Sequence[Mapping[str, Any]], rule: RuleSet) -> dict[str, Any]:
    """The part of a document that judges laboratories: the rule in words, and each laboratory, by name or code."""
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for m in measurands:
        for row in m["scores"]:
            found.setdefault(_known(names, row["laboratory"]), []).append(row["signal"])
        for row in m["left_out"]:
            found.setdefault(_known(names, row["laboratory"]), [])
    verdicts = [judged(names[key], signals, len(measurands), rule) for key, signals in sorted(found.items())]
    return {
        "rule": rule.as_json() | {"en": rule.words.en, "zh": rule.words.zh},
        "passed": sum(one.passed for one in verdicts),
        "failed": sum(not one.passed for one in verdicts),
        "laboratories": [asdict(one) for one in verdicts],
    }


def _known(names: dict[str, str], name: str) -> str:
    names.setdefault(same(name), name)
    return same(name)
