"""The verbs of jobs: start one, run one, rescue the lost."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from zhunsheng.faces.jobs import queues
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.states import JOB
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import sweep_drafts
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow, move

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
MAX_ATTEMPTS = 5


class Lost(Exception):
    """This worker was thought dead and another has the job now: stop without a trace."""


def start(kind: str, *, subject: str, arguments: dict[str, Any], actor: User | None, at: datetime) -> Job:
    """Queue a job, in the caller's transaction if there is one; the live job of the same kind and subject, if there is one."""
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, subject=subject, arguments=arguments, started_by=actor, created_at=at)
            enqueue(job)
    except IntegrityError:
        return Job.objects.get(kind=kind, subject=subject, state__in=["queued", "running"])
    return job


def enqueue(job: Job) -> None:
    from zhunsheng.faces.jobs.tasks import run_job  # the task imports these verbs

    run_job.enqueue(str(job.pk))


def run(job_id: str) -> None:
    """Run a queued job to its end: claim it, beat while it works, say how it ended."""
    claim = Job.objects.filter(pk=job_id)
    try:
        move(JOB, "start", claim, heartbeat=timezone.now(), attempts=F("attempts") + 1)
    except NotAllowedNow:
        return  # another worker has it, or it is done
    job = Job.objects.get(pk=job_id)
    with Heartbeat(job) as heart:
        try:
            work(job)(job, heart.progress)
        except Lost:
            log.warning("job %s was given to another worker", job.pk)
        except Exception as fault:
            log.exception("job %s failed", job.pk)
            end(job, "fail", fault=reason_of(fault))
        else:
            end(job, "finish")


def work(job: Job) -> Callable[[Job, Progress], None]:
    from zhunsheng.faces.jobs.work import KINDS  # work imports the activities' verbs, which no verb here needs

    return KINDS[job.kind]


def mine(job: Job) -> Any:
    """The row, if it is still this attempt's: a rescued job has a higher attempt or waits again."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state="running")


def end(job: Job, verb: str, *, fault: Text | None = None) -> None:
    said = {"fault_en": fault.en, "fault_zh": fault.zh} if fault else {"fault_en": "", "fault_zh": ""}
    try:
        move(JOB, verb, mine(job), finished_at=timezone.now(), **said)
    except NotAllowedNow:
        log.warning("job %s ended after it was given to another worker", job.pk)


def reason_of(fault: Exception) -> Text:
    """What the person who started the job is told. Faults without a sentence of ours are named, not shown: they may hold data."""
    reason = getattr(fault, "reason", None)
    if isinstance(reason, Text):
        return reason
    return t(
        "Something unexpected went wrong ({kind}). Nothing was changed. The administrator finds the details in the log.",
        "发生意外错误（{kind}），数据未作任何改动。详情由系统管理员查看日志。",
        kind=type(fault).__name__,
    )


class Heartbeat:
    """Signs of life of a running job: a thread beats, the work reports progress, both only while the job is still ours."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.over.set()
        self.thread.join(timeout=5)

    def beat(self) -> None:
        while not self.over.wait(settings.JOB_HEARTBEAT_SECONDS):
            try:
                mine(self.job).update(heartbeat=timezone.now())
            except OperationalError:
                log.warning("job %s: no heartbeat this time, the database was busy", self.job.pk)
        connection.close()

    def progress(self, done: int, total: int) -> None:
        """Note how far the work is; raises Lost when the job is no longer ours."""
        if not mine(self.job).update(done=done, total=total, heartbeat=timezone.now()):
            raise Lost


def sweep(*, at: datetime) -> int:
    """Queue again every running job whose heartbeat is too old; give up after five attempts. Returns how many were lost."""
    limit = at - timedelta(seconds=settings.JOB_LOST_AFTER_SECONDS)
    lost = list(Job.objects.filter(Q(heartbeat__lt=limit) | Q(heartbeat=None), state="running"))
    for job in lost:
        try:
            with transaction.atomic():
                rescue(job, at=at)
        except NotAllowedNow:
            continue  # it beat again, or another sweeper was first
    return len(lost) + queue_the_dropped(at=at)


def queue_the_dropped(*, at: datetime) -> int:
    """Queue again what waits though no worker will take it: a worker died between taking the entry and claiming the job.

    An entry too many does no harm, because a job is claimed once. Returns how many there were.
    """
    limit = at - timedelta(seconds=settings.JOB_LOST_AFTER_SECONDS)
    old = Job.objects.filter(Q(heartbeat=None, created_at__lt=limit) | Q(heartbeat__lt=limit), state="queued")
    jobs = {str(job.pk): job for job in old}
    dropped = set(jobs) - queues.chosen().waiting(jobs) if jobs else set()
    for key in dropped:
        queues.chosen().forget(key, at=at)
        enqueue(jobs[key])
        log.warning("job %s waited with nobody to take it and is queued again", key)
    return len(dropped)


def rescue(job: Job, *, at: datetime) -> None:
    still_lost = mine(job).filter(heartbeat=job.heartbeat)
    queues.chosen().forget(str(job.pk), at=at)
    if job.attempts >= MAX_ATTEMPTS:
        fault = t("Given up after {n} attempts.", "尝试 {n} 次后放弃。", n=job.attempts)
        move(JOB, "fail", still_lost, finished_at=at, fault_en=fault.en, fault_zh=fault.zh)
        return
    move(JOB, "rescue", still_lost)
    enqueue(job)
    log.warning("job %s lost its worker and is queued again", job.pk)


def sweep_for_ever(stop: threading.Event) -> None:
    """The sweeper's loop, a thread of every worker process."""
    from zhunsheng.faces.jobs.periodic import begin_what_is_due  # it starts jobs by these verbs

    while not stop.wait(settings.JOB_HEARTBEAT_SECONDS):
        close_old_connections()
        try:
            sweep(at=timezone.now())
            sweep_drafts(at=timezone.now())
            begin_what_is_due(at=timezone.now())
        except OperationalError:
            log.warning("no sweep this time, the database was busy")
    connection.close()
