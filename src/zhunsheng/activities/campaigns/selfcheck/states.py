"""Where a self-check stands, what an item may be answered, and the words of the verbs; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

INSTITUTION = t("institution", "机构")
AUTHORITY = t("authority", "监管部门")
NOBODY = t("nobody", "无")

SELFCHECK = Machine(
    subject=t("self-check", "自查"),
    initial="open",
    states={
        "open": State(t("being filled in", "填写中"), INSTITUTION),
        "submitted": State(t("submitted", "已提交"), AUTHORITY),
        "returned": State(t("given back to be mended", "已退回，待补正"), INSTITUTION),
        "frozen": State(t("final", "已定稿"), NOBODY),
    },
    transitions={
        "submit": Transition(t("submit", "提交"), ("open", "returned"), "submitted"),
        "return": Transition(t("give back", "退回"), ("submitted",), "returned"),
        "freeze": Transition(t("make final", "定稿"), ("open", "submitted", "returned"), "frozen"),
    },
)

FINE, PROBLEM, NOT_APPLICABLE, OPEN = "fine", "problem", "na", ""
ANSWERS: dict[str, Text] = {
    FINE: t("No problem found", "未发现问题"),
    PROBLEM: t("Problem found", "发现问题"),
    NOT_APPLICABLE: t("Not applicable", "不适用"),
}
"""The answers to “was a problem found?”."""

GROUPS: dict[str, Text] = {
    "2.8": t("Organisation", "机构"),
    "2.9": t("Personnel", "人员"),
    "2.10": t("Premises and environment", "场所环境"),
    "2.11": t("Equipment and facilities", "设备设施"),
    "2.12": t("Management system", "管理体系"),
}
"""The parts of the criteria (clauses 2.8 to 2.12) by which problems are classed; a clause of another checklist stands for itself."""

VERBS: dict[str, Text] = {
    "enter_checklist": t("Checklist entered", "录入自查表"),
    "call_selfcheck": t("Self-check called", "部署自查"),
    "open_selfchecks": t("Self-checks opened", "下发自查"),
    "add_proof": t("Proof added to a self-check", "上传自查证明材料"),
    "withdraw_proof": t("Proof taken back from a self-check", "移除自查证明材料"),
    "submit_selfcheck": t("Self-check submitted", "提交自查"),
    "return_selfcheck": t("Self-check given back", "退回自查"),
    "freeze_selfchecks": t("Self-checks made final", "自查定稿"),
}


def group_of(clause: str) -> str:
    """The part of the criteria that a clause belongs to: "2.12" of "2.12.4"."""
    return ".".join(clause.split(".")[:2])
