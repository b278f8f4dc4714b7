"""Location estimates for a scale that is given or taken from the Q method: Huber's and Hampel's."""

from __future__ import annotations

from typing import Any

import numpy as np

from intercomp.errors import InputError, NotConverged
from intercomp.inputs import FloatArray, as_batch, as_broadcast
from intercomp.ordered import Index, Ordered, ordered_blocks
from intercomp.pairwise import q_method
from intercomp.robust import RobustEstimate
from intercomp.winsorised import Winsorised

# ψ rises from −4.5, is flat from −3 to −1.5, falls through 0, and so on; in t = location each corner adds this slope
_CORNERS = np.array([-4.5, -3.0, -1.5, 1.5, 3.0, 4.5])
_TURNS = np.array([1.0, -1.0, -1.0, 1.0, 1.0, -1.0])
_SHORT = 128
_AT_ONCE = 1 << 13
_CORNERS_AT_ONCE = 1 << 16
_ROUNDING = 1e-12
_STEPS = 200


def huber(x: Any, sd: Any) -> Any:
    """Huber's location for a fixed scale: x* = mean of the results drawn in to x* ± 1.5 s (ISO 13528:2022, C.3.2).

    x   results, shape (p,), (m, p) with NaN as padding, or ragged, any unit
    sd  s > 0 in that unit, one value or one per measurand → float or (m,)

    InputError on s ≤ 0 or no result; the solution is unique, or the middle of a stretch of solutions.
    """
    batch = as_batch(x, minimum=1)
    scale = _scales(sd, batch.measurands)
    found = np.full(batch.measurands, np.nan)
    for members, rows in ordered_blocks(batch):
        some = rows.n > 0
        chosen = np.arange(batch.measurands)[members][some]
        found[chosen] = _huber(rows.rows(some), scale[chosen]) + rows.centre[some]
    return batch.shaped(found)


def _scales(sd: Any, measurands: int) -> FloatArray:
    scale = np.broadcast_to(as_broadcast(sd, "sd"), (measurands,))
    if np.any(scale <= 0):
        raise InputError("sd", "a scale of zero or less", "give a positive scale, from outside or by another method")
    return scale


def _huber(rows: Ordered, sd: FloatArray) -> FloatArray:
    """Jump from set to set; a location between two sets in turn is bisected, the sum of ψ being monotone."""
    data, mean = Winsorised(rows, 1.0), rows.median()
    lower, upper = rows.at(np.zeros_like(rows.n)), rows.at(rows.n - 1)
    for _ in range(_STEPS):
        low, high = data.limits(mean, sd)
        total, _ = data.sums(low, high)
        pull = total - (high - low) * mean + 1.5 * sd * (data.n - high - low)
        lower, upper = np.where(pull >= 0, mean, lower), np.where(pull <= 0, mean, upper)
        jump = data.location(sd, low, high, total)
        inside = (high > low) & (jump >= lower) & (jump <= upper)
        after = np.where(inside, jump, 0.5 * (lower + upper))
        if np.all(np.abs(after - mean) <= 1e-15 * sd):
            return after
        mean = after
    raise NotConverged("huber: the location did not come to rest", mean + rows.centre)


def hampel(x: Any, sd: Any = None) -> Any:
    """Hampel's location: the root of Σψ((xᵢ − x*)/s*) nearest to the median, ψ with corners 1.5, 3, 4.5.

    All roots are found exactly, since the sum is linear between its 6p corners (ISO 13528:2022, C.5.3.2); of two roots
    equally near the median neither is taken but the median. Results beyond 4.5 s* have no influence at all.

    x   results, shape (p,), (m, p) with NaN as padding, or ragged, any unit
    sd  s* > 0 in that unit, one value or one per measurand; None: by the Q method → float or (m,)

    InputError on s* ≤ 0 or no result; where the Q method gives 0 all results are equal, and that is the location.
    """
    return q_hampel(x).mean if sd is None else _located(x, sd)


def q_hampel(x: Any) -> RobustEstimate:
    """Location by Hampel's estimator with the scale of the Q method (ISO 13528:2022, C.5).

    x  results, shape (p,), (m, p) with NaN as padding, or ragged, any unit → mean, sd, n, status as floats or (m,)

    Up to half of the results may be wild. All results equal is the status "degenerate"; fewer than two "too-few" in
    a batch, InputError alone.
    """
    batch = as_batch(x, minimum=2)
    sd = np.atleast_1d(q_method(x))
    mean, n = np.full(sd.size, np.nan), np.zeros(sd.size, dtype=np.int64)
    for members, rows in ordered_blocks(batch):
        n[members] = rows.n
        some = rows.n > 1
        chosen = np.arange(batch.measurands)[members][some]
        mean[chosen] = _hampel(rows.rows(some), sd[chosen]) + rows.centre[some]
    status = np.select([n < 2, sd == 0], ["too-few", "degenerate"], default="converged")
    return RobustEstimate(
        mean=batch.shaped(mean),
        sd=batch.shaped(sd),
        n=batch.shaped(n),
        iterations=batch.shaped(np.zeros(sd.size, dtype=np.int64)),
        status=batch.shaped(status),
        method="q-hampel",
        rule="exact roots",
        edition="ISO 13528:2022/Amd 1:2026",  # which lets formula (6) serve C.5 too
    )


