"""Points of the registers that an item may name beside those of the stock-taking: lived rules and results in rounds."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t

LIVED: Mapping[str, str] = {
    "L1": "internal_audit", "L2": "management_review", "L3": "training", "L4": "calibration_plan", "L5": "self_declaration",
}  # fmt: skip
"""Code → what a management system must show; the last one that was due."""
RESULTS = "P1"
BEYOND: Mapping[str, Text] = {
    "L1": t("Internal audit made", "内部审核已实施"),
    "L2": t("Management review made", "管理评审已实施"),
    "L3": t("Training and supervision of staff shown", "人员培训与监督有记录"),
    "L4": t("Calibration plan made", "检定校准计划已制定"),
    "L5": t("Self-declaration made public", "自我声明已公开"),
    RESULTS: t("No proficiency test failed and still open", "没有未恢复的能力验证不合格项目"),
}
ONLY_DENIES = frozenset({"L1", "L2", "L3", RESULTS})
"""What is wrong here is a problem of the item; that it holds does not show all that the item asks for."""
