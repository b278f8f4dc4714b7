"""Propagation of distributions by Monte Carlo (JCGM 101), each figure with the error that the draws leave in it.

The draws come in blocks. Sorted blocks give every figure once per block: their scatter is the Monte Carlo error, and
what lies outside the interval is all that has to be merged for the figures of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.budget.formula import Formula, check_names
from intercomp.budget.gum import Budget
from intercomp.budget.intervals import shortest, shortest_of_blocks, symmetric, symmetric_of_tails, tails
from intercomp.budget.quantities import Quantity, quantities
from intercomp.budget.source import Source
from intercomp.errors import InputError, NotConverged
from intercomp.inputs import FloatArray

_BLOCKS = 20
_LEAST_BLOCK = 10_000
_NO_VARIANCE = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class MonteCarlo:
    """y ± u and two intervals of probability p, each figure with its Monte Carlo standard error.

    u is None where an input has no variance (t with ν ≤ 2)      draws, blocks, seed   what was drawn
    tolerance   half a unit of the last significant digit of u asked for (JCGM 101, 7.9.2); None for a fixed number
    """

    formula: str
    names: tuple[str, ...]
    y: float
    y_error: float
    u: float | None
    u_error: float | None
    symmetric: tuple[float, float]
    symmetric_error: tuple[float, float]
    shortest: tuple[float, float]
    shortest_error: tuple[float, float]
    p: float
    draws: int
    blocks: int
    seed: int
    tolerance: float | None
    status: str
    n: int
    method: str = "GUM supplement 1, Monte Carlo"

    def validates(self, gum: Budget, digits: int = 2) -> bool:
        """Whether both ends y ± U of the GUM lie within the tolerance of the symmetric interval (JCGM 101, 8.1)."""
        if gum.p != self.p or self.u is None:
            raise InputError("gum", f"coverage {gum.p} against {self.p}, or no u", "compare budgets of one probability")
        allowed = tolerance(gum.u, digits)
        return max(abs(gum.lwr - self.symmetric[0]), abs(gum.upr - self.symmetric[1])) <= allowed


def monte_carlo(
    formula: str,
    inputs: Sequence[Any] | dict[str, Any],
    *,
    correlation: Any = None,
    p: float = 0.95,
    draws: int = 1_000_000,
    digits: int | None = None,
    most_draws: int = 50_000_000,
    seed: int = 0,
    sampling: str = "random",
) -> MonteCarlo:
    """Distribution of y = f(X) from draws of the inputs; the same seed gives the same bits.

    draws     a fixed number, cut into 20 blocks; or, with `digits` (1 or 2 significant digits of u), blocks of 10⁴ until
              twice the standard error of y, u and both ends of the symmetric interval is below the tolerance (7.9.4)
    sampling  "random", or "lattice": each block a lattice of points under a shift of its own, much less error where the
              model is smooth, and an error estimate as honest
    correlation   (n, n), only between normal inputs (6.4.8); others are refused, not silently taken as independent
    InputError: as for `budget`, p not in (0, 1), draws without a finite value; NotConverged, with what was reached, if
    `most_draws` do not suffice. Source: JCGM 101:2008, 5.9, 7.2-7.9.
    """
    given = quantities(inputs)
    parsed = Formula.parse(formula)
    check_names(parsed, tuple(quantity.name for quantity in given))
    if not 0 < p < 1:
        raise InputError("p", f"{p} is no coverage probability", "give one between 0 and 1")
    source = Source.of(parsed, given, correlation, sampling, seed)
    if digits is not None:
        return _adaptive(parsed, given, source, p, digits, most_draws, seed)
    if draws < 20 * _BLOCKS:
        raise InputError("draws", f"{draws} are too few", f"ask for at least {20 * _BLOCKS}")
    blocks = np.empty((_BLOCKS, -(-draws // _BLOCKS)))
    for block in blocks:
        source.fill(block)
        block.sort()
    return _told(parsed, given, blocks, p, seed, None, f"fixed number of draws, {sampling}")


def tolerance(u: float, digits: int) -> float:
    """½·10^l where u = c·10^l with c a whole number of `digits` digits (JCGM 101, 7.9.2)."""
    if digits not in (1, 2):
        raise InputError("digits", f"{digits}", "ask for 1 or 2 significant digits of u")
    if not u > 0:
        raise InputError("u", "zero", "there is nothing uncertain in this model")
    exponent = int(np.floor(np.log10(u))) - digits + 1
    if round(u / 10.0**exponent) == 10**digits:
        exponent += 1
    return float(0.5 * 10.0**exponent)


def _adaptive(
    formula: Formula,
    given: tuple[Quantity, ...],
    source: Source,
    p: float,
    digits: int,
    most_draws: int,
    seed: int,
) -> MonteCarlo:
    if _without_variance(given):
        raise InputError("digits", "an input without a variance has no digits of u", "ask for a fixed number of draws")
    size = max(int(np.ceil(100 / (1 - p))), _LEAST_BLOCK)
    blocks: list[FloatArray] = []
    figures: list[tuple[float, float, float, float]] = []
    check = 2
    while len(blocks) * size < most_draws:
        blocks.append(source.fill(np.empty(size)))
        blocks[-1].sort()
        figures.append(_figures(blocks[-1], p))
        if len(blocks) >= check:
            table = np.array(figures)
            delta = tolerance(float(np.sqrt((table[:, 1] ** 2).mean())), digits)
            if np.all(2 * table.std(axis=0, ddof=1) / len(blocks) ** 0.5 <= delta):
                status = f"stable to {digits} digits after {len(blocks)} blocks"
                return _told(formula, given, np.stack(blocks), p, seed, delta, status)
            check = len(blocks) + max(1, len(blocks) // 20)
    reached = _told(formula, given, np.stack(blocks), p, seed, None, f"not stable after {len(blocks)} blocks")
    raise NotConverged(f"{most_draws} draws do not settle {digits} digits of u", reached)


def _figures(block: FloatArray, p: float) -> tuple[float, float, float, float]:
    low, high = symmetric(block[None, :], p)
    return float(block.mean()), float(block.std(ddof=1)), float(low[0]), float(high[0])


def _told(
    formula: Formula,
    given: tuple[Quantity, ...],
    blocks: FloatArray,
    p: float,
    seed: int,
    delta: float | None,
    status: str,
) -> MonteCarlo:
    y, y_error, spread, spread_error = _mean_and_spread(blocks)
    u: float | None = spread
    u_error: float | None = spread_error
    below, above = tails(blocks, p)
    even, short = symmetric_of_tails(below, above), shortest(below, above)
    per_block = [symmetric(blocks, p), shortest_of_blocks(blocks, p)]
    even_error, short_error = (
        (float(low.std(ddof=1)) / len(blocks) ** 0.5, float(high.std(ddof=1)) / len(blocks) ** 0.5)
        for low, high in per_block
    )
    if _without_variance(given):
        u = u_error = None
        status += "; an input has no variance, so y has no standard uncertainty"
    return MonteCarlo(
        formula.text, tuple(quantity.name for quantity in given), y, y_error, u, u_error, even, even_error, short,
        short_error, p, blocks.size, len(blocks), seed, delta, status, len(given),
    )  # fmt: skip


def _mean_and_spread(blocks: FloatArray) -> tuple[float, float, float, float]:
    """Mean and SD with their standard errors, by the blocks' own: a difference of means far from zero loses nothing."""
    means, spreads = blocks.mean(axis=1), blocks.var(axis=1)
    count, number = blocks.size, len(blocks)
    y = float(means.mean())
    u = float(np.sqrt((spreads + (means - y) ** 2).mean() * count / (count - 1)))
    errors = means.std(ddof=1) / number**0.5, np.sqrt(spreads).std(ddof=1) / number**0.5
    return y, float(errors[0]), u, float(errors[1])


def _without_variance(given: tuple[Quantity, ...]) -> bool:
    return any(quantity.dist == "t" and dict(quantity.parameters)["nu"] <= _NO_VARIANCE for quantity in given)
