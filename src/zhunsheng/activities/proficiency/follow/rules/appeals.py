"""From when and until when a laboratory may appeal; pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar

ONE_AT_A_TIME = t("An appeal about this is to be decided already.", "对该结果的申诉正在处理中。")


@dataclass(frozen=True, slots=True)
class Window:
    """The period in which a laboratory may appeal: its last instant, and what a reader of the day must be told."""

    begun: datetime
    until: datetime
    warnings: tuple[Text, ...] = ()

    def is_open(self, at: datetime) -> bool:
        return self.begun <= at <= self.until


def received_at(released_at: datetime, corrections: Iterable[tuple[datetime, Collection[str]]], code: str) -> datetime:
    """When a laboratory received the result that stands: the release, or the last corrigendum that changed a score of it."""
    return max([released_at, *(at for at, codes in corrections if code in codes)])


def window(begun: datetime, working_days: int, calendar: WorkingCalendar, zone: tzinfo) -> Window:
    """So many working days after the day of receipt, until midnight of the last, in the zone of the round."""
    until = calendar.deadline(begun, working_days, zone)
    told = calendar.warnings(begun.astimezone(zone).date(), until.date())
    return Window(begun, until, tuple(told))


def check_in_time(held: Window, at: datetime) -> None:
    """Raise FollowRefused, naming the day, after the window has closed."""
    if not held.is_open(at):
        raise FollowRefused(
            t(
                "Appeals against this result were taken until {d}.",
                "对该结果的申诉期限已于 {d} 届满。",
                d=held.until.date().isoformat(),
            )
        )


def check_grounds(grounds: str, *, open_already: bool) -> None:
    """Raise FollowRefused without grounds, or while the same is to be decided already."""
    if not grounds.strip():
        raise FollowRefused(t("Give the grounds.", "请写明申诉理由。"))
    if open_already:
        raise FollowRefused(ONE_AT_A_TIME)


def correction_reason(number: int) -> Text:
    """Why a round is corrected after an appeal: everybody reads it, so it names neither laboratory nor grounds."""
    return t("Appeal {n} was upheld.", "第 {n} 号申诉成立。", n=number)
