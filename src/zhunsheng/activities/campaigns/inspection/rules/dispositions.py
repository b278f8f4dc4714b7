"""What may be decided about findings, by whom, until when an appeal is heard."""

from collections.abc import Collection, Hashable, Sequence
from datetime import date
from typing import Any

from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.states import KINDS
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar

WITH_A_DAY = {"self_correct", "order", "interview"}
"""Kinds that name a day; a case and a transfer go on elsewhere, by clocks of their own."""
TO_BE_PUT_RIGHT = {"self_correct", "order", "interview", "case", "transfer"}
"""Kinds after which the institution puts right what was found: a penalty elsewhere does not mend it."""


def check_decision(kind: str, due_on: date | None, today: date, reasons: str, to: str) -> None:
    """Raise InspectionRefused for a decision without reasons, without its day, or handed over to nobody."""
    if kind not in KINDS:
        raise InspectionRefused(t("There is no such kind of decision.", "没有这种处理方式。"))
    if not reasons.strip():
        raise InspectionRefused(t("A decision states its reasons.", "请写明处理理由。"))
    if kind in WITH_A_DAY and (due_on is None or due_on <= today):
        raise InspectionRefused(t("The day must lie ahead.", "期限应晚于今日。"))
    if kind == "transfer" and not to.strip():
        raise InspectionRefused(t("Say to which authority it is handed over.", "请写明移送的部门。"))


def check_findings(grades: Sequence[str]) -> None:
    """Raise InspectionRefused for a decision about nothing, or about a good practice."""
    if not grades:
        raise InspectionRefused(t("Choose at least one finding.", "请至少选择一个问题。"))
    if "good_practice" in grades:
        raise InspectionRefused(t("A good practice is not decided about.", "良好做法无需处理。"))


def check_decider(decider: Hashable, officers: Collection[Hashable]) -> None:
    """Raise InspectionRefused where an officer of the visit would decide about the own findings."""
    if decider in officers:
        raise InspectionRefused(
            t(
                "Who was an officer on the visit does not decide about it. Let a colleague decide.",
                "参加现场检查的人员不得作出处理决定，请由其他人员办理。",
            )
        )


def check_other_head(decider: Hashable, first: Hashable) -> None:
    """Raise InspectionRefused where whoever decided would answer the appeal against it."""
    if decider == first:
        raise InspectionRefused(t("Another person answers an appeal than decided.", "申诉应由原决定人以外的人员办理。"))


def appeal_until(decided_on: date, days: int, calendar: WorkingCalendar) -> tuple[date, list[Text]]:
    """The last day for an appeal, so many working days after the decision, and what a reader of it must be told."""
    last = calendar.add(decided_on, days)
    return last, calendar.warnings(decided_on, last)


def check_in_time(today: date, last: date) -> None:
    """Raise InspectionRefused for an appeal after its last day."""
    if today > last:
        raise InspectionRefused(t("The last day for an appeal was {d}.", "申诉期限 {d} 已过。", d=last.isoformat()))


def is_lenient(kind: str, cap: Any) -> bool:
    """Was something that a rule lets be fined left to self-correction? Counted for each decider, never judged by itself."""
    return kind == "self_correct" and cap is not None
