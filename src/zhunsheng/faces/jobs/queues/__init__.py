"""Which engine hands jobs to workers: rows of the application's own database, or procrastinate on PostgreSQL.

A setting chooses (`ZHUNSHENG_QUEUE`). Whatever a job promises stands in its row: it runs once at a time, beats, is rescued. An
engine only carries the job's key, in the transaction that started it.
"""

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings


class Queue(Protocol):
    """What is asked of an engine beside putting a key in, which Django's task interface does."""

    def forget(self, job_id: str, *, at: datetime) -> None:
        """End the entry of a worker that died with the job: the engine believes that it still runs."""

    def waiting(self, job_ids: Collection[str]) -> set[str]:
        """Which of these jobs some worker will still take; one query."""

    def work(self, *, interval: float) -> None:
        """Take jobs until a signal says stop; look at least every `interval` seconds."""


def chosen() -> Queue:
    """The engine of this site."""
    return cast(Queue, import_module(f"{__name__}.{settings.QUEUE}"))
