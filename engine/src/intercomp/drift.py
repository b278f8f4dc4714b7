"""Drift of a travelling standard: what it was worth on the day each laboratory measured it.

The pilot measures the standard again and again. Either one straight line runs through all its measurements, or, where
the standard comes home after each loop of the route, a line of its own through each loop's opening and closing value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_scalar, as_square, as_uncertainties, as_values, same_length

_DAY = 86400.0


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """What the pilot's measurements say about the standard; ask `at(t)` and `corrections(t)`.

    slope ± u_slope   per unit of time (a day, where times are dates); None for loops        significant   |slope| > 2 u
    chi2, nu, p       agreement of the pilot's values with the line (nu = 0: nothing to test)
    matrix            value(t) = Σ basis_j(t) v_j with v the pilot's values, of covariance `pilot_covariance`
    """

    slope: float | None
    u_slope: float | None
    significant: bool | None
    chi2: float | None
    nu: int
    p: float | None
    times: FloatArray
    values: FloatArray
    pilot_covariance: FloatArray
    loops: tuple[tuple[int, int], ...]
    u_model: float
    n: int
    method: str

    def at(self, t: Any) -> tuple[FloatArray, FloatArray]:
        """The standard's value at times t (m,), and the covariance (m, m) of these values: they share the pilot."""
        moments = _times(t, "t")
        basis = self._basis(moments)
        C = basis @ self.pilot_covariance @ basis.T
        return basis @ self.values, C + self.u_model**2 * np.eye(moments.size)

    def corrections(self, t: Any, reference_time: Any) -> tuple[FloatArray, FloatArray]:
        """What to add to a result obtained at t to bring it to reference_time, value(t_ref) − value(t), with covariance."""
        moments = _times(t, "t")
        both = self._basis(moments), self._basis(_times([reference_time], "reference_time"))
        change = both[1] - both[0]
        C = change @ self.pilot_covariance @ change.T
        return change @ self.values, C + self.u_model**2 * np.eye(moments.size)

    def _basis(self, t: FloatArray) -> FloatArray:
        return _in_loops(t, self.times, self.loops) if self.loops else _on_line(t, self.times, self.pilot_covariance)


def linear_drift(t: Any, values: Any, u: Any, *, u_common: Any = 0.0, u_model: Any = 0.0) -> Drift:
    """One line through the pilot's measurements: weighted least squares, weights 1/u², value(t) = v̄ + b (t − t̄).

    t     times (m,): numbers in any unit, or dates (then in days)      values, u   (m,), the repeatability of each
    u_common   what all the pilot's values share (its own calibration): it shifts every value alike, no slope or
               correction feels it         u_model   departure of the standard from a line, added to each value apart
    InputError: fewer than 2 different times, u ≤ 0, unequal lengths.
    Source: ISO/IEC Guide 98-3 (GUM) H.3; CCEM/WGLF comparison protocols (linear drift of a travelling standard).
    """
    moments, data, V = _pilot(t, values, u, u_common)
    w = 1 / as_uncertainties(u, length=data.size) ** 2
    centre = float(w @ moments / w.sum())
    away = moments - centre
    sxx = float(w @ away**2)
    if not sxx > 0:
        raise InputError("t", "all measurements at one time", "give measurements of two days or more")
    slope, u_slope = float((w * away) @ data) / sxx, sxx**-0.5
    residual = data - float(w @ data / w.sum()) - slope * away
    chi2, nu = float(w @ residual**2), data.size - 2
    p = float(special.chdtrc(nu, chi2)) if nu else None
    return Drift(
        slope, u_slope, abs(slope) > 2 * u_slope, chi2 if nu else None, nu, p, moments, data, V, (),
        as_scalar(u_model, "u_model", zero=True), data.size, "linear drift, weighted least squares",
    )  # fmt: skip


def loop_drift(t: Any, values: Any, u: Any, *, u_common: Any = 0.0, u_model: Any = 0.0) -> Drift:
    """A line through each loop's opening and closing value: between two homecomings the standard changes evenly.

    t must rise; a laboratory's time belongs to the loop that encloses it (InputError outside all of them).
    Arguments and errors otherwise as for `linear_drift`. value(t) = (1 − f) v_open + f v_close, f the share of the loop.
    Source: linear interpolation by GUM 5.1; loop (petal) schemes in EA-4/21 and CIPM comparison protocols.
    """
    moments, data, V = _pilot(t, values, u, u_common)
    fall = np.flatnonzero(np.diff(moments) <= 0)
    if fall.size:
        raise InputError("t", "not later than the measurement before", "sort the pilot's values", row=int(fall[0]) + 2)
    loops = tuple((j, j + 1) for j in range(data.size - 1))
    return Drift(
        None, None, None, None, 0, None, moments, data, V, loops, as_scalar(u_model, "u_model", zero=True),
        data.size, "drift in loops, linear between homecomings",
    )  # fmt: skip


