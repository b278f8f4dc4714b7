"""Where a rectification and a look-back stand, and the words of this room; pure."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

INSTITUTION = t("institution", "被检查机构")
AUTHORITY = t("accepting authority", "验收部门")
NOBODY = t("nobody", "无")

RECTIFICATION = Machine(
    subject=t("rectification", "整改"),
    initial="open",
    states={
        "open": State(t("open", "整改中"), INSTITUTION),
        "submitted": State(t("submitted, to be verified", "已提交，待验收"), AUTHORITY),
        "returned": State(t("given back", "已退回"), INSTITUTION),
        "accepted": State(t("accepted, effect not yet known", "验收通过，效果待确认"), AUTHORITY),
        "failed": State(t("failed", "验收不通过"), AUTHORITY),
        "look_back": State(t("re-opened by the look-back", "回头看重新核查"), AUTHORITY),
        "effective": State(t("effect confirmed", "效果已确认"), NOBODY),
        "ineffective": State(t("without effect", "整改无效"), AUTHORITY),
        "void": State(t("void: the decision was revoked", "已终止（处理决定被撤销）"), NOBODY),
    },
    transitions={
        "submit": Transition(t("submit", "提交整改报告"), ("open", "returned"), "submitted"),
        "accept": Transition(t("accept", "验收通过"), ("submitted",), "accepted"),
        "give_back": Transition(t("give back", "退回"), ("submitted",), "returned"),
        "fail": Transition(t("fail", "验收不通过"), ("submitted",), "failed"),
        "reopen": Transition(t("re-open for the look-back", "回头看"), ("accepted", "effective"), "look_back"),
        "hold": Transition(t("found as accepted", "核查属实"), ("look_back",), "accepted"),
        "overturn": Transition(t("found otherwise", "核查不实"), ("look_back",), "returned"),
        "confirm": Transition(t("confirm the effect", "确认效果"), ("accepted",), "effective"),
        "deny": Transition(t("find no effect", "认定无效"), ("accepted",), "ineffective"),
        "order_anew": Transition(t("order anew", "重新责令整改"), ("failed", "ineffective"), "open"),
        "end": Transition(
            t("end", "终止"),
            ("open", "submitted", "returned", "accepted", "failed", "look_back", "ineffective"),
            "void",
        ),
    },
)

LOOK_BACK = Machine(
    subject=t("look-back", "回头看"),
    initial="promised",
    states={
        "promised": State(t("list frozen, waits for the public value", "名单已固定，待公开随机值"), AUTHORITY),
        "drawn": State(t("drawn", "已抽取"), AUTHORITY),
    },
    transitions={"draw": Transition(t("draw", "抽取"), ("promised",), "drawn")},
)

EFFECT_CHECKS: Mapping[str, Text] = {
    "next_pt": t("Next proficiency test", "下一次能力验证"),
    "blind_sample": t("Blind sample", "盲样考核"),
    "re_inspection": t("Re-inspection", "复查"),
}
"""By what it will be seen later whether it helped; chosen when the rectification is opened."""

OUTCOMES: Mapping[str, Text] = {
    "accepted": t("accepted", "通过"),
    "returned": t("given back", "退回"),
    "failed": t("failed", "不通过"),
}

VERBS: dict[str, Text] = {
    "open_rectifications": t("Rectifications opened", "启动整改"),
    "void_rectifications": t("Rectifications ended", "终止整改"),
    "submit_rectification": t("Rectification submitted", "提交整改报告"),
    "judge_rectification": t("Rectification judged", "整改验收"),
    "order_anew": t("Rectification ordered anew", "重新责令整改"),
    "check_effect": t("Effect of a rectification judged", "确认整改效果"),
    "promise_look_back": t("Look-back promised", "固定回头看名单"),
    "draw_look_back": t("Look-back drawn", "抽取回头看样本"),
    "judge_look_back": t("Re-opened rectification judged", "回头看核查"),
}
