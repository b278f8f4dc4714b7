"""The largest consistent subset of a measurement comparison, found exactly.

For a fixed m the k results that fit best are those with the k smallest ((x − m)/u)². That order changes only where two
such parabolas cross, at most n(n − 1) values of m; so the best subset of every size is among the beginnings of the
orders between neighbouring crossings, a polynomial number. The same bound, exact for every partial choice, lets branch
and bound list all the largest consistent subsets without ever following a branch that holds none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from scipy import special

from intercomp.consensus import as_rows
from intercomp.errors import InputError
from intercomp.inputs import FloatArray

IntArray = np.ndarray[Any, np.dtype[np.int64]]
_BLOCK = 1 << 19
_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class LargestConsistentSubset:
    """The largest subset whose χ² test passes; of several, the one with the smallest χ².

    rows, left_out   rows (from 1), each left-out one with its reason       chi2_all, p_all   the test of all results
    subsets          every largest consistent subset, best first (the list ends at `limit`: then `complete` is False)
    """

    value: float
    u: float
    chi2: float
    nu: int
    p: float
    rows: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...]
    chi2_all: float
    p_all: float
    consistent_all: bool
    subsets: tuple[tuple[int, ...], ...]
    complete: bool
    n: int
    significance: float
    method: str = "largest consistent subset, branch and bound"


def largest_consistent_subset(
    x: Any, u: Any, *, significance: float = 0.05, limit: int = 20
) -> LargestConsistentSubset:
    """Largest subset with P(χ²_{k−1} > Σ (x − y)²/u²) ≥ significance, y its weighted mean; x, u 1-D.

    Exact. `limit` bounds the list of equally large subsets, not the search. InputError: u ≤ 0, fewer than 2 results.
    Source: Cox, Metrologia 44 (2007) 187, section 4 (which tries the subsets one by one).
    """
    if not 0 < significance < 1:
        raise InputError("significance", f"{significance}", "give a probability between 0 and 1, such as 0.05")
    data = as_rows(x, u)
    if data.batch.form != "one":
        raise InputError("x", "many measurands", "give one measurand at a time")
    d, w = data.d[0], 1 / data.u2[0]
    critical = np.concatenate([[0.0], special.chdtri(np.arange(1, d.size), significance)])
    orders = _orders(d, w)
    least = _least_chi2(d, w, orders)
    size = int(np.flatnonzero(least <= critical).max()) + 1
    found = list(islice(_consistent(d, w, orders, size, float(critical[size - 1])), limit + 1))
    ranked = sorted(found, key=lambda chosen: (_chi2(d, w, chosen), chosen))
    return _told(d, w, float(data.origin[0]), ranked[:limit], len(found) <= limit, significance)


def _told(
    d: FloatArray, w: FloatArray, origin: float, ranked: list[tuple[int, ...]], complete: bool, significance: float
) -> LargestConsistentSubset:
    best = ranked[0]
    index = list(best)
    total = float(w[index].sum())
    mean = float(w[index] @ d[index]) / total
    chi2, everything = _chi2(d, w, best), _chi2(d, w, tuple(range(d.size)))
    p_all = float(special.chdtrc(d.size - 1, everything))
    reasons = tuple((j + 1, _reason(d[j] - mean, 1 / w[j], 1 / total)) for j in range(d.size) if j not in best)
    return LargestConsistentSubset(
        origin + mean, total**-0.5, chi2, len(best) - 1, float(special.chdtrc(max(len(best) - 1, 1), chi2)),
        tuple(j + 1 for j in best), reasons, everything, p_all, p_all >= significance,
        tuple(tuple(j + 1 for j in chosen) for chosen in ranked), complete, d.size, significance,
    )  # fmt: skip


def _reason(difference: float, u2: float, u2_mean: float) -> str:
    return (
        f"{difference:+.4g} from the value of the subset, {abs(difference) / (u2 + u2_mean) ** 0.5:.2f} u(difference)"
    )


def _orders(d: FloatArray, w: FloatArray) -> IntArray:
    """The results in the order of ((x − m)/u)², one row for each interval of m between crossings."""
    root = np.sqrt(w)
    i, j = np.triu_indices(d.size, 1)
    weighted_i, weighted_j = root[i] * d[i], root[j] * d[j]
    with np.errstate(divide="ignore", invalid="ignore"):
        outer = (weighted_i - weighted_j) / (root[i] - root[j])
    crossings = np.concatenate([(weighted_i + weighted_j) / (root[i] + root[j]), outer[np.isfinite(outer)], d])
    low, high = d.min(), d.max()
    edges = np.unique(crossings[(crossings >= low) & (crossings <= high)])
    middles = np.concatenate([0.5 * (edges[1:] + edges[:-1]), edges[:1]])
    step = max(1, _BLOCK // d.size)
    parts = [np.argsort((root * (middles[k : k + step, None] - d)) ** 2, axis=1) for k in range(0, middles.size, step)]
    return np.unique(np.concatenate(parts), axis=0)


def _least_chi2(d: FloatArray, w: FloatArray, orders: IntArray) -> FloatArray:
    """The smallest χ² that any subset of size 1, 2, … n attains."""
    ordered, weights = d[orders], w[orders]
    least: FloatArray = _running_chi2(ordered, weights).min(axis=0)
    return least


def _running_chi2(d: FloatArray, w: FloatArray) -> FloatArray:
    """χ² of the first 1, 2, … results along the last axis; each newcomer adds W w/(W + w) (x − mean)², never negative."""
    total = np.cumsum(w, axis=-1)
    before = total - w
    mean = np.cumsum(w * d, axis=-1) / total
    step = np.zeros(d.shape)
    step[..., 1:] = (before * w / total)[..., 1:] * (d[..., 1:] - mean[..., :-1]) ** 2
    return np.cumsum(step, axis=-1)


def _chi2(d: FloatArray, w: FloatArray, chosen: tuple[int, ...]) -> float:
    index = list(chosen)
    mean = w[index] @ d[index] / w[index].sum()
    return float(w[index] @ (d[index] - mean) ** 2)


def _consistent(
    d: FloatArray, w: FloatArray, orders: IntArray, size: int, critical: float
) -> Iterator[tuple[int, ...]]:
    """All subsets of `size` with χ² ≤ critical, by deciding result after result: first with it, then without."""
    stack: list[tuple[tuple[int, ...], int]] = [((), 0)]
    while stack:
        chosen, decided = stack.pop()
        if _bound(d, w, orders, chosen, decided, size) > critical * (1 + _TOLERANCE):
            continue
        if len(chosen) == size:
            yield chosen
        else:
            stack.extend([(chosen, decided + 1), ((*chosen, decided), decided + 1)])


def _bound(d: FloatArray, w: FloatArray, orders: IntArray, chosen: tuple[int, ...], decided: int, size: int) -> float:
    """The smallest χ² of a subset of `size` that holds `chosen` and otherwise only results not yet decided."""
    missing = size - len(chosen)
    if missing > d.size - decided:
        return np.inf
    free = orders[orders >= decided].reshape(len(orders), -1)[:, :missing]
    members = np.concatenate([np.broadcast_to(np.array(chosen, dtype=np.int64), (len(orders), len(chosen))), free], 1)
    return float(_running_chi2(d[members], w[members])[:, -1].min())
