"""What may be entered, and why not."""

import re
from datetime import date

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.management.rules.requirements import Requirement, periods

LETTERS = frozenset("ABCD")
PERIOD = re.compile(r"20[0-9]{2}(Q[1-4])?")


class Refused(Exception):
    """The verb was not carried out, for this reason."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def check_record(
    requirement: Requirement | None, *, period: str, held_on: date, title: str, made_by: str, today: date
) -> None:
    """Raises Refused for a record that cannot be: of no kind, of no period, of a day to come, without title or author."""
    if requirement is None:
        raise Refused(t("No rule asks for this kind of record.", "没有规则要求此类记录。"))
    if not PERIOD.fullmatch(period) or period not in {one.key for one in periods(requirement.cycle, int(period[:4]))}:
        raise Refused(t("“{p}” is not a period of this record.", "“{p}”不是此类记录的周期。", p=period))
    if held_on > today:
        raise Refused(
            t(
                "A record is entered when it has been made: {d} is to come.",
                "记录完成后方可录入：{d} 尚未到来。",
                d=held_on.isoformat(),
            )
        )
    if not title.strip() or not made_by.strip():
        raise Refused(t("Say what was made, and by whom.", "请填写记录名称和完成人。"))


def check_correction(*, superseded: bool, reason: str) -> None:
    """Raises Refused for a correction without a reason, or of what is corrected already."""
    if superseded:
        raise Refused(t("This record was corrected already.", "该记录已被更正。"))
    if not reason.strip():
        raise Refused(t("Say why the record is changed.", "请填写更正原因。"))


def check_class(*, letter: str, valid_from: date, valid_to: date | None, reason: str, source: str) -> None:
    """Raises Refused for a risk class that cannot be."""
    if letter not in LETTERS:
        raise Refused(t("“{x}” is none of the classes A, B, C, D.", "“{x}”不是 A、B、C、D 类之一。", x=letter))
    if valid_to is not None and valid_to < valid_from:
        raise Refused(t("The class ends before it begins.", "类别的结束日期早于开始日期。"))
    if not reason.strip() or not source.strip():
        raise Refused(t("Every class has a reason and a source.", "每个类别须有理由和来源。"))
