"""Consensus values of a measurement comparison: the weighted mean and the random-effects estimates.

x are the measured values and u their standard uncertainties, in one unit; 1-D for one measurand, or 2-D (one row per
measurand, NaN where a laboratory has none), or ragged (values, offsets): then every field is an array.
A float stands for the shortest decimal that is written for it (6.62607013, not its binary neighbour), so that results
which agree in their first nine figures keep the differences that they were written with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import Batch, FloatArray, as_batch, as_centred, as_square, as_values
from intercomp.random_effects import Weighted, dersimonian_laird_tau2, mandel_paule_tau2, reml_tau2, weigh

CONSENSUS_METHODS = {
    "weighted-mean": "weighted mean, weights 1/u² (Cox 2002, procedure A); no dark uncertainty",
    "mandel-paule": "random effects, τ² solves Q(τ²) = n − 1",
    "dersimonian-laird": "random effects, τ² by the method of moments",
    "reml": "random effects, τ² by restricted maximum likelihood",
}
_TAU2 = {"mandel-paule": mandel_paule_tau2, "dersimonian-laird": dersimonian_laird_tau2, "reml": reml_tau2}
_DIGITS_LOST = 1e-5
_LEAST_SHARE = 1e-60  # u² must stay far from the smallest float64 beside the range of the results


@dataclass(frozen=True, slots=True, eq=False)
class Consensus:
    """A consensus value; floats for one measurand, arrays for many.

    value ± u   the consensus value and its standard uncertainty        lwr, upr   its interval at `level`
    tau         dark uncertainty: SD of the laboratory effects           weights    they sum to 1, in input order
    Q, nu, p    Cochran's Q at weights 1/u², n − 1, P(χ²_ν > Q)          birge      √(Q/ν)
    left_out    rows (from 1) that did not count, each with the reason
    """

    method: str
    value: Any
    u: Any
    tau: Any
    weights: FloatArray
    Q: Any
    nu: Any
    p: Any
    birge: Any
    lwr: Any
    upr: Any
    level: float
    n: Any
    status: str
    left_out: tuple[tuple[int, str], ...] = ()

    @property
    def consistent(self) -> Any:
        """Whether P(χ²_ν > Q) ≥ 0.05: the uncertainties given explain the spread (Cox 2002, eq. 4)."""
        return self.p >= 0.05

    def explain(self) -> str:
        """Why the results carry these weights, in words; for one measurand."""
        if np.ndim(self.value):
            raise InputError("consensus", "many measurands", "ask for the explanation of one measurand")
        spread = f"Q = {self.Q:.4g} with ν = {self.nu}, p = {self.p:.3g}"
        if self.method == "weighted-mean":
            verdict = "explain" if self.consistent else "do not explain"
            return f"{spread}: the uncertainties given {verdict} the spread; the weights are 1/u²."
        if self.tau == 0:
            return (
                f"τ = 0: {spread}; the estimator asks for no dark uncertainty, so the weights are 1/u². "
                "This is an estimate, not a proof that there is none."
            )
        return f"τ = {self.tau:.4g} was added to every uncertainty: {spread}; the weights are 1/(u² + τ²)."


def weighted_mean(
    x: Any, u: Any, *, level: float = 0.95, include: Sequence[bool] | None = None, covariance: Any = None
) -> Consensus:
    """Weighted mean y = Σ w x / Σ w with w = 1/u², u(y) = 1/√Σw, and its χ² test.

    With `covariance` V (n × n, in place of u = None): y = 1ᵀV⁻¹x / 1ᵀV⁻¹1, u²(y) = 1/(1ᵀV⁻¹1), χ² = rᵀV⁻¹r.
    Its 95 % interval holds the value in 95 % of comparisons (n = 3 to 40) whose u are complete, in 74 to 64 % with dark
    uncertainty as large as the median u, in 37 to 27 % with three times that: then use a random-effects mean.
    InputError: u ≤ 0, fewer than 2 results. Source: Cox, Metrologia 39 (2002) 589, procedure A, eqs. 1-4, 9.
    """
    if covariance is not None:
        return _generalised(x, u, covariance, level, include)
    return _consensus("weighted-mean", x, u, level, include)


def mandel_paule(x: Any, u: Any, *, level: float = 0.95, include: Sequence[bool] | None = None) -> Consensus:
    """Mandel-Paule mean: w = 1/(u² + τ²) with τ² the root of Σ w (x − y)² = n − 1, or 0; u(y) = 1/√Σw.

    Its 95 % interval covers 96 to 97 % without dark uncertainty, with it (τ = 1 to 3 median u) 81 to 87 % at
    n = 3, 87 to 89 % at n = 5, 90 % at n = 8, 92 % at n = 12, 93 to 94 % at n = 20, 94 % at n = 40: too short for few results.
    InputError: u ≤ 0, fewer than 2 results. Source: Paule and Mandel, J. Res. NBS 87 (1982) 377, eqs. 4-8.
    """
    return _consensus("mandel-paule", x, u, level, include)


def dersimonian_laird(x: Any, u: Any, *, level: float = 0.95, include: Sequence[bool] | None = None) -> Consensus:
    """DerSimonian-Laird mean: w = 1/(u² + τ²), τ² = max(0, (Q − (n − 1)) / (Σw₀ − Σw₀²/Σw₀)), w₀ = 1/u².

    Its 95 % interval covers 96 to 97 % without dark uncertainty, with it (τ = 1 to 3 median u) 80 to 87 % at
    n = 3, 87 to 89 % at n = 5, 90 % at n = 8, 91 to 92 % at n = 12, 93 % at n = 20, 94 % at n = 40: too short for few results.
    InputError: u ≤ 0, fewer than 2 results. Source: DerSimonian and Laird, Control. Clin. Trials 7 (1986) 177.
    """
    return _consensus("dersimonian-laird", x, u, level, include)


def reml(x: Any, u: Any, *, level: float = 0.95, include: Sequence[bool] | None = None) -> Consensus:
    """Random-effects mean with τ² of highest restricted likelihood −½ [Σ ln(u² + τ²) + ln Σw + Σ w (x − y)²].

    Its 95 % interval covers 96 % without dark uncertainty, with it (τ = 1 to 3 median u) 81 to 87 % at
    n = 3, 87 to 88 % at n = 5, 90 % at n = 8, 92 % at n = 12, 93 to 94 % at n = 20, 94 % at n = 40: too short for few results.
    InputError: u ≤ 0, fewer than 2 results; NotConverged with the last τ². Source: Patterson and Thompson 1971.
    """
    return _consensus("reml", x, u, level, include)


def hartung_knapp(
    x: Any,
    u: Any,
    *,
    tau: str = "dersimonian-laird",
    modified: bool = False,
    level: float = 0.95,
    include: Sequence[bool] | None = None,
) -> Consensus:
    """Random-effects mean with u²(y) = q/Σw, q = Σ w (x − y)²/(n − 1), and Student's t with n − 1 degrees of freedom.

    `modified` takes max(1, q), so that u is never below 1/√Σw. `tau` names the estimator of τ². Its 95 % interval covers
    93 to 95 % from n = 3 to 40, with dark uncertainty and without; the modified one 94 to 96 % with dark uncertainty
    from n = 5 (96 to 99 % at n = 3), and 97 to 100 % without. Identical results give u = 0 unless modified.
    InputError as for `dersimonian_laird`. Source: Hartung and Knapp, Stat. Med. 20 (2001) 3875; Sidik and Jonkman 2002.
    """
    if tau not in _TAU2:
        raise InputError("tau", f"{tau!r} is no estimator of τ²", f"choose one of {', '.join(_TAU2)}")
    return _consensus(tau, x, u, level, include, knapp="modified" if modified else "plain")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Results made ready: deviations d from `origin`, u2 = u² (infinite where there is none), n of each measurand."""

    d: FloatArray
    u2: FloatArray
    n: FloatArray
    origin: FloatArray
    left_out: tuple[tuple[int, str], ...]
    batch: Batch


