"""When a laboratory may enrol, what it must accept, and codes that tell nobody who it was in an earlier round."""

import random
from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

from zhunsheng.activities.proficiency.rules.coding import draw_codes
from zhunsheng.foundation.bilingual import Text, t

TRIES = 100


class EnrolmentRefused(Exception):
    """An enrolment cannot be taken as it is; `reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


CHANGED = t(
    "The confidentiality statement was changed while you read. Read it once more, then enrol.",
    "您阅读期间保密声明已更改，请重新阅读后报名。",
)
CHANGED_ON_FILE = t(
    "The confidentiality statement was changed since the check. Let the laboratories accept the new one, then send the file again.",
    "检查之后保密声明已更改。请经各实验室接受新版声明后重新提交该文件。",
)
NOBODY = t("No laboratory is enrolled: there are no codes to draw.", "尚无实验室报名，无法生成代码。")


def check_open(state: str, enrol_until: datetime, at: datetime) -> None:
    """Enrolment is open while the round is announced, up to and including its last instant."""
    if state == "planned":
        raise EnrolmentRefused(t("The enrolment is not open yet.", "尚未开放报名。"))
    if state != "enrolling" or at > enrol_until:
        raise EnrolmentRefused(
            t("The enrolment is over. Ask the provider for a late enrolment.", "报名已截止，如需参加请联系提供者补报。")
        )


def check_promise(shown: str, newest: str) -> None:
    """What is accepted is what was shown."""
    if shown != newest:
        raise EnrolmentRefused(CHANGED)


def check_late(state: str, reason: str) -> None:
    """A laboratory is taken in late while results come in, by a person with a reason."""
    if state != "running":
        raise EnrolmentRefused(
            t("A laboratory is taken in late only while results come in.", "仅在检测与上报期间可补报。")
        )
    if not reason.strip():
        raise EnrolmentRefused(t("Say why it is taken in late.", "请说明补报原因。"))


def new_codes(
    laboratories: Sequence[Hashable],
    before: Mapping[Any, Collection[str]],
    *,
    source: random.Random,
    taken: Sequence[str] = (),
) -> list[str]:
    """A code for each laboratory, none of `taken`, and for none one that it had in an earlier round.

    Drawn anew as a whole until it is so: exchanging single codes would make some assignments likelier than others. Where that does
    not come about (n laboratories over m rounds meet about n·m/2400 codes that they had, 24 letters and 100 numbers), codes that
    nobody here ever had are drawn instead.
    """
    used = set(taken)
    for _ in range(TRIES):
        codes = _drawn(len(laboratories), used, source)
        if all(code not in before.get(one, ()) for one, code in zip(laboratories, codes, strict=True)):
            return codes
    known = {code for one in laboratories for code in before.get(one, ())}
    return _drawn(len(laboratories), used | known, source)


def _drawn(n: int, used: Collection[str], source: random.Random) -> list[str]:
    """n codes, none of the used ones."""
    return [code for code in draw_codes(n + len(used), source=source) if code not in used][:n]
