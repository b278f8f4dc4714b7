"""What a rectification report says, by when it is due, and who may judge it."""

import hashlib
from collections.abc import Collection, Hashable
from dataclasses import asdict, dataclass
from datetime import date

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.signing import canonical_json

PARTS: dict[str, Text] = {
    "cause": t("Cause", "原因分析"),
    "correction": t("Correction", "纠正"),
    "corrective_action": t("Corrective action", "纠正措施"),
    "like_cases": t("Like cases", "举一反三"),
}
"""What every report says; like cases: where else the same cause may have worked, and what was found there."""


class RectificationRefused(ValueError):
    """It cannot be done as it was asked for; nothing was done."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Report:
    """What an institution says that it has done."""

    cause: str
    correction: str
    corrective_action: str
    like_cases: str


def check_report(report: Report, files: int) -> None:
    """Raise RectificationRefused, naming the part, for a report that lacks one, or has no evidence."""
    for name, words in PARTS.items():
        if not getattr(report, name).strip():
            raise RectificationRefused(t("“{p}” is missing.", "请填写“{p}”。", p=words))
    if not files:
        raise RectificationRefused(t("Add evidence: at least one file.", "请至少上传一份证明材料。"))


def digest_of(report: Report, files: Collection[str]) -> str:
    """SHA-256 over the canonical JSON of what a report says and the hashes of its files."""
    return hashlib.sha256(canonical_json({**asdict(report), "files": sorted(files)})).hexdigest()


def due_day(
    opened_on: date, decided: date | None, working_days: int, calendar: WorkingCalendar
) -> tuple[date, list[Text]]:
    """The day that was decided, else so many working days after the opening; and what a reader of it must be told.

    A period of working days over a year without a table of days off is counted by weekdays, with a warning.
    """
    if decided is not None:
        return decided, []
    last = calendar.add(opened_on, working_days)
    return last, calendar.warnings(opened_on, last)


def check_verifier(verifier: Hashable, submitters: Collection[Hashable]) -> None:
    """Raise RectificationRefused where whoever submitted would verify."""
    if verifier in submitters:
        raise RectificationRefused(
            t("Another person verifies than submitted.", "验收人不得是提交人，请由其他人员验收。")
        )


def check_outsider(places: Collection[Hashable], institution: Hashable) -> None:
    """Raise RectificationRefused where the verifier works in the institution."""
    if institution in places:
        raise RectificationRefused(t("Nobody verifies for the own institution.", "不得验收本人任职机构的整改。"))


def check_reason(reason: str) -> None:
    """Raise RectificationRefused without a reason."""
    if not reason.strip():
        raise RectificationRefused(t("Say why.", "请写明理由。"))


def check_new_day(due_on: date | None, today: date) -> None:
    """Raise RectificationRefused without a day, or for one that is not later than today."""
    if due_on is None or due_on <= today:
        raise RectificationRefused(
            t("What is to be done again gets a new day, later than today.", "要求重新整改的，须确定今日之后的新期限。")
        )
