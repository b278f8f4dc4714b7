"""How well laboratories or judges agree on categories: kappa, accordance and concordance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.errors import InputError
from intercomp.inputs import FloatArray
from intercomp.qualitative import proportion


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of raters (laboratories, judges) who put the same items into categories.

    observed share of agreeing pairs, expected by chance, kappa = (observed - expected)/(1 - expected).
    """

    items: int
    raters: int
    observed: float
    expected: float
    kappa: float | None
    left_out: tuple[tuple[int, str], ...]
    status: str
    method: str


def agreement(ratings: Sequence[Sequence[Any]]) -> Agreement:
    """Fleiss' kappa of the agreement between raters, two or more.

    ratings: (items × raters) of anything hashable; an item with a missing rating (None, "") is listed in `left_out`.
    Raises InputError on fewer than two raters, unequal rows, no complete item. Fleiss, Psychol. Bull. 76 (1971) 378.
    """
    raters = len(ratings[0]) if len(ratings) else 0
    if raters < 2 or any(len(row) != raters for row in ratings):
        raise InputError("ratings", "rows of unequal length or one rater", "give every item one rating by each rater")
    whole = [row for row in ratings if not any(value in (None, "") for value in row)]
    gaps = tuple(
        (i, "a rating is missing") for i, row in enumerate(ratings, start=1) if any(v in (None, "") for v in row)
    )
    if not whole:
        raise InputError("ratings", "no item rated by all", "give at least one")
    return _fleiss(whole, raters, gaps)


def _fleiss(rows: list[Sequence[Any]], raters: int, left_out: tuple[tuple[int, str], ...]) -> Agreement:
    known = {category: place for place, category in enumerate(dict.fromkeys(value for row in rows for value in row))}
    counts = np.zeros((len(rows), len(known)))
    for i, row in enumerate(rows):
        for value in row:
            counts[i, known[value]] += 1
    observed = float(((counts**2).sum(axis=1) - raters).mean() / (raters * (raters - 1)))
    expected = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    defined = len(known) > 1
    kappa = (observed - expected) / (1 - expected) if defined else None
    status = "computed" if defined else "one category only: agreement by chance is certain"
    return Agreement(len(rows), raters, observed, expected, kappa, left_out, status, "Fleiss' kappa")


@dataclass(frozen=True, slots=True)
class QualitativePrecision:
    """Precision of a yes/no method from a collaborative study of one material.

    accordance: chance that two results of one laboratory agree · concordance: that two results of different
    laboratories agree · odds_ratio = A(1 - C)/(C(1 - A)); 1 means laboratories add nothing to the disagreement.
    """

    laboratories: int
    n: int
    positives: int
    accordance: float
    concordance: float
    odds_ratio: float | None
    left_out: tuple[tuple[int, str], ...]
    status: str
    method: str = "accordance and concordance"


def accordance_concordance(positives: Sequence[int], n: Sequence[int]) -> QualitativePrecision:
    """Qualitative counterparts of repeatability and reproducibility from the positives of each laboratory.

    A = mean of (k(k-1) + (n-k)(n-k-1))/(n(n-1)); C = agreeing pairs of results of different laboratories over all such
    pairs. positives, n: (laboratories,) whole numbers; a laboratory with fewer than two results is listed in
    `left_out`. Raises InputError unless 0 ≤ k ≤ n and two laboratories remain. Langton et al., Int. J. Food Microbiol.
    79 (2002) 175.
    """
    share = proportion(positives, n)
    k_all, n_all = np.atleast_1d(share.k), np.atleast_1d(share.n)
    whole = n_all > 1
    if whole.sum() < 2:
        raise InputError("n", "fewer than two laboratories with two results", "give more laboratories")
    k, m = k_all[whole], n_all[whole]
    accordance = float(np.mean((k * (k - 1) + (m - k) * (m - k - 1)) / (m * (m - 1))))
    concordance = _concordance(k, m)
    odds = accordance * (1 - concordance), concordance * (1 - accordance)
    return QualitativePrecision(
        laboratories=int(whole.sum()),
        n=int(m.sum()),
        positives=int(k.sum()),
        accordance=accordance,
        concordance=concordance,
        odds_ratio=odds[0] / odds[1] if odds[1] > 0 else None,
        left_out=tuple((int(row) + 1, "fewer than two results") for row in np.flatnonzero(~whole)),
        status="computed" if odds[1] > 0 else "no disagreement within laboratories",
    )


def _concordance(k: FloatArray, n: FloatArray) -> float:
    def pairs(count: FloatArray) -> float:
        """Ordered pairs of results of different laboratories."""
        return float(count.sum() ** 2 - (count**2).sum())

    return (pairs(k) + pairs(n - k)) / pairs(n)
