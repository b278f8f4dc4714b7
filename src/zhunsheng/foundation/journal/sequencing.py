"""The sequencer: it puts acts that have been committed into the one Merkle log, and signs what the log has become."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, Max, Model, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf, Subtree
from zhunsheng.foundation.journal.restorations import is_unsettled, name_of_log
from zhunsheng.foundation.journal.rules.checkpoints import Source, Statement, signed, sources_digest
from zhunsheng.foundation.journal.rules.proofs import BLOCK, KEPT_LEVEL, filled, positions_needed
from zhunsheng.foundation.journal.rules.tree import GrowingTree, complete_subtrees, subtree_at
from zhunsheng.foundation.signing import SigningKey

BATCH = 5000
ENTRY = "entry"
"""The kind of leaf that stands for an act."""
ADVISORY_LOCK = 0x6A6F75726E616C
"""“journal”, as the number that PostgreSQL knows the sequencers' turn by."""


def unsequenced(*, after: int = 0) -> QuerySet[Entry]:
    """The acts beyond number `after` that have no leaf yet, by number."""
    leaf = Leaf.objects.filter(kind=ENTRY, key=Cast(OuterRef("pk"), TextField()))
    return Entry.objects.filter(~Exists(leaf), pk__gt=after).order_by("pk")


def newest_checkpoint() -> Checkpoint | None:
    """What the log said last."""
    return Checkpoint.objects.order_by("-size").first()


def waits() -> bool:
    """Is there an act without a leaf? Asked ahead of the verb, which takes SQLite's one write lock."""
    newest = newest_checkpoint()
    return unsequenced(after=newest.settled if newest else 0).exists()


@transaction.atomic
def sequence(*, at: datetime, key: SigningKey, origin: str, limit: int = BATCH) -> Checkpoint | None:
    """Append the acts that have no leaf, in the order of their numbers, and sign a checkpoint; None if there was none, or
    another sequencer is at it, or a restore is not settled yet. At most `limit` at a time: call again until None.

    An act may be committed after one with a higher number, so it is what has no leaf that is appended, not what is beyond the
    last one; `settled` only spares looking where nothing can come any more.
    """
    if is_unsettled() or not _is_our_turn():
        return None
    newest = newest_checkpoint()
    settled = newest.settled if newest else 0
    reached = max(settled, _settled_now())
    found = list(unsequenced(after=settled).values_list("pk", "leaf_hash")[:limit])
    if not found:
        return None
    if len(found) == limit:
        reached = max(settled, min(reached, found[-1][0]))
    leaves = [(ENTRY, str(number), bytes.fromhex(leaf_hash)) for number, leaf_hash in found]
    return append(leaves, newest=newest, settled=reached, at=at, key=key, origin=name_of_log(origin))


def append(
    leaves: Sequence[tuple[str, str, bytes]],
    *,
    newest: Checkpoint | None,
    settled: int,
    at: datetime,
    key: SigningKey,
    origin: str,
) -> Checkpoint:
    """Add leaves (kind, key, hash) to the log, keep the subtrees that they complete, sign what it has become."""
    previous = newest.size if newest else 0
    tree = grown(previous)
    sources: list[Source] = []
    completed: list[tuple[int, str]] = []
    for kind, row, leaf_hash in leaves:
        sources.append((tree.size, kind, row))
        completed += [
            (number, root.hex()) for number, root in tree.append(leaf_hash) if subtree_at(number)[0] >= KEPT_LEVEL
        ]
    _insert(Leaf, [(index, leaf[2].hex(), kind, row) for (index, kind, row), leaf in zip(sources, leaves, strict=True)])
    _insert(Subtree, completed)
    statement = Statement(origin, tree.size, tree.root, at, previous, settled, sources_digest(sources))
    return Checkpoint.objects.create(
        size=tree.size, root=tree.root.hex(), at=at, previous=previous, settled=settled, sources=statement.sources,
        note=signed(statement, key),
    )  # fmt: skip


def grown(size: int) -> GrowingTree:
    """The tree of the first `size` leaves, ready to be added to: two questions, whatever its size."""
    ranges = [(index << level, (index + 1) << level) for level, index in complete_subtrees(0, size)]
    rest = size - size % BLOCK
    leaves = dict(Leaf.objects.filter(index__gte=rest, index__lt=size).values_list("index", "leaf_hash"))
    return GrowingTree(size, filled(ranges, kept(positions_needed(ranges)), unhexed(leaves)))


def kept(positions: Sequence[int]) -> dict[int, bytes]:
    """The kept roots of these subtrees, by position."""
    return unhexed(dict(Subtree.objects.filter(position__in=positions).values_list("position", "root")))


def unhexed(hashes: dict[int, str]) -> dict[int, bytes]:
    return {number: bytes.fromhex(one) for number, one in hashes.items()}


def _insert(model: type[Model], rows: Iterable[tuple[int | str, ...]]) -> None:
    """Insert whole rows with one prepared statement: through the models a million leaves would take minutes."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    holes = ", ".join(["%s"] * len(model._meta.concrete_fields))
    if given := list(rows):
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({holes})", given)  # noqa: S608


def _is_our_turn() -> bool:
    """On SQLite the transaction, which is IMMEDIATE, has the only write lock; on PostgreSQL a lock says whose turn it is."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def _settled_now() -> int:
    """The highest number of an act such that every act up to it is committed or never will be; 0 where that cannot be told now.

    On PostgreSQL numbers are given before the commit. A SHARE lock on the table is had only at a moment when no transaction
    that has written to it is still open; it is never waited for, and given back at once by going back to the savepoint.
    """
    savepoint = transaction.savepoint()
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Entry._meta.db_table)} IN SHARE MODE NOWAIT")
        return Entry.objects.aggregate(highest=Max("pk"))["highest"] or 0
    except DatabaseError:
        return 0
    finally:
        transaction.savepoint_rollback(savepoint)
