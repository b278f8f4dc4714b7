"""The words for the states of a standard."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class StandardState(StrEnum):
    UPCOMING = "upcoming"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


STATES: dict[StandardState, Text] = {
    StandardState.UPCOMING: t("Published, not yet in force", "即将实施"),
    StandardState.CURRENT: t("Current", "现行"),
    StandardState.SUPERSEDED: t("Superseded", "被代替"),
    StandardState.WITHDRAWN: t("Withdrawn", "废止"),
}

STEPS: dict[str, int] = {
    StandardState.UPCOMING: 0,
    StandardState.CURRENT: 1,
    StandardState.SUPERSEDED: 2,
    StandardState.WITHDRAWN: 2,
}
"""The order of life: a standard does not go back a step."""

EXPERT_DECIDES = t(
    "Whether testing by an edition that is no longer current was wrong turns on whether the method changed in substance:"
    " where the successor's method is identical, an expert decides. Nothing here is found invalid by machine.",
    "依据非现行版本开展检测是否违规，取决于方法有无实质变化：后续版本的方法完全一致的，转专家判定。系统不自动认定无效。",
)
"""Finding F11 (Order 163, art. 14 (4) and 35): a withdrawn standard is routed to an expert."""

UNTIL_FILED = t(
    "A line that names the old edition stays what it is until the change is filed: verify the method by the new edition, then file"
    " the change of the standard; until then a report on the new edition is outside the scope.",
    "能力范围中写明旧版本的项目，在办理标准变更备案之前维持不变：先按新版本进行方法验证，再办理标准变更备案；"
    "备案之前，按新版本出具报告属于超范围检验检测。",
)
