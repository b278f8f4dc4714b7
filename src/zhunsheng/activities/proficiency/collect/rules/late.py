"""Whether results come in time, to the instant; the server's clock alone counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zhunsheng.activities.proficiency.collect.rules.given import ResultsRefused
from zhunsheng.activities.proficiency.plan.rules.planning import LatePolicy
from zhunsheng.foundation.bilingual import t

OVER = t("The deadline has passed; results are no longer accepted.", "已过上报截止时间，不再接受结果。")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last instant in time, the policy after it, and a later instant that the coordinator gave this laboratory, if any."""

    until: datetime
    policy: LatePolicy
    own: datetime | None = None

    @property
    def in_time_until(self) -> datetime:
        return max(self.until, self.own) if self.own else self.until

    @property
    def last(self) -> datetime | None:
        """The last instant at which anything is accepted; None: as long as the round is not closed."""
        if self.policy.accept == "with_reason":
            return None
        grace = timedelta(hours=self.policy.hours) if self.policy.accept == "until" else timedelta()
        return max(self.until + grace, self.in_time_until)


def is_late(deadline: Deadline, at: datetime, reason: str) -> bool:
    """Whether results submitted at this instant are late. Raises ResultsRefused where they are not accepted (any more).

    At the last instant itself they are in time.
    """
    if at <= deadline.in_time_until:
        return False
    if deadline.last is not None and at > deadline.last:
        raise ResultsRefused(OVER)
    if deadline.policy.accept == "with_reason" and not reason.strip():
        raise ResultsRefused(
            t("The deadline has passed. Say why the results are late.", "已过上报截止时间，请说明逾期原因。"),
            field="late_reason",
        )
    return True


def may_close(deadline: Deadline, at: datetime, *, all_approved: bool) -> bool:
    """A collection is closed when all results are approved, or after the last instant that anybody was promised."""
    return all_approved or at > max(deadline.until, deadline.last or deadline.until)
