"""Every question about rectifications asks the database as often at 300 as at 3."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.activities.campaigns.inspection.visits import TODAY
from tests.activities.campaigns.rectification.cases import accepted_many
from tests.cast import AT
from zhunsheng.activities.campaigns.rectification import actions
from zhunsheng.activities.campaigns.rectification.models import LookBack, LookedBack, Rectification, SecondLook
from zhunsheng.activities.campaigns.rectification.queries import (
    counted,
    drawn_rows,
    second_looks_by_class,
    to_look_back_at,
    with_names,
)
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.queries import working_calendar

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
LATER = AT + timedelta(days=3)


def drawn_all(n: int) -> LookBack:
    """All that was accepted, drawn; every second was found otherwise."""
    authority, judge = accepted_many(n)[0].authority, User.objects.get(username="manager")
    made = actions.promise_look_back(
        authority, share=(1, 1), beacon=t("a lottery", "某彩票"), beacon_on=TODAY + timedelta(days=2), actor=None, at=AT
    )
    actions.draw_look_back(made, value="051118", actor=None, at=LATER)
    SecondLook.objects.bulk_create(
        SecondLook(looked_back=one, held=one.position % 2 == 0, reason="核查", judged_by=judge, judged_at=LATER)
        for one in LookedBack.objects.all()
    )
    return made


def asked(question: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted_queries:
        question()
    return len(counted_queries)


def verifications() -> list[Any]:
    calendar = working_calendar(TODAY - timedelta(366), TODAY + timedelta(366))
    since, until = TODAY - timedelta(60), TODAY + timedelta(60)
    return list(CLOCKS["verification"].find(on=TODAY, since=since, until=until, calendar=calendar, where=None))


@pytest.mark.parametrize("n", [3, 300])
def test_questions_are_as_many_for_few_as_for_many(n: int, client_of: Clients) -> None:
    look_back = drawn_all(n)
    everything = Rectification.objects.all()
    assert [one[1] for one in second_looks_by_class(look_back)] == [n / 3] * 3
    assert len(drawn_rows(look_back)) == n and counted(everything, TODAY)["look_back"] == n
    assert asked(lambda: [one.second_look.held for one in drawn_rows(look_back)]) == 1
    assert asked(lambda: second_looks_by_class(look_back)) == 1
    assert asked(lambda: counted(everything, TODAY)) == 1
    assert asked(lambda: [one.institution.name for one in with_names(everything)]) == 1
    everything.update(state="accepted")
    assert asked(lambda: to_look_back_at(look_back.authority_id)) == 1
    everything.update(state="submitted")
    working_calendar(TODAY, TODAY)
    assert len(verifications()) == n
    assert asked(verifications) == VERIFICATION_QUESTIONS
    for name, who, args, most in PAGES:
        page = client_of(User.objects.get(username=who))
        address = reverse(name, args=[look_back.pk] if args else [])
        assert page.get(address).status_code == 200  # what a first request keeps
        assert asked(partial(page.get, address)) <= most, address
        assert page.get(f"{address}?format=xlsx").status_code == 200


VERIFICATION_QUESTIONS = 2
"""The calendar, and the reports that wait."""
PAGES = [
    ("office_rectifications", "decider", False, 20),
    ("workspace_rectifications", "manager", False, 20),
    ("office_look_back", "decider", True, 20),
    ("look_back", "decider", True, 20),
]
