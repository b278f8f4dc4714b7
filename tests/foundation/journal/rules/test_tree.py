"""The Merkle tree against its definition for every size up to 70, and against the vectors that transparency logs share."""

import hashlib
from typing import Any

import pytest

from tests.foundation.journal.rules import naive
from zhunsheng.foundation.journal.rules import proofs, tree
from zhunsheng.foundation.journal.rules.entries import leaf_hash
from zhunsheng.foundation.journal.rules.proofs import KEPT_LEVEL, consistency_ranges, inclusion_ranges
from zhunsheng.foundation.journal.rules.tree import EMPTY_ROOT, GrowingTree, complete_subtrees, position, subtree_at

MOST = 70
LEAVES = [naive.leaf(bytes([n])) for n in range(MOST)]
ROOTS = [naive.mth(LEAVES[:n]) for n in range(MOST + 1)]

PUBLISHED = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70)),
]  # fmt: skip
"""The eight entries that implementations of RFC 6962 are tested with, and what was published for them."""
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PUBLISHED_PATHS = {  # (index, size)
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
PUBLISHED_GROWTH = {  # (old, size)
    (1, 1): [],
    (1, 8): PUBLISHED_PATHS[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def of(leaves: list[bytes], ranges: list[proofs.Range]) -> list[bytes]:
    """A proof from the leaves, and from what is kept of larger subtrees, by the definition."""
    kept = {number: naive.mth(leaves[i << level : (i + 1) << level]) for number, level, i in places(ranges)}
    return proofs.filled(ranges, kept, dict(enumerate(leaves)))


def places(ranges: list[proofs.Range]) -> list[tuple[int, int, int]]:
    return [(number, *subtree_at(number)) for number in proofs.positions_needed(ranges)]


def published() -> list[bytes]:
    return [bytes.fromhex(leaf_hash(data)) for data in PUBLISHED]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    grown = GrowingTree()
    for one in published()[:size]:
        grown.append(one)
    assert grown.root.hex() == PUBLISHED_ROOTS[size]


@pytest.mark.parametrize(("asked", "path"), PUBLISHED_PATHS.items())
def test_inclusion_paths_are_the_published_ones(asked: tuple[int, int], path: list[str]) -> None:
    index, size = asked
    found = of(published(), inclusion_ranges(index, size))
    assert [one.hex() for one in found] == path
    assert proofs.includes(published()[index], index, size, found, bytes.fromhex(PUBLISHED_ROOTS[size]))


@pytest.mark.parametrize(("asked", "path"), PUBLISHED_GROWTH.items())
def test_consistency_paths_are_the_published_ones(asked: tuple[int, int], path: list[str]) -> None:
    old, size = asked
    found = of(published(), consistency_ranges(old, size))
    assert [one.hex() for one in found] == path
    then, now = (bytes.fromhex(PUBLISHED_ROOTS[n]) for n in asked)
    assert proofs.is_beginning(old, then, size, now, found)


def test_every_size_has_the_defined_root_and_completes_the_defined_subtrees() -> None:
    grown = GrowingTree()
    assert grown.root == EMPTY_ROOT == ROOTS[0] == hashlib.sha256().digest()
    for size, one in enumerate(LEAVES, 1):
        for number, root in grown.append(one):
            level, index = subtree_at(number)
            assert root == naive.mth(LEAVES[index << level : (index + 1) << level])
            assert (index + 1) << level == size
        assert (grown.size, grown.root) == (size, ROOTS[size])


def test_every_inclusion_path_is_the_defined_one_and_holds() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = of(LEAVES, inclusion_ranges(index, size))
            assert path == naive.path(index, LEAVES[:size])
            assert proofs.includes(LEAVES[index], index, size, path, ROOTS[size])


def test_every_consistency_path_is_the_defined_one_and_holds() -> None:
    for size in range(1, MOST + 1):
        for old in range(1, size + 1):
            path = of(LEAVES, consistency_ranges(old, size))
            assert path == naive.proof(old, LEAVES[:size])
            assert proofs.is_beginning(old, ROOTS[old], size, ROOTS[size], path)


def test_no_inclusion_path_holds_for_another_leaf_place_size_or_root() -> None:
    for size in range(1, 34):
        for index in range(size):
            path = naive.path(index, LEAVES[:size])
            assert not proofs.includes(LEAVES[(index + 1) % MOST], index, size, path, ROOTS[size])
            assert not proofs.includes(LEAVES[index], index, size, path, ROOTS[size + 1])
            assert not proofs.includes(LEAVES[index], index, size, [*path, LEAVES[0]], ROOTS[size])
            others = [n for n in range(34) if n != index and proofs.includes(LEAVES[index], n, size, path, ROOTS[size])]
            assert others == []
            for cut in range(len(path)):
                assert not proofs.includes(LEAVES[index], index, size, path[:cut] + path[cut + 1 :], ROOTS[size])
                bent = [*path[:cut], naive.leaf(path[cut]), *path[cut + 1 :]]
                assert not proofs.includes(LEAVES[index], index, size, bent, ROOTS[size])


def test_no_consistency_path_holds_for_another_past() -> None:
    for size in range(2, 34):
        for old in range(1, size):
            path = naive.proof(old, LEAVES[:size])
            assert not proofs.is_beginning(old, ROOTS[old - 1], size, ROOTS[size], path)
            assert not proofs.is_beginning(old, ROOTS[old], size, ROOTS[size + 1], path)
            assert not proofs.is_beginning(old, ROOTS[old], size, ROOTS[size], [*path, LEAVES[0]])
            for cut in range(len(path)):
                assert not proofs.is_beginning(old, ROOTS[old], size, ROOTS[size], path[:cut] + path[cut + 1 :])
                bent = [*path[:cut], naive.leaf(path[cut]), *path[cut + 1 :]]
                assert not proofs.is_beginning(old, ROOTS[old], size, ROOTS[size], bent)


def test_nothing_is_the_beginning_of_something_without_proof() -> None:
    assert not proofs.is_beginning(0, EMPTY_ROOT, 5, ROOTS[5], [])
    assert not proofs.is_beginning(6, ROOTS[6], 5, ROOTS[5], [])
    assert proofs.is_beginning(5, ROOTS[5], 5, ROOTS[5], [])
    assert not proofs.is_beginning(5, ROOTS[5], 5, ROOTS[5], [LEAVES[0]])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_that_is_not_there_has_no_path(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_ranges(index, size)
    assert not proofs.includes(LEAVES[0], index, size, [], ROOTS[0])


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_a_past_that_never_was_has_no_path(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_ranges(old, size)


def test_positions_number_the_nodes_from_left_to_right() -> None:
    """In a complete tree of 64 leaves each number from 0 to 126 is used once, and children stand on both sides."""
    nodes = [(level, index) for level in range(7) for index in range(64 >> level)]
    assert sorted(position(*one) for one in nodes) == list(range(127))
    assert all(subtree_at(position(*one)) == one for one in nodes)
    assert position(1, 0) == 1 and (position(0, 0), position(0, 1)) == (0, 2)


def test_a_range_is_made_of_the_largest_complete_subtrees() -> None:
    assert complete_subtrees(0, 7) == [(2, 0), (1, 2), (0, 6)]
    assert complete_subtrees(3, 8) == [(0, 3), (2, 1)]
    assert complete_subtrees(5, 5) == []


def test_a_tree_taken_up_again_goes_on_as_if_never_left() -> None:
    for size in range(MOST):
        again = GrowingTree(
            size, of(LEAVES, [(i << level, (i + 1) << level) for level, i in complete_subtrees(0, size)])
        )
        assert again.root == ROOTS[size]
        again.append(LEAVES[size])
        assert again.root == ROOTS[size + 1]


def test_a_tree_with_too_few_peaks_is_refused() -> None:
    with pytest.raises(ValueError, match="2 peaks, not 1"):
        GrowingTree(3, [LEAVES[0]])


def test_large_subtrees_are_taken_as_kept_and_a_proof_over_a_million_leaves_is_short() -> None:
    size = 1_000_003
    for index in (0, 255, 256, 524_288, size - 1):
        ranges = inclusion_ranges(index, size)
        assert len(ranges) <= 20
        assert sum(last - first for first, last in proofs.leaves_needed(ranges)) < 2 * proofs.BLOCK
        assert all(subtree_at(number)[0] >= KEPT_LEVEL for number in proofs.positions_needed(ranges))
        assert len(proofs.positions_needed(ranges)) <= 24
    assert len(consistency_ranges(777_777, size)) <= 21


def test_kept_subtrees_give_the_same_proof_as_leaves() -> None:
    size = 1299
    assert 1280 % proofs.BLOCK == 0  # so that the cases below stand at the edges of what is kept
    leaves = [naive.leaf(n.to_bytes(4, "big")) for n in range(size)]
    grown = GrowingTree()
    kept: dict[Any, Any] = {}
    for one in leaves:
        kept |= {number: root for number, root in grown.append(one) if subtree_at(number)[0] >= KEPT_LEVEL}
    for index in (0, 700, 1279, 1280, size - 1):
        ranges = inclusion_ranges(index, size)
        wanted = {i for first, last in proofs.leaves_needed(ranges) for i in range(first, last)}
        path = proofs.filled(ranges, kept, {i: leaves[i] for i in wanted})
        assert path == naive.path(index, leaves)
    assert tree.root_over([grown.root]) == naive.mth(leaves)
