"""What a campaign came to, from the rows that the rooms before it wrote."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.summary.summed import handed_in, run, visited
from tests.cast import AT
from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import shipped_items
from zhunsheng.activities.campaigns.summary.queries.discrepancies import called_fine, compared
from zhunsheng.activities.campaigns.summary.queries.indicators import effects
from zhunsheng.activities.campaigns.summary.queries.progress import by_place
from zhunsheng.activities.campaigns.summary.queries.visits import participants_of, visits_of
from zhunsheng.activities.campaigns.summary.rules.counterparts import counterparts
from zhunsheng.activities.campaigns.summary.rules.discrepancies import CALLED_FINE, NO_FORM, NOT_ASKED
from zhunsheng.activities.campaigns.summary.rules.intervals import Share
from zhunsheng.registry.rulebook.queries import book


def test_every_class_of_findings_stands_beside_clauses_of_the_checklist() -> None:
    clauses = {one.clause for one in shipped_items()}
    assert set(counterparts()) == set(book().classes)
    assert {one for named in counterparts().values() for one in named} <= clauses


@pytest.mark.django_db
def test_what_was_called_fine_and_what_nobody_asked_are_told_apart() -> None:
    here = run(3)
    first, second, third = here.places
    handed_in(here, first)
    visited(here, first, "F07", "F10")
    visited(here, second, "F07")
    visited(here, third)
    everybody = participants_of(Participant.objects.all(), here.campaign)
    visits = visits_of(here.campaign, everybody)
    found = compared(here.campaign, everybody, visits)
    assert sorted(one.saying for one in found) == sorted([CALLED_FINE, NOT_ASKED, NO_FORM])
    assert called_fine(found) == Share(1, 1)
    row = by_place(here.campaign, everybody, visits, digits=2)["33"]
    assert (row.enrolled, row.handed_in, row.inspected, row.findings, row.put_right) == (3, 1, 3, 3, 0)


@pytest.mark.django_db
def test_the_same_institutions_are_compared_with_themselves() -> None:
    here = run(2)
    visited(here, here.places[0], "F07")
    visited(here, here.places[1])
    visited(here, here.places[0], after=40)
    found = {
        one.key: one for one in effects(here.campaign, Participant.objects.all(), on=AT.date() + timedelta(days=60))
    }
    again = found["again"]
    assert (again.before, again.after) == (Share(1, 1), Share(0, 1))
    assert again.verdict == "unclear" and again.small
    assert found["nonconforming"].verdict == "nothing"


@pytest.mark.django_db
def test_more_visits_ask_no_more_of_the_database() -> None:
    here = run(3)
    asked = []
    for place in here.places:
        visited(here, place, "F07")
        with CaptureQueriesContext(connection) as caught:
            effects(here.campaign, Participant.objects.all(), on=AT.date())
        asked.append(len(caught))
    assert asked[0] == asked[1] == asked[2]
