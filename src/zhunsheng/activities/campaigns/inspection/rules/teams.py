"""Who may be sent: at least two, each of them free of what would make anybody doubt them (Administrative Penalty Law, art. 42 and 43)."""

from collections.abc import Collection, Hashable, Mapping
from datetime import date

from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.foundation.bilingual import Text, join, t

FEWEST = 2


def recusal_words(reasons: Collection[str]) -> Text:
    """Reasons of a recusal in words, in a fixed order."""
    return join((words for code, words in RECUSALS.items() if code in reasons), en=", ", zh="、")


def check_team(
    officers: Collection[Hashable], names: Mapping[Hashable, str], recused: Mapping[Hashable, Collection[str]]
) -> None:
    """Raise InspectionRefused with fewer than two different officers, or with one whom a recusal holds back."""
    if len(set(officers)) < FEWEST:
        raise InspectionRefused(t("At least two officers go to an inspection.", "现场检查人员不得少于 2 人。"))
    for one in officers:
        check_free(names[one], recused.get(one, ()))


def check_free(name: str, reasons: Collection[str]) -> None:
    """Raise InspectionRefused where a recusal holds: who mentors, advised or came from a laboratory does not judge it."""
    if reasons:
        raise InspectionRefused(
            t(
                "{name} cannot inspect here: {why}. Send another officer.",
                "{name}应当回避：{why}。请另派检查人员。",
                name=name,
                why=recusal_words(reasons),
            )
        )


def check_period(first: date, last: date, today: date) -> None:
    """Raise InspectionRefused for a task that ends before it begins, or has ended already."""
    if last < first:
        raise InspectionRefused(t("The task ends before it begins.", "任务结束日期早于开始日期。"))
    if last < today:
        raise InspectionRefused(t("The task would have ended already.", "任务结束日期已过。"))


def check_ready(officers: Collection[Hashable], declared: Collection[Hashable]) -> None:
    """Raise InspectionRefused until every officer has said on the day that nothing stands in the way."""
    if missing := len(set(officers) - set(declared)):
        raise InspectionRefused(
            t(
                "{n} of the officers have not yet answered the question of recusal today.",
                "尚有 {n} 名检查人员未在当日确认回避情况。",
                n=missing,
            )
        )
