"""The words for the states of a standard."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class StandardState(StrEnum):
    UPCOMING = "upcoming"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


STATES: dict[StandardState, Text] = {
    StandardState.UPCOMING: t("Published, not yet in force", "即将实施"),
    StandardState.CURRENT: t("Current", "现行"),
    StandardState.SUPERSEDED: t("Superseded", "被代替"),
    StandardState.WITHDRAWN: t("Withdrawn", "废止"),
}
