"""Where an import stands, and the words for it."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

WORKER = t("the worker", "后台")
SENDER = t("who sent the file", "提交人")
NOBODY = t("nobody", "无")


class Mode(StrEnum):
    """What becomes of the good rows of a file in which others failed."""

    ALL = "all"
    ROWS = "rows"


MODES: dict[Mode, Text] = {
    Mode.ALL: t("All or nothing: a file with a fault changes nothing", "全部或全不：文件有一处错误则不作任何更改"),
    Mode.ROWS: t(
        "Row by row: good rows go in, the others come back in an error file", "逐行导入：正确的行导入，其余退回错误文件"
    ),
}


class Verdict(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


VERDICTS: dict[Verdict, Text] = {
    Verdict.NEW: t("New", "新增"),
    Verdict.CHANGED: t("Changed", "更改"),
    Verdict.UNCHANGED: t("Unchanged", "无变化"),
}

IMPORT = Machine(
    subject=t("import", "导入"),
    initial="received",
    states={
        "received": State(t("received, being checked", "已接收，正在检查"), WORKER),
        "checked": State(t("checked, waiting for your decision", "已检查，等待确认"), SENDER),
        "applying": State(t("being applied", "正在导入"), WORKER),
        "done": State(t("done", "已完成"), NOBODY),
        "refused": State(t("refused", "已拒绝"), SENDER),
        "given_up": State(t("given up", "已放弃"), NOBODY),
    },
    transitions={
        "check": Transition(t("finish the check", "完成检查"), ("received",), "checked"),
        "refuse": Transition(t("refuse", "拒绝"), ("received", "applying"), "refused"),
        "apply": Transition(t("apply", "导入"), ("checked",), "applying"),
        "finish": Transition(t("finish", "完成"), ("applying",), "done"),
        "give_up": Transition(t("give up", "放弃"), ("received", "checked"), "given_up"),
    },
)
