"""The NIST decision tree: three tests of the results choose the model of the consensus value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from intercomp.bayes import HierarchicalBayes, hierarchical_bayes
from intercomp.bootstrap_consensus import BootstrapConsensus, dersimonian_laird_bootstrap
from intercomp.comparison_median import ComparisonMedian, weighted_median
from intercomp.consensus import as_rows, weighted_mean
from intercomp.errors import InputError
from intercomp.inputs import FloatArray
from intercomp.skew_bayes import SkewStudentBayes, hierarchical_skew_student

PROCEDURES = {
    "AWA": "adaptive weighted average: DerSimonian-Laird with its bootstrap uncertainty",
    "WM": "weighted median",
    "HGG": "hierarchical model, normal effects",
    "HLG": "hierarchical model, Laplace effects",
    "HSSG": "hierarchical model, skew Student effects",
}
_ALL_SIGNS_UP_TO = 14
_REPLICATES = 20_000

Fit = BootstrapConsensus | ComparisonMedian | HierarchicalBayes | SkewStudentBayes


@dataclass(frozen=True, slots=True, eq=False)
class DecisionTree:
    """The recommended procedure, the p-values that led to it, why in words, and the fit (None where not asked for)."""

    procedure: str
    p_homogeneity: float
    p_normality: float
    p_symmetry: float
    reason: str
    fit: Fit | None
    n: int
    sizes: tuple[float, float, float]
    method: str = "NIST decision tree"


def decision_tree(
    x: Any,
    u: Any,
    nu: Any = None,
    *,
    sizes: tuple[float, float, float] = (0.10, 0.05, 0.05),
    prior: str = "ndt",
    level: float = 0.95,
    seed: int = 0,
    fit: bool = True,
) -> DecisionTree:
    """Cochran's Q (homogeneity), Shapiro-Wilk on (x − median)/u (normality), Miao-Gel-Gastwirth (symmetry), of `sizes`.

    Homogeneous: normal → AWA, else WM. Not homogeneous: symmetric and normal → HGG, symmetric → HLG, else HSSG.
    The tree's default prior of μ is informative; `prior="nicob"` takes the flat one. InputError: fewer than 3 results.
    Source: Possolo, Koepke, Newton and Winchester, J. Res. NIST 126 (2021) 126007; NIST Decision Tree manual 2024, 4.
    """
    rows = as_rows(x, u, minimum=3)
    if rows.batch.form != "one":
        raise InputError("x", "many measurands", "give one measurand at a time")
    d, s = rows.d[0], np.sqrt(rows.u2[0])
    p_homogeneity = float(weighted_mean(x, u).p)
    p_normality, p_symmetry = _normality((d - np.median(d)) / s), symmetry_p(d, seed=seed)
    verdicts = tuple(p >= size for p, size in zip((p_homogeneity, p_normality, p_symmetry), sizes, strict=True))
    procedure = _leaf(*verdicts)
    fitted = _fit(procedure, x, u, nu, prior, level, seed) if fit else None
    reason = _reason(procedure, verdicts, (p_homogeneity, p_normality, p_symmetry))
    return DecisionTree(procedure, p_homogeneity, p_normality, p_symmetry, reason, fitted, d.size, sizes)


def symmetry_p(x: Any, *, seed: int = 0) -> float:
    """Two-sided p of (mean − median)/J, J = √(π/2) mean|x − median|, under random signs of the deviations from the mean.

    All 2ⁿ signs up to n = 14, 20 000 seeded ones beyond. Source: Miao, Gel and Gastwirth (2006); bootstrap by signs as
    in the R package symmetry, which the decision tree calls.
    """
    d = np.asarray(x, dtype=np.float64)
    d = d - d.mean()
    if not np.any(d):
        return 1.0
    found = abs(float(_skewness(d[None, :])[0]))
    if d.size <= _ALL_SIGNS_UP_TO:
        signs = 1.0 - 2.0 * ((np.arange(2**d.size)[:, None] >> np.arange(d.size)) & 1)
    else:
        signs = np.random.Generator(np.random.SFC64(seed)).choice([-1.0, 1.0], (_REPLICATES, d.size))
    return float(np.mean(np.abs(_skewness(signs * np.abs(d))) >= found * (1 - 1e-12)))


def _skewness(d: FloatArray) -> FloatArray:
    median = np.median(d, axis=1)
    spread = np.sqrt(np.pi / 2) * np.abs(d - median[:, None]).mean(1)
    return np.divide(d.mean(1) - median, spread, out=np.zeros(len(d)), where=spread > 0)


def _normality(z: FloatArray) -> float:
    """Shapiro-Wilk; results that are all equal say nothing against it."""
    return float(scipy.stats.shapiro(z).pvalue) if np.ptp(z) > 0 else 1.0


def _leaf(homogeneous: bool, normal: bool, symmetric: bool) -> str:
    if homogeneous:
        return "AWA" if normal else "WM"
    if not symmetric:
        return "HSSG"
    return "HGG" if normal else "HLG"


def _fit(procedure: str, x: Any, u: Any, nu: Any, prior: str, level: float, seed: int) -> Fit:
    if procedure == "AWA":
        return dersimonian_laird_bootstrap(x, u, nu, level=level, seed=seed)
    if procedure == "WM":
        return weighted_median(x, u, level=level, seed=seed)
    if procedure == "HSSG":
        return hierarchical_skew_student(x, u, level=level, prior=prior)
    effects = "normal" if procedure == "HGG" else "laplace"
    return hierarchical_bayes(x, u, nu, effects=effects, prior=prior, level=level)


def _reason(procedure: str, verdicts: tuple[bool, ...], p: tuple[float, float, float]) -> str:
    words = ("homogeneous", "normal", "symmetric")
    asked = {"AWA": (0, 1), "WM": (0, 1), "HSSG": (0, 2)}.get(procedure, (0, 2, 1))
    told = [f"{'' if verdicts[i] else 'not '}{words[i]} (p = {p[i]:.3g})" for i in asked]
    return f"{', '.join(told)}: {PROCEDURES[procedure]}"
