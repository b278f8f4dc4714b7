"""Where a case and an appeal stand, and the words of this room; pure."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

LABORATORY = t("laboratory", "实验室")
COORDINATOR = t("coordinator", "协调员")
AUTHORITY = t("authority that commissioned the round", "委托部门")
NOBODY = t("nobody", "无")

STANDING = ("open", "answered", "returned", "accepted", "retesting", "failed", "passed")
"""The states of a case in which something is still to be done."""

CASE = Machine(
    subject=t("case", "不满意结果处理"),
    initial="open",
    states={
        "open": State(t("waits for the answer", "待答复"), LABORATORY),
        "answered": State(t("answered, to be reviewed", "已答复，待审核"), COORDINATOR),
        "returned": State(t("given back", "已退回"), LABORATORY),
        "accepted": State(t("answer accepted", "答复已认可"), COORDINATOR),
        "retesting": State(t("retest asked for", "已安排补测"), COORDINATOR),
        "failed": State(t("retest failed", "补测不合格"), LABORATORY),
        "passed": State(t("retest passed, to be confirmed", "补测合格，待确认"), AUTHORITY),
        "closed": State(t("closed", "已关闭"), NOBODY),
        "resolved": State(t("settled by a corrigendum", "更正后已了结"), NOBODY),
    },
    transitions={
        "answer": Transition(t("answer", "答复"), ("open", "returned", "failed"), "answered"),
        "accept": Transition(t("accept the answer", "认可答复"), ("answered",), "accepted"),
        "give_back": Transition(t("give the answer back", "退回答复"), ("answered",), "returned"),
        "ask_retest": Transition(t("ask for a retest", "安排补测"), ("accepted",), "retesting"),
        "pass": Transition(t("pass the retest", "补测合格"), ("retesting",), "passed"),
        "fail": Transition(t("fail the retest", "补测不合格"), ("retesting",), "failed"),
        "confirm": Transition(t("confirm the retest", "确认补测合格"), ("passed",), "closed"),
        "close": Transition(t("close", "关闭"), ("accepted", "passed"), "closed"),
        "resolve": Transition(t("settle by a corrigendum", "更正后了结"), STANDING, "resolved"),
        "reopen": Transition(t("open again", "重新启动"), ("resolved", "closed"), "open"),
    },
)

APPEAL = Machine(
    subject=t("appeal", "申诉"),
    initial="open",
    states={
        "open": State(t("to be decided", "待处理"), COORDINATOR),
        "upheld": State(t("upheld", "申诉成立"), NOBODY),
        "rejected": State(t("rejected", "申诉不成立"), NOBODY),
        "withdrawn": State(t("withdrawn", "已撤回"), NOBODY),
    },
    transitions={
        "uphold": Transition(t("uphold", "认定成立"), ("open",), "upheld"),
        "reject": Transition(t("reject", "认定不成立"), ("open",), "rejected"),
        "withdraw": Transition(t("withdraw", "撤回"), ("open",), "withdrawn"),
    },
)

CAUSES: Mapping[str, Text] = {
    "item": t("Receipt or storage of the item", "样品接收与保存"),
    "preparation": t("Sample preparation", "样品前处理"),
    "contamination": t("Contamination or blank", "污染或空白"),
    "calibration": t("Calibration or reference material", "校准或标准物质"),
    "instrument": t("Instrument", "仪器设备"),
    "method": t("Choice of the method, or departure from it", "方法选用或偏离"),
    "environment": t("Environment", "环境条件"),
    "person": t("Skill of the person", "人员操作"),
    "calculation": t("Calculation or unit", "计算或单位"),
    "reporting": t("Copying or reporting", "抄录或上报"),
    "unknown": t("Not found", "未查明"),
}
"""What went wrong; exactly one is chosen, the text says more."""
