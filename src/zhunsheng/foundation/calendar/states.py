"""The words for days that differ from their weekday."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class DayKind(StrEnum):
    """What a listed day is; a day that is not listed is what its weekday says."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


NAMES: dict[DayKind, Text] = {
    DayKind.HOLIDAY: t("day off", "放假"),
    DayKind.WORKDAY: t("make-up working day", "调休上班"),
}
