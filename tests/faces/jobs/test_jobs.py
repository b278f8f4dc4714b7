"""Jobs: one live job a thing, progress, what is told of a fault, and rescue after a lost heartbeat."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.cast import AT
from zhunsheng.activities.proficiency.models import Evaluation, Round
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.faces.jobs import actions, work
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.states import JOB
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry

Body = Callable[[Job, actions.Progress], None]


@pytest.fixture
def job_that(monkeypatch: pytest.MonkeyPatch, db: None) -> Callable[[Body], Job]:
    """`job_that(body)`: a queued job that does what `body` does."""

    def queued(body: Body) -> Job:
        monkeypatch.setattr(work, "KINDS", {"try": body})
        return actions.start("try", subject="thing:1", arguments={}, actor=None, at=AT)

    return queued


def run(job: Job) -> Job:
    actions.run(str(job.pk))
    job.refresh_from_db()
    return job


def test_a_job_reports_progress_and_ends(job_that: Callable[[Body], Job]) -> None:
    seen: list[tuple[int, int]] = []

    def body(job: Job, progress: actions.Progress) -> None:
        progress(3, 7)
        seen.append(Job.objects.values_list("done", "total").get(pk=job.pk))

    job = run(job_that(body))
    assert (job.state, job.attempts, seen) == ("done", 1, [(3, 7)])
    assert job.finished_at is not None


def test_a_second_start_finds_the_live_job(job_that: Callable[[Body], Job]) -> None:
    first = job_that(lambda job, progress: None)
    assert actions.start("try", subject="thing:1", arguments={}, actor=None, at=AT) == first
    assert DBTaskResult.objects.count() == 1
    run(first)
    assert actions.start("try", subject="thing:1", arguments={}, actor=None, at=AT) != first


def test_a_fault_of_ours_is_told_in_both_languages(job_that: Callable[[Body], Job]) -> None:
    def body(job: Job, progress: actions.Progress) -> None:
        raise CannotDo(t("Evaluate again before the release.", "请重新评定后再发布。"))

    job = run(job_that(body))
    assert (job.state, job.fault_en, job.fault_zh) == (
        "failed",
        "Evaluate again before the release.",
        "请重新评定后再发布。",
    )


def test_an_unexpected_fault_shows_its_kind_and_no_data(job_that: Callable[[Body], Job]) -> None:
    def body(job: Job, progress: actions.Progress) -> None:
        raise KeyError("Example Laboratory L04")

    job = run(job_that(body))
    assert job.state == "failed" and "KeyError" in job.fault_en and "L04" not in job.fault_en + job.fault_zh


def lose_the_worker(job: Job, *, attempts: int = 1, silent_for: float = 60) -> None:
    """As a worker killed by −9 leaves it: running, and no beat any more."""
    beat = timezone.now() - timedelta(seconds=silent_for)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=attempts, heartbeat=beat)
    DBTaskResult.objects.update(status="RUNNING")


def test_a_lost_job_is_queued_again_and_goes_on(job_that: Callable[[Body], Job]) -> None:
    job = job_that(lambda job, progress: progress(1, 1))
    lose_the_worker(job)
    assert actions.sweep(at=timezone.now()) == 1
    job.refresh_from_db()
    assert job.state == "queued"
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]
    assert run(job).state == "done" and job.attempts == 2


def test_a_job_that_beats_is_left_alone(job_that: Callable[[Body], Job]) -> None:
    job = job_that(lambda job, progress: None)
    lose_the_worker(job, silent_for=1)
    assert actions.sweep(at=timezone.now()) == 0


def test_after_five_attempts_it_is_given_up(job_that: Callable[[Body], Job]) -> None:
    job = job_that(lambda job, progress: None)
    lose_the_worker(job, attempts=actions.MAX_ATTEMPTS)
    actions.sweep(at=timezone.now())
    job.refresh_from_db()
    assert job.state == "failed" and job.fault_zh


def test_a_worker_that_was_given_up_stops_and_changes_nothing(job_that: Callable[[Body], Job]) -> None:
    """It was thought dead, another has the job: its next sign of life tells it so."""
    reached: list[str] = []

    def body(job: Job, progress: actions.Progress) -> None:
        Job.objects.filter(pk=job.pk).update(state="queued")  # the sweeper's rescue
        progress(1, 2)
        reached.append("went on")

    job = run(job_that(body))
    assert (job.state, reached) == ("queued", [])


def test_every_kind_of_job_is_known() -> None:
    assert set(work.KINDS) >= {"evaluate_round", "release_round", "remind", "send_mail"}
    assert JOB.initial == "queued"


def test_the_same_evaluation_twice_is_done_once(mercury_round: Round, coordinator: User) -> None:
    for _ in range(2):
        given: dict[str, Any] = {"round": str(mercury_round.pk)}
        job = actions.start(
            "evaluate_round", subject=f"round:{mercury_round.pk}", arguments=given, actor=coordinator, at=AT
        )
        assert run(job).state == "done"
    assert Evaluation.objects.count() == 1
    assert Entry.objects.filter(verb="evaluate_round").count() == 1


def test_the_sweeper_forgets_old_uploads_too(coordinator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stage(name="results.csv", content=b"", actor=coordinator, at=timezone.now() - timedelta(days=2))
    stop = threading.Event()
    monkeypatch.setattr(stop, "wait", lambda _: bool(Draft.objects.count() == 0))
    for closing in ("close_old_connections", "connection.close"):  # it would close the test's own connection
        monkeypatch.setattr(f"zhunsheng.faces.jobs.actions.{closing}", lambda: None)
    actions.sweep_for_ever(stop)
    assert Draft.objects.count() == 0
