"""How often one may ask: counted by token, else by address, over all workers together, in the cache that they share."""

import fcntl
import math
import threading
import time
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from zhunsheng.foundation.accounts.models import ApiToken

SECONDS = 60
STRIPES = 64


class Throttle(BaseThrottle, ABC):
    """So many questions in any 60 s of one who asks. All threads of a worker share it: each keeps its own answer in it."""

    def __init__(self, most: int) -> None:
        self.most, self.own = most, threading.local()

    @abstractmethod
    def who(self, request: HttpRequest) -> str | None:
        """The key of whoever asks; None for one whom this does not count."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count one more question; whether it is answered."""
        key = self.who(request)
        self.own.seconds = 0 if key is None else counted(key, self.most, now=time.time())
        return bool(self.own.seconds == 0)

    def wait(self) -> float | None:
        """Seconds until one is answered, after a question that was not."""
        return getattr(self.own, "seconds", None)


class ByToken(Throttle):
    """Counts the questions of one token, from wherever they come."""

    def who(self, request: HttpRequest) -> str | None:
        token = getattr(request, "auth", None)
        return f"api-token-{token.pk}" if isinstance(token, ApiToken) else None


class ByAddress(Throttle):
    """Counts the questions of one address without a token."""

    def who(self, request: HttpRequest) -> str | None:
        counts = not isinstance(getattr(request, "auth", None), ApiToken)
        return f"api-address-{self.get_ident(request)}" if counts else None


def counted(key: str, most: int, *, now: float) -> int:
    """Count a question at a time in s; 0 if it is answered, else the whole seconds until one would be, and it is not counted."""
    with alone(key):
        lately = [at for at in cache.get(key, ()) if at > now - SECONDS]
        if len(lately) >= most:
            return max(1, math.ceil(lately[-most] + SECONDS - now))
        cache.set(key, [*lately, now], SECONDS)
        return 0


@contextmanager
def alone(key: str) -> Iterator[None]:
    """No other worker counts for this key meanwhile: two that read the same count would both add one to it.

    By PostgreSQL where that is the database; else by a lock on a file, since SQLite's one write lock may be held by an import for minutes.
    """
    number = zlib.crc32(key.encode())
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            yield
    else:
        settings.COUNTS.mkdir(parents=True, exist_ok=True)
        with open(settings.COUNTS / f"{number % STRIPES}.lock", "a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
