"""T4b: are the spreads of replicates too equal? Invented replicates differ a little, always, and by about as much."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np

from intercomp.errors import InputError
from intercomp.forensics.finding import Finding, not_applicable
from intercomp.forensics.multiplicity import p_to_e
from intercomp.inputs import FloatArray, as_broadcast

LEAST_DUPLICATES, LEAST_SETS = 15, 20
DRAWS = 20_000
_SEED = 13528
_INNOCENT = (
    "the error of the instrument is rectangular (digital resolution, a titration read to a drop)",
    "replicates were repeated until they agreed, or one of three was dropped, under a written rule",
    "the replicates are readings of one preparation",
)


def spreads_too_equal(
    sets: Any, *, step: float | None = None, kind: Literal["measured", "counts"] = "measured", draws: int = DRAWS
) -> Finding:
    """T4b. Are the spreads of replicate sets more equal than random error makes them?

    Duplicates: G = mean|d|/√mean d² (0.798 for normal errors), upper tail. Three or more replicates: variance of
    log s², lower tail; kind="counts": variance of log(s²/mean) against Poisson counts of the same means. Neither needs
    a reference population, and honest differences in precision only lower G and raise the variance. The null is
    simulated with a fixed seed; p ≥ 1/(draws + 1). effect: ratio of the statistic to its honest expectation.
    sets: (sets × replicates) in one unit. Not applicable below 15 duplicates or 20 larger sets, when `step` exceeds
    the rms difference, and when the spread is zero everywhere. Rectangular errors are flagged too often (measured
    0.02 at 0.01 for 30 duplicates): do not use on them. False alarms measured, normal errors, 30 duplicates: 0.052 at
    0.05, 0.011 at 0.01, 0.0010 at 0.001; sd varying (log sd 0.5): 0.0004 at 0.01; 20 triplicates: 0.011 at 0.01, sd
    varying: 0.001.
    Power on real anomalous data is modest (100 triplicates: 0.08 to 0.28 at 0.01). Raises InputError on other shapes.
    """
    x = as_broadcast(sets, "sets")
    if x.ndim != 2 or x.shape[1] < 2 or np.isnan(x).any():
        raise InputError("sets", f"shape {x.shape} or gaps", "give complete sets of replicates, one a row")
    least = LEAST_DUPLICATES if x.shape[1] == 2 else LEAST_SETS
    if len(x) < least:
        return not_applicable("T4b equal spreads", len(x), f"{len(x)} sets of replicates; the test needs {least}")
    rms = float(np.sqrt(2 * x.var(axis=1, ddof=1).mean()))
    if rms == 0 or (step is not None and step > rms):
        reason = "no spread within sets" if rms == 0 else f"step {step:g} exceeds the rms difference {rms:.3g}"
        return not_applicable("T4b equal spreads", len(x), reason)
    if kind == "counts":
        return _counts(x, draws)
    return _duplicates(x, draws) if x.shape[1] == 2 else _replicates(x, step, draws)


def geary_ratios(differences: Any, *, draws: int = DRAWS) -> tuple[FloatArray, FloatArray]:
    """G and its p value for many laboratories at once.

    differences: (laboratories × duplicates), NaN-padded. A laboratory below 15 differences or without spread gets NaN.
    """
    d = np.abs(as_broadcast(differences, "differences"))
    n = (~np.isnan(d)).sum(axis=1)
    squares = np.nansum(d * d, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        g = np.where((n >= LEAST_DUPLICATES) & (squares > 0), np.nansum(d, axis=1) / np.sqrt(n * squares), np.nan)
    p = np.full(g.shape, np.nan)
    for m in np.unique(n[~np.isnan(g)]):
        chosen = (n == m) & ~np.isnan(g)
        null = _geary_null(int(m), draws)
        p[chosen] = (1 + draws - np.searchsorted(null, g[chosen] * (1 - 1e-12))) / (draws + 1)
    return g, p


@lru_cache(maxsize=64)
def _geary_null(m: int, draws: int) -> FloatArray:
    d = np.abs(np.random.default_rng([_SEED, m]).standard_normal((draws, m)))
    return np.asarray(np.sort(d.mean(axis=1) / np.sqrt((d * d).mean(axis=1))))


@lru_cache(maxsize=64)
def _log_variance_null(m: int, n: int, draws: int) -> FloatArray:
    chi2 = np.random.default_rng([_SEED, m, n]).chisquare(n - 1, (draws, m))
    return np.asarray(np.sort(np.log(chi2).var(axis=1, ddof=1)))


def _duplicates(x: FloatArray, draws: int) -> Finding:
    g, p = geary_ratios((x[:, 0] - x[:, 1])[None], draws=draws)
    expected = float(_geary_null(len(x), draws).mean())
    return _finding(len(x), float(g[0]), float(p[0]), expected, "Geary's ratio of the differences")


def _replicates(x: FloatArray, step: float | None, draws: int) -> Finding:
    m, n = x.shape
    s2 = x.var(axis=1, ddof=1)
    if (s2 == 0).any() and step is None:
        return not_applicable("T4b equal spreads", m, "sets without spread and no reporting step; give `step`")
    # replicates that agree in print have a spread below what the step shows: a quarter of the least possible variance
    logs = np.log(np.where(s2 > 0, s2, (step or 0.0) ** 2 / (4 * n)))
    null = _log_variance_null(m, n, draws)
    observed = float(logs.var(ddof=1))
    p = (1 + int(np.searchsorted(null, observed, side="right"))) / (draws + 1)
    return _finding(m, observed, p, float(null.mean()), "variance of log s²")


def _counts(x: FloatArray, draws: int) -> Finding:
    """The spread of counts depends on their mean: each set is simulated with its own, discreteness included."""
    kept = x[x.mean(axis=1) >= 20]
    if len(kept) < LEAST_SETS:
        return not_applicable("T4b equal spreads", len(kept), f"{len(kept)} sets of counts with a mean of 20 or more")
    means = kept.mean(axis=1)
    random = np.random.default_rng([_SEED, *kept.shape])
    rounds = min(draws, 2000)
    drawn = np.array([_dispersion(random.poisson(means[:, None], kept.shape)) for _ in range(rounds)])
    observed = _dispersion(kept)
    p = (1 + int((drawn <= observed).sum())) / (rounds + 1)
    return _finding(len(kept), observed, p, float(drawn.mean()), "variance of log(s²/mean) of counts")


def _dispersion(x: Any) -> float:
    s2, n = x.var(axis=1, ddof=1), x.shape[1]
    return float(np.log(np.maximum(s2, 1 / (4 * n)) / np.maximum(x.mean(axis=1), 1)).var(ddof=1))


def _finding(n: int, statistic: float, p: float, expected: float, name: str) -> Finding:
    return Finding(
        "T4b equal spreads",
        applicable=True,
        n=n,
        statistic=statistic,
        p=p,
        e=float(p_to_e(p)),
        effect=statistic / expected,
        effect_name=f"{name} relative to its expectation",
        says="the replicates differ by more equal amounts than measurement makes them",
        innocent=_INNOCENT,
        detail={"statistic": name, "expected": expected},
    )
