"""The words for the status of a scope line, and who moves it where; pure."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition


class Status(StrEnum):
    """What is stored; a suspension after a failed proficiency test is derived from evidence and never stands here."""

    ACTIVE = "active"
    SELF_SUSPENDED = "self_suspended"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


STATUSES: dict[Status, Text] = {
    Status.ACTIVE: t("Active", "有效"),
    Status.SELF_SUSPENDED: t("Suspended by the institution", "自行暂停"),
    Status.SUSPENDED: t("Suspended by the authority", "暂停（主管部门）"),
    Status.CANCELLED: t("Cancelled", "已取消"),
}

INSTITUTION, AUTHORITY = t("institution", "机构"), t("authority", "主管部门")

SCOPE_LINE = Machine(
    subject=t("scope line", "能力范围项目"),
    initial=Status.ACTIVE,
    states={
        Status.ACTIVE: State(STATUSES[Status.ACTIVE], INSTITUTION),
        Status.SELF_SUSPENDED: State(STATUSES[Status.SELF_SUSPENDED], INSTITUTION),
        Status.SUSPENDED: State(STATUSES[Status.SUSPENDED], AUTHORITY),
        Status.CANCELLED: State(
            STATUSES[Status.CANCELLED], t("nobody: a new line is approved anew", "无（须重新评审获批）")
        ),
    },
    transitions={
        "self_suspend": Transition(t("suspend", "暂停"), (Status.ACTIVE,), Status.SELF_SUSPENDED),
        "resume": Transition(t("resume", "恢复"), (Status.SELF_SUSPENDED,), Status.ACTIVE),
        "suspend": Transition(
            t("suspend by the authority", "责令暂停"), (Status.ACTIVE, Status.SELF_SUSPENDED), Status.SUSPENDED
        ),
        "reinstate": Transition(t("end the suspension", "解除暂停"), (Status.SUSPENDED,), Status.ACTIVE),
        "cancel": Transition(
            t("cancel", "取消"), (Status.ACTIVE, Status.SELF_SUSPENDED, Status.SUSPENDED), Status.CANCELLED
        ),
    },
)
"""From a day on, for a reason. The institution suspends and resumes its own lines; what the authority suspended only the authority
gives back, and cancelling is the authority's."""

OVERRULES = frozenset({"suspend", "cancel"})
"""The authority's acts take later changes with them, so that no change entered beforehand holds them off."""
