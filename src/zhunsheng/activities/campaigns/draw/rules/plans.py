"""What must be said before a draw is promised, and when it may be revealed."""

from collections.abc import Mapping
from datetime import date

from zhunsheng.activities.campaigns.draw.rules.refusals import DrawRefused
from zhunsheng.foundation.bilingual import Text, t

NOT_COMPETENT = t("no field of competence on the day", "当日没有可检领域")


def check_plan(title: Text, beacon: Text, witness: Text, quotas: Mapping[str, int]) -> None:
    """Raise DrawRefused where a name is missing in a language, or nobody is to be drawn."""
    for said in (title, beacon, witness):
        if not said.en.strip() or not said.zh.strip():
            raise DrawRefused(
                t(
                    "Title, beacon and second party are needed in both languages.",
                    "名称、信标和第二方须以中英文填写。",
                )
            )
    if not quotas or min(quotas.values()) < 1:
        raise DrawRefused(t("Give at least one field a quota of one or more.", "请至少为一个领域填写不少于 1 的名额。"))


def check_campaign(state: str | None) -> None:
    """Raise DrawRefused for a campaign that is not running; None: the draw belongs to none."""
    if state not in (None, "published"):
        raise DrawRefused(t("The campaign is not published, or it is over.", "整顿行动尚未发布，或已结束。"))


def check_reason(reason: Text) -> None:
    if not reason.en.strip() or not reason.zh.strip():
        raise DrawRefused(
            t("A draw is only drawn again for a reason, in both languages.", "重新抽取须以中英文说明理由。")
        )


def check_beacon_day(beacon_on: date, today: date) -> None:
    """The beacon must be in the future when the draw is promised: of a value that is known one could try many lists."""
    if beacon_on <= today:
        raise DrawRefused(
            t("The beacon’s day must come after today, {d}.", "信标日期须晚于今日（{d}）。", d=today.isoformat())
        )


def check_beacon_day_has_come(beacon_on: date, today: date) -> None:
    if today < beacon_on:
        raise DrawRefused(
            t("The beacon is not known before {d}.", "信标值在 {d} 之前尚未公布。", d=beacon_on.isoformat())
        )
