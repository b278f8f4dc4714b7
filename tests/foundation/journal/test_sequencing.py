"""The sequencer: every act once, in order, under a signed root; also those that are committed late, and with two at work."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.foundation.journal.rules import naive
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf, Subtree
from zhunsheng.foundation.journal.queries import growth, receipt_of, with_places
from zhunsheng.foundation.journal.rules.checkpoints import opened
from zhunsheng.foundation.journal.rules.proofs import is_beginning
from zhunsheng.foundation.journal.rules.receipts import BadReceipt, checked
from zhunsheng.foundation.journal.rules.tree import position
from zhunsheng.foundation.journal.sequencing import sequence, unsequenced, waits
from zhunsheng.foundation.signing import SigningKey

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
ORIGIN = "pt.example.gov.cn/journal"


@transaction.atomic
def acts(n: int) -> list[Entry]:
    return [record("count", actor=None, at=AT, subject=f"thing:{i}") for i in range(n)]


@pytest.fixture
def put(signing_key: SigningKey) -> Callable[..., Checkpoint | None]:
    """`put()`: the sequencer, once."""

    def once(at: datetime = AT, limit: int = 5000) -> Checkpoint | None:
        return sequence(at=at, key=signing_key, origin=ORIGIN, limit=limit)

    return once


def defined_root() -> str:
    hashes = [bytes.fromhex(one) for one in Leaf.objects.order_by("index").values_list("leaf_hash", flat=True)]
    return naive.mth(hashes).hex()


@pytest.mark.django_db
def test_every_act_gets_a_leaf_in_order_under_a_signed_root(
    put: Callable[..., Checkpoint | None], signing_key: SigningKey
) -> None:
    made = acts(7)
    assert waits()
    said = put()
    assert not waits()
    assert list(Leaf.objects.values_list("index", "kind", "key", "leaf_hash")) == [
        (i, "entry", str(one.pk), one.leaf_hash) for i, one in enumerate(made)
    ]
    assert (said.size, said.previous, said.settled, said.root) == (7, 0, made[-1].pk, defined_root())
    statement = opened(said.note, [signing_key.public])
    assert (statement.size, statement.root.hex(), statement.at, statement.origin) == (7, said.root, AT, ORIGIN)


@pytest.mark.django_db
def test_nothing_new_says_nothing_new(put: Callable[..., Checkpoint | None]) -> None:
    assert put() is None
    acts(1)
    put()
    assert put() is None
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_the_log_goes_on_where_it_was_and_proves_it(put: Callable[..., Checkpoint | None]) -> None:
    sizes = []
    for n in (1, 2, 255, 3, 300):
        acts(n)
        said = put(at=AT + timedelta(seconds=n))
        assert said.root == defined_root()
        sizes.append(said.size)
    assert sizes == [1, 3, 258, 261, 561]
    roots = {one.size: bytes.fromhex(one.root) for one in Checkpoint.objects.all()}
    for old in sizes[:-1]:
        assert is_beginning(old, roots[old], 561, roots[561], growth(old, 561))
    complete = {position(level, index) for level in range(6, 10) for index in range(561 >> level)}
    assert set(Subtree.objects.values_list("position", flat=True)) == complete


@pytest.mark.django_db
def test_each_act_has_a_receipt_that_holds_alone(
    put: Callable[..., Checkpoint | None], signing_key: SigningKey
) -> None:
    made = acts(300)
    waiting = receipt_of(made[0])
    put()
    for one in (made[0], made[255], made[256], made[299]):
        given = receipt_of(one)
        assert checked(given, [signing_key.public]).size == 300
        spoiled: Any
        for spoiled in (
            given | {"entry": given["entry"].replace("count", "c0unt")},
            given | {"index": given["index"] ^ 1},
            given | {"path": given["path"][:-1]},
            given | {"path": [*given["path"][:-1], "xx"]},
            given | {"path": 3},
            given | {"checkpoint": given["checkpoint"].replace("300", "301")},
            {},
            [],
        ):
            with pytest.raises(BadReceipt):
                checked(spoiled, [signing_key.public])
        with pytest.raises(BadReceipt):
            checked(given, [])
    assert waiting is None


@pytest.mark.django_db
def test_a_batch_costs_the_same_however_large_it_and_the_log_are(put: Callable[..., Checkpoint | None]) -> None:
    def cost(n: int) -> int:
        acts(n)
        with CaptureQueriesContext(connection) as asked:
            put()
        return len(asked)

    cost(300)
    assert cost(3) + 1 == cost(300)  # one more statement where subtrees are completed


@pytest.mark.django_db
def test_a_proof_costs_the_same_however_large_the_log_is(put: Callable[..., Checkpoint | None]) -> None:
    def cost(entry: Entry) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert receipt_of(entry)
        return len(asked)

    first = acts(600)[0]
    put()
    few = cost(first)
    acts(600)
    put()
    assert cost(first) == few == 4  # the leaf, the checkpoint, leaves of two blocks, kept subtrees


@pytest.mark.django_db
def test_a_list_of_acts_shows_where_each_stands_with_one_question(put: Callable[..., Checkpoint | None]) -> None:
    acts(2)
    put(at=AT)
    acts(2)
    put(at=AT + timedelta(minutes=1))
    acts(1)
    with CaptureQueriesContext(connection) as asked:
        found = [(one.place, one.sequenced_at) for one in with_places(Entry.objects.order_by("pk"))]  # type: ignore[attr-defined]
    later = AT + timedelta(minutes=1)
    assert found == [(0, AT), (1, AT), (2, later), (3, later), (None, None)]
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_backlog_is_worked_off_in_batches_and_nothing_is_left_out(put: Callable[..., Checkpoint | None]) -> None:
    made = acts(25)
    while put(limit=10):
        pass
    assert [one.size for one in Checkpoint.objects.order_by("size")] == [10, 20, 25]
    assert [one.settled for one in Checkpoint.objects.order_by("size")] == [made[9].pk, made[19].pk, made[24].pk]
    assert not unsequenced().exists()
    assert Checkpoint.objects.get(size=25).root == defined_root()


@pytest.mark.django_db
def test_a_row_stands_in_the_log_once(put: Callable[..., Checkpoint | None]) -> None:
    acts(1)
    put()
    leaf = Leaf.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.create(index=1, leaf_hash=leaf.leaf_hash, kind=leaf.kind, key=leaf.key)


def in_another_connection(work: Callable[[], None]) -> threading.Thread:
    """The work in a thread, which has a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_committed_late_is_not_skipped(put: Callable[..., Checkpoint | None]) -> None:
    """On PostgreSQL a low number may be committed after a higher one was sequenced; SQLite writes one after the other."""
    if connection.vendor != "postgresql":
        acts(1)
        assert put().settled == Entry.objects.get().pk  # it can tell at once that nothing can come any more
        return
    begun, may_end = threading.Event(), threading.Event()

    def slow_act() -> None:
        with transaction.atomic():
            record("slow", actor=None, at=AT, subject="thing:slow")
            begun.set()
            assert may_end.wait(20)

    slow = in_another_connection(slow_act)
    assert begun.wait(20)
    acts(2)
    first = put()
    assert (first.size, first.settled) == (2, 0)  # the slow one is open, so nothing is settled yet
    acts(1)
    assert put().size == 3
    may_end.set()
    slow.join(20)
    assert put().size == 4
    late = Entry.objects.get(verb="slow")
    assert late.pk < Entry.objects.exclude(pk=late.pk).order_by("pk")[0].pk
    assert Leaf.objects.get(key=str(late.pk)).index == 3
    acts(1)
    assert put().settled == Entry.objects.order_by("-pk")[0].pk  # nobody is at work, so it can be told


