"""Where a round stands, the words for signals and secrecy; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

COORDINATOR = t("coordinator", "协调员")
LABORATORIES = t("participants", "参加实验室")

ROUND = Machine(
    subject=t("round", "轮次"),
    initial="collected",
    states={
        "collected": State(t("results collected", "结果已收齐"), COORDINATOR),
        "evaluated": State(t("evaluated", "已评定"), COORDINATOR),
        "released": State(t("released", "已发布"), LABORATORIES),
    },
    transitions={
        "evaluate": Transition(t("evaluate", "评定"), ("collected", "evaluated"), "evaluated"),
        "release": Transition(t("release", "发布"), ("evaluated",), "released"),
    },
)

SIGNALS: dict[str, Text] = {
    "acceptable": t("acceptable", "满意"),
    "warning": t("warning signal", "可疑"),
    "action": t("action signal", "不满意"),
}
