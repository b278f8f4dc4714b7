"""A transition is one conditional UPDATE: whoever comes second is told so."""

from datetime import UTC, datetime

import pytest

from tests.together import at_once
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.states import JOB
from zhunsheng.foundation.statechart import NotAllowedNow, move

AT = datetime(2026, 4, 15, tzinfo=UTC)


def a_job(state: str = "queued") -> Job:
    return Job.objects.create(kind="evaluate_round", subject=f"round:{state}", state=state, created_at=AT)


@pytest.mark.django_db
def test_move_changes_the_state_and_what_goes_with_it() -> None:
    job = a_job()
    assert move(JOB, "start", Job.objects.filter(pk=job.pk), heartbeat=AT) == 1
    job.refresh_from_db()
    assert (job.state, job.heartbeat) == ("running", AT)


@pytest.mark.django_db
@pytest.mark.parametrize(("verb", "state"), [(v, s) for v in JOB.transitions for s in JOB.states if not JOB.can(v, s)])
def test_move_refuses_what_the_table_does_not_hold_and_leaves_the_row(verb: str, state: str) -> None:
    job = a_job(state)
    with pytest.raises(NotAllowedNow, match="has moved on"):
        move(JOB, verb, Job.objects.filter(pk=job.pk))
    job.refresh_from_db()
    assert job.state == state


@pytest.mark.django_db
def test_move_of_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotAllowedNow):
        move(JOB, "start", Job.objects.none())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_at_once_one_succeeds() -> None:
    job = a_job()
    answers = at_once(2, lambda: move(JOB, "start", Job.objects.filter(pk=job.pk)))
    assert [type(answer) for answer in answers if answer != 1] == [NotAllowedNow]
    assert answers.count(1) == 1
    job.refresh_from_db()
    assert job.state == "running"
