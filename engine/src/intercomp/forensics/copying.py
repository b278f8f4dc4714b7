"""T3: did two laboratories report the same results more often than their precision allows?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from intercomp.errors import InputError
from intercomp.forensics.pair_variances import PairPrior, fit_pair_variances
from intercomp.forensics.poisson_binomial import upper_tails
from intercomp.inputs import FloatArray, as_broadcast

LEAST_LABORATORIES = 20
MOST_LABORATORIES = 3000
MATTERS = 0.4
_INNOCENT = (
    "same owner, or a declared subcontract",
    "same instrument software with the same default rounding",
    "sub-samples of one bottle measured together",
)


@dataclass(frozen=True, slots=True, eq=False)
class CopiedPairs:
    """T3 for all pairs of one method group, arrays (pairs,).

    first, second: laboratories (from 0) · items both reported · matches on the reporting step and how many were
    expected · p_match of so many exact matches, p_near of so small a mean squared difference (NaN where the step is
    too coarse for it), p = twice the smaller · share of items that match · left_out: items (from 1) that took no part.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    items: NDArray[np.int64]
    matches: NDArray[np.int64]
    expected: FloatArray
    p_match: FloatArray
    p_near: FloatArray
    p: FloatArray
    share: FloatArray
    prior: PairPrior | None
    left_out: tuple[tuple[int, str], ...]
    status: str
    says: str = "the two laboratories' results are more alike than measurement allows"
    innocent: tuple[str, ...] = _INNOCENT
    version: str = "1"

    def flagged(self, alpha: float = 0.05) -> NDArray[np.bool_]:
        """Pairs with Bonferroni-corrected evidence and an effect: 40 % of items equal, or differences half as large."""
        with np.errstate(invalid="ignore"):
            evident = self.p * max(1, self.p.size) <= alpha
            near = self.p_near * max(1, self.p.size) * 2 <= alpha
        return evident & ((self.share >= MATTERS) | near)


def copied_results(values: Any, steps: Any, sigma_r: Any) -> CopiedPairs:
    """T3. For every pair of laboratories of one method group: too many equal results, or too small differences?

    An honest difference with variance v rounds to zero with chance q = 2Φ(a) - 1 - (2/a)(φ(0) - φ(a)), a = r/√v.
    Variances of pairs follow s0² ν0/χ²(ν0), fitted to the 10, 25 and 50 % quantiles of the mean squared differences, so
    that a group whose members resemble each other is its own yardstick. p_match: Poisson-binomial tail averaged over
    it; p_near: lower tail of s0² F(K, ν0). values: (laboratories × items) as text or numbers, NaN or "" where missing;
    steps r and repeatability sigma_r: one or (items,), the unit of each item. Items with r > sigma_r are left out;
    needs 6 items when r ≤ 0.2 sigma_r, else 12, and 20 to 3000 laboratories; p_near needs r ≤ sigma_r/2. Honest groups
    of 60, P(any of 1770 pairs flagged, 5 %), measured over 60 rounds each: 0.00 to 0.03 for laboratories that differ,
    0.00 to 0.07 for a group whose members are alike; power for a full copy of 12 items 1.00. Raises InputError on other
    shapes, steps or sigma_r ≤ 0.
    """
    text = np.asarray(values, dtype=object)
    if text.ndim != 2:
        raise InputError("values", f"{text.ndim} dimensions", "give laboratories × items")
    r, sigma = (_per_item(x, text.shape[1], name) for x, name in ((steps, "steps"), (sigma_r, "sigma_r")))
    kept = np.flatnonzero(r <= sigma)
    left_out = tuple((int(k) + 1, "reporting step exceeds sigma_r") for k in np.flatnonzero(r > sigma))
    counts = _in_steps(text[:, kept], r[kept])
    a = r[kept] / sigma[kept]
    if (reason := _unfit(len(text), a)) is not None:
        return _nothing(left_out, reason)
    return _pairs(counts, a, left_out)


def _per_item(x: Any, items: int, name: str) -> FloatArray:
    values = np.broadcast_to(as_broadcast(x, name), (items,)) if np.ndim(x) == 0 else as_broadcast(x, name)
    if values.shape != (items,) or not np.all(values > 0):
        raise InputError(name, f"not {items} numbers greater than zero", "give one, or one for each item")
    return values


def _in_steps(text: NDArray[Any], r: FloatArray) -> FloatArray:
    """Whole numbers of steps from the item's first result (exactly, for text); NaN where missing."""
    counts = np.full(text.shape, np.nan)
    for k in range(text.shape[1]):
        step, origin = Decimal(repr(float(r[k]))), None
        for i, value in enumerate(text[:, k]):
            if value is None or value != value or (isinstance(value, str) and not value.strip()):
                continue
            number = _decimal(value, i, k)
            origin = number if origin is None else origin
            counts[i, k] = round((number - origin) / step)
    return counts


def _decimal(value: Any, i: int, k: int) -> Decimal:
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal(repr(float(value)))
    except (ArithmeticError, TypeError, ValueError) as error:
        problem = f"{value!r} for item {k + 1} is not a number"
        raise InputError("values", problem, "leave it empty or correct it", row=i + 1) from error
    if not number.is_finite():
        raise InputError("values", f"{value!r} for item {k + 1} is not a result", "leave it empty", row=i + 1)
    return number