def as_rows(x: Any, u: Any, *, include: Sequence[bool] | None = None, minimum: int = 2) -> Rows:
    """x and u as centred rows (measurands, laboratories); InputError names what does not fit."""
    values, spreads = as_batch(x, minimum=minimum), as_batch(u, "u")
    d, origin = _centred(_as_table(values), values.origins)
    s = _as_table(spreads) + spreads.origins[:, None]
    if d.shape != s.shape:
        raise InputError("x and u", f"shapes {d.shape} and {s.shape}", "give one uncertainty per result")
    kept, left_out = _kept(include, d)
    present = np.isfinite(d) & kept
    _refuse_uncertainties(s, present, values.form == "one")
    n = present.sum(-1).astype(float)
    _refuse_few(n, minimum, values.form == "one")
    return Rows(np.where(present, d, 0.0), np.where(present, s, np.inf) ** 2, n, origin, left_out, values)


def as_degrees(nu: Any, n: int) -> FloatArray:
    """Degrees of freedom, one per result, > 0; infinite ones (or None) mean that u is known exactly."""
    if nu is None:
        return np.full(n, np.inf)
    listed = [np.inf if value is None or value == np.inf else value for value in np.atleast_1d(nu).tolist()]
    finite = [1.0 if value == np.inf else value for value in listed]
    checked = as_values(finite, "nu")
    if checked.size != n:
        raise InputError("nu", f"{checked.size} entries for {n} results", "give one per result; None for infinite")
    bad = np.flatnonzero(checked <= 0)
    if bad.size:
        raise InputError("nu", f"{checked[bad[0]]:g} degrees of freedom", "give more than zero", row=int(bad[0]) + 1)
    return np.where([value == np.inf for value in listed], np.inf, checked)


