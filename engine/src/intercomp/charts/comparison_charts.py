"""Charts of measurement comparisons: PomPlot and degrees of equivalence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.equivalence import DegreesOfEquivalence
from intercomp.inputs import as_scalar, as_uncertainties, as_values, same_length


@dataclass(frozen=True, slots=True)
class PomPoint:
    """A laboratory at D/Δ across and u/Δ; zeta = D/u is the slope of its ray, `outside` |ζ| > 2."""

    laboratory: str
    deviation: float
    uncertainty: float
    zeta: float
    outside: bool


@dataclass(frozen=True, slots=True)
class PomPlot:
    """Points with the rays ζ = ±1, ±2, ±3 to draw from the origin; uncertainty grows downwards: say so beside it.

    scale Δ and what it is        rays  ζ → its end point (deviation, uncertainty)
    """

    points: tuple[PomPoint, ...]
    rays: tuple[tuple[float, tuple[float, float]], ...]
    scale: float
    scale_is: str
    orientation: str = "uncertainty grows downwards"


def pom_plot(laboratories: Sequence[str], D: Any, u: Any, *, scale: Any = None) -> PomPlot:
    """PomPlot of deviations D_i with their standard uncertainties u(D_i), in units of a scale Δ.

    D, u (p,), u > 0, one unit. Δ: `scale` > 0 such as σ_pt, else the median of |D_i|; both in that unit. InputError on
    unequal lengths and u ≤ 0. Spasova, Pommé and Wätjen, Accred. Qual. Assur. 12 (2007) 623; Pommé, Metrologia 53 (2016).
    """
    deviations = as_values(D, "D")
    spread = as_uncertainties(u, length=deviations.size)
    same_length(laboratories=laboratories, D=deviations)
    given = scale is not None
    delta = as_scalar(scale, "scale", positive=True) if given else float(np.median(np.abs(deviations)))
    delta = delta or float(np.median(spread))
    points = tuple(
        PomPoint(str(name), float(d / delta), float(one / delta), float(d / one), bool(abs(d) > 2 * one))
        for name, d, one in zip(laboratories, deviations, spread, strict=True)
    )
    low = 1.1 * max(point.uncertainty for point in points)
    rays = tuple((zeta, (zeta * low, low)) for zeta in (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0))
    return PomPlot(points, rays, delta, "given" if given else "median |D|")


@dataclass(frozen=True, slots=True)
class DegreePoint:
    """D of a laboratory with D ± U."""

    laboratory: str
    D: float
    lower: float
    upper: float
    equivalent: bool


@dataclass(frozen=True, slots=True)
class DegreesChart:
    """Degrees of equivalence about the zero line, in the order given; k of U and how the reference value was made."""

    points: tuple[DegreePoint, ...]
    k: float
    method: str


def degrees_chart(found: DegreesOfEquivalence, laboratories: Sequence[str]) -> DegreesChart:
    """Degrees of equivalence D_i ± U(D_i) (CIPM MRA-D-05). InputError where the names do not fit."""
    same_length(laboratories=laboratories, D=found.D)
    points = tuple(
        DegreePoint(str(name), float(D), float(D - U), float(D + U), bool(abs(D) <= U))
        for name, D, U in zip(laboratories, found.D, found.U, strict=True)
    )
    return DegreesChart(points, found.k, found.method)
