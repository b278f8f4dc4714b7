"""The words of lived rules: how often something is due, and whether it was done; pure."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Cycle(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"


CYCLES: dict[Cycle, Text] = {Cycle.YEAR: t("every year", "每年"), Cycle.QUARTER: t("every quarter", "每季度")}


class State(StrEnum):
    """Of one requirement in one period, derived on a day, never stored."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"


STATES: dict[State, Text] = {
    State.IN_TIME: t("made in time", "按期完成"),
    State.LATE: t("made late", "逾期完成"),
    State.MISSING: t("missing", "缺失"),
    State.NOT_DUE: t("not yet due", "未到期"),
}
MADE = {State.IN_TIME, State.LATE}
