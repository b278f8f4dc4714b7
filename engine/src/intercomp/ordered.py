"""Blocks of measurands sorted and centred once: what every order-based estimator starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intercomp.inputs import Batch, FloatArray

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Measurands as rows, each sorted, as deviations from its own middle value.

    deviations  (m, p + 1) float64; NaN from column n on (the last column always, so that n is a valid index)
    n           (m,) results of each measurand
    centre      (m,) the value subtracted; 0 for an empty row
    """

    deviations: FloatArray
    n: Index
    centre: FloatArray

    @property
    def starts(self) -> Index:
        return np.arange(self.n.size) * self.deviations.shape[1]

    def rows(self, chosen: Index | NDArray[np.bool_]) -> Ordered:
        if chosen.dtype == bool and chosen.all():
            return self
        return Ordered(self.deviations[chosen], self.n[chosen], self.centre[chosen])

    def at(self, rank: Index) -> FloatArray:
        """The order statistic of each row at the given rank, counted from 0."""
        return self.deviations.ravel().take(self.starts + rank)

    def median(self) -> FloatArray:
        return median_of_sorted(self.deviations, self.n)

    def quantile(self, fraction: float) -> FloatArray:
        """Quantile with linear interpolation of the order statistics (R type 7)."""
        place = (self.n - 1) * fraction
        below = np.clip(np.floor(place).astype(np.int64), 0, None)
        above = np.minimum(below + 1, np.maximum(self.n - 1, 0))
        low = self.at(below)
        return low + (place - below) * (self.at(above) - low)

    def median_absolute_deviation(self) -> FloatArray:
        """The plain median of |x − median|, without a consistency factor."""
        upper = self._nearest(self.n // 2 + 1)
        even = self.n % 2 == 0
        if not even.any():
            return upper
        return np.where(even, 0.5 * (self._nearest(np.maximum(self.n // 2, 1)) + upper), upper)

    def _nearest(self, k: Index) -> FloatArray:
        """The k-th smallest distance from the median: the least reach that takes in k neighbours in rank.

        The reach to the left falls and that to the right grows with the first rank taken in, so bisection finds it.
        """
        middle, low, high = self.median(), np.zeros_like(self.n), np.maximum(self.n - k, 0)
        last = np.minimum(k - 1, self.n)
        while np.any(low < high):
            tried = (low + high) >> 1
            left = middle - self.at(tried) > self.at(tried + last) - middle
            low, high = np.where(left, np.minimum(tried + 1, high), low), np.where(left, high, tried)
        before = np.maximum(low - 1, 0)
        return np.minimum(self._reach(middle, low, last), self._reach(middle, before, last))

    def _reach(self, middle: FloatArray, first: Index, last: Index) -> FloatArray:
        return np.maximum(middle - self.at(first), self.at(first + last) - middle)

    def mean(self) -> FloatArray:
        return np.nansum(self.deviations, axis=1) / np.maximum(self.n, 1)

    def sd(self) -> FloatArray:
        """Sample standard deviation, divisor n − 1; NaN for fewer than two results."""
        squares = np.nansum((self.deviations - self.mean()[:, None]) ** 2, axis=1)
        return np.sqrt(squares / np.where(self.n > 1, self.n - 1, np.nan))


def median_of_sorted(ordered: FloatArray, n: Index) -> FloatArray:
    """Row medians of rows sorted with NaN last; NaN for an empty row."""
    rows = np.arange(n.size)
    return 0.5 * (ordered[rows, np.maximum(n - 1, 0) // 2] + ordered[rows, n // 2])


def ordered_blocks(batch: Batch) -> Iterator[tuple[Index | slice, Ordered]]:
    """Sort the batch block by block; memory beyond the input stays that of one block."""
    for members, block in batch.blocks():
        yield members, order(block, batch.origins[members])


def order(block: FloatArray, origins: FloatArray) -> Ordered:
    """Sort each row, NaN last, and centre it on its middle value."""
    deviations = np.empty((block.shape[0], block.shape[1] + 1))
    deviations[:, :-1] = block
    deviations[:, -1] = np.nan
    deviations[:, :-1].sort(axis=1)
    n = _counts(deviations)
    middle = deviations[np.arange(n.size), n // 2]
    centre = np.where(n > 0, middle, 0.0)
    deviations -= centre[:, None]
    return Ordered(deviations, n, centre + origins)


def _counts(ordered: FloatArray) -> Index:
    if not np.isnan(ordered[:, -2]).any():
        return np.full(len(ordered), ordered.shape[1] - 1, dtype=np.int64)
    return np.count_nonzero(~np.isnan(ordered), axis=1).astype(np.int64)
