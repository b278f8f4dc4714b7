"""A whole round at once: assigned values, scores and diagnostics of many measurands and many laboratories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.assigned_value import CONSENSUS, mean_and_sd
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_broadcast
from intercomp.kernel_density import KernelDensity, kernel_density
from intercomp.m_estimates import q_hampel
from intercomp.pairwise import qn
from intercomp.robust import RobustEstimate, algorithm_a, mad_e, median, niqr
from intercomp.scores import (
    ACTION_FROM,
    NEGLIGIBLE_SHARE,
    ON_THE_BOUNDARY,
    WARNING_ABOVE,
    rsz,
    ssz,
)
from intercomp.small_samples import FEW_FOR_CONSENSUS

SIGNALS = ("acceptable", "warning", "action", "")
_ACCEPTABLE, _WARNING, _ACTION, _NONE = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Diagnostics:
    """Summary of each measurand, arrays (m,): what a person looks at before believing the scores."""

    mean: FloatArray
    sd: FloatArray
    lowest: FloatArray
    highest: FloatArray
    median: FloatArray
    mad_e: FloatArray
    niqr: FloatArray
    qn: FloatArray
    algorithm_a: RobustEstimate
    q_hampel: RobustEstimate
    density: tuple[KernelDensity | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RoundEvaluation:
    """Scores (m, p), one row a measurand and one column a laboratory, NaN where there is none.

    status       per measurand: "evaluated" · "degenerate" (no spread: no scores) · "too-few" (fewer than two results)
    few          per measurand: fewer than twelve results, too few for a consensus to be trusted alone
    score_used   per measurand "z" or "z_prime", by u(x_pt) < 0.3 σ_pt; `score` holds the one used
    signal_codes (m, p) int8, indices into SIGNALS; `signals` gives the words
    rsz, ssz, ssz_p   per laboratory over its measurands, from the score used
    """

    x_pt: FloatArray
    u_xpt: FloatArray
    sigma_pt: FloatArray
    assigned_method: str
    sigma_method: str
    n: NDArray[np.int64]
    status: NDArray[np.str_]
    few: NDArray[np.bool_]
    score_used: NDArray[np.str_]
    u_limit: FloatArray
    D: FloatArray
    D_percent: FloatArray
    P_A: FloatArray
    z: FloatArray
    z_prime: FloatArray
    zeta: FloatArray | None
    e_n: FloatArray | None
    uncertainty_flags: NDArray[np.str_] | None
    score: FloatArray
    signal_codes: NDArray[np.int8]
    rsz: FloatArray
    ssz: FloatArray
    ssz_p: FloatArray
    diagnostics: Diagnostics | None
    edition: str = "ISO 13528:2022"

    @property
    def signals(self) -> NDArray[np.str_]:
        return np.array(SIGNALS)[self.signal_codes]

    @property
    def counts(self) -> dict[str, NDArray[np.int64]]:
        """How many laboratories got each signal, per measurand."""
        return {word: np.count_nonzero(self.signal_codes == code, axis=1) for code, word in enumerate(SIGNALS[:3])}


def evaluate_round(
    x: Any,
    *,
    u: Any = None,
    k: Any = 2.0,
    assigned: str = "algorithm-a",
    x_pt: Any = None,
    u_xpt: Any = None,
    sigma_pt: Any = None,
    allowed_error: Any = None,
    diagnostics: bool = True,
) -> RoundEvaluation:
    """All scores and diagnostics of a round, without a loop over laboratories (ISO 13528:2022, clauses 7 to 10).

    x              results, shape (m, p): one row a measurand, one column a laboratory, NaN where there is none
    u              standard uncertainties of the laboratories, shape (m, p), NaN where there is none; with it ζ and E_n
    k              coverage factor of the laboratories, U = k u: a number or an array that broadcasts to (m, p)
    assigned       consensus method where x_pt is not given: "algorithm-a", "q-hampel", "median", "median-niqr", "mean"
    x_pt, u_xpt    assigned values from outside with standard uncertainties (0 if not given), one value or (m,)
    sigma_pt       σ_pt > 0 from outside, one value or (m,); None takes the scale of the consensus, which makes scores
                   relative to this round
    allowed_error  δ_E > 0 for P_A, one value or (m,); None takes 3 σ_pt
    diagnostics    also summarise each measurand by every estimator and its kernel density

    A measurand without spread or with fewer than two results gets its status and NaN scores; the others are evaluated.
    InputError on anything that is no table of results, or an unknown method.
    """
    results = _table(x)
    n = np.count_nonzero(~np.isnan(results), axis=1)
    value, u_value, sigma, method = _basis(results, n, assigned, x_pt, u_xpt, sigma_pt)
    status = np.select([n < 2, ~(sigma > 0)], ["too-few", "degenerate"], default="evaluated")
    sigma = np.where(status == "evaluated", sigma, np.nan)
    column = [figure[:, None] for figure in (value, u_value, sigma)]
    difference = results - column[0]
    z_scores, z_primes = difference / column[2], difference / np.hypot(column[2], column[1])
    negligible = u_value < NEGLIGIBLE_SHARE * sigma
    score = np.where(negligible[:, None], z_scores, z_primes)
    error = 3 * sigma if allowed_error is None else _per_measurand(allowed_error, "allowed_error", len(sigma))
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(column[0] != 0, 100 * difference / column[0], np.nan)
    zetas, ens, flags = _with_uncertainties(results, difference, u, k, u_value, sigma, method)
    total, probability = ssz(score)
    return RoundEvaluation(
        x_pt=value,
        u_xpt=u_value,
        sigma_pt=sigma,
        assigned_method=method,
        sigma_method="given" if sigma_pt is not None else method,
        n=n,
        status=status,
        few=n < FEW_FOR_CONSENSUS,
        score_used=np.where(negligible, "z", "z_prime"),
        u_limit=NEGLIGIBLE_SHARE * sigma,
        D=difference,
        D_percent=percent,
        P_A=100 * difference / error[:, None],
        z=z_scores,
        z_prime=z_primes,
        zeta=zetas,
        e_n=ens,
        uncertainty_flags=flags,
        score=score,
        signal_codes=_codes(score),
        rsz=rsz(score),
        ssz=total,
        ssz_p=probability,
        diagnostics=_diagnosed(results) if diagnostics else None,
    )


def _table(x: Any) -> FloatArray:
    results = as_broadcast(x, "x")
    if results.ndim != 2 or results.size == 0:
        told = "no result" if results.size == 0 else f"{results.ndim} dimension(s)"
        raise InputError("x", told, "give one row per measurand, one column per laboratory")
    return results


def _basis(
    results: FloatArray, n: NDArray[np.int64], assigned: str, x_pt: Any, u_xpt: Any, sigma_pt: Any
) -> tuple[FloatArray, FloatArray, FloatArray, str]:
    """x_pt, u(x_pt) and σ_pt of every measurand: given, or by consensus."""
    m = len(results)
    location = scale = u = np.full(m, np.nan)
    if x_pt is None or sigma_pt is None:
        if assigned not in CONSENSUS:
            raise InputError("assigned", f"{assigned!r} is unknown", f"give one of {', '.join(CONSENSUS)}")
        location, scale = CONSENSUS[assigned].estimate(results)
        u = CONSENSUS[assigned].factor * scale / np.sqrt(np.maximum(n, 1))
    sigma = scale if sigma_pt is None else _per_measurand(sigma_pt, "sigma_pt", m)
    if x_pt is None:
        return location, u, sigma, assigned
    stated = np.zeros(m) if u_xpt is None else _per_measurand(u_xpt, "u_xpt", m, zero=True)
    return _per_measurand(x_pt, "x_pt", m, signed=True), stated, sigma, "given"


def _per_measurand(value: Any, name: str, m: int, *, zero: bool = False, signed: bool = False) -> FloatArray:
    array = as_broadcast(value, name)
    if array.shape not in ((), (m,)):
        raise InputError(name, f"shape {array.shape} for {m} measurands", "give one value, or one per measurand")
    wrong = np.zeros(array.shape, bool) if signed else np.asarray(array < 0 if zero else array <= 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 1 if array.ndim else None
        raise InputError(name, f"{array[wrong][0]:g} is too small", "give a number greater than zero", row=row)
    return np.broadcast_to(array, (m,)).astype(np.float64)


def _codes(score: FloatArray) -> NDArray[np.int8]:
    size = np.abs(score)
    codes = np.full(score.shape, _WARNING, dtype=np.int8)
    codes[size <= WARNING_ABOVE + ON_THE_BOUNDARY] = _ACCEPTABLE
    codes[size >= ACTION_FROM - ON_THE_BOUNDARY] = _ACTION
    codes[np.isnan(size)] = _NONE
    return codes


def _with_uncertainties(
    results: FloatArray,
    difference: FloatArray,
    u: Any,
    k: Any,
    u_value: FloatArray,
    sigma: FloatArray,
    method: str,
) -> tuple[FloatArray | None, FloatArray | None, NDArray[np.str_] | None]:
    if u is None:
        return None, None, None
    stated = as_broadcast(u, "u")
    if stated.shape != results.shape:
        raise InputError("u", f"shape {stated.shape} beside results of shape {results.shape}", "give one per result")
    if np.any(stated <= 0):
        measurand, row = (int(place[0]) + 1 for place in np.nonzero(stated <= 0))
        raise InputError("u", "not above zero", "give NaN where there is none", row=row, measurand=measurand)
    reference = u_value[:, None]
    zetas = difference / np.hypot(stated, reference)
    ens = difference / np.hypot(stated * as_broadcast(k, "k"), 2 * reference)
    factor = CONSENSUS[method].factor if method in CONSENSUS else 1.0
    scale = sigma if method == "given" else u_value * np.sqrt(np.count_nonzero(~np.isnan(results), axis=1)) / factor
    with np.errstate(invalid="ignore"):
        low, high = stated < reference, stated > 1.5 * scale[:, None]
    return zetas, ens, np.select([np.isnan(stated), low, high], ["", "b", "c"], default="a")


def _diagnosed(results: FloatArray) -> Diagnostics:
    mean, sd = mean_and_sd(results)
    empty = np.asarray(np.isnan(results).all(axis=1))[:, None]
    robust = algorithm_a(results)
    return Diagnostics(
        mean=mean,
        sd=sd,
        lowest=np.where(empty, np.nan, np.fmin.reduce(results, axis=1, keepdims=True))[:, 0],
        highest=np.where(empty, np.nan, np.fmax.reduce(results, axis=1, keepdims=True))[:, 0],
        median=median(results),
        mad_e=mad_e(results),
        niqr=niqr(results),
        qn=qn(results),
        algorithm_a=robust,
        q_hampel=q_hampel(results),
        density=tuple(_density(row, ended) for row, ended in zip(results, robust.status, strict=True)),
    )


def _density(row: FloatArray, ended: str) -> KernelDensity | None:
    """No bandwidth can be had from results without spread; their one mode is plain to see."""
    return kernel_density(row[~np.isnan(row)]) if ended == "converged" else None
