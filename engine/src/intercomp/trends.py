"""Performance over rounds: Shewhart, EWMA and CUSUM charts of z scores, and the prediction of the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast

SHEWHART_RULES = {
    "beyond 3": "one score beyond ±3",
    "2 of 3 beyond 2": "two of three successive scores beyond 2 on the same side",
    "4 of 5 beyond 1": "four of five successive scores beyond 1 on the same side",
    "8 on one side": "eight successive scores on the same side of zero",
}
_WINDOWS = {"2 of 3 beyond 2": (3, 2, 2.0), "4 of 5 beyond 1": (5, 4, 1.0), "8 on one side": (8, 8, 0.0)}


def _rounds(z: Any) -> tuple[FloatArray, bool]:
    """Scores as (laboratories × rounds), oldest first, NaN where a round was missed; whether it was one laboratory."""
    ragged = isinstance(z, (list, tuple)) and any(isinstance(row, (list, tuple, np.ndarray)) for row in z)
    if ragged:
        rows = [as_broadcast(row, f"z, laboratory {i}") for i, row in enumerate(z, start=1)]
        table = np.full((len(rows), max(row.size for row in rows)), np.nan)
        for i, row in enumerate(rows):
            table[i, : row.size] = row
        return table, False
    array = as_broadcast(z, "z")
    if array.ndim not in (1, 2) or array.size == 0:
        raise InputError("z", f"scores of shape {array.shape}", "give the scores of one laboratory, or a row for each")
    if array.ndim == 1 and np.isnan(array).any():
        raise InputError("z", "NaN is not a score", "leave the round out", row=int(np.isnan(array).argmax()) + 1)
    return np.atleast_2d(array), array.ndim == 1


@dataclass(frozen=True, slots=True, eq=False)
class Shewhart:
    """Which rules each score breaks: `signals[rule]` is (rounds,) or (laboratories × rounds); `any` is their union.

    A missed round (NaN) breaks no rule and interrupts no run: rules look at successive *reported* scores.
    """

    z: FloatArray
    n: Any
    signals: dict[str, NDArray[np.bool_]]
    any: NDArray[np.bool_]
    method: str = "Shewhart chart"
    edition: str = "ISO 13528:2022, 10.8; ISO 7870-2:2013"


def shewhart(z: Any) -> Shewhart:
    """Shewhart chart of z scores with action limits ±3, warning limits ±2 and two run rules (`SHEWHART_RULES`).

    z: (rounds,), oldest first, or (laboratories × rounds), ragged or NaN where a round was missed; dimensionless, in
    control mean 0. Raises InputError on data that are no numbers. ISO 13528:2022, 10.8.
    """
    table, single = _rounds(z)
    order = np.argsort(np.isnan(table), axis=1, kind="stable")
    packed = np.take_along_axis(table, order, axis=1)
    found = {"beyond 3": np.abs(packed) > 3}
    for rule, (window, least, limit) in _WINDOWS.items():
        sides = (_counted(side * packed > limit, window) >= least for side in (1, -1))
        # the score that completes the pattern must itself belong to it
        found[rule] = np.logical_or(*(hit & (side * packed > limit) for hit, side in zip(sides, (1, -1), strict=True)))
    signals = {rule: _unpacked(hits, order) for rule, hits in found.items()}
    pick = (lambda a: a[0]) if single else (lambda a: a)
    n = (~np.isnan(table)).sum(axis=1)
    union = np.logical_or.reduce(list(signals.values()))
    return Shewhart(pick(table), pick(n), {rule: pick(hits) for rule, hits in signals.items()}, pick(union))


def _counted(hits: NDArray[np.bool_], window: int) -> NDArray[np.int64]:
    """How many of the last `window` entries are hits."""
    sums = np.cumsum(np.pad(hits, ((0, 0), (window, 0))), axis=1)
    return np.asarray(sums[:, window:] - sums[:, :-window])


def _unpacked(packed: NDArray[np.bool_], order: NDArray[np.intp]) -> NDArray[np.bool_]:
    table = np.zeros_like(packed)
    np.put_along_axis(table, order, packed, axis=1)
    return table


@dataclass(frozen=True, slots=True, eq=False)
class Ewma:
    """Exponentially weighted moving average: statistic, limit and signals, (rounds,) or (laboratories × rounds)."""

    ewma: FloatArray
    limit: FloatArray
    signals: NDArray[np.bool_]
    weight: float
    width: float
    method: str = "EWMA chart"
    edition: str = "ISO 7870-6:2016"


def ewma(z: Any, *, weight: float = 0.3, width: float = 2.5, sd: float = 1.0) -> Ewma:
    """EWMA chart of z scores: E_t = λ z_t + (1 - λ)E_{t-1}, E_0 = 0.

    Limits ± L sd √(λ/(2 - λ) (1 - (1 - λ)^{2t})). With λ = 0.3, L = 2.5 the average run length in control is 117
    rounds at sd 1 and 908 at sd 0.75; a shift of 1.5 is found in 4.1 rounds. z as in `shewhart`; a missed round
    carries the average forward and gives no signal. Raises InputError unless 0 < λ ≤ 1, L > 0, sd > 0.
    """
    if not 0 < weight <= 1 or width <= 0 or sd <= 0:
        raise InputError("weight, width, sd", "out of range", "give 0 < weight ≤ 1, width > 0, sd > 0")
    table, single = _rounds(z)
    reported = ~np.isnan(table)
    state, average = np.zeros(len(table)), np.empty_like(table)
    for t in range(table.shape[1]):
        state = np.where(reported[:, t], weight * np.nan_to_num(table[:, t]) + (1 - weight) * state, state)
        average[:, t] = state
    seen = np.cumsum(reported, axis=1)
    limit = width * sd * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * seen)))
    beyond = reported & (np.abs(average) > limit)
    pick = (lambda a: a[0]) if single else (lambda a: a)
    return Ewma(pick(average), pick(limit), pick(beyond), weight, width)


@dataclass(frozen=True, slots=True, eq=False)
class Cusum:
    """Two-sided cumulative sum: `high`, `low` ≥ 0 and signals, (rounds,) or (laboratories × rounds)."""

    high: FloatArray
    low: FloatArray
    signals: NDArray[np.bool_]
    reference: float
    decision: float
    method: str = "CUSUM chart"
    edition: str = "ISO 7870-4:2021"


def cusum(z: Any, *, reference: float = 0.5, decision: float = 4.0) -> Cusum:
    """CUSUM chart of z scores: C⁺_t = max(0, C⁺_{t-1} + z_t - k), C⁻_t = max(0, C⁻_{t-1} - z_t - k), signal above h.

    With k = 0.5, h = 4 the average run length in control is 167 rounds at sd 1 and 1190 at sd 0.75; a shift of 1.5 is
    found in 4.7 rounds. z as in `shewhart`; a missed round leaves the sums as they are. Raises InputError on k < 0 or
    h ≤ 0. ISO 13528:2022, 10.8.
    """
    if reference < 0 or decision <= 0:
        raise InputError("reference, decision", "out of range", "give reference ≥ 0 and decision > 0")
    table, single = _rounds(z)
    reported = ~np.isnan(table)
    steps = np.where(reported, table, 0.0)
    slack = np.where(reported, reference, 0.0)
    sums = {side: np.zeros_like(table) for side in (1, -1)}
    for side, running in sums.items():
        state = np.zeros(len(table))
        for t in range(table.shape[1]):
            state = np.maximum(0.0, state + side * steps[:, t] - slack[:, t])
            running[:, t] = state
    beyond = reported & ((sums[1] > decision) | (sums[-1] > decision))
    pick = (lambda a: a[0]) if single else (lambda a: a)
    return Cusum(pick(sums[1]), pick(sums[-1]), pick(beyond), reference, decision)


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Prediction of the next z score: floats for one laboratory, arrays (laboratories,) for many.

    n rounds reported with mean and sd (NaN below two) · the next score is location + scale · t(df) · probability of
    |z| ≤ bound · lower, upper of the 95 % prediction interval · explanation in one sentence.
    """

    n: Any
    mean: Any
    sd: Any
    location: Any
    scale: Any
    df: Any
    probability: Any
    lower: Any
    upper: Any
    explanation: Any
    bound: float
    half_life: float | None
    prior: tuple[float, float, float]
    method: str = "normal-inverse-gamma on z"


