"""django-tasks-db: the queue is a table of the application, on either database."""

from collections.abc import Collection
from datetime import datetime

from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult


def forget(job_id: str, *, at: datetime) -> None:
    """End the entry of a worker that died with the job."""
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, args_kwargs__args__0=job_id).update(
        status=TaskResultStatus.FAILED, finished_at=at
    )


def waiting(job_ids: Collection[str]) -> set[str]:
    """Which of these jobs some worker will still take."""
    entries = DBTaskResult.objects.filter(status=TaskResultStatus.READY, args_kwargs__args__0__in=list(job_ids))
    return {str(given["args"][0]) for given in entries.values_list("args_kwargs", flat=True)}


def work(*, interval: float) -> None:
    """Take jobs until a signal says stop."""
    from django_tasks_db.management.commands.db_worker import Worker  # a command of its own, with a second of imports

    worker = Worker(
        queue_names=["*"], interval=interval, batch=False, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id=get_random_string(32), excluded_queue_names=[],
    )  # fmt: skip
    worker.configure_signals()
    worker.run()
