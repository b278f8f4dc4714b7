"""The standard deviation for proficiency assessment σ_pt (ISO 13528:2022, clause 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.errors import Degenerate, InputError
from intercomp.inputs import FloatArray, as_broadcast, as_centred, as_scalar
from intercomp.robust import algorithm_a, mad_e, niqr


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
