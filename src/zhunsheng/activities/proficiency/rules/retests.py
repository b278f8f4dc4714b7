"""When a suspended item may be given back; pure."""

from zhunsheng.capability.profile.rules import Suspension
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow

CONFIRMED_MEANWHILE = t("Somebody else has confirmed this retest meanwhile.", "该复测已由他人确认。")


def check_retest(held: Suspension | None, reason: str) -> None:
    """Raise NotAllowedNow unless the item is suspended, a later result passed, and a reason is given."""
    if held is None:
        raise NotAllowedNow(t("This item is not suspended.", "该项目未被暂停。"))
    if held.passed is None:
        raise NotAllowedNow(t("No later result has passed yet.", "其后尚无合格结果。"))
    if not reason.strip():
        raise NotAllowedNow(t("Say why the authority is satisfied.", "请说明确认的理由。"))
