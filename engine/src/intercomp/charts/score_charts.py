"""Charts of scores: sorted bars, a heat map over measurands, a control chart over rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.charts.form import floats
from intercomp.errors import InputError
from intercomp.inputs import FloatArray
from intercomp.scores import ACTION_FROM, WARNING_ABOVE, signals
from intercomp.trends import cusum, ewma, shewhart

OFF_SCALE = 5.0  # scores beyond are drawn to here, with an arrow and the value (ISO 13528:2022, 10.1, common practice)


@dataclass(frozen=True, slots=True)
class Bar:
    """One laboratory's score; `height` is the score drawn in to the scale, `off_scale` says that it was."""

    laboratory: str
    score: float
    height: float
    off_scale: bool
    signal: str


@dataclass(frozen=True, slots=True)
class SortedScores:
    """Bars in ascending order of the score with lines at ± warning and ± action; `missing` have no score."""

    bars: tuple[Bar, ...]
    missing: tuple[str, ...]
    score: str
    warning: float
    action: float
    scale: float


def sorted_scores(
    laboratories: Sequence[str], scores: Any, *, score: str = "z", scale: float = OFF_SCALE
) -> SortedScores:
    """Bar chart of scores in ascending order (ISO 13528:2022, 10.1); ties in the order of the input.

    laboratories, scores  (p,), NaN where there is none; scores beyond `scale` are drawn in to it. InputError on
    unequal lengths.
    """
    values = per_laboratory(scores, laboratories)
    order = [int(place) for place in np.argsort(values, kind="stable") if not np.isnan(values[place])]
    bars = tuple(_bar(str(laboratories[i]), float(values[i]), scale) for i in order)
    missing = tuple(str(name) for name, value in zip(laboratories, values, strict=True) if np.isnan(value))
    return SortedScores(bars, missing, score, WARNING_ABOVE, ACTION_FROM, scale)


def per_laboratory(scores: Any, laboratories: Sequence[str]) -> FloatArray:
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (len(laboratories),):
        told = f"shape {values.shape} for {len(laboratories)} laboratories"
        raise InputError("scores", told, "give one score per laboratory, NaN where there is none")
    return values


def _bar(laboratory: str, score: float, scale: float) -> Bar:
    height = float(np.clip(score, -scale, scale))
    return Bar(laboratory, score, height, height != score, str(signals(score)))


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Scores of laboratories (columns) by measurands (rows), None where there is none, each with its signal."""

    measurands: tuple[str, ...]
    laboratories: tuple[str, ...]
    scores: tuple[tuple[float | None, ...], ...]
    signals: tuple[tuple[str, ...], ...]


def heat_map(measurands: Sequence[str], laboratories: Sequence[str], scores: Any) -> HeatMap:
    """Heat map of scores, measurands by laboratories. scores (m, p), NaN where there is none. InputError on other shapes."""
    table = np.asarray(scores, dtype=np.float64)
    if table.shape != (len(measurands), len(laboratories)):
        told = f"shape {table.shape} for {len(measurands)} measurands and {len(laboratories)} laboratories"
        raise InputError("scores", told, "give one row per measurand, one column per laboratory")
    rows = tuple(tuple(None if np.isnan(one) else float(one) for one in row) for row in table)
    words = tuple(tuple(str(word) for word in row) for row in signals(table))
    return HeatMap(tuple(map(str, measurands)), tuple(map(str, laboratories)), rows, words)


@dataclass(frozen=True, slots=True)
class ControlChart:
    """One laboratory's z over rounds with EWMA and CUSUM; `flagged` are the rounds at which a rule of Shewhart's breaks.

    None where a round was missed.
    """

    rounds: tuple[str, ...]
    z: tuple[float | None, ...]
    flagged: tuple[bool, ...]
    ewma: tuple[float, ...]
    ewma_limit: tuple[float, ...]
    cusum_high: tuple[float, ...]
    cusum_low: tuple[float, ...]
    cusum_decision: float
    warning: float
    action: float


def control_chart(rounds: Sequence[str], z: Any) -> ControlChart:
    """Control chart of z over rounds, oldest first (ISO 13528:2022, 10.8). z (rounds,), NaN where one was missed."""
    values = per_laboratory(z, rounds)[None, :]
    rules, average, sums = shewhart(values), ewma(values), cusum(values)
    return ControlChart(
        tuple(map(str, rounds)),
        tuple(None if np.isnan(one) else float(one) for one in values[0]),
        tuple(map(bool, rules.any[0])),
        floats(average.ewma[0]),
        floats(average.limit[0]),
        floats(sums.high[0]),
        floats(sums.low[0]),
        sums.decision,
        WARNING_ABOVE,
        ACTION_FROM,
    )
