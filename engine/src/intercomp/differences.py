"""The pairwise differences of one data set, selected and counted in O(n log n) without ever being written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.inputs import FloatArray

Ranks = NDArray[Any]

_AT_ONCE = 1 << 13
_PROBED_ROWS = 800
_STALLED = 0.5


@dataclass(slots=True)
class _Bracket:
    """Differences between two bounds: row i keeps the partners with ranks [first[i], last[i])."""

    low: float
    high: float
    first: Ranks
    last: Ranks
    below: int
    upto: int

    @property
    def size(self) -> int:
        return self.upto - self.below


class Differences:
    """All y[j] − y[i], i < j, of sorted y; ranks and counts are 64-bit, so n² beyond 2³¹ is no matter."""

    def __init__(self, y: FloatArray):
        self.y, self.n = y, y.size
        # ranks fit in 32 bits as long as n does; only their sums need 64
        self.rank_type = np.int32 if y.size < 2**31 else np.int64
        self.pairs = y.size * (y.size - 1) // 2
        self._kept: tuple[FloatArray, int] | None = None

    def reach(self, size: float, *, strictly: bool = False) -> Ranks:
        """For each i the number of y[j] within y[i] + size (below it, when strictly)."""
        found, side = np.empty(self.n, dtype=self.rank_type), "left" if strictly else "right"
        for start in range(0, self.n, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            found[part] = np.searchsorted(self.y, self.y[part] + size, side)  # type: ignore[call-overload]
        return np.maximum(found, self._after()) if strictly else found

    def _after(self) -> Ranks:
        return np.arange(1, self.n + 1, dtype=self.rank_type)

    def counted(self, reach: Ranks) -> int:
        return int(reach.sum(dtype=np.int64)) - self.n * (self.n + 1) // 2

    def count(self, size: float, *, strictly: bool = False) -> int:
        """How many differences are ≤ size (< size, when strictly)."""
        return 0 if size < 0 else self.counted(self.reach(size, strictly=strictly))

    def select(self, rank: int) -> float:
        """The difference of the given rank, counted from 1 in ascending order."""
        pool, below = self.around(rank)
        return float(np.partition(pool, rank - below - 1)[rank - below - 1])

    def around(self, rank: int) -> tuple[FloatArray, int]:
        """A few of the differences, among them that of the given rank, and how many are smaller than all of these."""
        bracket = _Bracket(
            low=-1.0,
            high=float(self.y[-1] - self.y[0]),
            first=self._after(),
            last=np.broadcast_to(self.rank_type(self.n), (self.n,)),
            below=0,
            upto=self.pairs,
        )
        enough, guess = max(self.n // 16, 4096), 0.0
        if bracket.size > enough:
            bracket, guess = self._first_cut(bracket, rank)
        while bracket.size > enough:
            before = bracket.size
            if bracket.low < guess < bracket.high:
                bracket = self._narrowed(bracket, rank, guess)
            if bracket.size > _STALLED * before:
                bracket, tied = self._halved(bracket, rank)
                if tied is not None:
                    return np.array([tied]), rank - 1
            guess = self._interpolated(bracket, rank)
        return self._written_out(bracket), bracket.below

    def _first_cut(self, bracket: _Bracket, rank: int) -> tuple[_Bracket, float]:
        """Cut where a thinned set of rows expects the rank; then aim a little beyond what was missed."""
        stride = max(8, self.n // _PROBED_ROWS)
        rows = np.arange(stride // 2, self.n, stride)
        starts, own = self.y[rows], float((rows + 1).sum())

        def expected(size: float) -> float:
            return stride * (float(np.searchsorted(self.y, starts + size, "right").sum()) - own)

        # the quartiles know the order of magnitude, the range does not: one wild result would set it
        low, high = 0.0, float(self.y[3 * self.n // 4] - self.y[self.n // 4]) or bracket.high
        while high < bracket.high and expected(high) < rank:
            low, high = high, min(4 * high, bracket.high)
        for _ in range(22):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if expected(middle) < rank else (low, middle)
        bracket = self._narrowed(bracket, rank, high)
        missed = rank - (bracket.below if bracket.low == high else bracket.upto)
        density = (expected(1.01 * high) - expected(0.99 * high)) / (0.02 * high) if high else 0.0
        beyond = missed + (1 if missed > 0 else -1) * max(self.n // 32, abs(missed) // 8)
        return bracket, high + beyond / density if density > 0 else 0.0

    def _narrowed(self, bracket: _Bracket, rank: int, size: float) -> _Bracket:
        reach = self.reach(size)
        count = self.counted(reach)
        if count < rank:
            return _Bracket(size, bracket.high, reach, bracket.last, count, bracket.upto)
        return _Bracket(bracket.low, size, bracket.first, reach, bracket.below, count)

    def _interpolated(self, bracket: _Bracket, rank: int) -> float:
        """Where the count should pass the rank by a little on the side that has more to cut off."""
        margin = max(self.n // 64, bracket.size // 50)
        far_below = rank - bracket.below > bracket.upto - rank
        aim = rank - margin if far_below else rank + margin
        share = min(max((aim - bracket.below) / bracket.size, 0.02), 0.98)
        return max(bracket.low, 0.0) + share * (bracket.high - max(bracket.low, 0.0))

    def _halved(self, bracket: _Bracket, rank: int) -> tuple[_Bracket, float | None]:
        """Cut at the weighted median of the row medians: a quarter goes for certain, or the answer is a tie there."""
        width = bracket.last - bracket.first
        rows = np.flatnonzero(width > 0)
        middles = self.y[bracket.first[rows] + width[rows] // 2] - self.y[rows]
        ranked = np.argsort(middles, kind="stable")
        weight = np.cumsum(width[rows][ranked], dtype=np.int64)
        size = float(middles[ranked[np.searchsorted(weight, weight[-1] / 2)]])
        reach = self.reach(size, strictly=True)
        count = self.counted(reach)
        if count >= rank:
            return _Bracket(bracket.low, size, bracket.first, reach, bracket.below, count), None
        if self.count(size) >= rank:
            return bracket, size
        return self._narrowed(bracket, rank, size), None

    def _written_out(self, bracket: _Bracket) -> FloatArray:
        width = bracket.last - bracket.first
        rows = np.flatnonzero(width)
        width, first = width[rows], bracket.first[rows]
        ends = np.cumsum(width, dtype=np.int64)
        partners = np.arange(ends[-1]) + np.repeat(first - (ends - width), width)
        return self.y[partners] - np.repeat(self.y[rows], width)

    def tied(self, rank: int) -> tuple[float, int, int]:
        """The difference of the given rank, how many are smaller, and how many are not greater."""
        pool, below = self._pool(rank)
        size = float(pool[rank - below - 1])
        first, last = np.searchsorted(pool, size, "left"), np.searchsorted(pool, size, "right")
        smaller = below + int(first) if first or not below else self.count(size, strictly=True)
        upto = below + int(last) if last < pool.size or below + last == self.pairs else self.count(size)
        return size, min(smaller, rank - 1), max(upto, rank)

    def _pool(self, rank: int) -> tuple[FloatArray, int]:
        """The sorted neighbourhood of a rank, kept for the questions that follow about its neighbours."""
        if self._kept is None or not self._kept[1] < rank <= self._kept[1] + self._kept[0].size:
            pool, below = self.around(rank)
            self._kept = np.sort(pool), below
        return self._kept
