"""Where a screen, a log and a suspicion stand, and the words of their verbs; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

AUTHORITY, LABORATORY, WORKER, NOBODY = (
    t("authority that screens", "组织筛查的部门"), t("laboratory", "检验检测机构"), t("the worker", "后台"), t("nobody", "无"),
)  # fmt: skip

LOG = Machine(
    subject=t("log", "台账"),
    initial="received",
    states={
        "received": State(t("received, being read", "已接收，正在读取"), WORKER),
        "read": State(t("read", "已读取"), AUTHORITY),
        "refused": State(t("refused", "已拒绝"), AUTHORITY),
    },
    transitions={
        "read": Transition(t("read", "读取"), ("received",), "read"),
        "refuse": Transition(t("refuse", "拒绝"), ("received",), "refused"),
    },
)

SCREEN = Machine(
    subject=t("screen", "筛查"),
    initial="gathering",
    states={
        "gathering": State(t("gathering logs", "收集台账"), AUTHORITY),
        "running": State(t("running", "正在筛查"), WORKER),
        "done": State(t("done", "已完成"), AUTHORITY),
    },
    transitions={
        "run": Transition(t("run", "开始筛查"), ("gathering",), "running"),
        "finish": Transition(t("finish", "完成筛查"), ("running",), "done"),
    },
)

SUSPICION = Machine(
    subject=t("suspicion", "疑点"),
    initial="open",
    states={
        "open": State(t("open", "待核查"), AUTHORITY),
        "asked": State(t("put to the laboratory", "已向机构询问"), LABORATORY),
        "answered": State(t("answered", "机构已答复"), AUTHORITY),
        "explained": State(t("explained", "已说明"), NOBODY),
        "taken_up": State(t("taken up", "转入核查"), AUTHORITY),
    },
    transitions={
        "ask": Transition(t("ask the laboratory", "向机构询问"), ("open", "answered"), "asked"),
        "answer": Transition(t("answer", "答复"), ("asked",), "answered"),
        "explain": Transition(t("settle as explained", "认定为已说明"), ("open", "asked", "answered"), "explained"),
        "take_up": Transition(t("take up", "转入核查"), ("open", "asked", "answered"), "taken_up"),
    },
)
SETTLED = frozenset({"explained", "taken_up"})

VERBS: dict[str, Text] = {
    "open_screen": t("Screen opened", "新建筛查"),
    "receive_log": t("Log received", "接收台账"),
    "read_log": t("Log read", "读取台账"),
    "refuse_log": t("Log refused", "拒绝台账"),
    "run_screen": t("Screen begun", "开始筛查"),
    "finish_screen": t("Logs screened", "完成筛查"),
    "ask_about": t("Laboratory asked about a suspicion", "就疑点询问机构"),
    "answer_suspicion": t("Suspicion answered", "答复疑点"),
    "explain_suspicion": t("Suspicion settled as explained", "疑点认定为已说明"),
    "take_up_suspicion": t("Suspicion taken up", "疑点转入核查"),
}
