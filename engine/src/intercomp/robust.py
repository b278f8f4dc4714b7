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

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_batch, as_centred
from intercomp.ordered import Index, Ordered, order, ordered_blocks

MAD_FACTOR = 1.483  # ISO 13528:2022, C.2.2, as printed; the exact factor is 1/Φ⁻¹(0.75) = 1.482602…
NIQR_FACTOR = 0.7413  # ISO 13528:2022, C.2.3, as printed
WINSORISING = 1.5
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
    state = _State.start(rows, *_chosen_factors(factors))
    path = [(state.mean[0], state.sd[0])]
    for _ in range(limit):
        state = state.plain_update()
        path.append((state.mean[0], state.sd[0]))
        if state.sd[0] == 0 or path[-1] == path[-2]:
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
        self, rows: Index, mean: FloatArray | float, sd: FloatArray | float, step: int, status: str | NDArray[np.str_]
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


@dataclass(slots=True)
class _State:
    """Current x* and s* of some rows, with the sums of the results inside the limits."""

    rows: Ordered
    squares: FloatArray
    factor: float
    mean: FloatArray
    sd: FloatArray

    @classmethod
    def start(cls, rows: Ordered, factor: float, mad_factor: float) -> _State:
        sd = mad_factor * rows.median_absolute_deviation()
        if np.any(sd == 0):
            sd = np.where(sd == 0, rows.sd(), sd)
        with np.errstate(over="ignore"):
            return cls(rows, np.square(rows.deviations), factor, rows.median(), sd)

    def kept(self, chosen: NDArray[np.bool_], mean: FloatArray, sd: FloatArray) -> _State:
        """The state of the rows not yet at rest, moved on to (mean, sd)."""
        if chosen.all():
            return _State(self.rows, self.squares, self.factor, mean, sd)
        return _State(self.rows.rows(chosen), self.squares[chosen], self.factor, mean[chosen], sd[chosen])

    def limits(self, mean: FloatArray, sd: FloatArray) -> tuple[Index, Index]:
        """Ranks [low, high) of the results within mean ± 1.5 sd."""
        reach = WINSORISING * sd
        low = np.count_nonzero(self.rows.deviations < (mean - reach)[:, None], axis=1)
        high = np.count_nonzero(self.rows.deviations <= (mean + reach)[:, None], axis=1)
        return low.astype(np.int64), high.astype(np.int64)

    def sums(self, low: Index, high: Index) -> tuple[FloatArray, FloatArray]:
        """Σx and Σx² over ranks [low, high): summed afresh, so a wild value outside leaves no rounding behind."""
        first = np.arange(low.size) * self.rows.deviations.shape[1]
        bounds = np.column_stack([first + low, first + high]).ravel()
        empty = high <= low
        with np.errstate(over="ignore", invalid="ignore"):
            totals = np.add.reduceat(self.rows.deviations.ravel(), bounds)[::2]
            squares = np.add.reduceat(self.squares.ravel(), bounds)[::2]
        return np.where(empty, 0.0, totals), np.where(empty, 0.0, squares)

    def plain_update(self) -> _State:
        """One iteration as the standard writes it."""
        low, high = self.limits(self.mean, self.sd)
        mean, sd = self.updated(low, high, *self.sums(low, high))
        return _State(self.rows, self.squares, self.factor, mean, sd)

    def updated(self, low: Index, high: Index, total: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
        n, reach = self.rows.n, WINSORISING * self.sd
        below, above, inside = low, n - high, high - low
        mean = (total + below * (self.mean - reach) + above * (self.mean + reach)) / n
        spread = squares - 2 * mean * total + inside * mean**2
        spread += below * (self.mean - reach - mean) ** 2 + above * (self.mean + reach - mean) ** 2
        return mean, self.factor * np.sqrt(np.maximum(spread, 0.0) / (n - 1))

    def closed_form(self, low: Index, high: Index, total: FloatArray, squares: FloatArray) -> tuple[FloatArray, ...]:
        """x*, s* and the denominator of s*² if exactly these results stay inside; unusable where it is ≤ 0."""
        n, inside = self.rows.n, np.maximum(high - low, 1)
        below, above = low, n - high
        room = (n - 1) / self.factor**2 - WINSORISING**2 * ((below + above) + (above - below) ** 2 / inside)
        scatter = np.maximum(squares - total**2 / inside, 0.0)
        # what rounding leaves of the scatter of equal results is no scatter
        scatter[scatter <= 64 * np.finfo(float).eps * squares / np.maximum(inside, 1)] = 0.0
        sd = np.sqrt(scatter / np.where(room > 0, room, 1.0))
        mean = (total + WINSORISING * sd * (above - below)) / inside
        return mean, sd, np.where(high > low, room, -1.0)


def _solve_closed(rows: Ordered, factor: float, mad_factor: float) -> _Found:
    found = _Found.empty(rows.n.size)
    open_rows, state = _open_state(rows, factor, mad_factor, found)
    tied = state.rows.median_absolute_deviation() == 0 if open_rows.size else np.empty(0, bool)
    for step in range(1, _LIMIT + 1):
        if not open_rows.size:
            return found
        low, high = state.limits(state.mean, state.sd)
        sums = state.sums(low, high)
        mean, sd, room = state.closed_form(low, high, *sums)
        collapsed = (room > 0) & (sd == 0)
        resting = (room > 0) & (sd > 0) & _at_rest(state, mean, sd, low, high)
        done = collapsed | resting
        found.settle(open_rows[done], mean[done], sd[done], step, np.where(collapsed[done], "degenerate", "converged"))
        # With MADe = 0 the trivial point s* = 0 may rest beside the true one: only the iteration itself decides.
        plain = (room <= 0) | tied | (step > _JUMPS)
        if plain.any():
            plain_mean, plain_sd = state.updated(low, high, *sums)
            mean, sd = np.where(plain, plain_mean, mean), np.where(plain, plain_sd, sd)
        state = state.kept(~done, mean, sd)
        open_rows, tied = open_rows[~done], tied[~done]
    found.settle(open_rows, state.mean, state.sd, _LIMIT, "not-converged")
    return found


def _at_rest(state: _State, mean: FloatArray, sd: FloatArray, low: Index, high: Index) -> NDArray[np.bool_]:
    """Whether the closed form keeps the very set it was made from, or no longer moves (a result on the limit)."""
    low_after, high_after = state.limits(mean, sd)
    still = np.maximum(np.abs(mean - state.mean), np.abs(sd - state.sd)) <= _RESTING * sd
    return ((low_after == low) & (high_after == high)) | still


def _open_state(rows: Ordered, factor: float, mad_factor: float, found: _Found) -> tuple[Index, _State]:
    """Settle what needs no search (too few results, all equal); return the others."""
    few = rows.n < 2
    found.settle(np.flatnonzero(few), np.nan, np.nan, 0, "too-few")
    equal = ~few & (rows.at(np.zeros_like(rows.n)) == rows.at(np.maximum(rows.n - 1, 0)))
    found.settle(np.flatnonzero(equal), 0.0, 0.0, 0, "degenerate")
    open_rows = np.flatnonzero(~(few | equal))
    chosen = rows if open_rows.size == rows.n.size else rows.rows(open_rows)
    return open_rows, _State.start(chosen, factor, mad_factor)


# --- the stopping rule as printed -------------------------------------------------------------------------------------


def _solve_by_figures(rows: Ordered, factor: float, mad_factor: float) -> _Found:
    """Iterate until three significant figures of x* and s* stand still between two successive iterations."""
    found = _Found.empty(rows.n.size)
    open_rows, state = _open_state(rows, factor, mad_factor, found)
    state = state.plain_update()
    for step in range(2, _LIMIT + 1):
        if not open_rows.size:
            return found
        after = state.plain_update()
        centre = state.rows.centre
        same = _three_figures(after.mean + centre) == _three_figures(state.mean + centre)
        same &= _three_figures(after.sd) == _three_figures(state.sd)
        collapsed = after.sd <= 1e-9 * np.abs(state.rows.deviations[:, 0] - state.rows.at(state.rows.n - 1))
        done = same | collapsed
        sd = np.where(collapsed, 0.0, after.sd)
        found.settle(
            open_rows[done], after.mean[done], sd[done], step, np.where(collapsed[done], "degenerate", "converged")
        )
        open_rows, state = open_rows[~done], after.kept(~done, after.mean, after.sd)
    found.settle(open_rows, state.mean, state.sd, _LIMIT, "not-converged")
    return found


def _three_figures(values: FloatArray) -> FloatArray:
    """The values in whole units of their third significant figure, with the decade, so that 999 → 1000 is a change."""
    decade = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    return np.round(values / 10.0 ** (decade - 2)) * 10.0 ** (decade - 2)
