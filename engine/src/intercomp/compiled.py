"""The search of Algorithm A compiled by Numba, where the extra `[fast]` is installed; NumPy does without."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from intercomp.inputs import FloatArray
from intercomp.ordered import Index

WORTH_COMPILING = 256  # measurands; for fewer the search is over before Numba is loaded


@cache
def compiled_search() -> Callable[..., Any] | None:
    """The search as machine code, or None where Numba is not installed."""
    try:
        numba = import_module("numba")
    except ImportError:
        return None
    return numba.njit(cache=True)(_search)


def _search(y: FloatArray, n: Index, factor: float, reach: float, jumps: int) -> tuple[FloatArray, FloatArray, Index]:
    """x*, s* and the steps taken for each sorted row; 0 steps where it is not plain sailing and NumPy must look.

    Plain sailing: the quartiles differ from the middle value (so MADe > 0) and every set met leaves room for s*².
    """
    m = n.size
    means, sds, steps = np.zeros(m), np.zeros(m), np.zeros(m, np.int64)
    for row in range(m):
        p = n[row]
        if p < 2 or y[row, p // 4] == y[row, p // 2] or y[row, p // 2] == y[row, 3 * p // 4]:
            continue
        low, high = p // 12, p - p // 12
        for step in range(1, jumps + 1):
            total = square = 0.0
            for i in range(low, high):
                total += y[row, i]
                square += y[row, i] * y[row, i]
            inside = high - low
            if inside <= 0:
                break
            outer, lean = low + p - high, p - high - low
            room = (p - 1) / factor**2 - reach**2 * (outer + lean * lean / inside)
            scatter = square - total * total / inside
            if room <= 0 or not scatter > 1.5e-14 * square:
                break
            sd = np.sqrt(scatter / room)
            mean = (total + reach * sd * lean) / inside
            below, above = low, high
            while low > 0 and y[row, low - 1] >= mean - reach * sd:
                low -= 1
            while low < p and y[row, low] < mean - reach * sd:
                low += 1
            while high < p and y[row, high] <= mean + reach * sd:
                high += 1
            while high > 0 and y[row, high - 1] > mean + reach * sd:
                high -= 1
            if low == below and high == above:
                means[row], sds[row], steps[row] = mean, sd, step
                break
    return means, sds, steps