def _consensus(
    method: str, x: Any, u: Any, level: float, include: Sequence[bool] | None, knapp: str | None = None
) -> Consensus:
    rows = as_rows(x, u, include=include)
    scale = _scale(rows)
    d, u2 = rows.d / scale[:, None], rows.u2 / scale[:, None] ** 2
    fixed = weigh(d, u2, np.zeros(len(d)))
    tau2 = _TAU2[method](d, u2, rows.n) if method in _TAU2 else np.zeros(len(d))
    at = weigh(d, u2, tau2)
    return _told(method, rows, fixed, at, tau2, scale, level, knapp)


def _told(
    method: str,
    rows: Rows,
    fixed: Weighted,
    at: Weighted,
    tau2: FloatArray,
    scale: FloatArray,
    level: float,
    knapp: str | None,
) -> Consensus:
    nu = rows.n - 1
    inflation, k = np.ones(len(nu)), np.full(len(nu), special.ndtri(0.5 + level / 2))
    if knapp:
        q = at.Q / nu
        inflation, k = np.maximum(1.0, q) if knapp == "modified" else q, special.stdtrit(nu, 0.5 + level / 2)
    u = scale * np.sqrt(inflation / at.W)
    value = rows.origin + scale * at.mean
    one = rows.batch.shaped
    return Consensus(
        method if knapp is None else f"{method}, Hartung-Knapp{' modified' if knapp == 'modified' else ''}",
        one(value), one(u), one(scale * np.sqrt(tau2)), _of_one(at.w / at.W[:, None], rows),
        one(fixed.Q), one(nu.astype(int)), one(special.chdtrc(nu, fixed.Q)), one(np.sqrt(fixed.Q / nu)),
        one(value - k * u), one(value + k * u), level, one(rows.n.astype(int)),
        "closed form" if method in ("weighted-mean", "dersimonian-laird") else "converged", rows.left_out,
    )  # fmt: skip


