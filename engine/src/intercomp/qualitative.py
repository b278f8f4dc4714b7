"""Results that are categories: counts, modes and medians, agreement, sensitivity and specificity with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast

IntervalMethod = Literal["wilson", "clopper-pearson"]


@dataclass(frozen=True, slots=True)
class Categories:
    """How n results fall into categories: counts and shares in the order of the scale, the modes, the median.

    `modes`: every category with the greatest count · `median`: for an ordinal scale the category of the middle result;
    None for a nominal one, and where the two middle results of an even n differ (`medians` has both).
    """

    n: int
    categories: tuple[Hashable, ...]
    counts: tuple[int, ...]
    shares: tuple[float, ...]
    modes: tuple[Hashable, ...]
    median: Hashable | None
    medians: tuple[Hashable, ...]
    left_out: tuple[tuple[int, str], ...]
    status: str
    edition: str = "ISO 13528:2022, clause 11"


def nominal(results: Sequence[Any]) -> Categories:
    """Counts and modes of categories without an order, in order of first appearance.

    results: (n,) of anything hashable; None and "" are listed in `left_out`. Raises InputError when none is left.
    ISO 13528:2022, clause 11.
    """
    kept, left_out = _kept(results)
    return _summary(Counter(kept), left_out, ordered=False)


def ordinal(results: Mapping[Any, int] | Sequence[Any], scale: Sequence[Any] | None = None) -> Categories:
    """Counts, modes and median of categories with an order.

    results: either counts by category, in the order of the scale, or the results themselves with `scale`, the
    categories from lowest to highest. Raises InputError on a category outside the scale and negative counts.
    ISO 13528:2022, clause 11 and E.15.
    """
    if isinstance(results, Mapping):
        return _summary(_as_counts(results), (), ordered=True)
    if scale is None:
        raise InputError("scale", "missing", "give the categories from lowest to highest")
    kept, left_out = _kept(results)
    counts = dict.fromkeys(scale, 0)
    for row, result in enumerate(results, start=1):
        if result not in (None, "") and result not in counts:
            raise InputError("results", f"{result!r} is not on the scale", "correct it or extend the scale", row=row)
    return _summary({**counts, **Counter(kept)}, left_out, ordered=True)


def _kept(results: Sequence[Any]) -> tuple[list[Any], tuple[tuple[int, str], ...]]:
    kept = [result for result in results if result not in (None, "")]
    gaps = tuple((row, "no result") for row, result in enumerate(results, start=1) if result in (None, ""))
    return kept, gaps


def _as_counts(results: Mapping[Any, int]) -> dict[Any, int]:
    for category, count in results.items():
        if int(count) != count or count < 0:
            raise InputError("results", f"{count!r} is no count for {category!r}", "give whole numbers from zero")
    return {category: int(count) for category, count in results.items()}


def _summary(counts: Mapping[Any, int], left_out: tuple[tuple[int, str], ...], *, ordered: bool) -> Categories:
    n, top = sum(counts.values()), max(counts.values(), default=0)
    if n == 0:
        raise InputError("results", "no result", "give at least one")
    medians = _middle(counts, n) if ordered else ()
    return Categories(
        n=n,
        categories=tuple(counts),
        counts=tuple(counts.values()),
        shares=tuple(count / n for count in counts.values()),
        modes=tuple(category for category, count in counts.items() if count == top),
        median=medians[0] if len(medians) == 1 else None,
        medians=medians,
        left_out=left_out,
        status="one mode" if list(counts.values()).count(top) == 1 else "several modes",
    )


def _middle(counts: Mapping[Any, int], n: int) -> tuple[Any, ...]:
    ranks = np.cumsum(list(counts.values()))
    lower, upper = (list(counts)[int(np.searchsorted(ranks, rank))] for rank in ((n + 1) // 2, n // 2 + 1))
    return (lower,) if lower == upper else (lower, upper)


def ordinal_distances(results: Sequence[Any], assigned: Any, scale: Sequence[Any]) -> NDArray[np.int64]:
    """How many steps of the scale each result stands above (+) or below (-) the assigned category.

    Raises InputError on a category outside the scale. ISO 13528:2022, 11.4.
    """
    place = {category: rank for rank, category in enumerate(scale)}
    if assigned not in place:
        raise InputError("assigned", f"{assigned!r} is not on the scale", "name a category of the scale")
    for row, result in enumerate(results, start=1):
        if result not in place:
            raise InputError("results", f"{result!r} is not on the scale", "leave the row out or correct it", row=row)
    return np.array([place[result] - place[assigned] for result in results], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Proportion:
    """A share k/n with its confidence interval: floats, or arrays of the shape of k; NaN where n = 0."""

    k: Any
    n: Any
    share: Any
    lower: Any
    upper: Any
    level: float
    method: str


def proportion(k: Any, n: Any, *, level: float = 0.95, method: IntervalMethod = "wilson") -> Proportion:
    """Share of k in n with a confidence interval.

    "wilson": (k + z²/2 ± z√(k(n-k)/n + z²/4))/(n + z²), close to its level on average; "clopper-pearson": beta
    quantiles, never below its level. k, n: whole numbers or arrays of them. Raises InputError unless 0 ≤ k ≤ n.
    Wilson, J. Am. Stat. Assoc. 22 (1927) 209; Clopper and Pearson, Biometrika 26 (1934) 404.
    """
    k_all, n_all = np.broadcast_arrays(as_broadcast(k, "k"), as_broadcast(n, "n"))
    if np.any(k_all < 0) or np.any(k_all > n_all) or np.any(k_all % 1 != 0) or np.any(n_all % 1 != 0):
        raise InputError("k and n", "a count below zero, above n or not whole", "give whole numbers with 0 ≤ k ≤ n")
    if method not in ("wilson", "clopper-pearson"):
        raise InputError("method", f"{method!r} is unknown", 'give "wilson" or "clopper-pearson"')
    interval = _wilson if method == "wilson" else _clopper_pearson
    known = np.where(n_all > 0, n_all, np.nan)
    lower, upper = interval(k_all, known, _quantile_level(level))
    return Proportion(
        k=_plain(k_all),
        n=_plain(n_all),
        share=_plain(k_all / known),
        lower=_plain(lower),
        upper=_plain(upper),
        level=level,
        method=method,
    )


def _plain(array: Any) -> Any:
    return np.asarray(array).item() if np.ndim(array) == 0 else array


def _quantile_level(level: float) -> float:
    if not 0 < level < 1:
        raise InputError("level", f"{level!r} does not lie between 0 and 1", "give 0.95")
    return (1 - level) / 2


def _wilson(k: FloatArray, n: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    z = -special.ndtri(tail)
    half = z * np.sqrt(k * (n - k) / n + z * z / 4)
    middle, total = k + z * z / 2, n + z * z
    # at the ends the two terms are equal in mathematics but not in binary
    lower = np.where(k == 0, 0.0 * n, (middle - half) / total)
    return np.asarray(lower), np.asarray(np.where(k == n, 1.0 + 0.0 * n, (middle + half) / total))


def _clopper_pearson(k: FloatArray, n: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    lower = np.where(k > 0, special.betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0 * n)
    upper = np.where(k < n, special.betainccinv(k + 1, np.maximum(n - k, 1), tail), 1.0 + 0.0 * n)
    return np.asarray(lower), np.asarray(upper)


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """How well a yes/no method tells items with the property from items without it; each a `Proportion`.

    youden_j = sensitivity + specificity - 1 · kappa, the agreement with the truth beyond chance; NaN where undefined.
    """

    sensitivity: Proportion
    specificity: Proportion
    positive_predictive_value: Proportion
    negative_predictive_value: Proportion
    accuracy: Proportion
    youden_j: Any
    kappa: Any
    method: str
    edition: str = "ISO 16140-2:2016, clause 5"


def sensitivity_specificity(
    true_positive: Any,
    false_negative: Any,
    true_negative: Any,
    false_positive: Any,
    *,
    level: float = 0.95,
    method: IntervalMethod = "wilson",
) -> Screening:
    """Sensitivity TP/(TP + FN), specificity TN/(TN + FP), predictive values and accuracy with intervals.

    The four counts: whole numbers, or arrays of them (a laboratory or a round each). Raises InputError on counts that
    are negative or not whole. Predictive values hold for the prevalence among these items only.
    """
    tp, fn, tn, fp = np.broadcast_arrays(
        *(
            as_broadcast(count, name)
            for count, name in zip(
                (true_positive, false_negative, true_negative, false_positive),
                ("true_positive", "false_negative", "true_negative", "false_positive"),
                strict=True,
            )
        )
    )
    total = tp + fn + tn + fp
    by_chance = (tp + fn) * (tp + fp) + (tn + fp) * (tn + fn)
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(total**2 > by_chance, (total * (tp + tn) - by_chance) / (total**2 - by_chance), np.nan)
        j = np.where((tp + fn > 0) & (tn + fp > 0), tp / (tp + fn) + tn / (tn + fp) - 1, np.nan)

    def share(k: Any, n: Any) -> Proportion:
        return proportion(k, n, level=level, method=method)

    return Screening(
        sensitivity=share(tp, tp + fn),
        specificity=share(tn, tn + fp),
        positive_predictive_value=share(tp, tp + fp),
        negative_predictive_value=share(tn, tn + fn),
        accuracy=share(tp + tn, total),
        youden_j=_plain(j),
        kappa=_plain(kappa),
        method=method,
    )
