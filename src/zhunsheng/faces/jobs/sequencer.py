"""The clock of the log: every few seconds it puts what was committed into the journal's log and signs a checkpoint."""

import logging
import threading
from urllib.parse import urlsplit

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from zhunsheng.foundation.journal.sequencing import sequence, waits
from zhunsheng.foundation.signing import KeyFileError, SigningKey

log = logging.getLogger(__name__)
PAUSE = 0.05
"""Seconds between two batches of a backlog, in which others may write: SQLite has one write lock."""


def origin() -> str:
    """The log's name on its checkpoints: that of the site."""
    return f"{urlsplit(settings.SITE_URL).netloc or 'localhost'}/journal"


def sequence_what_waits(stop: threading.Event) -> int:
    """Batch after batch until nothing waits or another sequencer is at it; returns how many batches it were."""
    batches = 0
    while waits() and not stop.is_set():
        key = SigningKey.load_or_make(settings.SIGNING_KEY)
        if sequence(at=timezone.now(), key=key, origin=origin()) is None:
            break
        batches += 1
        stop.wait(PAUSE)
    return batches


def sequence_for_ever(stop: threading.Event) -> None:
    """The sequencer's loop, a thread of every worker process; of several workers one at a time has its turn."""
    while not stop.wait(settings.SEQUENCE_SECONDS):
        close_old_connections()
        try:
            sequence_what_waits(stop)
        except OperationalError:
            log.warning("the log was not added to this time, the database was busy")
        except KeyFileError as fault:
            log.error("the log cannot be signed: %s", fault)
    connection.close()
