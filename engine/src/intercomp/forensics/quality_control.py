"""T5b: is a laboratory much more precise in proficiency tests than in its own routine quality control?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from intercomp.errors import InputError
from intercomp.forensics.finding import Finding, not_applicable
from intercomp.forensics.multiplicity import p_to_e
from intercomp.inputs import FloatArray, as_broadcast, as_values

LEAST_ROUNDS, LEAST_QC = 8, 30
_INNOCENT = (
    "quality control runs at a lower level, where the relative spread is larger",
    "the control material is less stable or less homogeneous than the test items",
    "the method was improved after the control data were collected",
)


def pt_against_qc(pt_residuals: Any, qc_results: Any) -> Finding:
    """T5b. Is the variance of a laboratory's PT residuals too small for its own routine quality control?

    F = s²_PT/s²_QC, lower tail of F(T - 1, n_QC - 1); effect: F. pt_residuals: (T,) result minus assigned value, in
    units comparable between rounds (relative, or divided by the level); qc_results: (n,) on the same scale and level.
    Not applicable below 8 rounds or 30 control results, or without spread in the control. False alarms are exact for
    normal errors; measured 0.051 at 0.05, 0.0099 at 0.01, 0.0010 at 0.001. Power at 0.001, T = 16, n = 30: variance
    ratio 1/4 0.34, 1/10 0.95, 1/25 1.00. Raises InputError on data that are no numbers.
    """
    pt, qc = as_values(pt_residuals, "pt_residuals"), as_values(qc_results, "qc_results")
    if pt.size < LEAST_ROUNDS or qc.size < LEAST_QC:
        return not_applicable("T5b PT against QC", pt.size, f"{pt.size} rounds and {qc.size} control results; 8 and 30")
    s_pt, s_qc = float(np.std(pt, ddof=1)), float(np.std(qc, ddof=1))
    if s_qc == 0:
        return not_applicable("T5b PT against QC", pt.size, "no spread in the control results")
    p = float(scipy.stats.f.cdf((s_pt / s_qc) ** 2, pt.size - 1, qc.size - 1))
    return Finding(
        "T5b PT against QC",
        applicable=True,
        n=pt.size,
        statistic=(s_pt / s_qc) ** 2,
        p=p,
        e=float(p_to_e(max(p, 1e-300))),
        effect=(s_pt / s_qc) ** 2,
        effect_name="variance in proficiency tests over variance in quality control",
        says="proficiency test items were measured more precisely than the laboratory's own routine",
        innocent=_INNOCENT,
        detail={"s_pt": s_pt, "s_qc": s_qc, "n_qc": qc.size},
    )


@dataclass(frozen=True, slots=True, eq=False)
class VarianceRatios:
    """T5b for many laboratories: ratio and lower-tail p, NaN where `applicable` is False."""

    ratio: FloatArray
    p: FloatArray
    applicable: NDArray[np.bool_]


def variance_ratios(s_pt: Any, rounds: Any, s_qc: Any, n_qc: Any) -> VarianceRatios:
    """T5b for many laboratories at once from their standard deviations and numbers of results, (laboratories,) each.

    Formula and gate as `pt_against_qc`. Raises InputError on negative standard deviations.
    """
    names = ("s_pt", "rounds", "s_qc", "n_qc")
    columns = [as_broadcast(column, name) for column, name in zip((s_pt, rounds, s_qc, n_qc), names, strict=True)]
    s_1, t, s_2, n = np.broadcast_arrays(*columns)
    if np.any(s_1 < 0) or np.any(s_2 < 0):
        raise InputError("s_pt and s_qc", "a negative standard deviation", "give zero or more")
    fit = (t >= LEAST_ROUNDS) & (n >= LEAST_QC) & (s_2 > 0)
    ratio = np.where(fit, (s_1 / np.where(s_2 > 0, s_2, 1.0)) ** 2, np.nan)
    return VarianceRatios(ratio, np.asarray(scipy.stats.f.cdf(ratio, t - 1, n - 1)), fit)
