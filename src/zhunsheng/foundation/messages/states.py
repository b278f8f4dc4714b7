"""Where an e-mail stands."""

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import Machine, State, Transition

WORKER = t("the worker", "后台")
ADMINISTRATOR = t("the system administrator", "系统管理员")
NOBODY = t("nobody", "无")

MAIL = Machine(
    subject=t("e-mail", "邮件"),
    initial="waiting",
    states={
        "waiting": State(t("waiting to be sent", "待发送"), WORKER),
        "sending": State(t("being handed over", "发送中"), WORKER),
        "sent": State(t("sent", "已发送"), NOBODY),
        "dropped": State(t("not needed any more", "无需发送"), NOBODY),
        "failed": State(t("refused", "发送失败"), ADMINISTRATOR),
        "unknown": State(t("perhaps sent", "结果不明"), ADMINISTRATOR),
    },
    transitions={
        "claim": Transition(t("take up", "领取"), ("waiting",), "sending"),
        "finish": Transition(t("finish", "完成"), ("sending", "unknown"), "sent"),
        "drop": Transition(t("drop", "取消"), ("sending",), "dropped"),
        "retry": Transition(t("try again later", "稍后重试"), ("sending",), "waiting"),
        "fail": Transition(t("give up", "放弃"), ("sending",), "failed"),
        "lose": Transition(t("lose sight of", "失去结果"), ("sending",), "unknown"),
        "send_again": Transition(t("send again", "重新发送"), ("failed", "unknown"), "waiting"),
    },
)
