"""The log from its first leaf to its last: places, acts, tree, checkpoints. Two or three questions a few thousand leaves."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.manifests import chunks
from zhunsheng.foundation.journal.models import Entry, Leaf, Subtree
from zhunsheng.foundation.journal.restorations import restorations
from zhunsheng.foundation.journal.rules.checkpoints import Statement
from zhunsheng.foundation.journal.rules.proofs import KEPT_LEVEL
from zhunsheng.foundation.journal.rules.tree import position
from zhunsheng.foundation.journal.sequencing import ENTRY, newest_checkpoint, unsequenced
from zhunsheng.foundation.journal.verification import acts
from zhunsheng.foundation.journal.verification.damage import GONE, MOST, Found
from zhunsheng.foundation.journal.verification.growth import Growth
from zhunsheng.foundation.journal.verification.lists import Lists
from zhunsheng.foundation.journal.verification.reading import acts_of, one_moment
from zhunsheng.foundation.journal.verification.stored import is_text
from zhunsheng.foundation.signing import PublicKey

CHUNK = 2000
BEFORE_ALL = -(2**63)
"""A number that no act has: one put in by hand may have a negative one."""
Progress = Callable[[int, int], None]
Place = tuple[int, str, str, str]
"""Index, hash, kind, key."""


def no_progress(done: int, total: int) -> None:
    """For callers that do not watch."""


def verify(
    *, trusted: Sequence[PublicKey], outside: Sequence[Statement] = (), progress: Progress = no_progress
) -> Found:
    """Read the whole journal, the log, and every row that acts vouch for, as they are at this moment; say what is damaged.

    `trusted`: the keys whose checkpoints count. `outside`: checkpoints that were kept elsewhere, already opened: a log that does not
    contain what one of them says was rolled back or rewritten.
    """
    with one_moment():
        return _Reader(trusted, outside, progress).read()


class _Reader:
    def __init__(self, trusted: Sequence[PublicKey], outside: Sequence[Statement], progress: Progress) -> None:
        self.found = Found(restored=list(restorations()))
        self.growth = Growth(self.found, trusted, outside)
        self.lists = Lists(self.found)
        self.progress = progress
        newest = newest_checkpoint()
        self.settled = newest.settled if newest else 0
        self.expected = Entry.objects.filter(pk__lte=self.settled).count()
        self.total = Leaf.objects.count() or 1
        self.explained: set[int] = set()
        """acts that are not where they should be, and have been spoken of"""
        self.absent: set[int] = set()
        """numbers under which the log has an act and the table none"""

    def read(self) -> Found:
        for places in chunks(self._places(), CHUNK):
            self._chunk(places)
            self.progress(self.found.leaves, self.total)
        self.growth.end()
        self._acts_without_a_leaf()
        self.lists.end(moved=self.absent)
        self._stray_subtrees()
        return self.found

    def _places(self) -> Iterator[Place]:
        """The leaves in order, with a made-up one for each that is missing."""
        expected = 0
        for place in _leaves():
            if not 0 <= place[0] < self.growth.last_size and place[0] != expected:
                continue  # it was moved out of the log; whoever misses it speaks of it
            while expected < place[0]:
                yield self._missing(expected)
                expected += 1
            yield place
            expected += 1
        while expected < self.growth.last_size and len(self.found.damages) < MOST:
            yield self._missing(expected)
            expected += 1

    def _missing(self, index: int) -> Place:
        """What stands for leaf `index`, which is not there."""
        moved = self._moved_leaf()
        if moved is not None:
            self.found.say("journal_leaf", index, "index", t("its number is now {n}", "其序号现为 {n}", n=moved[0]))
            return (index, *moved[1:])
        self.found.say("journal_leaf", index, "", GONE)
        act = self._homeless().exclude(pk__in=self.explained).first()
        if act is None:
            return (index, "00" * 32, "", "")
        self.explained.add(act.pk)
        return (index, act.leaf_hash, ENTRY, str(act.pk))

    def _moved_leaf(self) -> Place | None:
        """A leaf beyond the end of the log, or one before its first."""
        strays = Leaf.objects.exclude(index__gte=0, index__lt=self.growth.last_size).order_by("index")
        found: list[Any] = list(strays.values_list("index", "leaf_hash", "kind", "key")[:2])
        return found[0] if len(found) == 1 else None

    def _homeless(self) -> QuerySet[Entry]:
        """Acts that the log came past and does not have."""
        return unsequenced(after=BEFORE_ALL).filter(pk__lte=self.settled)

    def _chunk(self, places: list[Place]) -> None:
        read = self._acts_of(places)
        kept = self._kept_of(places)
        vouching: list[tuple[acts.Act, dict[str, Any]]] = []
        for index, leaf_hash, kind, key in places:
            act = read.get(key) if kind == ENTRY else None
            doubt = self._look(index, leaf_hash, kind, key, act, vouching)
            self.growth.add((index, kind, key), leaf_hash, doubt=doubt, kept=kept)
            self.found.leaves += 1
        self.lists.of(vouching)

    def _look(
        self,
        index: int,
        leaf_hash: str,
        kind: str,
        key: str,
        act: acts.Act | None,
        vouching: list[tuple[acts.Act, dict[str, Any]]],
    ) -> acts.Act | None:
        """Check one place; the act, if its bytes and the log contradict each other and only the tree can tell who is right."""
        if act is None:
            self._nobody_there(index, leaf_hash, kind, key)
            return None
        self.found.acts += 1
        at_odds = acts.say_bytes_and_hash(act, leaf_hash, self.found)
        if act.own_hash == leaf_hash or at_odds:
            vouching.append((act, acts.check(act, self.found)))
        return act if at_odds else None

    def _nobody_there(self, index: int, leaf_hash: str, kind: str, key: str) -> None:
        """A leaf whose act is not where the leaf says: gone, or one of the two numbers was changed; the checkpoint will tell."""
        if kind == "" and key == "":
            return
        if key.isascii() and key.isdigit():
            self.absent.add(int(key))
        named = Entry.objects.filter(leaf_hash=leaf_hash) if is_text(leaf_hash) else Entry.objects.none()
        other = named.values_list("pk", flat=True).first()
        if other is not None:
            self.explained.add(other)
        self.growth.doubt_source(index, kind, key, other)

    def _acts_of(self, places: list[Place]) -> dict[str, acts.Act]:
        keys = [int(key) for _, _, kind, key in places if kind == ENTRY and key.isascii() and key.isdigit()]
        return {str(key): acts.read(key, row) for key, row in acts_of(Entry, keys, acts.COLUMNS)}

    def _kept_of(self, places: list[Place]) -> dict[int, str]:
        """The kept roots of the subtrees that these leaves complete, None for those that are not kept."""
        done = [number for index, *_ in places for number in completed(index)]
        stored = dict(Subtree.objects.filter(position__in=done).values_list("position", "root"))
        return {number: stored.get(number, "") for number in done}

    def _acts_without_a_leaf(self) -> None:
        """Those that wait are checked too; those that the log had come past are not its own."""
        whole = self.found.leaves == self.expected and not self.absent and not self.explained
        for keys in _in_chunks(unsequenced(after=self.settled if whole else BEFORE_ALL)):
            vouching = []
            for key, row in acts_of(Entry, keys, acts.COLUMNS):
                if key in self.explained:
                    continue
                if key <= self.settled:
                    self.found.say(acts.TABLE, key, "", acts.NEVER_LOGGED)
                    continue
                act = acts.read(key, row)
                self.found.acts += 1
                self.found.waiting += 1
                acts.say_bytes_and_hash(act, act.leaf_hash, self.found)
                vouching.append((act, acts.check(act, self.found)))
            self.lists.of(vouching)

    def _stray_subtrees(self) -> None:
        size = self.growth.size
        wanted = sum(size >> level for level in range(KEPT_LEVEL, max(size.bit_length(), KEPT_LEVEL)))
        if Subtree.objects.count() > wanted:
            self.found.say(
                "journal_subtree", "", "", t("there are more rows than the log has subtrees", "行数多于日志的子树数")
            )


def _leaves() -> Iterator[Place]:
    """The log as it is kept, by index; again from where the last question ended."""
    after = -1
    columns = ("index", "leaf_hash", "kind", "key")
    while rows := list(Leaf.objects.filter(index__gt=after).order_by("index").values_list(*columns)[:CHUNK]):
        yield from rows
        after = rows[-1][0]


def completed(index: int) -> Iterator[int]:
    """The positions of the kept subtrees that the leaf of that index completes."""
    level = KEPT_LEVEL
    while (index + 1) % (1 << level) == 0:
        yield position(level, index >> level)
        level += 1


def _in_chunks(things: QuerySet[Any]) -> Iterator[list[int]]:
    """Keys of a query, so many at a time, each time from where the last ended."""
    after = BEFORE_ALL
    while keys := list(things.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield keys
        after = keys[-1]