@transaction.atomic
def take_back(n: int) -> None:
    acts(n)
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_number_that_was_taken_back_holds_nothing_up(put: Callable[..., Checkpoint | None]) -> None:
    acts(1)
    with pytest.raises(ZeroDivisionError):
        take_back(3)
    acts(1)
    said = put()
    assert (said.size, said.settled) == (2, Entry.objects.order_by("-pk")[0].pk)


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_put_every_act_once(signing_key: SigningKey) -> None:
    acts(400)
    together = threading.Barrier(3)

    def worker() -> None:
        together.wait(20)
        while waits():
            sequence(at=AT, key=signing_key, origin=ORIGIN, limit=40)

    workers = [in_another_connection(worker) for _ in range(2)]
    together.wait(20)
    for one in workers:
        one.join(60)
    assert sorted(Leaf.objects.values_list("index", flat=True)) == list(range(400))
    assert set(Leaf.objects.values_list("key", flat=True)) == {
        str(pk) for pk in Entry.objects.values_list("pk", flat=True)
    }
    assert Checkpoint.objects.first().root == defined_root()


@pytest.mark.django_db(transaction=True)
def test_acts_written_while_the_sequencer_runs_all_reach_the_log(signing_key: SigningKey) -> None:
    """Eight writers with transactions of different length, the sequencer among them without a pause."""
    stop = threading.Event()

    def writer(number: int) -> Callable[[], None]:
        def work() -> None:
            for i in range(12):
                with transaction.atomic():
                    record("write", actor=None, at=AT, subject=f"thing:{number}-{i}")
                    stop.wait(0.002 * (number % 3))

        return work

    def sequencer() -> None:
        while not stop.is_set():
            sequence(at=AT, key=signing_key, origin=ORIGIN)
            stop.wait(0.005)

    running = in_another_connection(sequencer)
    writers = [in_another_connection(writer(n)) for n in range(8)]
    for one in writers:
        one.join(60)
    stop.set()
    running.join(20)
    while sequence(at=AT, key=signing_key, origin=ORIGIN):
        pass
    assert Leaf.objects.count() == Entry.objects.count() == 96
    assert Checkpoint.objects.first().root == defined_root()
