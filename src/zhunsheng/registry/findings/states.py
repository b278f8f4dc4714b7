"""The words for kinds of findings and for where one stands; pure."""

from collections.abc import Mapping
from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Kind(StrEnum):
    PEOPLE = "people"
    SERIALS = "serials"


class State(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


STATES: Mapping[str, Text] = {
    State.OPEN: t("open", "待核实"),
    State.SETTLED: t("settled", "已办结"),
}
