"""Coverage intervals from sorted draws: with equal tails, and the shortest.

All intervals that hold q = pM of M sorted draws run from y_(r) to y_(r+q), r = 1 … M − q (JCGM 101, 7.7), so only the
lowest and the highest M − q draws matter: `below` and `above`, the r-th of one belongs to the r-th of the other.
"""

from __future__ import annotations

import numpy as np

from intercomp.inputs import FloatArray

_PLACES = 401
_NEARLY_SHORTEST = 1.03
_DEGREE = 4


def held(draws: int, p: float) -> int:
    """q, the number of draws within the interval."""
    return min(int(p * draws + 0.5), draws - 1)


def symmetric(blocks: FloatArray, p: float) -> tuple[FloatArray, FloatArray]:
    """Ends with equal tails for each row of sorted draws."""
    size = blocks.shape[1]
    q = held(size, p)
    r = (size - q) // 2
    return blocks[:, r], blocks[:, r + q]


def symmetric_of_tails(below: FloatArray, above: FloatArray) -> tuple[float, float]:
    """Ends with equal tails for all draws together."""
    r = below.size // 2
    return float(below[r]), float(above[r])


def tails(blocks: FloatArray, p: float) -> tuple[FloatArray, FloatArray]:
    """The lowest and the highest N − q of all N draws, from rows that are sorted each for itself.

    The tails of the rows, taken a little longer than their share, hold the tails of the whole unless a row is unlike
    the others; that shows, and then everything is sorted.
    """
    count = blocks.size - held(blocks.size, p)
    share = min(blocks.shape[1], int(1.25 * count / len(blocks)) + 60)
    low, high = np.sort(blocks[:, :share], axis=None), np.sort(blocks[:, -share:], axis=None)
    certain = share == blocks.shape[1] or (
        low[count - 1] <= blocks[:, share - 1].min() and high[-count] >= blocks[:, -share].max()
    )
    if not certain:
        low = high = np.sort(blocks, axis=None)
    return low[:count], high[-count:]


def shortest(below: FloatArray, above: FloatArray) -> tuple[float, float]:
    """Ends of the shortest interval.

    The raw minimum of the widths follows their noise and is biased towards short; a polynomial through the widths near
    the minimum averages it away.
    """
    place = _place_of_shortest(below, above)
    return _between(below, place), _between(above, place)


def shortest_of_blocks(blocks: FloatArray, p: float) -> tuple[FloatArray, FloatArray]:
    """Ends of the shortest interval for each row of sorted draws."""
    q = held(blocks.shape[1], p)
    ends = np.array([shortest(row[: row.size - q], row[q:]) for row in blocks])
    return ends[:, 0], ends[:, 1]


def _place_of_shortest(below: FloatArray, above: FloatArray) -> float:
    """Which r (not whole) makes the shortest interval."""
    index = np.linspace(0, below.size - 1, min(_PLACES, below.size)).astype(np.int64)
    widths = above[index] - below[index]
    nearly = widths <= _NEARLY_SHORTEST * widths.min()
    lowest = int(widths.argmin())
    others = np.flatnonzero(~nearly)
    first = int(others[others < lowest].max(initial=-1)) + 1
    last = int(others[others > lowest].min(initial=index.size)) - 1
    if last - first <= _DEGREE:
        return float(index[lowest])
    t = np.linspace(-1, 1, last - first + 1)
    smooth = np.polynomial.chebyshev.chebval(t, np.polynomial.chebyshev.chebfit(t, widths[first : last + 1], _DEGREE))
    return float(index[first + int(smooth.argmin())])


def _between(ordered: FloatArray, place: float) -> float:
    at = int(place)
    beyond = min(at + 1, ordered.size - 1)
    return float(ordered[at] + (place - at) * (ordered[beyond] - ordered[at]))
