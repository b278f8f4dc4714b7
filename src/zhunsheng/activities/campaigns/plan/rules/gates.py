"""When a region may enter a stage or leave it: because what the gate asks for is done, or because a person says why all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.foundation.bilingual import Text, t

Side = Literal["entry", "exit"]
SIDES: Mapping[str, Text] = {"entry": t("entry", "进入"), "exit": t("exit", "完成")}
ASKED_ON_LEAVING: Mapping[str, Text] = {
    "deployment": t("every institution has signed the commitment", "全部机构已签署承诺书"),
    "selfcheck": t("every institution has submitted its self-check", "全部机构已提交自查"),
    "inspection": t("every drawn institution was inspected", "全部抽中机构已检查"),
    "rectification": t("every rectification was submitted", "全部整改已提交"),
    "acceptance": t("every rectification was decided on", "全部整改已验收"),
}
"""What the gate out of a stage asks for; a stage that is not named is left by the word of a person."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a region have done what a gate asks for."""

    done: int
    of: int

    @property
    def all_done(self) -> bool:
        """Nobody at all is not everybody."""
        return 0 < self.of <= self.done


def is_met(side: Side, *, previous_left: bool, count: Count | None) -> bool:
    """Entry asks that the stage before was left; exit that everybody has done it, where that can be counted."""
    if side == "entry":
        return previous_left
    return count is not None and count.all_done


def check_open(met: bool, reason: str) -> None:
    """Raise PlanRefused for a gate that is not met and that nobody gives a reason to open."""
    if not met and not reason.strip():
        raise PlanRefused(
            t(
                "What this gate asks for is not done: say why it is opened all the same.",
                "本阶段条件尚未满足；如需放行，请说明理由。",
            )
        )
