"""Median, scaled median absolute deviation, normalised interquartile range and Algorithm A, one measurand or many.

Every function takes a 1-D data set, a 2-D table (one row a measurand, NaN where a laboratory has no result), or ragged
data as `(values, offsets)`; the figures are floats for the first and arrays for the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from intercomp.compiled import WORTH_COMPILING, compiled_search
from intercomp.errors import Degenerate, InputError
from intercomp.inputs import FloatArray, as_batch, as_centred
from intercomp.ordered import Index, Ordered, order, ordered_blocks
from intercomp.winsorised import REACH, Winsorised

MAD_FACTOR = 1.483  # ISO 13528:2022, C.2.2, as printed; the exact factor is 1/Φ⁻¹(0.75) = 1.482602…
NIQR_FACTOR = 0.7413  # ISO 13528:2022, C.2.3, as printed
_FACTORS = {"printed": (1.134, 1.483), "exact": (1.133392655462487, 1.482602218505602)}
_JUMPS = 20  # after so many closed-form jumps without rest a measurand goes on by plain iteration, which cannot cycle
_LIMIT = 5000
_RESTING = 1e-13

Rule = Literal["converged", "iso-sig3"]
Factors = Literal["printed", "exact"]


@dataclass(frozen=True, slots=True)
class RobustEstimate:
    """Location and scale of one measurand (floats) or of many (arrays), and how the estimation ended.

    status: "converged" · "degenerate" (s* → 0: no score may be formed) · "not-converged" · "too-few" (n < 2; NaN)
    """

    mean: Any
    sd: Any
    n: Any
    iterations: Any
    status: Any
    method: str = "algorithm-a"
    rule: str = "converged"
    edition: str = "ISO 13528:2022"

    @property
    def u(self) -> Any:
        """Standard uncertainty of the location, 1.25 s*/√p (ISO 13528:2022, 7.7.3, formula (6))."""
        return 1.25 * self.sd / np.sqrt(self.n)


def median(x: Any) -> Any:
    """The median: the middle value, or the mean of the two middle ones (ISO 13528:2022, C.2.1).

    x  results, shape (p,), (m, p) or ragged, any unit → float or (m,) in that unit. InputError on no result.
    """
    return _each(x, lambda rows: rows.median() + rows.centre, minimum=1)


def mad_e(x: Any) -> Any:
    """Scaled median absolute deviation, 1.483 · med|xᵢ − med x| (ISO 13528:2022, C.2.2); 0 when half the results tie.

    x  results, shape (p,), (m, p) or ragged, any unit → float or (m,) in that unit. InputError on no result.
    """
    return _each(x, lambda rows: MAD_FACTOR * rows.median_absolute_deviation(), minimum=1)


def niqr(x: Any) -> Any:
    """Normalised interquartile range, 0.7413 · (Q₃ − Q₁), quartiles interpolated linearly (ISO 13528:2022, C.2.3).

    x  results, shape (p,), (m, p) or ragged, any unit → float or (m,) in that unit. InputError on no result.
    """
    return _each(x, lambda rows: NIQR_FACTOR * (rows.quantile(0.75) - rows.quantile(0.25)), minimum=1)


def _each(x: Any, figure: Callable[[Ordered], FloatArray], *, minimum: int) -> Any:
    batch = as_batch(x, minimum=minimum)
    found = np.full(batch.measurands, np.nan)
    for members, rows in ordered_blocks(batch):
        found[members] = figure(rows)
    return batch.shaped(found)


# --- Algorithm A ------------------------------------------------------------------------------------------------------


def algorithm_a(x: Any, *, rule: Rule = "converged", factors: Factors = "printed") -> RobustEstimate:
    """Robust mean x* and standard deviation s* by Algorithm A (ISO 13528:2022, C.3.1).

    Results beyond x* ± 1.5 s* are drawn in to those limits; x* is their mean and s* = 1.134 times their standard
    deviation, both repeated to rest. For a fixed set of drawn-in results the resting point is in closed form,

        x* = (Σ_I x + 1.5 s*(n_U − n_L))/n_I,  s*² = S_I / [(p − 1)/1.134² − 2.25 (n_L + n_U) − 2.25 (n_U − n_L)²/n_I],

    so the set is searched for instead of iterating; it equals the limit of the iteration.

    x        results, shape (p,), (m, p) with NaN as padding, or ragged; any unit
    rule     "converged", or "iso-sig3": iterate until the third significant figures of x* and s* stand still from one
             iteration to the next, as C.3.1 says; that end depends on unit and origin and is off by up to some per cent
    factors  "printed" 1.134 and 1.483 as in the standard, or "exact"

    The start is the median and MADe, or the standard deviation where MADe = 0 (C.3.1, NOTE 2). InputError on fewer
    than two results or no numbers; s* → 0 is the status "degenerate". Up to about a quarter of wild results is borne.
    """
    if rule not in ("converged", "iso-sig3"):
        raise InputError("rule", f"{rule!r} is unknown", 'give "converged" or "iso-sig3"')
    batch = as_batch(x, minimum=2)
    found = _Found.empty(batch.measurands)
    solve = _solve_closed if rule == "converged" else _solve_by_figures
    for members, rows in ordered_blocks(batch):
        found.put(members, solve(rows, *_chosen_factors(factors)), rows)
    return found.estimate(batch.shaped, rule)


def algorithm_a_iterations(x: Any, *, factors: Factors = "printed", limit: int = 100) -> tuple[FloatArray, FloatArray]:
    """The iterates of Algorithm A, x* and s* from the start on (ISO 13528:2022, C.3.1), for auditing another program.

    x  results, shape (p,) → two arrays of length up to limit + 1, ended early when the iteration rests.
    """
    data = as_centred(x, minimum=2)
    rows = order(data.deviations[None, :], np.array([data.origin]))
    if _width(rows)[0] == 0:
        raise Degenerate("algorithm-a: all results are equal, so there is nothing to iterate")
    factor, mad_factor = _chosen_factors(factors)
    state, mean, (sd, _) = Winsorised(rows, factor), rows.median(), _standard_scale(rows, mad_factor)
    path = [(mean[0], sd[0])]
    for _ in range(limit):
        mean, sd = _iterated(state, mean, sd)
        path.append((mean[0], sd[0]))
        if sd[0] == 0 or path[-1] == path[-2]:
            break
    means, sds = np.array(path).T
    return means + rows.centre[0], sds


def _chosen_factors(factors: str) -> tuple[float, float]:
    if factors not in _FACTORS:
        raise InputError("factors", f"{factors!r} is unknown", 'give "printed" or "exact"')
    return _FACTORS[factors]


@dataclass(slots=True)
class _Found:
    """The figures of all measurands while they are being found."""

    mean: FloatArray
    sd: FloatArray
    n: Index
    iterations: Index
    status: NDArray[np.str_]

    @classmethod
    def empty(cls, m: int) -> _Found:
        return cls(np.full(m, np.nan), np.full(m, np.nan), np.zeros(m, int), np.zeros(m, int), np.full(m, "", "<U13"))

    def put(self, members: Index | slice, solved: _Found, rows: Ordered) -> None:
        self.mean[members] = solved.mean + rows.centre
        self.sd[members], self.n[members] = solved.sd, rows.n
        self.iterations[members], self.status[members] = solved.iterations, solved.status

    def settle(
        self,
        rows: Index,
        mean: FloatArray | float,
        sd: FloatArray | float,
        step: int | Index,
        status: str | NDArray[np.str_],
    ) -> None:
        self.mean[rows], self.sd[rows], self.iterations[rows], self.status[rows] = mean, sd, step, status

    def estimate(self, shaped: Callable[[NDArray[Any]], Any], rule: str) -> RobustEstimate:
        return RobustEstimate(
            mean=shaped(self.mean),
            sd=shaped(self.sd),
            n=shaped(self.n),
            iterations=shaped(self.iterations),
            status=shaped(self.status),
            rule=rule,
        )


def _solve_closed(rows: Ordered, factor: float, mad_factor: float) -> _Found:
    """Search the set of drawn-in results: jump from set to set by the closed form until it keeps its own set.

    The resting point is one only, so the search may start from any set: a twelfth drawn in on either side is a good
    guess. Where MADe = 0 the trivial point s* = 0 may rest beside the true one, and only the iteration itself decides.
    """
    found = _Found.empty(rows.n.size)
    open_rows, chosen = _open(rows, found)
    if open_rows.size >= WORTH_COMPILING:
        open_rows, chosen = _compiled_first(open_rows, chosen, factor, found)
    data, mean, sd, tied = _start_anywhere(chosen, factor, mad_factor)
    low, high = data.n // 12, data.n - data.n // 12
    if tied.any():
        low[tied], high[tied] = data.take(tied).limits(mean[tied], sd[tied])
    for step in range(1, _LIMIT + 1):
        if not open_rows.size:
            return found
        sums = data.sums(low, high)
        mean_at_rest, sd_at_rest, room = data.closed_form(low, high, *sums)
        still = np.maximum(np.abs(mean_at_rest - mean), np.abs(sd_at_rest - sd)) <= _RESTING * sd_at_rest
        collapsed = (sd_at_rest == 0) & tied
        kept = data.keeps(mean_at_rest, sd_at_rest, low, high) & (sd_at_rest > 0)
        done = (room > 0) & (kept | still | collapsed)
        found.settle(open_rows[done], mean_at_rest[done], sd_at_rest[done], step, _ended(collapsed[done]))
        plain = (room <= 0) | (sd_at_rest == 0) | tied | (step > _JUMPS)
        if plain.any():
            mean_after, sd_after = data.iterated(mean, sd, low, high, *sums)
            mean_at_rest = np.where(plain, mean_after, mean_at_rest)
            sd_at_rest = np.where(plain, sd_after, sd_at_rest)
        going = ~done
        data, open_rows, tied = data.take(going), open_rows[going], tied[going]
        mean, sd = mean_at_rest[going], sd_at_rest[going]
        low, high = data.limits(mean, sd)
    found.settle(open_rows, mean, sd, _LIMIT, "not-converged")
    return found


def _compiled_first(open_rows: Index, chosen: Ordered, factor: float, found: _Found) -> tuple[Index, Ordered]:
    """Let compiled code, where there is any, settle what is plain; return the others."""
    search = compiled_search()
    if search is None:
        return open_rows, chosen
    mean, sd, steps = search(chosen.deviations, chosen.n, factor, REACH, _JUMPS)
    done = steps > 0
    found.settle(open_rows[done], mean[done], sd[done], steps[done], "converged")
    return open_rows[~done], chosen.rows(~done)


def _open(rows: Ordered, found: _Found) -> tuple[Index, Ordered]:
    """Settle what needs no search (too few results, all equal); return the others."""
    few = rows.n < 2
    equal = ~few & (rows.at(np.zeros_like(rows.n)) == rows.at(np.maximum(rows.n - 1, 0)))
    if not (few | equal).any():
        return np.arange(rows.n.size), rows
    found.settle(np.flatnonzero(few), np.nan, np.nan, 0, "too-few")
    found.settle(np.flatnonzero(equal), 0.0, 0.0, 0, "degenerate")
    open_rows = np.flatnonzero(~(few | equal))
    return open_rows, rows.rows(open_rows)


def _start_anywhere(
    rows: Ordered, factor: float, mad_factor: float
) -> tuple[Winsorised, FloatArray, FloatArray, NDArray[np.bool_]]:
    """Median and a scale to start from, and whether more than half of the results tie (MADe = 0)."""
    median = rows.median()
    low, middle, high = rows.at(rows.n // 4), rows.at(rows.n // 2), rows.at(3 * rows.n // 4)
    sd, tied = NIQR_FACTOR * (high - low), np.zeros(rows.n.size, dtype=bool)
    # a block of more than half the results that holds the middle one holds one of the quarters too
    doubtful = np.flatnonzero((low == middle) | (middle == high))
    if doubtful.size:
        sd[doubtful], tied[doubtful] = _standard_scale(rows.rows(doubtful), mad_factor)
    return Winsorised(rows, factor), median, sd, tied


def _standard_scale(rows: Ordered, mad_factor: float) -> tuple[FloatArray, NDArray[np.bool_]]:
    """MADe, or the standard deviation where MADe = 0 (C.3.1, NOTE 2), and where that was so."""
    sd = mad_factor * rows.median_absolute_deviation()
    tied = sd == 0
    if tied.any():
        sd[tied] = rows.rows(tied).sd()
    return sd, tied


def _ended(collapsed: NDArray[np.bool_]) -> NDArray[np.str_]:
    return np.where(collapsed, "degenerate", "converged")


# --- the stopping rule as printed -------------------------------------------------------------------------------------


def _solve_by_figures(rows: Ordered, factor: float, mad_factor: float) -> _Found:
    """Iterate until three significant figures of x* and s* stand still between two successive iterations."""
    found = _Found.empty(rows.n.size)
    open_rows, chosen = _open(rows, found)
    data, centre, width = Winsorised(chosen, factor), chosen.centre, _width(chosen)
    mean, sd = _iterated(data, chosen.median(), _standard_scale(chosen, mad_factor)[0])
    for step in range(2, _LIMIT + 1):
        if not open_rows.size:
            return found
        mean_after, sd_after = _iterated(data, mean, sd)
        same = _three_figures(mean_after + centre) == _three_figures(mean + centre)
        same &= _three_figures(sd_after) == _three_figures(sd)
        collapsed = sd_after <= 1e-9 * width
        done, going = same | collapsed, ~(same | collapsed)
        settled = np.where(collapsed, 0.0, sd_after)
        found.settle(open_rows[done], mean_after[done], settled[done], step, _ended(collapsed[done]))
        data, open_rows, mean, sd = data.take(going), open_rows[going], mean_after[going], sd_after[going]
        centre, width = centre[going], width[going]
    found.settle(open_rows, mean, sd, _LIMIT, "not-converged")
    return found


def _width(rows: Ordered) -> FloatArray:
    return rows.at(np.maximum(rows.n - 1, 0)) - rows.at(np.zeros_like(rows.n))


def _iterated(data: Winsorised, mean: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
    low, high = data.limits(mean, sd)
    return data.iterated(mean, sd, low, high, *data.sums(low, high))


def _three_figures(values: FloatArray) -> FloatArray:
    """The values in whole units of their third significant figure, with the decade, so that 999 → 1000 is a change."""
    decade = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    return np.round(values / 10.0 ** (decade - 2)) * 10.0 ** (decade - 2)
