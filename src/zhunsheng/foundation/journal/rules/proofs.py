"""Proofs that a leaf is in a tree, and that one tree grew out of another: which hashes they take, and how they are checked.

The makers say which ranges of leaves a proof is made of (RFC 9162, 2.1.3.1 and 2.1.4.1); whoever keeps the hashes fills them in.
"""

from collections.abc import Iterable, Mapping, Sequence

from zhunsheng.foundation.journal.rules.tree import complete_subtrees, node_hash, position, root_over

Range = tuple[int, int]
"""Leaves first … last − 1."""

KEPT_LEVEL = 6
BLOCK = 1 << KEPT_LEVEL
"""Roots of complete subtrees of this many leaves and more are kept; smaller ones are computed from their leaves when asked for."""


def _split(first: int, last: int) -> int:
    """Where a subtree of more than one leaf is split: after the largest power of two smaller than its size."""
    return first + (1 << ((last - first - 1).bit_length() - 1))


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots are the inclusion path of leaf `index` in the tree of `size`, from the leaf upwards.

    Raises ValueError for a leaf that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    first, last, path = 0, size, []
    while last - first > 1:
        split = _split(first, last)
        if index < split:
            path.append((split, last))
            last = split
        else:
            path.append((first, split))
            first = split
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """The ranges whose roots show that the tree of `size` began as that of `old`. Raises ValueError unless 0 < old ≤ size."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} is not the beginning of one of {size}")
    first, last, path = 0, size, []
    while old != last:
        split = _split(first, last)
        if old <= split:
            path.append((split, last))
            last = split
        else:
            path.append((first, split))
            first = split
    if first:  # the old tree is not a whole left subtree, so its last piece has to be shown too
        path.append((first, last))
    return path[::-1]


def positions_needed(ranges: Iterable[Range]) -> list[int]:
    """The kept subtrees that these ranges are made of, by position."""
    return [position(*one) for span in ranges for one in complete_subtrees(*span) if one[0] >= KEPT_LEVEL]


def leaves_needed(ranges: Iterable[Range]) -> list[Range]:
    """The leaves that these ranges take beside the kept subtrees; at most two blocks' for one proof."""
    small = [one for span in ranges for one in complete_subtrees(*span) if one[0] < KEPT_LEVEL]
    return [(index << level, (index + 1) << level) for level, index in small]


def filled(ranges: Iterable[Range], kept: Mapping[int, bytes], leaves: Mapping[int, bytes]) -> list[bytes]:
    """The roots of these ranges, from kept subtrees (by position) and leaves (by index). Raises KeyError for one that is missing."""
    return [root_over([_root(*one, kept, leaves) for one in complete_subtrees(*span)]) for span in ranges]


def _root(level: int, index: int, kept: Mapping[int, bytes], leaves: Mapping[int, bytes]) -> bytes:
    if level >= KEPT_LEVEL:
        return kept[position(level, index)]
    row = [leaves[i] for i in range(index << level, (index + 1) << level)]
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does the path lead from the leaf's hash at `index` to the root of the tree of `size`? RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, end, found = index, size - 1, leaf
    for one in path:
        if end == 0:
            return False
        if at & 1 or at == end:
            found = node_hash(one, found)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            found = node_hash(found, one)
        at, end = at >> 1, end >> 1
    return end == 0 and found == root


def is_beginning(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Does the path show that the tree of `size` began as that of `old`? RFC 9162, 2.1.4.2."""
    if old == size:
        return not path and old_root == root
    if not 0 < old < size or not path:
        return False
    steps = [old_root, *path] if old.bit_count() == 1 else list(path)
    at, end = old - 1, size - 1
    while at & 1:
        at, end = at >> 1, end >> 1
    then = now = steps[0]
    for one in steps[1:]:
        if end == 0:
            return False
        if at & 1 or at == end:
            then, now = node_hash(one, then), node_hash(one, now)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            now = node_hash(now, one)
        at, end = at >> 1, end >> 1
    return end == 0 and then == old_root and now == root