def items_needed(step_over_sigma: float) -> int:
    """How many common items T3 asks for: fewer when results are reported finely."""
    return 6 if step_over_sigma <= 0.2 else 12


def _unfit(laboratories: int, a: FloatArray) -> str | None:
    if not LEAST_LABORATORIES <= laboratories <= MOST_LABORATORIES:
        return f"{laboratories} laboratories; the test takes {LEAST_LABORATORIES} to {MOST_LABORATORIES} of one method"
    if not a.size or a.size < items_needed(float(a.max())):
        return f"{a.size} items with a step not above sigma_r; the test needs {items_needed(float(a.max(initial=1)))}"
    return None


def _nothing(left_out: tuple[tuple[int, str], ...], reason: str) -> CopiedPairs:
    empty, none = np.empty(0, dtype=np.intp), np.empty(0)
    whole = np.empty(0, dtype=np.int64)
    return CopiedPairs(empty, empty, whole, whole, none, none, none, none, none, None, left_out, reason)


def _pairs(counts: FloatArray, a: FloatArray, left_out: tuple[tuple[int, str], ...]) -> CopiedPairs:
    first, second = np.triu_indices(len(counts), 1)
    items, matches, mean_square = _compare(counts, a)
    enough = items >= items_needed(float(a.max()))
    first, second, items, matches = first[enough], second[enough], items[enough], matches[enough]
    mean_square = mean_square[enough]
    if items.size < 100:
        return _nothing(left_out, "fewer than 100 pairs with enough items in common")
    rounding = float(np.mean(a**2)) / 6  # rounding of both results adds r²/12 twice
    prior = fit_pair_variances(mean_square, items, rounding)
    p_match, expected = _match_tails(counts, a, prior, first, second, matches)
    p_near = np.full(items.shape, np.nan)
    if float(a.max()) <= 0.5:
        p_near = np.asarray(scipy.stats.f.cdf(mean_square / prior.total_scale, items, prior.df))
    p = np.minimum(1.0, 2 * np.fmin(p_match, p_near)) if float(a.max()) <= 0.5 else p_match
    share = matches / items
    return CopiedPairs(first, second, items, matches, expected, p_match, p_near, p, share, prior, left_out, "computed")


def _compare(counts: FloatArray, a: FloatArray) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Common items, exact matches and mean squared difference (in units of sigma_r²) of all pairs, row by row."""
    n = len(counts)
    whole = not np.isnan(counts).any()
    items, matches, squares = [], [], []
    for i in range(n - 1):
        d = counts[i + 1 :] - counts[i]
        common = np.full(n - 1 - i, counts.shape[1]) if whole else (~np.isnan(d)).sum(axis=1)
        scaled = d * a
        total = (scaled * scaled).sum(axis=1) if whole else np.nansum(scaled * scaled, axis=1)
        items.append(common)
        matches.append((d == 0).sum(axis=1))
        squares.append(total / np.maximum(common, 1))
    return np.concatenate(items), np.concatenate(matches), np.concatenate(squares)


def match_chance(a: Any) -> FloatArray:
    """Chance that two results whose true difference is normal with sd r/a round to the same multiple of r."""
    a = np.asarray(a, dtype=np.float64)
    # for small a the closed form cancels; its series is a φ(0)(1 - a²/12)
    small = a < 1e-3
    safe = np.where(small, 1.0, a)
    closed = 2 * special.ndtr(safe) - 1 - 2 / safe * (1 - np.exp(-safe * safe / 2)) / np.sqrt(2 * np.pi)
    return np.where(small, a * (1 - a * a / 12) / np.sqrt(2 * np.pi), closed)


def _match_tails(
    counts: FloatArray,
    a: FloatArray,
    prior: PairPrior,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    matches: NDArray[np.int64],
) -> tuple[FloatArray, FloatArray]:
    """P(at least so many matches) and the expected number, averaged over the prior, by pattern of common items."""
    chances = match_chance(a / np.sqrt(prior.nodes[:, None]))
    reported = ~np.isnan(counts)
    if reported.all():
        return _tail_table(chances, prior.weights)[matches], np.full(matches.shape, prior.weights @ chances.sum(axis=1))
    patterns, which = np.unique(reported[first] & reported[second], axis=0, return_inverse=True)
    p, expected = np.empty(matches.shape), np.empty(matches.shape)
    for g, pattern in enumerate(patterns):
        mine = which.reshape(-1) == g
        p[mine] = _tail_table(chances[:, pattern], prior.weights)[matches[mine]]
        expected[mine] = prior.weights @ chances[:, pattern].sum(axis=1)
    return p, expected


def _tail_table(chances: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(weights @ upper_tails(chances))


def pairs_by_name(found: CopiedPairs, names: Sequence[str], alpha: float = 0.05) -> list[tuple[str, str, int, float]]:
    """The flagged pairs as (first, second, matches, p), the strongest first."""
    chosen = np.flatnonzero(found.flagged(alpha))
    chosen = chosen[np.argsort(found.p[chosen], kind="stable")]
    return [(names[found.first[k]], names[found.second[k]], int(found.matches[k]), float(found.p[k])) for k in chosen]