def predict_next(
    z: Any,
    *,
    bound: float = 2.0,
    half_life: float | None = None,
    prior: tuple[float, float, float] = (1.0, 3.0, 0.7),
) -> Prediction:
    """Predict a laboratory's next z score from those of earlier rounds, by a conjugate normal-inverse-gamma model.

    With the prior worth k0 rounds at mean 0 and n0 rounds at standard deviation s0: k = k0 + w, ν = n0 + w,
    location = w z̄/k, ν s² = n0 s0² + Σw_i(z_i - z̄)² + k0 w z̄²/k, scale = s√(1 + 1/k), w = Σw_i the weight of the
    rounds, w_i = 2^(-age/half_life) or 1. z as in `shewhart`, oldest first; age counts reported rounds. On simulated
    laboratories with drift the area under the ROC curve is 0.83 to 0.87 for two to eight rounds, against 0.68 for the
    last result alone. Raises InputError on bound ≤ 0, half_life ≤ 0 and a prior that is not positive.
    """
    k0, n0, s0 = prior
    if min(k0, n0, s0, bound) <= 0 or (half_life is not None and half_life <= 0):
        raise InputError("prior, bound, half_life", "not greater than zero", "give positive numbers")
    table, single = _rounds(z)
    reported = ~np.isnan(table)
    n = reported.sum(axis=1)
    weights = _weights(reported, half_life)
    w, scores = weights.sum(axis=1), np.where(reported, table, 0.0)
    mean = (weights * scores).sum(axis=1) / np.where(w > 0, w, 1.0)
    squares = (weights * np.where(reported, table - mean[:, None], 0.0) ** 2).sum(axis=1)
    k, df = k0 + w, n0 + w
    location = w * mean / k
    scale = np.sqrt((n0 * s0**2 + squares + k0 * w * mean**2 / k) / df * (1 + 1 / k))
    probability = special.stdtr(df, (bound - location) / scale) - special.stdtr(df, (-bound - location) / scale)
    reach = special.stdtrit(df, 0.975) * scale
    sd = np.sqrt(squares / np.where(n > 1, w * (n - 1) / np.maximum(n, 1), np.nan))
    told = [_explained(*row, bound) for row in zip(n, mean, sd, probability, strict=True)]
    pick = (lambda a: a[0].item()) if single else (lambda a: a)
    return Prediction(
        n=pick(n),
        mean=pick(mean),
        sd=pick(sd),
        location=pick(location),
        scale=pick(scale),
        df=pick(df),
        probability=pick(probability),
        lower=pick(location - reach),
        upper=pick(location + reach),
        explanation=told[0] if single else tuple(told),
        bound=bound,
        half_life=half_life,
        prior=(k0, n0, s0),
    )


def _weights(reported: NDArray[np.bool_], half_life: float | None) -> FloatArray:
    if half_life is None:
        return reported.astype(np.float64)
    age = reported.sum(axis=1, keepdims=True) - np.cumsum(reported, axis=1)
    return np.asarray(reported * 0.5 ** (age / half_life))


def _explained(n: int, mean: float, sd: float, probability: float, bound: float) -> str:
    outcome = f"{100 * probability:.0f} % for |z| ≤ {bound:g} in the next round"
    if n == 0:
        return f"no round yet, prior only → {outcome}"
    spread = "" if n == 1 else f", sd {sd:.1f}"
    return f"mean z {mean:.1f}{spread} from {n} round{'s' if n > 1 else ''} → {outcome}"
