"""Drawing results in to limits: the sums behind Algorithm A and Huber's location, for many sorted measurands at once."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from intercomp.inputs import FloatArray
from intercomp.ordered import Index, Ordered

REACH = 1.5  # standard deviations at which results are drawn in, ISO 13528:2022, C.3
_EPSILON = float(np.finfo(np.float64).eps)


class Winsorised:
    """Sorted measurands whose results beyond mean ± 1.5 sd count as lying at that limit."""

    def __init__(self, rows: Ordered, factor: float):
        self.factor, self.n, self.starts = factor, rows.n, rows.starts
        self.width = rows.deviations.shape[1]
        self.flat = rows.deviations.ravel()
        with np.errstate(over="ignore"):
            self.squares = np.square(self.flat)

    def take(self, chosen: NDArray[np.bool_]) -> Winsorised:
        """The chosen rows; the others are only cut out of the memory when most have gone."""
        part = copy(self)
        part.starts, part.n = self.starts[chosen], self.n[chosen]
        if part.n.size and 2 * part.n.size * self.width < self.flat.size:
            rows = part.starts // self.width
            part.flat = self.flat.reshape(-1, self.width)[rows].ravel()
            part.squares = self.squares.reshape(-1, self.width)[rows].ravel()
            part.starts = np.arange(part.n.size) * self.width
        return part

    def keeps(self, mean: FloatArray, sd: FloatArray, low: Index, high: Index) -> NDArray[np.bool_]:
        """Whether ranks [low, high) are just the results within mean ± 1.5 sd."""
        lower, upper = mean - REACH * sd, mean + REACH * sd
        first, last = self.starts + low, self.starts + high
        # at the ends of a row there is no neighbour to compare, and NaN behind the last result
        kept = (self.flat.take(first) >= lower) & ((low == 0) | (self.flat.take(first - 1) < lower))
        kept &= self.flat.take(last - 1) <= upper
        return kept & ~(self.flat.take(last) <= upper)

    def limits(self, mean: FloatArray, sd: FloatArray) -> tuple[Index, Index]:
        """Ranks [low, high) of the results within mean ± 1.5 sd, by bisection in all rows at once."""
        m, reach = mean.size, REACH * sd
        # "≤ upper" is "< the next float64 above it": one comparison serves both limits
        bound = np.concatenate([mean - reach, np.nextafter(mean + reach, np.inf)])
        before, n = np.concatenate([self.starts, self.starts]) - 1, np.concatenate([self.n, self.n])
        rank, step = np.zeros(2 * m, dtype=np.int64), 1 << int(self.n.max(initial=0)).bit_length()
        while step := step >> 1:
            tried = rank + step
            below = self.flat.take(before + tried, mode="clip") < bound
            below &= tried <= n
            np.copyto(rank, tried, where=below)
        return rank[:m], rank[m:]

    def sums(self, low: Index, high: Index) -> tuple[FloatArray, FloatArray]:
        """Σx and Σx² over ranks [low, high): summed afresh, so a wild value outside leaves no rounding behind."""
        bounds = np.empty(2 * low.size, dtype=np.int64)
        bounds[::2], bounds[1::2] = self.starts + low, self.starts + high
        empty = high <= low
        with np.errstate(over="ignore", invalid="ignore"):
            total = np.add.reduceat(self.flat, bounds)[::2]
            square = np.add.reduceat(self.squares, bounds)[::2]
        if empty.any():
            total[empty] = square[empty] = 0.0
        return total, square

    def iterated(
        self, mean: FloatArray, sd: FloatArray, low: Index, high: Index, total: FloatArray, square: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Mean, and factor times standard deviation, of the results drawn in: one iteration as the standard has it."""
        reach, below, above = REACH * sd, low, self.n - high
        after = (total + below * (mean - reach) + above * (mean + reach)) / self.n
        spread = square - 2 * after * total + (high - low) * after**2
        spread += below * (mean - reach - after) ** 2 + above * (mean + reach - after) ** 2
        return after, self.factor * np.sqrt(np.maximum(spread, 0.0) / (self.n - 1))

    def closed_form(
        self, low: Index, high: Index, total: FloatArray, square: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """x*, s* at rest if exactly these results stay inside, and the room in s*²: unusable where that is ≤ 0."""
        inside, below, above = np.maximum(high - low, 1), low, self.n - high
        room = (self.n - 1) / self.factor**2 - REACH**2 * ((below + above) + (above - below) ** 2 / inside)
        scatter = square - total**2 / inside
        # what rounding leaves of the scatter of equal results is no scatter
        scatter = np.where(scatter <= 64 * _EPSILON * square, 0.0, scatter)
        sd = np.sqrt(scatter / np.where(room > 0, room, 1.0))
        return (total + REACH * sd * (above - below)) / inside, sd, np.where(high > low, room, -1.0)

    def location(self, sd: FloatArray, low: Index, high: Index, total: FloatArray) -> FloatArray:
        """x* at rest for a scale that is given, if exactly these results stay inside."""
        return (total + REACH * sd * (self.n - high - low)) / np.maximum(high - low, 1)
