"""Where a job stands."""

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import Machine, State, Transition

WORKER = t("the worker", "后台")
OWNER = t("who started it", "发起人")

JOB = Machine(
    subject=t("job", "任务"),
    initial="queued",
    states={
        "queued": State(t("waiting", "等待中"), WORKER),
        "running": State(t("running", "进行中"), WORKER),
        "done": State(t("done", "已完成"), OWNER),
        "failed": State(t("failed", "失败"), OWNER),
    },
    transitions={
        "start": Transition(t("start", "开始"), ("queued",), "running"),
        "finish": Transition(t("finish", "完成"), ("running",), "done"),
        "fail": Transition(t("fail", "失败"), ("running",), "failed"),
        "rescue": Transition(t("queue again after a lost heartbeat", "心跳丢失后重新排队"), ("running",), "queued"),
    },
)
