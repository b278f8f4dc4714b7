"""What an answer says, and by when it is due; pure."""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused
from zhunsheng.activities.proficiency.follow.states import CAUSES
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import canonical_json

ANSWER_DAYS = 30
"""Working days for the answer, as for rectification after an assessment (Order 163, art. 26), where the round sets none."""
MOST_DAYS = 90
PARTS: dict[str, Text] = {
    "cause": t("Cause", "原因分析"),
    "correction": t("Correction", "纠正"),
    "corrective_action": t("Corrective action", "纠正措施"),
    "like_cases": t("Like cases", "举一反三"),
}
"""What every answer says; like cases: which other results the same cause may have spoiled, and what was found there."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a laboratory answers."""

    cause_class: str
    cause: str
    correction: str
    corrective_action: str
    like_cases: str


def check_answer(said: Said) -> None:
    """Raise FollowRefused, naming the part, for an answer that lacks one."""
    if said.cause_class not in CAUSES:
        raise FollowRefused(t("Choose the class of the cause.", "请选择原因类别。"))
    for name, words in PARTS.items():
        if not getattr(said, name).strip():
            raise FollowRefused(t("“{p}” is missing.", "请填写“{p}”。", p=words))


def digest_of(said: Said, files: Collection[str]) -> str:
    """SHA-256 over the canonical JSON of what an answer says and the hashes of its files."""
    return hashlib.sha256(canonical_json({**asdict(said), "files": sorted(files)})).hexdigest()


def check_new_day(due_on: date | None, today: date) -> None:
    """Raise FollowRefused without a day, or for one that is not later than today."""
    if due_on is None or due_on <= today:
        raise FollowRefused(
            t("What is to be done again gets a new day, later than today.", "退回重新答复的，须确定今日之后的新期限。")
        )


def check_days(**days: int) -> None:
    """Raise FollowRefused for a period that is no number of working days that one would set."""
    if not all(1 <= n <= MOST_DAYS for n in days.values()):
        raise FollowRefused(t("Give from 1 to {n} working days.", "请填写 1 至 {n} 个工作日。", n=MOST_DAYS))
