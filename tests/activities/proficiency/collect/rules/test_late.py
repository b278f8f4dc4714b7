"""In time to the second, and the policies after it."""

from datetime import UTC, datetime, timedelta

import pytest

from zhunsheng.activities.proficiency.collect.rules.given import ResultsRefused
from zhunsheng.activities.proficiency.collect.rules.late import Deadline, is_late, may_close
from zhunsheng.activities.proficiency.plan.rules.planning import LatePolicy

UNTIL = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
NO, REASON, TWO_HOURS = LatePolicy(), LatePolicy("with_reason"), LatePolicy("until", 2)
REFUSED = "refused"


@pytest.mark.parametrize(
    ("policy", "own", "after", "reason", "late"),
    [
        (NO, None, -SECOND, "", False),
        (NO, None, 0 * SECOND, "", False),
        (NO, None, SECOND, "", REFUSED),
        (NO, None, timedelta(microseconds=1), "", REFUSED),
        (NO, HOUR, HOUR, "", False),
        (NO, HOUR, HOUR + SECOND, "why", REFUSED),
        (NO, -HOUR, 0 * SECOND, "", False),
        (REASON, None, SECOND, "", REFUSED),
        (REASON, None, SECOND, "  ", REFUSED),
        (REASON, None, 1000 * HOUR, "strike", True),
        (REASON, HOUR, HOUR, "", False),
        (TWO_HOURS, None, SECOND, "", True),
        (TWO_HOURS, None, 2 * HOUR, "", True),
        (TWO_HOURS, None, 2 * HOUR + SECOND, "", REFUSED),
        (TWO_HOURS, 5 * HOUR, 5 * HOUR, "", False),
        (TWO_HOURS, 5 * HOUR, 5 * HOUR + SECOND, "", REFUSED),
    ],
)
def test_the_moment_decides(
    policy: LatePolicy, own: timedelta | None, after: timedelta, reason: str, late: bool | str
) -> None:  # fmt: skip
    deadline = Deadline(UNTIL, policy, UNTIL + own if own else None)
    if late == REFUSED:
        with pytest.raises(ResultsRefused):
            is_late(deadline, UNTIL + after, reason)
    else:
        assert is_late(deadline, UNTIL + after, reason) is late


@pytest.mark.parametrize(
    ("policy", "after", "all_approved", "may"),
    [
        (NO, -HOUR, False, False), (NO, -HOUR, True, True), (NO, 0 * HOUR, False, False), (NO, SECOND, False, True),
        (TWO_HOURS, HOUR, False, False), (TWO_HOURS, 2 * HOUR + SECOND, False, True), (REASON, SECOND, False, True),
    ],
)  # fmt: skip
def test_when_a_collection_may_be_closed(policy: LatePolicy, after: timedelta, all_approved: bool, may: bool) -> None:
    assert may_close(Deadline(UNTIL, policy), UNTIL + after, all_approved=all_approved) is may
