"""The journal beside its floors: what an act costs with and without it, how fast the log grows, how long it takes to verify.

    benchmarks/journal.py [ACTS]     on a SQLite database of its own, or on the empty one that ZHUNSHENG_DATABASE_URL names

Floors: the same transactions without a journal row; reading and hashing the same bytes and nothing else. A hash chain is timed beside,
the alternative that was not taken. Times of this process are of the processor, since other work on the machine doubles those of
the clock; where writers wait for each other, the clock is what counts, and it is said.
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
ORIGIN = "bench.example/journal"
ROUNDS, PER_ROUND = 5, 300


def prepare(directory: Path) -> None:
    os.environ.setdefault("ZHUNSHENG_VAR", str(directory))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from zhunsheng.foundation.accounts.models import User

    User.objects.create(username="bench")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_business (id integer, what text)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_head (id integer PRIMARY KEY, hash text)")
        cursor.execute("INSERT INTO bench_head VALUES (1, '')")


# What an act costs


def business() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_business VALUES (%s, %s)", [1, "x" * 200])


def without() -> None:
    business()


def plain_row() -> None:
    """A row as an ordinary audit table has one, through the same ORM: no canonical bytes, no hash."""
    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.foundation.attachments.models import Draft

    business()
    Draft.objects.create(
        name="bench thing:1", content=b"before and after", sha256="", uploaded_by=User.objects.only("pk")[0], at=AT
    )


def journalled() -> None:
    from zhunsheng.foundation.journal.actions import record

    business()
    record("bench", actor=None, at=AT, subject="thing:1", before={"a": 1}, after={"a": 2})


def vouched() -> None:
    """With a row of an append-only table that the act lists: a kept file, by the verb that keeps it."""
    from zhunsheng.foundation.attachments.actions import keep

    business()
    keep(name="x.csv", content=b"x" * 500, actor=None, at=AT)


def chained() -> None:
    """The alternative: each row's hash covers the one before, so that whoever writes waits for whoever wrote last."""
    from django.db import connection

    from zhunsheng.foundation.journal.actions import record

    business()
    with connection.cursor() as cursor:
        lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
        cursor.execute(f"SELECT hash FROM bench_head WHERE id = 1{lock}")
        head = cursor.fetchone()[0]
        entry = record("bench", actor=None, at=AT, subject="thing:1", before={"a": 1}, after={"a": 2})
        cursor.execute(
            "UPDATE bench_head SET hash = %s", [hashlib.sha256((head + entry.leaf_hash).encode()).hexdigest()]
        )


def timed(act: Callable[[], None], times: int) -> float:
    """Microseconds of the processor a transaction."""
    from django.db import transaction

    begun = time.process_time()
    for _ in range(times):
        with transaction.atomic():
            act()
    return (time.process_time() - begun) / times * 1e6


