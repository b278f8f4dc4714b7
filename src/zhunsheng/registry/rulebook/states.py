"""The words of the rulebook: how sure we are, what is counted, which way a bound goes; pure."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Certainty(StrEnum):
    """How we know what a data file says."""

    COPY = "copy"
    SECONDARY = "secondary"
    MEMORY = "memory"
    ASSUMED = "assumed"
    SETTING = "setting"
    TITLE = "title"


CERTAINTIES: dict[Certainty, Text] = {
    Certainty.COPY: t("from a copy of the text", "据文本副本"),
    Certainty.SECONDARY: t("from a secondary source", "据二手资料"),
    Certainty.MEMORY: t("from memory, unverified", "凭记忆，未经核实"),
    Certainty.ASSUMED: t("assumption of this installation", "本系统的假定值"),
    Certainty.SETTING: t("set by this installation", "由本系统设置"),
    Certainty.TITLE: t("only the title is known", "仅知标题"),
}
IN_DOUBT = {Certainty.MEMORY, Certainty.ASSUMED, Certainty.SETTING}
"""What a page marks."""


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    REPORTS = "reports"
    PEOPLE = "people"
    PERCENT = "percent"


CLOCK_UNITS = {Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS}

ONE: dict[Unit, Text] = {
    Unit.WORKING_DAYS: t("1 working day", "1 个工作日"),
    Unit.MONTHS: t("1 month", "1 个月"),
    Unit.YEARS: t("1 year", "1 年"),
    Unit.REPORTS: t("1 report", "1 份"),
    Unit.PEOPLE: t("1 person", "1 人"),
    Unit.PERCENT: t("1 %", "1 %"),
}
SEVERAL: dict[Unit, Text] = {
    Unit.WORKING_DAYS: Text("{n} working days", "{n} 个工作日"),
    Unit.MONTHS: Text("{n} months", "{n} 个月"),
    Unit.YEARS: Text("{n} years", "{n} 年"),
    Unit.REPORTS: Text("{n} reports", "{n} 份"),
    Unit.PEOPLE: Text("{n} people", "{n} 人"),
    Unit.PERCENT: Text("{n} %", "{n} %"),
}


class Bound(StrEnum):
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    EXACTLY = "exactly"


BOUNDS: dict[Bound, Text] = {
    Bound.AT_MOST: Text("at most {x}", "不超过 {x}"),
    Bound.AT_LEAST: Text("at least {x}", "不少于 {x}"),
    Bound.EXACTLY: Text("{x}", "{x}"),
}


class Kind(StrEnum):
    """False and inaccurate reports have articles of their own."""

    FALSE = "false"
    INACCURATE = "inaccurate"
    OTHER = "other"


KINDS: dict[Kind, Text] = {
    Kind.FALSE: t("False report", "虚假检验检测报告"),
    Kind.INACCURATE: t("Inaccurate report", "不实检验检测报告"),
    Kind.OTHER: t("Other", "其他"),
}
