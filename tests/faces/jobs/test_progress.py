"""How far a job is: the same answer, after as many questions, for a job of others and for none."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import AT
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["other_province", "institution_admin", "outsider"])
def test_a_job_of_others_costs_as_much_as_none(
    who: str, released_round: Round, client_of: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(who))

    def asked(key: uuid.UUID) -> int:
        with CaptureQueriesContext(connection) as questions:
            assert client.get(reverse("job", args=[key])).status_code == 404
        return len(questions)

    none = asked(uuid.UUID(int=7))
    for subject in (f"round:{released_round.pk}", f"import:{uuid.UUID(int=8)}", "other"):
        job = Job.objects.create(kind="x", subject=subject, created_at=AT)
        assert asked(job.pk) == none, subject


def test_whose_round_it_is_sees_the_job(
    released_round: Round, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    job = Job.objects.create(kind="x", subject=f"round:{released_round.pk}", created_at=AT)
    assert client_of(coordinator).get(reverse("job", args=[job.pk])).status_code == 200
