"""The standard deviation for proficiency assessment σ_pt (ISO 13528:2022, clause 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.errors import Degenerate, InputError
from intercomp.inputs import FloatArray, as_broadcast, as_centred, as_scalar, as_uncertainties, as_values, same_length
from intercomp.pairwise import q_method, qn
from intercomp.robust import algorithm_a, mad_e, niqr
from intercomp.small_samples import mean_absolute_scale


@dataclass(frozen=True, slots=True)
class SigmaPt:
    """σ_pt in the unit of the results, and how it was made."""

    value: float
    method: str
    n: int | None = None
    edition: str = "ISO 13528:2022"


_FROM_DATA: dict[str, tuple[str, Callable[[Any], float]]] = {
    "algorithm-a": ("Robust standard deviation s* of the results by Algorithm A", lambda x: algorithm_a(x).sd),
    "niqr": ("Normalised interquartile range of the results", niqr),
    "mad-e": ("Scaled median absolute deviation of the results", mad_e),
    "q": ("Standard deviation by the Q method", q_method),
    "qn": ("Scale Qn of the results", qn),
    "mean-absolute": ("Mean absolute deviation from the median over 0.798, for fewer than six", mean_absolute_scale),
    "sd": ("Standard deviation of the results; not robust", lambda x: float(np.std(x, ddof=1))),
}
_HORWITZ = "Horwitz function as modified by Thompson, from the mass fraction"

SIGMA_METHODS: dict[str, str] = {name: meaning for name, (meaning, _) in _FROM_DATA.items()} | {"horwitz": _HORWITZ}
"""Ways to σ_pt that `sigma_from` knows, each with its meaning in a line."""


def sigma_from(
    x: Any, method: str = "algorithm-a", *, x_pt: float | None = None, mass_fraction: float | None = None
) -> SigmaPt:
    """σ_pt from the data of the round (ISO 13528:2022, 8.6) or from the Horwitz function (8.4).

    x              results of one measurand, shape (p,), any unit; not looked at for "horwitz" (None will do)
    method         one of SIGMA_METHODS
    x_pt           assigned value, for "horwitz": σ_pt comes out in its unit
    mass_fraction  x_pt as a dimensionless mass fraction (1 mg/kg = 1e-6), for "horwitz"

    InputError on an unknown method or a missing argument; Degenerate where the data have no spread.
    """
    if method == "horwitz":
        return _from_horwitz(x_pt, mass_fraction)
    if method not in _FROM_DATA:
        raise InputError("method", f"{method!r} is unknown", f"give one of {', '.join(SIGMA_METHODS)}")
    data = as_centred(x, minimum=2)
    sigma = SigmaPt(_FROM_DATA[method][1](data.deviations), method, data.n)
    if sigma.value == 0:
        raise Degenerate(f"{method}: the results have no spread; take sigma_pt from outside the data", sigma)
    return sigma


def _from_horwitz(x_pt: float | None, mass_fraction: float | None) -> SigmaPt:
    if x_pt is None or mass_fraction is None:
        raise InputError("x_pt, mass_fraction", "missing", "the Horwitz function needs the value and its mass fraction")
    value = as_scalar(x_pt, "x_pt", positive=True)
    fraction = as_scalar(mass_fraction, "mass_fraction", positive=True)
    return SigmaPt(value * float(horwitz(fraction)) / fraction, "horwitz")


def horwitz(mass_fraction: Any) -> FloatArray:
    """Horwitz function as modified by Thompson (2000): σ as a mass fraction (ISO 13528:2022, 8.4, formula (8)).

        σ = 0.22 c for c < 1.2e-7;  0.02 c^0.8495 up to 0.138;  0.01 √c above

    mass_fraction  c, dimensionless, 0 < c ≤ 1, any shape → σ, dimensionless, same shape. InputError outside (0, 1].
    The unit matters: the function is not equivariant to scale, and it jumps by 0.4 % at 1.2e-7 as published.
    """
    c = as_broadcast(mass_fraction, "mass_fraction")
    outside = np.flatnonzero((c <= 0) | (c > 1))
    if outside.size:
        told = f"{c.ravel()[outside[0]]:g} is no mass fraction"
        raise InputError("mass_fraction", told, "give it as a fraction of 1 (1 mg/kg = 1e-6)", row=int(outside[0]) + 1)
    return np.where(c < 1.2e-7, 0.22 * c, np.where(c <= 0.138, 0.02 * c**0.8495, 0.01 * np.sqrt(c)))


# --- from outside the round -------------------------------------------------------------------------------------------


def by_prescription(sigma_pt: Any = None, *, allowed_error: Any = None) -> SigmaPt:
    """σ_pt as prescribed by a regulation or scheme: itself, or a third of the allowed error δ_E (ISO 13528:2022, 8.2).

    sigma_pt > 0, or allowed_error δ_E > 0, in the unit of the results; exactly one of them.
    """
    return _stated(sigma_pt, allowed_error, "prescription")


def by_perception(sigma_pt: Any = None, *, allowed_error: Any = None) -> SigmaPt:
    """σ_pt from what experts expect of competent laboratories or fitness for purpose (ISO 13528:2022, 8.2, by perception).

    sigma_pt > 0, or the error δ_E > 0 still thought fit (σ_pt = δ_E/3), in the unit of the results; exactly one.
    """
    return _stated(sigma_pt, allowed_error, "perception")


def _stated(sigma_pt: Any, allowed_error: Any, method: str) -> SigmaPt:
    if (sigma_pt is None) == (allowed_error is None):
        raise InputError("sigma_pt, allowed_error", "both or neither given", "give one of the two")
    if sigma_pt is not None:
        return SigmaPt(as_scalar(sigma_pt, "sigma_pt", positive=True), method)
    return SigmaPt(as_scalar(allowed_error, "allowed_error", positive=True) / 3, method)


def by_precision_experiment(sigma_R: Any, sigma_r: Any, replicates: int = 1) -> SigmaPt:
    """σ_pt from the reproducibility and repeatability of the method (ISO 13528:2022, 8.5, formulas (9) and (10)).

        σ_pt² = σ_R² − σ_r² (1 − 1/m) = σ_L² + σ_r²/m

    sigma_R, sigma_r  standard deviations with σ_R ≥ σ_r ≥ 0, σ_R > 0, one unit; m replicates a laboratory averages.
    """
    reproducibility, repeatability = (
        as_scalar(sigma_R, "sigma_R", positive=True),
        as_scalar(sigma_r, "sigma_r", zero=True),
    )
    if repeatability > reproducibility:
        raise InputError("sigma_r", "greater than sigma_R", "exchange them or correct them")
    if replicates < 1:
        raise InputError("replicates", f"{replicates}", "give at least one")
    variance = reproducibility**2 - repeatability**2 * (1 - 1 / replicates)
    return SigmaPt(float(np.sqrt(variance)), "precision experiment")


@dataclass(frozen=True, slots=True)
class PreviousRounds:
    """Line through the robust standard deviations of earlier rounds over their assigned values; `at` reads off σ_pt."""

    intercept: float
    slope: float
    r_squared: float
    residual_sd: float
    lowest: float
    highest: float
    n: int

    def at(self, x_pt: Any) -> SigmaPt:
        """σ_pt at an assigned value inside the range of the rounds; InputError outside it or where the line is ≤ 0."""
        value = as_scalar(x_pt, "x_pt")
        if not self.lowest <= value <= self.highest:
            told = f"{value:g} is outside the rounds ({self.lowest:g} to {self.highest:g})"
            raise InputError("x_pt", told, "do not extrapolate; take sigma_pt from elsewhere")
        sigma = self.intercept + self.slope * value
        if sigma <= 0:
            raise Degenerate("previous rounds: the line is not above zero there", self)
        return SigmaPt(sigma, "previous rounds", self.n)


def by_previous_rounds(assigned: Any, robust_sd: Any) -> PreviousRounds:
    """σ_pt from previous rounds of the scheme by regression, σ = a + b x_pt (ISO 13528:2022, 8.3 and E.8).

    assigned, robust_sd  assigned value and robust standard deviation ≥ 0 of each round, shape (n,), n ≥ 3, one unit.
    InputError on unequal lengths; Degenerate where all assigned values are equal.
    """
    x, y = as_centred(assigned, "assigned", minimum=3), as_uncertainties(robust_sd, "robust_sd", length=None, zero=True)
    same_length(assigned=x.deviations, robust_sd=y)
    centre, mean = float(x.deviations.mean()), float(y.mean())
    across, up = x.deviations - centre, y - mean
    square = float(across @ across)
    if square == 0:
        raise Degenerate("previous rounds: all assigned values are equal, so there is no line")
    slope = float(across @ up) / square
    residual, total = float(np.sum((up - slope * across) ** 2)), float(up @ up)
    r_squared = 1.0 - residual / total if total else 1.0
    intercept, values = mean - slope * (centre + x.origin), as_values(assigned, "assigned")
    residual_sd = float(np.sqrt(residual / (x.n - 2)))
    return PreviousRounds(intercept, slope, r_squared, residual_sd, float(values.min()), float(values.max()), x.n)
