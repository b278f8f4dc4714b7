"""Charts of results: values with uncertainties beside the assigned value, kernel density over a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.charts.form import floats
from intercomp.inputs import as_scalar, as_values, same_length
from intercomp.kernel_density import KernelDensity, kernel_density
from intercomp.scores import ACTION_FROM, WARNING_ABOVE


@dataclass(frozen=True, slots=True)
class ResultPoint:
    """A laboratory's result with the ends of result ± U (None where it gave no U: an open symbol)."""

    laboratory: str
    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class ResultsWithBands:
    """Results in ascending order, x_pt with its bands ± U(x_pt), ± 2 σ_pt, ± 3 σ_pt, and limits such as "<10" as arrows.

    arrows  (laboratory, limit, "below" or "above")        excluded  drawn hollow, named, not counted
    """

    points: tuple[ResultPoint, ...]
    arrows: tuple[tuple[str, float, str], ...]
    excluded: tuple[ResultPoint, ...]
    x_pt: float
    U_band: tuple[float, float] | None
    warning_band: tuple[float, float]
    action_band: tuple[float, float]


def results_with_bands(
    laboratories: Sequence[str],
    x: Any,
    x_pt: Any,
    sigma_pt: Any,
    *,
    U: Sequence[Any] | None = None,
    U_xpt: Any = None,
    limits: Sequence[tuple[str, Any, str]] = (),
    exclude: Sequence[str] = (),
) -> ResultsWithBands:
    """Results with expanded uncertainties beside the assigned value and its bands (ISO 13528:2022, 10.2).

    x       results (p,)        U  expanded uncertainties (p,) > 0, None where a laboratory gave none
    limits  (laboratory, limit, "below" or "above") of results that are limits only
    All in one unit. InputError on unequal lengths, U ≤ 0, σ_pt ≤ 0.
    """
    values, centre, sigma = as_values(x), as_scalar(x_pt, "x_pt"), as_scalar(sigma_pt, "sigma_pt", positive=True)
    stated = [None] * values.size if U is None else list(U)
    same_length(laboratories=laboratories, x=values, U=stated)
    order = np.argsort(values, kind="stable")
    drawn = [_result_point(str(laboratories[i]), float(values[i]), stated[i], int(i) + 1) for i in order]
    reach = None if U_xpt is None else as_scalar(U_xpt, "U_xpt", zero=True)
    return ResultsWithBands(
        points=tuple(point for point in drawn if point.laboratory not in exclude),
        arrows=tuple((str(name), as_scalar(limit, "limits"), side) for name, limit, side in limits),
        excluded=tuple(point for point in drawn if point.laboratory in exclude),
        x_pt=centre,
        U_band=None if reach is None else (centre - reach, centre + reach),
        warning_band=(centre - WARNING_ABOVE * sigma, centre + WARNING_ABOVE * sigma),
        action_band=(centre - ACTION_FROM * sigma, centre + ACTION_FROM * sigma),
    )


def _result_point(laboratory: str, value: float, U: Any, row: int) -> ResultPoint:
    if U is None or (isinstance(U, float) and np.isnan(U)):
        return ResultPoint(laboratory, value, None, None)
    reach = as_scalar(U, f"U, row {row}", positive=True)
    return ResultPoint(laboratory, value, value - reach, value + reach)


@dataclass(frozen=True, slots=True)
class DensityChart:
    """Kernel density with its modes (place, relative height) above a histogram; counts of each bin of `edges`."""

    places: tuple[float, ...]
    density: tuple[float, ...]
    bandwidth: float
    bandwidth_rule: str
    modes: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    x_pt: float | None
    median: float
    n: int


def density_chart(x: Any, *, sigma_pt: Any = None, x_pt: Any = None, bins: int | None = None) -> DensityChart:
    """Histogram and normal kernel density of the results, h = 0.75 σ_pt or 0.9 s*/p^0.2 (ISO 13528:2022, 10.3).

    x (p,), σ_pt, x_pt in one unit. Bins are as wide as the bandwidth unless their number is given (100 at most).
    InputError and Degenerate as for `kernel_density`.
    """
    found: KernelDensity = kernel_density(x, sigma_pt=sigma_pt)
    values = as_values(x)
    wide = int(np.clip(np.ceil(np.ptp(values) / found.bandwidth), 1, 100))
    counts, edges = np.histogram(values, bins=min(bins, 100) if bins else wide)
    return DensityChart(
        floats(found.places),
        floats(found.density),
        found.bandwidth,
        found.bandwidth_rule,
        tuple((mode.place, mode.height) for mode in found.modes),
        floats(edges),
        tuple(int(count) for count in counts),
        None if x_pt is None else as_scalar(x_pt, "x_pt"),
        float(np.median(values)),
        values.size,
    )
