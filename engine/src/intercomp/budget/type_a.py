"""Type A evaluation: repeated observations, several quantities observed together, and the straight calibration line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_centred, as_scalar, as_values, same_length


@dataclass(frozen=True, slots=True)
class TypeA:
    """Mean of n observations, their SD, u = SD/√n, ν = n − 1 and the interval mean ± t_p(ν) u."""

    n: int
    mean: float
    sd: float
    u: float
    nu: int
    lwr: float
    upr: float
    p: float
    method: str = "type A, mean of repeated observations"


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Means of quantities observed together, ready for `budget(formula, inputs, correlation=…)`; all with ν = n − 1."""

    names: tuple[str, ...]
    means: FloatArray
    u: FloatArray
    correlation: FloatArray
    n: int

    @property
    def inputs(self) -> list[dict[str, Any]]:
        figures = zip(self.names, self.means.tolist(), self.u.tolist(), strict=True)
        return [{"name": name, "dist": "normal", "mu": m, "sigma": u, "nu": self.n - 1} for name, m, u in figures]


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """b = y1 + y2 (t − t0): intercept y1 ± u_y1, slope y2 ± u_y2, their correlation r, residual SD s, ν = n − 2."""

    y1: float
    u_y1: float
    y2: float
    u_y2: float
    r: float
    s: float
    nu: int
    t0: float
    n: int
    method: str = "ordinary least squares"

    def at(self, t: Any) -> tuple[float, float]:
        """Value of the line at t and its standard uncertainty, correlation counted."""
        away = as_scalar(t, "t") - self.t0
        variance = self.u_y1**2 + (away * self.u_y2) ** 2 + 2 * away * self.r * self.u_y1 * self.u_y2
        return self.y1 + self.y2 * away, max(variance, 0.0) ** 0.5


def type_a(x: Any, *, p: float = 0.95) -> TypeA:
    """Mean, experimental SD, u(mean) = s/√n and the Student interval; x (n,), n ≥ 2. Source: JCGM 100:2008, 4.2, G.3."""
    data = as_centred(x, minimum=2)
    mean, sd = float(data.deviations.mean()), float(data.deviations.std(ddof=1))
    u, nu = sd / data.n**0.5, data.n - 1
    half = float(special.stdtrit(nu, 0.5 + p / 2)) * u
    centre = data.origin + mean
    return TypeA(data.n, centre, sd, u, nu, centre - half, centre + half, p)


def observed(columns: Mapping[str, Any]) -> Observed:
    """Means, u(mean) and correlations of simultaneous observations, r_ij = s(q_i, q_j)/(s_i s_j).

    columns {name: (n,) observations}, all of one length n ≥ 2. A quantity that never varies has no correlation (0).
    InputError: unequal lengths, fewer than 2 observations. Source: JCGM 100:2008, eqs. 5, 14, 17; H.2.
    """
    if not columns:
        raise InputError("columns", "there are none", "give at least one quantity")
    arrays = {name: as_values(values, name, minimum=2) for name, values in columns.items()}
    same_length(**arrays)
    table = np.stack(list(arrays.values()))
    n = table.shape[1]
    C = np.atleast_2d(np.cov(table)) / n
    u = np.sqrt(np.diag(C))
    both = np.outer(u, u)
    correlation = np.divide(C, both, out=np.zeros_like(C), where=both > 0)
    np.fill_diagonal(correlation, 1.0)
    return Observed(tuple(arrays), table.mean(1), u, correlation, n)


def calibration_line(t: Any, b: Any, *, t0: Any = 0.0) -> CalibrationLine:
    """Least-squares line b = y1 + y2 (t − t0) with the covariance of its coefficients from the residuals; t, b (n,).

    InputError: fewer than 3 points, all t equal, unequal lengths. Source: JCGM 100:2008, H.3, eqs. H.13a-H.14.
    """
    x, y, origin = as_values(t, "t", minimum=3), as_values(b, "b"), as_scalar(t0, "t0")
    same_length(t=x, b=y)
    n, away = x.size, x - x.mean()
    sxx = float(away @ away)
    if not sxx > 0:
        raise InputError("t", "all values are equal", "give points at different t")
    slope = float(away @ (y - y.mean())) / sxx
    s = float(np.sqrt(((y - y.mean() - slope * away) ** 2).sum() / (n - 2)))
    reach = float(x.mean()) - origin
    u1, u2 = s * (1 / n + reach**2 / sxx) ** 0.5, s / sxx**0.5
    r = -reach / sxx / ((1 / n + reach**2 / sxx) / sxx) ** 0.5
    return CalibrationLine(float(y.mean()) - slope * reach, u1, slope, u2, r, s, n - 2, origin, n)
