"""The words of preparation; pure. Nothing moves here: what is known about items is added to, never changed."""

from typing import Literal

from zhunsheng.foundation.bilingual import Text, t

Kind = Literal["homogeneity", "stability"]
KINDS: dict[Kind, Text] = {"homogeneity": t("homogeneity", "均匀性"), "stability": t("stability", "稳定性")}

Outcome = Literal["passed", "expanded", "failed", "undecided"]
OUTCOMES: dict[Outcome, Text] = {
    "passed": t("passed", "通过"),
    "expanded": t("passed by the expanded criterion", "按扩展准则通过"),
    "failed": t("not passed", "未通过"),
    "undecided": t("not decidable before σ_pt", "σ_pt 未定，暂不能判定"),
}
GOOD: frozenset[Outcome] = frozenset({"passed", "expanded"})

BEFORE_RELEASE = ("planned", "enrolling", "running", "collected", "evaluated")
"""States of a round in which something may still be learnt about its items."""
