"""Where a round stands, the words for signals and secrecy; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

COORDINATOR = t("coordinator", "协调员")
LABORATORIES = t("participants", "参加实验室")

ROUND = Machine(
    subject=t("round", "轮次"),
    initial="planned",
    states={
        "planned": State(t("planned", "策划中"), COORDINATOR),
        "enrolling": State(t("enrolment open", "报名中"), LABORATORIES),
        "running": State(t("results come in", "检测与上报中"), LABORATORIES),
        "collected": State(t("results collected", "结果已收齐"), COORDINATOR),
        "evaluated": State(t("evaluated", "已评定"), COORDINATOR),
        "released": State(t("released", "已发布"), LABORATORIES),
        "cancelled": State(t("cancelled", "已取消"), COORDINATOR),
    },
    transitions={
        "announce": Transition(t("announce", "发布通知"), ("planned",), "enrolling"),
        "begin": Transition(t("end enrolment and draw codes", "截止报名并编码"), ("enrolling",), "running"),
        "collect": Transition(t("close the collection", "截止上报"), ("running",), "collected"),
        "evaluate": Transition(t("evaluate", "评定"), ("collected", "evaluated"), "evaluated"),
        "release": Transition(t("release", "发布"), ("evaluated",), "released"),
        "cancel": Transition(t("cancel", "取消"), ("planned", "enrolling", "running"), "cancelled"),
    },
)

SIGNALS: dict[str, Text] = {
    "acceptable": t("acceptable", "满意"),
    "warning": t("warning signal", "可疑"),
    "action": t("action signal", "不满意"),
}