def in_threads(act: Callable[[], None], threads: int, times: int) -> float:
    """Microseconds by the clock a transaction, with so many writers at once."""
    from django.db import connection

    def work() -> None:
        timed(act, times // threads)
        connection.close()

    writers = [threading.Thread(target=work) for _ in range(threads)]
    begun = time.perf_counter()
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    return (time.perf_counter() - begun) / times * 1e6


def costs() -> None:
    kinds = [without, plain_row, journalled, vouched, chained]
    print(
        f"µs a transaction, median of {ROUNDS} interleaved rounds of {PER_ROUND}:   1 writer, processor   8 writers, clock"
    )
    one: dict[str, list[float]] = {}
    eight: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for kind in kinds:
            one.setdefault(kind.__name__, []).append(timed(kind, PER_ROUND))
            eight.setdefault(kind.__name__, []).append(in_threads(kind, 8, PER_ROUND))
    for name in one:
        print(f"    {name:58}{statistics.median(one[name]):10.0f}{statistics.median(eight[name]):19.0f}")


def sequencing() -> None:
    """What putting into the log adds to an act, in batches as large as five seconds of this machine's acts."""
    spent: list[float] = []
    for _ in range(ROUNDS):
        timed(journalled, PER_ROUND)
        begun = time.process_time()
        put_all()
        spent.append((time.process_time() - begun) / PER_ROUND * 1e6)
    print(f"    put into the log, in batches of {PER_ROUND}: {statistics.median(spent):.0f} µs an act")


# A log of many acts


def key() -> Any:
    from django.conf import settings

    from zhunsheng.foundation.signing import SigningKey

    return SigningKey.load_or_make(settings.SIGNING_KEY)


def put_all() -> int:
    from zhunsheng.foundation.journal.sequencing import sequence, waits

    batches = 0
    while waits() and sequence(at=AT, key=key(), origin=ORIGIN):
        batches += 1
    return batches


def fill(acts: int) -> None:
    """Acts in bulk, past the verb, because only their number matters here."""
    from django.db import connection

    from zhunsheng.foundation.journal.models import Entry
    from zhunsheng.foundation.journal.rules import entry_bytes, leaf_hash

    names = "verb, at, reason, subject, touched, set_digest, canonical, leaf_hash"
    statement = f"INSERT INTO {Entry._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * 8)})"
    digest = "0" * 64

    def rows(first: int, last: int) -> Iterator[tuple[Any, ...]]:
        for n in range(first, last):
            at, subject = AT + timedelta(seconds=n), f"thing:{n}"
            canonical = entry_bytes(
                verb="bench", actor="system", at=at, reason="because", subject=subject, set_digest=digest, touched=3,
                before={"state": "open", "n": n}, after={"state": "closed", "n": n}, nonce=f"{n:032x}",
            )  # fmt: skip
            yield "bench", stored(at), "because", subject, 3, digest, canonical, leaf_hash(canonical)

    def stored(at: datetime) -> Any:
        return at.replace(tzinfo=None).isoformat(sep=" ") if connection.vendor == "sqlite" else at

    for first in range(0, acts, 20_000):
        with connection.cursor() as cursor:
            cursor.executemany(statement, list(rows(first, min(first + 20_000, acts))))


def clock(what: str, step: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    found = step()
    spent = time.process_time() - begun
    print(f"    {what:66}{spent:8.2f} s")
    return spent, found


def large_log(acts: int) -> None:
    from zhunsheng.foundation.journal.models import Entry, Leaf
    from zhunsheng.foundation.journal.queries import receipt_of
    from zhunsheng.foundation.journal.verification import verify

    fill(acts)
    print(f"a log of {acts:,} acts")
    clock("sequence them all, in batches of 5,000", put_all)
    floor, _ = clock("floor: hash the same bytes, read from the table and nothing else", hash_alone)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent, found = clock("verify everything", lambda: verify(trusted=[key().public]))
    assert found.sound and found.leaves == Leaf.objects.count() == Entry.objects.count(), found
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"    ratio {spent / floor:.1f}; memory {before / 1024:.0f} MB before, {after / 1024:.0f} MB at most while verifying"
    )
    entries = [Entry.objects.order_by("pk")[n] for n in (0, acts // 3, acts // 2, acts - 1)]
    proofs, lengths = [], []
    for entry in entries * 25:
        begun = time.process_time()
        receipt = receipt_of(entry)
        proofs.append(time.process_time() - begun)
        assert receipt is not None
        lengths.append(len(receipt["path"]))
    assert max(lengths) <= (Leaf.objects.count() - 1).bit_length()
    print(
        f"    a proof: {statistics.median(proofs) * 1e3:.2f} ms, at worst {max(proofs) * 1e3:.2f} ms, {max(lengths)} hashes at most"
    )


def hash_alone() -> int:
    from zhunsheng.foundation.journal.models import Entry

    count = 0
    for canonical in Entry.objects.order_by("pk").values_list("canonical", flat=True).iterator(chunk_size=2000):
        hashlib.sha256(b"\x00" + bytes(canonical)).hexdigest()
        count += 1
    return count


def main(acts: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        prepare(Path(directory))
        from django.db import connection

        print(connection.vendor)
        costs()
        put_all()
        sequencing()
        large_log(acts)
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