def _located(x: Any, sd: Any) -> Any:
    batch = as_batch(x, minimum=1)
    scale = _scales(sd, batch.measurands)
    mean = np.full(batch.measurands, np.nan)
    for members, rows in ordered_blocks(batch):
        some = rows.n > 0
        chosen = np.arange(batch.measurands)[members][some]
        mean[chosen] = _hampel(rows.rows(some), scale[chosen]) + rows.centre[some]
    return batch.shaped(mean)


def _hampel(rows: Ordered, sd: FloatArray) -> FloatArray:
    middle = rows.median()
    some = sd > 0
    if not some.any():
        return middle
    if rows.deviations.shape[1] <= _SHORT:
        step = max(1, _CORNERS_AT_ONCE // (_CORNERS.size * rows.deviations.shape[1]))
        for start in range(0, rows.n.size, step):
            part = np.flatnonzero(some[start : start + step]) + start
            if part.size:
                found = _nearest_roots(rows.deviations[part, :-1], rows.n[part], sd[part], middle[part])
                middle[part] = found
        return middle
    for row in np.flatnonzero(some):  # a loop costs nothing beside the search in a long measurand
        middle[row] = _root_in_window(rows.deviations[row, : rows.n[row]], float(sd[row]), float(middle[row]))
    return middle


def _nearest_roots(y: FloatArray, n: Index, sd: FloatArray, middle: FloatArray) -> FloatArray:
    """All corners of all rows written out; NaN corners sort last and turn nothing."""
    corners = (y[:, :, None] + sd[:, None, None] * _CORNERS).reshape(len(y), -1)
    turns = np.where(np.isnan(corners), 0.0, np.tile(_TURNS, y.shape[1]))
    ranked = np.argsort(corners, axis=1)
    corners, turns = np.take_along_axis(corners, ranked, 1), np.take_along_axis(turns, ranked, 1)
    corners = np.where(np.isnan(corners), np.nanmax(corners, axis=1, keepdims=True), corners)
    slope = np.cumsum(turns, axis=1)[:, :-1]
    heights = np.zeros_like(corners)
    np.cumsum(slope * np.diff(corners, axis=1), axis=1, out=heights[:, 1:])
    return _choose(corners, heights, middle, _ROUNDING * n * sd)


def _root_in_window(y: FloatArray, sd: float, middle: float) -> float:
    """Corners only around the median, the window growing until it holds a root; linear time and little memory."""
    half = 8 * sd / np.sqrt(y.size)
    while True:
        start, end = middle - half, middle + half
        height, slope = _sum_of_psi(y, start, sd)
        first = [np.searchsorted(y, start - c * sd, "right") for c in _CORNERS]
        last = [np.searchsorted(y, end - c * sd, "right") for c in _CORNERS]
        parts = [y[a:b] + c * sd for a, b, c in zip(first, last, _CORNERS, strict=True)]
        inner = np.concatenate(parts)
        ranked = np.argsort(inner, kind="stable")
        corners = np.concatenate([[start], inner[ranked], [end]])
        turns = np.repeat(_TURNS, [part.size for part in parts])[ranked]
        slopes = slope + np.concatenate([[0.0], np.cumsum(turns)])
        heights = height + np.concatenate([[0.0], np.cumsum(slopes * np.diff(corners))])
        root = _choose(corners[None], heights[None], np.array([middle]), np.array([_ROUNDING * y.size * sd]))[0]
        if np.isfinite(root) or half > y[-1] - y[0] + 5 * sd:
            return float(root) if np.isfinite(root) else middle
        half *= 4


def _sum_of_psi(y: FloatArray, at: float, sd: float) -> tuple[float, float]:
    """s Σψ((yᵢ − at)/s) and its slope just right of `at`."""
    total = 0.0
    for start in range(0, y.size, _AT_ONCE):
        q = (y[start : start + _AT_ONCE] - at) / sd
        size = np.abs(q)
        total += float((np.sign(q) * np.minimum(np.minimum(size, 1.5), np.maximum(4.5 - size, 0.0))).sum())
    slope = sum(turn * np.searchsorted(y, at - c * sd, "right") for c, turn in zip(_CORNERS, _TURNS, strict=True))
    return sd * total, float(slope)


def _choose(corners: FloatArray, heights: FloatArray, middle: FloatArray, nil: FloatArray) -> FloatArray:
    """Of the roots of each piecewise linear row the one nearest the median; the median itself if two are; else NaN."""
    heights = np.where(np.abs(heights) <= nil[:, None], 0.0, heights)
    f, g = heights[:, :-1], heights[:, 1:]
    crossing = (f * g <= 0) & (f != g)
    share = np.where(crossing, f / np.where(f == g, 1.0, f - g), 0.0)
    roots = np.where(crossing, corners[:, :-1] + share * np.diff(corners, axis=1), np.inf)
    # a stretch at zero between two crossings is all roots: the median itself if it lies there
    within = (f == 0) & (g == 0) & (corners[:, :-1] <= middle[:, None]) & (middle[:, None] <= corners[:, 1:])
    above = np.where(roots >= middle[:, None], roots - middle[:, None], np.inf).min(axis=1)
    below = np.where(roots <= middle[:, None], middle[:, None] - roots, np.inf).min(axis=1)
    nearest = np.where(above < below, above, -below)
    spread = np.maximum(np.abs(corners[:, -1] - corners[:, 0]), 0.0)
    with np.errstate(invalid="ignore"):
        even = (np.abs(above - below) <= _ROUNDING * spread) & np.isfinite(above)
    root = np.where(np.isfinite(nearest), middle + nearest, np.nan)
    return np.where(even | within.any(axis=1), middle, root)
