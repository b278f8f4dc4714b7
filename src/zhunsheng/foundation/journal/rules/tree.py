"""The Merkle tree of RFC 9162, 2.1, grown leaf by leaf: what is complete is never computed again.

A *complete subtree* is one of 2^level leaves that begins at a multiple of 2^level; whatever is added later leaves its root
as it is. It is named by (level, index) or by its *position*, a single number: that of its root when all nodes of the tree are
counted from left to right, so that leaves have the even numbers and every number is used once.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""

Subtree = tuple[int, int]
"""(level, index): the leaves from index·2^level to (index + 1)·2^level − 1."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 over a one byte and both children (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def position(level: int, index: int) -> int:
    """The number of a complete subtree: (2·index + 1)·2^level − 1."""
    return ((2 * index + 1) << level) - 1


def subtree_at(number: int) -> Subtree:
    """The complete subtree of that position."""
    level = (~number & (number + 1)).bit_length() - 1
    return level, (number + 1) >> (level + 1)


def complete_subtrees(first: int, last: int) -> list[Subtree]:
    """The largest complete subtrees that the leaves first … last − 1 are made of, from left to right."""
    found = []
    while first < last:
        level = (last - first).bit_length() - 1
        if first:
            level = min(level, (first & -first).bit_length() - 1)
        found.append((level, first >> level))
        first += 1 << level
    return found


def root_over(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees of falling size: RFC 9162 splits at the largest power of two, so from the right."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


class GrowingTree:
    """A tree that is only added to: it keeps the roots of the complete subtrees at its right edge (its peaks), no more."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """A tree of `size` leaves with these peaks, from left to right. Raises ValueError unless there are as many as needed."""
        self.size, self.peaks = size, list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self.peaks)}")

    def copy(self) -> "GrowingTree":
        return GrowingTree(self.size, self.peaks)

    def append(self, leaf: bytes) -> Iterator[tuple[int, bytes]]:
        """Add a leaf; the subtrees that it completes, from small to large, as (position, root)."""
        # Not a generator: a caller who does not look at what was completed has added the leaf all the same.
        completed, index, level = [], self.size, 0
        while index & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            index, level = index >> 1, level + 1
            completed.append((position(level, index), leaf))
        self.peaks.append(leaf)
        self.size += 1
        return iter(completed)

    @property
    def root(self) -> bytes:
        return root_over(self.peaks)
