"""procrastinate: a queue on PostgreSQL that wakes its workers, for a site of several machines."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from procrastinate import App, Blueprint, PsycopgConnector
from procrastinate.contrib.django import app as of_django
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status
from procrastinate.sql import queries

from zhunsheng.faces.jobs import actions

NAMESPACE, NAME = "zhunsheng", "run_job"
TASK = f"{NAMESPACE}:{NAME}"
tasks = Blueprint()


@tasks.task(name=NAME)
def run_job(job_id: str) -> None:
    """Run the job of that id, in a thread whose connection is fit for use."""
    close_old_connections()
    try:
        actions.run(job_id)
    finally:
        close_old_connections()


class Backend(BaseTaskBackend):
    """Django's task interface on procrastinate; the key is put in by Django's own connection, so in its transaction."""

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        entry = of_django.configure_task(TASK, allow_unknown=True).defer(job_id=args[0])
        return TaskResult(
            task=task, id=str(entry), status=TaskResultStatus.READY, enqueued_at=timezone.now(), started_at=None,
            finished_at=None, last_attempted_at=None, args=list(args), kwargs=dict(kwargs), backend=self.alias, errors=[],
            worker_ids=[],
        )  # fmt: skip


def forget(job_id: str, *, at: datetime) -> None:
    """End the entry of a worker that died with the job."""
    for entry in _entries("doing", [job_id]).values_list("pk", flat=True):
        of_django.connector.get_sync_connector().execute_query(
            query=queries["finish_job"], job_id=entry, status=Status.FAILED.value, delete_job=False
        )


def waiting(job_ids: Collection[str]) -> set[str]:
    """Which of these jobs some worker will still take."""
    return {str(given["job_id"]) for given in _entries("todo", job_ids).values_list("args", flat=True)}


def _entries(status: str, job_ids: Collection[str]) -> Any:
    from procrastinate.contrib.django.models import (
        ProcrastinateJob,
    )  # a table that is there on sites of this engine only

    return ProcrastinateJob._default_manager.filter(task_name=TASK, status=status, args__job_id__in=list(job_ids))


def work(*, interval: float) -> None:
    """Take jobs until a signal says stop. The worker has connections of its own; jobs use Django's."""
    worker = App(connector=PsycopgConnector(kwargs=connector_params()))
    worker.add_tasks_from(tasks, namespace=NAMESPACE)
    worker.run_worker(concurrency=1, fetch_job_polling_interval=interval, delete_jobs="successful")
