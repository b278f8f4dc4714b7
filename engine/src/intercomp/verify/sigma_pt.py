"""Figures of σ_pt from outside the round: kinds horwitz, sigma_pt_precision, sigma_pt_regression."""

from __future__ import annotations

import re

import numpy as np

from intercomp.sigma_pt import by_precision_experiment, by_previous_rounds, horwitz
from intercomp.verify.figures import Data, Figures


def previous_rounds(data: Data, options: Data) -> Figures:
    shelf = Figures()
    found = lambda: by_previous_rounds(data.first("assigned x_pt"), data.first("robust_sd s_star sd"))  # noqa: E731
    shelf.put_fields(
        found,
        {
            "slope b": "slope",
            "intercept a": "intercept",
            "residual_sd s": "residual_sd",
            "n": "n",
        },
    )
    shelf.put("r_squared R2 r2", lambda: found().r_squared)
    shelf.put(
        "adj_r_squared adjusted_r_squared", lambda: 1 - (1 - found().r_squared) * (found().n - 1) / (found().n - 2)
    )
    shelf.put("r correlation", lambda: np.copysign(found().r_squared ** 0.5, found().slope))
    at = lambda: options.first("at x_pt predict_at")  # noqa: E731
    shelf.put("sigma_pt sigma", lambda: found().at(at()).value)
    return shelf


def from_precision(data: Data, options: Data) -> Figures:
    """σ_pt from σ_R and σ_r; with ever more replicates it becomes σ_L."""
    shelf, given = Figures(), Data({**options, **data})
    sigmas = lambda: (given.first("sigma_R s_R"), given.first("sigma_r s_r"))  # noqa: E731
    shelf.put("sigma_pt sigma", lambda: by_precision_experiment(*sigmas(), int(given.first("m n replicates"))).value)
    shelf.put("sigma_L s_L", lambda: (float(sigmas()[0]) ** 2 - float(sigmas()[1]) ** 2) ** 0.5)
    return shelf


_PER_FRACTION = {"percent": 1e2, "g_per_kg": 1e3, "g_per_100g": 1e2, "mg_per_kg": 1e6, "mg_per_g": 1e3, "ug_per_g": 1e6,
                 "ug_per_kg": 1e9, "ng_per_g": 1e9, "ppm": 1e6, "ppb": 1e9}  # fmt: skip


def horwitz_function(data: Data, options: Data) -> Figures:
    """σ of the Horwitz function as a mass fraction, in a unit the name tells, or relative."""
    shelf = Figures()
    c = lambda: np.asarray(data.first("c_mass_fraction mass_fraction c"), dtype=float)  # noqa: E731
    shelf.put("sigma sigma_mass_fraction sigma_pt", lambda: horwitz(c()))
    shelf.put("rsd relative_sd", lambda: horwitz(c()) / c())
    shelf.put("rsd_percent RSD_percent rsd% prsd", lambda: 100 * horwitz(c()) / c())
    units = "|".join(map(re.escape, _PER_FRACTION))
    shelf.put_pattern(rf"sigma(?:_pt)?_({units})", lambda name: _PER_FRACTION[name[1]] * horwitz(c()))
    return shelf
