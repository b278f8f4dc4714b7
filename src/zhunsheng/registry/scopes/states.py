"""The words for the status of a scope line."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Status(StrEnum):
    """What is stored; a suspension after a failed proficiency test is derived from evidence and never stands here."""

    ACTIVE = "active"
    SELF_SUSPENDED = "self_suspended"
    CANCELLED = "cancelled"


STATUSES: dict[Status, Text] = {
    Status.ACTIVE: t("Active", "有效"),
    Status.SELF_SUSPENDED: t("Suspended by the institution", "自行暂停"),
    Status.CANCELLED: t("Cancelled", "已取消"),
}
