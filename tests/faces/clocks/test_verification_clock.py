"""The clock of verification: five working days for the authority to look at a report, then its integrity officer is told."""

from datetime import date, datetime, timedelta

import pytest

from tests.activities.campaigns.rectification.cases import Case, judged
from tests.cast import AT, user_with_post
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.verifications import due_day
from zhunsheng.faces.clocks.who import who
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.shipped import shipped_days
from zhunsheng.foundation.calendar.states import DayKind
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.foundation.messages.models import Message

CALENDAR = WorkingCalendar({date.fromisoformat(row["day"]): DayKind(row["kind"]) for row in shipped_days()})
VERIFICATION = CLOCKS["verification"]


def look(at: datetime) -> int:
    return remind([VERIFICATION], who=who, at=at)


@pytest.mark.django_db
def test_five_working_days_over_the_national_day() -> None:
    assert due_day(date(2026, 4, 15), CALENDAR) == date(2026, 4, 22)
    assert due_day(date(2026, 9, 29), CALENDAR) == date(2026, 10, 12), "seven days off, and a Saturday that is worked"


@pytest.mark.django_db
def test_the_authority_is_reminded_then_its_integrity_officer_and_nobody_once_it_has_judged() -> None:
    case = Case()
    watcher = user_with_post("watcher", "integrity_officer", case.authority)
    made = case.submitted()
    assert look(AT) == 0, "five days left"
    look(AT + timedelta(days=5))
    told = Message.objects.filter(kind="verification")
    assert set(told.values_list("recipient__username", flat=True)) == {"decider", "verifier"}
    assert f"/office/rectifications/{made.rectification_id}/" in told[0].address
    look(AT + timedelta(days=8))
    assert told.filter(recipient=watcher).count() == 1
    before = told.count()
    assert look(AT + timedelta(days=8)) == 0, "nothing twice"
    judged(made, case.regulator, outcome="returned", due_on=date(2026, 5, 29))
    look(AT + timedelta(days=9))
    assert told.count() == before
