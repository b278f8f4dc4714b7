"""A site's worker with one more kind of job, and what is asked of the site beside it; run as a program on the database of its settings.

`migrate`; `start`: queue a job of five steps; `work`: be the worker; `until N`: wait for N steps; `until done`; `look`.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhunsheng.faces.jobs.actions import Progress
    from zhunsheng.faces.jobs.models import Job

STEPS = 5
SECONDS = 60


def main(verb: str, *arguments: str) -> None:
    from zhunsheng.faces.cli.serve import setup

    setup()
    print(json.dumps(VERBS[verb](*arguments)))


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def start(thing: str) -> str:
    from django.db import transaction
    from django.utils import timezone

    from zhunsheng.faces.jobs import actions

    def queue(subject: str) -> str:
        return str(actions.start("five_steps", subject=subject, arguments={}, actor=None, at=timezone.now()).pk)

    try:
        with transaction.atomic():
            queue("thing:never")
            raise InterruptedError
    except InterruptedError:  # what is rolled back must not run
        return queue(thing)


def work() -> None:
    from zhunsheng.faces.cli.serve import work as worker
    from zhunsheng.faces.jobs import work as kinds

    kinds.KINDS = {**kinds.KINDS, "five_steps": five_steps}
    worker(interval=0.1)


def five_steps(job: "Job", progress: "Progress") -> None:
    """Each step is written once, whoever does it."""
    from django.db import transaction
    from django.utils import timezone

    from zhunsheng.foundation.journal import actions as journal
    from zhunsheng.foundation.journal.models import Entry

    for step in range(STEPS):
        with transaction.atomic():
            if not Entry.objects.filter(verb="step", subject=f"{job.subject}:{step}").exists():
                journal.record("step", actor=None, at=timezone.now(), subject=f"{job.subject}:{step}")
        time.sleep(0.3)
        progress(step + 1, STEPS)


def until(wanted: str) -> bool:
    from zhunsheng.faces.jobs.models import Job

    found = {"done": lambda: not Job.objects.filter(kind="five_steps").exclude(state="done").exists()}.get(
        wanted, lambda: Job.objects.filter(kind="five_steps", done__gte=int(wanted)).exists()
    )
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and not (there := found()):
        time.sleep(0.05)
    return there


def look() -> list[object]:
    """Every such job with its attempts, and every step that was done."""
    from zhunsheng.faces.jobs.models import Job
    from zhunsheng.foundation.journal.models import Entry

    jobs = Job.objects.filter(kind="five_steps").order_by("subject").values_list("subject", "state", "attempts")
    steps = Entry.objects.filter(verb="step").order_by("subject").values_list("subject", flat=True)
    return [[list(one) for one in jobs], list(steps)]


def drop(state: str) -> None:
    """As a worker leaves it that dies between taking the entry and claiming the job, or that vanishes with the machine."""
    from django.conf import settings

    if settings.QUEUE == "database":
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.filter(status="READY").update(status=state.upper())
        return
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")


VERBS: dict[str, Callable[..., object]] = {
    "migrate": migrate,
    "start": start,
    "work": work,
    "until": until,
    "look": look,
    "drop": drop,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
