"""What the plan of a round must say before it is kept, and before it is announced."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from zhunsheng.foundation.bilingual import Text, t

Late = Literal["no", "with_reason", "until"]
LATE: dict[str, Text] = {
    "no": t("not accepted", "不接受"),
    "with_reason": t("accepted with a reason, marked late", "说明理由后接受，并标注逾期"),
    "until": t("accepted for some hours, marked late", "宽限若干小时内接受，并标注逾期"),
}
MOST_HOURS = 24 * 30
SCORES: dict[str, Text] = {
    "z": t("z, or z′ where u(x_pt) is not negligible", "z 比分数（u(x_pt) 不可忽略时为 z′）"),
    "zeta": t("ζ, with the uncertainty that each laboratory reports", "ζ 比分数（采用各实验室报告的不确定度）"),
    "e_n": t(
        "E_n, with the expanded uncertainty that each laboratory reports", "E_n 值（采用各实验室报告的扩展不确定度）"
    ),
}
NEEDS_U = frozenset({"zeta", "e_n"})


class PlanRefused(Exception):
    """The plan cannot be taken as it is; `reason` says why, `field` where."""

    def __init__(self, reason: Text, field: str | None = None) -> None:
        super().__init__(reason.en)
        self.reason, self.field = reason, field


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """What becomes of a result after the deadline; hours count from the deadline and matter for "until" only."""

    accept: Late = "no"
    hours: int = 0

    def as_json(self) -> dict[str, object]:
        return {"accept": self.accept, "hours": self.hours}


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a round: instants with the zone in which they are told, and the day on which items leave."""

    zone: str
    enrol_until: datetime
    ship_on: date
    results_until: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A measurand as the check before the announcement sees it."""

    name: str
    has_parameter: bool
    has_matrix: bool


def check_zone(zone: str) -> ZoneInfo:
    """The zone of that name in the tz database."""
    if zone not in available_timezones():
        raise PlanRefused(t("There is no time zone “{z}”.", "没有名为“{z}”的时区。", z=zone), "zone")
    return ZoneInfo(zone)


def check_days(days: Days) -> None:
    """Enrolment ends no later than the day of shipping, and results are due after it."""
    zone = check_zone(days.zone)
    if days.enrol_until.astimezone(zone).date() > days.ship_on:
        raise PlanRefused(
            t("Items leave before the enrolment ends. Ship later, or end the enrolment sooner.",
              "发样早于报名截止，请推迟发样或提前截止报名。"), "ship_on",
        )  # fmt: skip
    if days.results_until.astimezone(zone).date() <= days.ship_on:
        raise PlanRefused(
            t("Results are due before the items can have arrived. Give a later deadline.",
              "结果上报截止早于样品送达，请推迟截止时间。"), "results_until",
        )  # fmt: skip


def check_ahead(days: Days, now: datetime) -> None:
    """A round is announced for laboratories that can still enrol."""
    if days.enrol_until <= now:
        raise PlanRefused(t("The enrolment would be over already.", "报名截止时间已过，请重新设定。"), "enrol_until")


def check_extension(before: datetime, after: datetime, now: datetime, reason: str) -> None:
    """An announced moment is put off, never forward; whoever has planned by it is not caught out."""
    if after < before:
        raise PlanRefused(t("An announced deadline is only put off.", "已公布的截止时间只能延后。"))
    if after <= now:
        raise PlanRefused(t("This moment has passed already.", "该时间已过。"))
    if not reason.strip():
        raise PlanRefused(t("Say why the deadline is put off.", "请说明延期原因。"), "reason")


def check_late(policy: LatePolicy) -> None:
    """Hours of grace are given where they matter."""
    if policy.accept not in LATE:
        raise PlanRefused(t("Choose what becomes of late results.", "请选择逾期结果的处理方式。"), "late")
    if policy.accept == "until" and not 1 <= policy.hours <= MOST_HOURS:
        raise PlanRefused(
            t("Say how many hours, from 1 to {n}.", "请填写宽限小时数（1～{n}）。", n=MOST_HOURS), "late_hours"
        )


def check_code(code: str, taken: Collection[str]) -> str:
    """The code of an item or a scheme: given, and once."""
    if not (code := code.strip()):
        raise PlanRefused(t("Give it a code.", "请填写代号。"), "code")
    if code in taken:
        raise PlanRefused(t("The code {c} is taken.", "代号 {c} 已被使用。", c=code), "code")
    return code


def lacking(promise: Text | None, items: Sequence[str], measurands: Sequence[Planned]) -> list[Text]:
    """What the plan still lacks before it can be announced; nothing: it can."""
    found = []
    if promise is None or not promise.zh.strip() or not promise.en.strip():
        found.append(t("The confidentiality statement in both languages.", "中英文保密声明。"))
    if not items:
        found.append(t("At least one item.", "至少一个样品。"))
    if not measurands:
        found.append(t("At least one measurand.", "至少一个被测量。"))
    without = [one.name for one in measurands if not (one.has_parameter and one.has_matrix)]
    if without:
        found.append(
            t("Parameter and matrix of the catalogue for: {x}. Without them the results become no evidence.",
              "以下被测量缺少目录中的参数或基质，结果无法形成能力证据：{x}。", x=Text(en="; ".join(without), zh="；".join(without)))
        )  # fmt: skip
    return found