def corrected(x: Any, u: Any, t: Any, drift: Drift, reference_time: Any) -> tuple[FloatArray, FloatArray]:
    """Results of a comparison brought to reference_time, with their covariance (n, n) for the correlated weighted mean.

    x_i + value(t_ref) − value(t_i), V = diag(u²) + covariance of the corrections. x, u, t: 1-D.
    InputError: u ≤ 0, unequal lengths, a time outside the loops. Source: GUM 5.2, F.1.2.3.
    """
    results = as_values(x)
    spread = as_uncertainties(u, length=results.size)
    moments = _times(t, "t")
    same_length(x=results, t=moments)
    add, C = drift.corrections(moments, reference_time)
    return results + add, np.diag(spread**2) + C


def joint_covariance(u: Any, shared: Any) -> FloatArray:
    """Covariance (n, n) of results that share sources: diag(u²) + Σ_s c_s c_sᵀ, `shared` (sources, n) or one row (n,).

    u (n,) holds what is each laboratory's own; each row of `shared` what one source (a common standard, a common method)
    adds to every result, with its sign. Source: GUM 5.2.2, F.1.2.3.
    """
    own = as_uncertainties(u)
    rows = np.atleast_2d(np.asarray(shared, dtype=np.float64))
    if rows.shape[1] != own.size or not np.all(np.isfinite(rows)):
        raise InputError("shared", f"shape {rows.shape}", f"give {own.size} finite figures per source")
    return as_square(np.diag(own**2) + rows.T @ rows, "covariance", size=own.size)


def _pilot(t: Any, values: Any, u: Any, u_common: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    moments, data = _times(t, "t"), as_values(values, "values", minimum=2)
    spread = as_uncertainties(u, length=data.size)
    same_length(t=moments, values=data)
    return moments, data, np.diag(spread**2) + as_scalar(u_common, "u_common", zero=True) ** 2


def _times(t: Any, name: str) -> FloatArray:
    """Times as float64; dates and datetimes as days since 1970-01-01."""
    listed = list(t) if np.ndim(t) else [t]
    if not any(isinstance(moment, (date, np.datetime64)) for moment in listed):
        return as_values(listed, name)
    return np.array([_days(moment, name, row) for row, moment in enumerate(listed, start=1)])


def _days(moment: Any, name: str, row: int) -> float:
    if isinstance(moment, datetime) and moment.tzinfo:
        return moment.timestamp() / _DAY
    if not isinstance(moment, (date, np.datetime64)):
        raise InputError(name, f"{moment!r} beside dates", "give only dates, or only numbers", row=row)
    microseconds = np.array([moment], dtype="datetime64[us]").astype(np.int64)[0]
    return float(microseconds) / 1e6 / _DAY


def _on_line(t: FloatArray, times: FloatArray, V: FloatArray) -> FloatArray:
    """How much each pilot value counts at t on the line through all; what they share does not change the line."""
    w = 1 / (np.diag(V) - _shared(V))
    centre = w @ times / w.sum()
    away = times - centre
    counts: FloatArray = w / w.sum() + (t[:, None] - centre) * (w * away) / (w @ away**2)
    return counts


def _shared(V: FloatArray) -> float:
    return float(V[0, 1])


def _in_loops(t: FloatArray, times: FloatArray, loops: tuple[tuple[int, int], ...]) -> FloatArray:
    basis = np.zeros((t.size, times.size))
    for row, moment in enumerate(t):
        at = int(np.searchsorted(times, moment, side="right")) - 1
        at = min(at, len(loops) - 1) if moment == times[-1] else at
        if not 0 <= at < len(loops):
            raise InputError("t", f"{moment:g} lies in no loop", "measure the standard before and after", row=row + 1)
        opening, closing = loops[at]
        share = (moment - times[opening]) / (times[closing] - times[opening])
        basis[row, opening], basis[row, closing] = 1 - share, share
    return basis
