"""Where an enrolment stands; pure."""

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import Machine, State, Transition

LABORATORY, PROVIDER = t("laboratory", "实验室"), t("provider", "提供者")

ENROLMENT = Machine(
    subject=t("enrolment in a round", "轮次报名"),
    initial="enrolled",
    states={
        "enrolled": State(t("enrolled", "已报名"), PROVIDER),
        "withdrawn": State(t("withdrawn", "已退出"), LABORATORY),
    },
    transitions={
        "withdraw": Transition(t("withdraw", "退出"), ("enrolled",), "withdrawn"),
        "enrol_again": Transition(t("enrol again", "重新报名"), ("withdrawn",), "enrolled"),
    },
)