def _generalised(x: Any, u: Any, covariance: Any, level: float, include: Sequence[bool] | None) -> Consensus:
    """Weighted mean of correlated results by generalised least squares."""
    if u is not None:
        raise InputError("u", "given together with covariance", "give u = None; the diagonal of covariance is u²")
    rows = as_rows(x, np.ones(np.shape(x)), include=include)
    kept = np.flatnonzero(np.isfinite(rows.u2[0]))
    V = as_square(covariance, "covariance", size=rows.d.shape[1])[np.ix_(kept, kept)]
    d = rows.d[0, kept]
    try:
        half = np.linalg.cholesky(V)
    except np.linalg.LinAlgError as error:
        raise InputError(
            "covariance", "not positive definite", "check the correlations; every u must be > 0"
        ) from error
    ones, data = np.linalg.solve(half, np.ones(len(d))), np.linalg.solve(half, d)
    information = float(ones @ ones)
    mean = float(ones @ data) / information
    Q, u_mean, nu = float(np.sum((data - mean * ones) ** 2)), information**-0.5, len(d) - 1
    weights = np.zeros(rows.d.shape[1])
    weights[kept] = np.linalg.solve(half.T, ones) / information
    value, k = float(rows.origin[0]) + mean, float(special.ndtri(0.5 + level / 2))
    return Consensus(
        "weighted-mean, correlated", value, u_mean, 0.0, weights, Q, nu, float(special.chdtrc(nu, Q)),
        (Q / nu) ** 0.5, value - k * u_mean, value + k * u_mean, level, len(d), "closed form", rows.left_out,
    )  # fmt: skip


def _as_table(batch: Batch) -> FloatArray:
    if batch.table is not None:
        return batch.table
    assert batch.values is not None and batch.offsets is not None
    lengths = np.diff(batch.offsets)
    table = np.full((lengths.size, int(lengths.max(initial=0))), np.nan)
    table[np.arange(table.shape[1]) < lengths[:, None]] = batch.values
    return table


def _centred(table: FloatArray, origins: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Deviations from a middle value of each row; in decimal arithmetic where float64 would lose their digits."""
    middle = np.sort(table, axis=1)[np.arange(len(table)), np.maximum(np.isfinite(table).sum(1) // 2 - 1, 0)]
    d = table - middle[:, None]
    origin = origins + middle
    reach = np.nanmax(np.abs(d), axis=1, initial=0.0)
    for row in np.flatnonzero((reach < _DIGITS_LOST * np.abs(middle)) & (origins == 0)):
        held = np.isfinite(table[row])
        exact = as_centred([repr(value) for value in table[row, held].tolist()])
        d[row, held], origin[row] = exact.deviations, exact.origin
    return d, origin


def _kept(include: Sequence[bool] | None, d: FloatArray) -> tuple[Any, tuple[tuple[int, str], ...]]:
    if include is None:
        return True, ()
    kept = np.asarray(include)
    if kept.dtype != bool or kept.shape != d.shape[-1:]:
        raise InputError("include", "not one true or false per result", f"give {d.shape[-1]} of them")
    return kept, tuple((int(row) + 1, "left out by `include`") for row in np.flatnonzero(~kept))


def _refuse_uncertainties(s: FloatArray, present: Any, one: bool) -> None:
    bad = np.argwhere(present & ~(s > 0))
    if bad.size:
        measurand, row = (int(i) + 1 for i in bad[0])
        found = s[measurand - 1, row - 1]
        told = "no uncertainty for this result" if np.isnan(found) else f"u = {found:g} gives an infinite weight"
        raise InputError(
            "u", told, "give an uncertainty greater than zero or leave the row out",
            row=row, measurand=None if one else measurand,
        )  # fmt: skip


def _refuse_few(n: FloatArray, minimum: int, one: bool) -> None:
    few = np.flatnonzero(n < minimum)
    if few.size:
        place = None if one else int(few[0]) + 1
        raise InputError("x", f"{int(n[few[0]])} result(s) to combine", f"give at least {minimum}", measurand=place)


def _scale(rows: Rows) -> FloatArray:
    """The size of the data, divided out so that no square over- or underflows and no unit changes a result."""
    reach = np.abs(rows.d).max(-1)
    least = np.sqrt(rows.u2.min(-1))
    scale = np.maximum(reach, least)
    small = np.flatnonzero(least < _LEAST_SHARE * scale)
    if small.size:
        raise InputError(
            "u", f"{least[small[0]]:g} beside results that differ by {reach[small[0]]:g}", "check the unit"
        )
    return 2.0 ** np.round(np.log2(scale))


def _of_one(array: FloatArray, rows: Rows) -> FloatArray:
    return array[0] if rows.batch.form == "one" else array
