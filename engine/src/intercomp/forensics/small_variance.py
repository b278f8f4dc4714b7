"""T4 and T5: is a laboratory's variance (of replicates, of z scores) too small beside those of its peers?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from intercomp.errors import InputError
from intercomp.forensics.multiplicity import benjamini_hochberg, p_to_e
from intercomp.inputs import FloatArray, as_broadcast

LEAST_PEERS, LEAST_SETS, LEAST_SCORES = 30, 10, 8
SAFETY = 1.25
MATTERS = 0.2
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_QUARTILES = np.array([0.25, 0.5, 0.75])
_WIDEST = 6.0
INNOCENT = (
    "an exceptionally precise method, instrument or automaton: compare T4b and T5b",
    "results rounded more coarsely than the spread",
    "averages of several determinations reported as single results",
)


@dataclass(frozen=True, slots=True, eq=False)
class LowVariances:
    """T4 or T5 for all laboratories of one stratum at once, arrays (laboratories,).

    variance pooled, df its degrees of freedom · ratio to the median peer · p lower tail under the mixture, e its
    evidence value; NaN where `applicable` is False · tau, the standard deviation of log σ² that was used (after the
    safety factor), and centre, the median σ² · status: "computed" or why no p was given.
    """

    test: str
    variance: FloatArray
    df: FloatArray
    ratio: FloatArray
    p: FloatArray
    e: FloatArray
    applicable: NDArray[np.bool_]
    tau: float | None
    centre: float | None
    status: str
    says: str
    innocent: tuple[str, ...] = INNOCENT
    version: str = "1"

    def flagged(self, rate: float = 0.05) -> NDArray[np.bool_]:
        """Laboratories with both corrected evidence (Benjamini-Hochberg) and a ratio below 0.2."""
        with np.errstate(invalid="ignore"):
            return benjamini_hochberg(self.p, rate).rejected & (self.ratio < MATTERS)


def replicate_variances(
    variances: Any, df: Any, *, step: float | None = None, sigma_r: float | None = None
) -> LowVariances:
    """T4. Is a laboratory's pooled replicate variance too small beside those of its peers?

    Null: Q_i df_i/σ_i² ~ χ²(df_i) with log σ_i² normal, fitted to the quartiles of all laboratories, its sd times 1.25;
    p is the lower tail averaged over it. (A plain χ² flags honest laboratories in every second round.) variances, df:
    (laboratories,) of one stratum (measurand group × method × level). A laboratory below 10 degrees of freedom gets no
    p; with fewer than 30 laboratories, or a reporting step above sigma_r, nobody does. P(any of 200 honest laboratories
    flagged, 5 %), measured: 0.00 to 0.05 for sd(log σ) 0 to 0.5. Finds gross cases only: power at variance ratio 1/50
    with 40 degrees of freedom 0.91 for sd(log σ) 0.35, 0.35 for 0.5. Raises InputError on negative variances and
    unequal lengths.
    """
    status = None
    if step is not None and sigma_r is not None and step > sigma_r:
        status = f"reporting step {step:g} exceeds sigma_r {sigma_r:g}"
    says = "the replicates agree better than those of comparable laboratories"
    return _too_small("T4 replicate variance", variances, df, LEAST_SETS, says, status)


def scores_too_good(z: Any) -> LowVariances:
    """T5. Are a laboratory's z scores closer to zero, over rounds, than those of its peers?

    Statistic: mean z² with T degrees of freedom, null as in `replicate_variances`. z: (laboratories × rounds), NaN
    where a round was missed. A laboratory below 8 scores gets no p; not for rounds whose assigned value was known.
    P(any of 200 honest laboratories flagged, 5 %), measured with bias sd 0.6, random 0.55: 0.00 to 0.01 for 8 to 32
    rounds. Raises InputError on other shapes.
    """
    scores = as_broadcast(z, "z")
    if scores.ndim != 2:
        raise InputError("z", f"{scores.ndim} dimensions", "give laboratories × rounds")
    t = (~np.isnan(scores)).sum(axis=1)
    mean_square = np.nansum(scores**2, axis=1) / np.maximum(t, 1)
    says = "the scores lie closer to zero than those of comparable laboratories"
    return _too_small("T5 scores too good", mean_square, t, LEAST_SCORES, says, None)


def _too_small(test: str, variances: Any, df: Any, least: int, says: str, status: str | None) -> LowVariances:
    q, d = np.broadcast_arrays(as_broadcast(variances, "variances"), as_broadcast(df, "df"))
    if q.ndim != 1 or np.any(q < 0) or np.any(d < 0):
        raise InputError("variances and df", "negative or not one per laboratory", "give one of each, zero or more")
    fit = (d >= least) & ~np.isnan(q)
    positive = fit & (q > 0)
    if status is None and positive.sum() < LEAST_PEERS:
        status = f"{int(positive.sum())} laboratories with {least} degrees of freedom; the fit needs {LEAST_PEERS}"
    if status is not None:
        nothing = np.full(q.shape, np.nan)
        return LowVariances(test, q, d, nothing, nothing, nothing, np.zeros(q.shape, bool), None, None, status, says)
    centre, tau = fit_mixture(q[positive], d[positive])
    tau *= SAFETY
    p = np.full(q.shape, np.nan)
    p[fit] = mixture_cdf(q[fit] / centre, d[fit], tau)
    e = np.full(q.shape, np.nan)
    e[fit] = p_to_e(np.maximum(p[fit], 1e-300))
    ratio = np.where(fit, q / np.median(q[positive]), np.nan)
    return LowVariances(test, q, d, ratio, p, e, fit, tau, centre, "computed", says)


def mixture_cdf(q: FloatArray, df: FloatArray, tau: float) -> FloatArray:
    """P(Q < q) for Q = σ² χ²(df)/df with log σ² normal of mean 0 and standard deviation tau."""
    scaled = np.asarray(q)[..., None] * np.asarray(df)[..., None] / 2 * np.exp(-tau * _NODES)
    return np.asarray(special.gammainc(np.asarray(df)[..., None] / 2, scaled) @ _WEIGHTS)


def fit_mixture(q: FloatArray, df: FloatArray) -> tuple[float, float]:
    """Median of σ² and the sd of log σ² from the quartiles of the observed variances (deaf to a few odd ones)."""
    y, (degrees, which) = np.log(q), np.unique(df, return_inverse=True)

    def excess(tau: float) -> tuple[float, float]:
        """Interquartile range of the log variances over that expected with tau, less one; and their centre."""
        expected = np.array([_log_quartiles(d, tau) for d in degrees])[which]
        standard = (y - expected[:, 1]) / (expected[:, 2] - expected[:, 0])
        return float(np.subtract(*np.quantile(standard, [0.75, 0.25]))) - 1, float(np.median(y - expected[:, 1]))

    tau = 0.0
    if excess(0.0)[0] > 0:
        tau = (
            float(scipy.optimize.brentq(lambda t: excess(t)[0], 0.0, _WIDEST, xtol=1e-4))
            if excess(_WIDEST)[0] < 0
            else _WIDEST
        )
    return float(np.exp(excess(tau)[1])), tau


def _log_quartiles(df: float, tau: float) -> FloatArray:
    """Quartiles of log Q under the mixture, by Newton's method from those of the normal law of the same moments."""
    spread = np.sqrt(tau**2 + special.polygamma(1, df / 2))
    y = special.digamma(df / 2) - np.log(df / 2) + spread * special.ndtri(_QUARTILES)
    for _ in range(8):
        x = df / 2 * np.exp(y[:, None] - tau * _NODES)
        density = np.exp(df / 2 * np.log(x) - x - special.gammaln(df / 2)) @ _WEIGHTS
        step = (special.gammainc(df / 2, x) @ _WEIGHTS - _QUARTILES) / density
        # a quarter of the spread at most, so that a flat stretch cannot throw it out
        y = y - np.clip(step, -spread / 4, spread / 4)
    return np.asarray(y)
