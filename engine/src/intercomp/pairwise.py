"""Scale from pairwise differences: Qn, Sn and the Q method, one measurand or many.

They need no location, bear up to half of wild results, and cost O(p log p). Short measurands are done many at once
with their differences written out; a long one is searched without ever writing them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from scipy.special import ndtri

from intercomp.differences import Differences
from intercomp.errors import InputError
from intercomp.inputs import Batch, FloatArray, as_batch
from intercomp.ordered import Index, Ordered, order

Edition = Literal["2022", "2022+Amd1:2026"]

QN_FACTOR = 1.0 / (np.sqrt(2.0) * float(ndtri(0.625)))  # 2.21914…
SN_FACTOR = 1.1926
_QN_SMALL = (0.399356, 0.99365, 0.51321, 0.84401, 0.6122, 0.85877, 0.66993, 0.87344, 0.72014, 0.88906, 0.75743)
_QN_SMALL_PRINTED = (0.3994, 0.9937, 0.5132, 0.8440, 0.6122, 0.8588, 0.6699, 0.8734, 0.7201, 0.8891, 0.7574)
_SN_SMALL = (0.743, 1.851, 0.954, 1.351, 0.993, 1.198, 1.005, 1.131)
_SLIP, _SURE = 4 * 2.0**-52, 2.0**36
_WRITTEN_OUT = 128  # results; beyond, searching is quicker than writing out n²/2 differences
_DIFFERENCES_AT_ONCE = 1 << 17
_RESULTS_AT_ONCE = 1 << 14


def qn(x: Any, *, edition: Edition = "2022+Amd1:2026", factors: Literal["printed", "exact"] = "exact") -> Any:
    """Qn: 2.2191 b_p times the k-th smallest of all |xᵢ − xⱼ|, k = h(h − 1)/2, h = ⌊p/2⌋ + 1 (ISO 13528:2022, C.5.1).

    x        results, shape (p,), (m, p) with NaN as padding, or ragged, any unit → float or (m,) in that unit
    edition  "2022+Amd1:2026", or "2022", whose h = ⌊p/2⌋ and 2.2219 make Qn inconsistent
    factors  "exact": 1/(√2 Φ⁻¹(5/8)) and b_p to five figures; "printed": 2.2191 and Table C.2

    0 when more than half of the results tie. InputError on fewer than two results.
    """
    _known(edition)
    half = 0 if edition == "2022" else 1

    def rank(n: Any) -> Any:
        h = n // 2 + half
        return np.maximum(h * (h - 1) // 2, 1)

    constant = 2.2219 if edition == "2022" else QN_FACTOR if factors == "exact" else 2.2191
    small = _QN_SMALL if factors == "exact" else _QN_SMALL_PRINTED

    def of_long(y: FloatArray) -> float:
        return Differences(y).select(int(rank(y.size)))

    def of_short(rows: Ordered) -> FloatArray:
        differences = _written_out(rows)
        differences.sort(axis=1)
        return differences[np.arange(rows.n.size), rank(rows.n) - 1]

    raw, n, batch = _each(as_batch(x, minimum=2), of_short, of_long)
    return batch.shaped(constant * qn_correction(n, small) * raw)


def qn_correction(n: Any, small: tuple[float, ...] = _QN_SMALL) -> FloatArray:
    """The factor b_p that makes Qn unbiased for p normal results (ISO 13528:2022, Table C.2 and formula below it)."""
    n = np.asarray(n, dtype=np.float64)
    m = np.maximum(n, 1.0)
    odd = (1.60188 + (-2.1284 - 5.172 / m) / m) / m
    even = (3.67561 + (1.9654 + (6.987 - 77 / m) / m) / m) / m
    listed = np.asarray(small)[np.clip(n.astype(np.int64) - 2, 0, 10)]
    return np.where(n <= 12, listed, 1.0 / (1.0 + np.where(n % 2 == 1, odd, even)))


def sn(x: Any) -> Any:
    """Sn: 1.1926 c_p lomedᵢ himedⱼ |xᵢ − xⱼ| (Rousseeuw and Croux 1993), with their finite-sample factors.

    x  results, shape (p,), (m, p) with NaN as padding, or ragged, any unit → float or (m,) in that unit.
    InputError on fewer than two results.
    """
    batch = as_batch(x, minimum=2)
    found, n = np.full(batch.measurands, np.nan), np.zeros(batch.measurands, dtype=np.int64)
    for members, block in batch.blocks():
        rows = order(block, batch.origins[members])
        found[members], n[members] = _sn_of_sorted(rows), rows.n
    return batch.shaped(np.where(n > 1, SN_FACTOR * sn_correction(n) * found, np.nan))


def sn_correction(n: Any) -> FloatArray:
    """The finite-sample factor c_p of Sn (Croux and Rousseeuw 1992)."""
    n = np.asarray(n, dtype=np.float64)
    listed = np.asarray(_SN_SMALL)[np.clip(n.astype(np.int64) - 2, 0, 7)]
    return np.where(n <= 9, listed, np.where(n % 2 == 1, n / (n - 0.9), 1.0))


def _sn_of_sorted(rows: Ordered) -> FloatArray:
    """himed of the distances from each result: the least reach of ⌊n/2⌋ + 1 neighbours, found by bisection on ranks."""
    width = rows.deviations.shape[1] - 1
    reach, step = np.empty((rows.n.size, width)), max(1, _RESULTS_AT_ONCE // max(1, rows.n.size))
    for start in range(0, width, step):
        places = np.arange(start, min(start + step, width))
        reach[:, places] = _least_reach(rows.deviations, places, rows.n[:, None])
    reach.sort(axis=1)
    return np.take_along_axis(reach, np.maximum((rows.n + 1) // 2 - 1, 0)[:, None], 1)[:, 0]


def _least_reach(y: FloatArray, places: Index, n: Index) -> FloatArray:
    """For the results at these places: how far ⌊n/2⌋ + 1 neighbours in rank, themselves among them, reach at least."""
    width = n // 2
    lowest, highest = np.maximum(places - width, 0), np.minimum(places, n - 1 - width)
    here, first = y[:, places], lowest
    while np.any(lowest < highest):
        middle = (lowest + highest) // 2
        nearer = here - _ranked(y, middle) > _ranked(y, middle + width) - here
        lowest, highest = np.where(nearer & (lowest < highest), middle + 1, lowest), np.where(nearer, highest, middle)
    before = np.maximum(lowest - 1, first)
    reaches = [np.maximum(here - _ranked(y, at), _ranked(y, at + width) - here) for at in (lowest, before)]
    return np.minimum(*reaches)


def _ranked(y: FloatArray, rank: Index) -> FloatArray:
    return np.take_along_axis(y, np.clip(rank, 0, y.shape[1] - 1), 1)


# --- Q method ---------------------------------------------------------------------------------------------------------


def q_method(x: Any) -> Any:
    """Q method: the scale whose share of small differences fits a normal distribution (ISO 13528:2022, C.5.2.2).

        s* = G₁⁻¹(0.25 + 0.75 H₁(0)) / (√2 Φ⁻¹(0.625 + 0.375 H₁(0)))

    H₁ is the distribution function of all |xᵢ − xⱼ|, G₁ its steps joined at half height. Made for coarse results: ties
    enter by H₁(0). Differences that are equal as written count as equal, since results that lie on a decimal grid are
    differenced as whole numbers. Scaling by what leaves no decimals (÷ 3, say) loses the ties and may move s* a little.

    x  results, shape (p,), (m, p) with NaN as padding, or ragged, any unit → float or (m,) in that unit.
    0 when all results are equal. InputError on fewer than two results.
    """
    raw, _, batch = _each(as_batch(x, minimum=2), _q_of_short, _q_of_long, gridded=True)
    return batch.shaped(raw)


def _q_scale(height: Any, pairs: Any, ties: Any) -> Any:
    h0 = ties / pairs
    return height / (np.sqrt(2.0) * ndtri(np.minimum(0.625 + 0.375 * h0, 1 - 1e-16)))


def _q_of_long(y: FloatArray) -> float:
    differences = Differences(y)
    pairs, ties = differences.pairs, differences.count(0.0)
    if ties == pairs:
        return 0.0
    aim = 0.25 * pairs + 0.75 * ties
    size, smaller, upto = differences.tied(int(np.ceil(aim)))
    if 0.5 * (smaller + upto) >= aim:
        left = _step(differences, smaller)
        right = size, 0.5 * (smaller + upto)
    else:
        left = size, 0.5 * (smaller + upto)
        right = _step(differences, upto + 1)
    share = (aim - left[1]) / (right[1] - left[1])
    return float(_q_scale(left[0] + share * (right[0] - left[0]), pairs, ties))


def _step(differences: Differences, rank: int) -> tuple[float, float]:
    """A point of G₁: the step that holds this rank, at half height; the origin for the differences of zero."""
    if rank == 0:
        return 0.0, 0.0
    size, smaller, upto = differences.tied(rank)
    return (size, 0.5 * (smaller + upto)) if size > 0 else (0.0, 0.0)


def _q_of_short(rows: Ordered) -> FloatArray:
    """The same on differences written out and sorted, many measurands at once."""
    d = _written_out(rows)
    d.sort(axis=1)
    pairs = rows.n * (rows.n - 1) // 2
    ties = np.count_nonzero(d == 0, axis=1)
    aim = 0.25 * pairs + 0.75 * ties
    at = np.maximum(np.ceil(aim).astype(np.int64), 1)
    size, smaller, upto = _tied(d, at)
    height = 0.5 * (smaller + upto)
    reached = height >= aim
    other, other_smaller, other_upto = _tied(d, np.where(reached, smaller, np.minimum(upto + 1, np.maximum(pairs, 1))))
    origin = reached & ((smaller == 0) | (other == 0))
    other, other_height = np.where(origin, 0.0, other), np.where(origin, 0.0, 0.5 * (other_smaller + other_upto))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(height == aim, 0.0, (aim - height) / (other_height - height))
        scale = _q_scale(size + share * (other - size), pairs, ties)
    return np.where(ties == pairs, 0.0, scale)


def _tied(d: FloatArray, rank: Index) -> tuple[FloatArray, Index, Index]:
    """The difference of each rank (from 1), how many are smaller, and how many are not greater."""
    size = d[np.arange(len(d)), np.maximum(rank - 1, 0)]
    return size, np.count_nonzero(d < size[:, None], axis=1), np.count_nonzero(d <= size[:, None], axis=1)


# --- short and long measurands ----------------------------------------------------------------------------------------


def _each(
    batch: Batch,
    of_short: Callable[[Ordered], FloatArray],
    of_long: Callable[[FloatArray], float],
    *,
    gridded: bool = False,
) -> tuple[FloatArray, Index, Batch]:
    found, n = np.full(batch.measurands, np.nan), np.zeros(batch.measurands, dtype=np.int64)
    for members, block in batch.blocks():
        for part, rows, unit in _ordered_parts(block, gridded):
            chosen = np.arange(batch.measurands)[members][part]
            n[chosen] = rows.n
            some = rows.n > 1
            if block.shape[1] <= _WRITTEN_OUT:
                found[chosen[some]] = of_short(rows.rows(some)) * unit[some]
            else:  # a loop costs nothing beside a search of more than a hundred results
                scales = [of_long(rows.deviations[row, : rows.n[row]]) for row in np.flatnonzero(some)]
                found[chosen[some]] = np.array(scales) * unit[some]
    return found, n, batch


def _ordered_parts(block: FloatArray, gridded: bool) -> Iterator[tuple[slice, Ordered, FloatArray]]:
    """Rows of a block, as many at once as their differences may be, sorted, with the unit they are counted in."""
    width = block.shape[1]
    step = max(1, _DIFFERENCES_AT_ONCE // max(1, width * (width - 1) // 2)) if width <= _WRITTEN_OUT else 1
    for start in range(0, len(block), step):
        rows = block[start : start + step]
        unit = decimal_grid(rows) if gridded else np.ones(len(rows))
        whole = np.round(rows / unit[:, None]) if np.any(unit != 1.0) else rows
        whole = np.where(unit[:, None] == 1.0, rows, whole) if np.any(unit == 1.0) and whole is not rows else whole
        ordered = order(whole, np.zeros(len(rows)))
        del whole
        yield slice(start, start + step), ordered, unit


def _written_out(rows: Ordered) -> FloatArray:
    first, second = np.triu_indices(rows.deviations.shape[1] - 1, 1)
    return rows.deviations[:, second] - rows.deviations[:, first]


def decimal_grid(rows: FloatArray) -> FloatArray:
    """The decimal unit (1, 0.1, 0.01, …) that every result of a row is a whole multiple of as written; 1 if none is.

    A float64 counts as written with d decimals when it is the float64 nearest to that decimal number, or a few units in
    the last place off, as °C + 273.15 and mg/kg × 0.001 leave it. With up to eleven figures no unrounded result is
    taken for a written one: that would need a chance of 1e-4 for every single result.
    """
    unit, open_rows = np.ones(len(rows)), np.arange(len(rows))
    for decimals in range(16):
        scale = 10.0**decimals
        fits = np.ones(open_rows.size, dtype=bool)
        for start in range(0, rows.shape[1], _RESULTS_AT_ONCE):
            values = rows[open_rows, start : start + _RESULTS_AT_ONCE]
            whole = np.round(values * scale)
            slip = np.abs(whole / scale - values)
            near = (slip <= _SLIP * np.abs(values)) & (np.abs(whole) < _SURE)
            exact = (slip == 0) & (np.abs(whole) < 2.0**53)
            fits &= np.all(near | exact | np.isnan(values), axis=1)
        unit[open_rows[fits]] = 1.0 / scale
        open_rows = open_rows[~fits]
        if not open_rows.size:
            break
    return unit


def _known(edition: str) -> None:
    if edition not in ("2022", "2022+Amd1:2026"):
        raise InputError("edition", f"{edition!r} is unknown", 'give "2022" or "2022+Amd1:2026"')
