"""The numerical outlier tests of a precision experiment: Cochran for the spreads, Grubbs for the means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_centred, as_uncertainties
from intercomp.precision.critical import cochran_critical, grubbs_critical, grubbs_double_critical

Side = Literal["high", "low"]
Verdict = Literal["passed", "straggler", "outlier", "not applicable"]

STRAGGLER, OUTLIER = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class OutlierTest:
    """One outlier test: what was tested (`rows`, from 1), against which critical values, and what it showed.

    "straggler": beyond the 5 % but not the 1 % critical value; "outlier": beyond the 1 %; "not applicable": `reason`.
    """

    test: str
    rows: tuple[int, ...]
    statistic: float | None
    critical_5: float | None
    critical_1: float | None
    p: int
    n: int | None
    verdict: Verdict
    reason: str | None = None
    edition: str = "ISO 5725-2:2019"


def cochran_test(sds: Any, n: int) -> OutlierTest:
    """Cochran's test: is the largest of p standard deviations, each of n replicates, an outlier?

    C = s²_max/Σs². sds: (p,), any one unit, zeros allowed. With unequal numbers give n of the majority of cells.
    Raises InputError on negative entries. ISO 5725-2:1994 (kept in 2019), 7.3.3.
    """
    variances = as_uncertainties(sds, "sds", zero=True) ** 2
    p, total = variances.size, float(variances.sum())
    if p < 2 or n < 2 or total == 0:
        reason = "fewer than two cells" if p < 2 else "no replicates" if n < 2 else "no spread within laboratories"
        return not_applicable("cochran", p, n, reason)
    row = int(variances.argmax())
    limits = cochran_critical(p, n, STRAGGLER), cochran_critical(p, n, OUTLIER)
    return _judged("cochran", (row + 1,), float(variances[row]) / total, limits, p, n)


def grubbs_test(x: Any, side: Side = "high") -> OutlierTest:
    """Grubbs' test: is the largest ("high") or smallest ("low") of p values an outlier? (two-sided critical values)

    G = (x_p - x̄)/s or (x̄ - x_1)/s. x: (p,), e.g. cell means. Raises InputError on data that are no numbers.
    ISO 5725-2:1994 (kept in 2019), 7.3.4.1.
    """
    d, name = _turned(x, side), f"grubbs-{side}"
    if (reason := _unfit(d, 3)) is not None:
        return not_applicable(name, d.size, None, reason)
    row = int(d.argmax())
    limits = grubbs_critical(d.size, STRAGGLER), grubbs_critical(d.size, OUTLIER)
    return _judged(name, (row + 1,), float(d[row] / d.std(ddof=1)), limits, d.size, None)


def grubbs_double_test(x: Any, side: Side = "high") -> OutlierTest:
    """Grubbs' test for two outliers on one side: the sum of squares without the two over the sum with them.

    G = s²_(p-1,p)/s²_0 or s²_(1,2)/s²_0; *small* values are outlying. x: (p,), p ≥ 4. Raises InputError on data that
    are no numbers. ISO 5725-2:1994 (kept in 2019), 7.3.4.2.
    """
    d, name = _turned(x, side), f"grubbs-{side}-2"
    if (reason := _unfit(d, 4)) is not None:
        return not_applicable(name, d.size, None, reason)
    order = np.argsort(d, kind="stable")
    rest, rows = d[order[:-2]], tuple(int(i) + 1 for i in sorted(order[-2:]))
    ratio = float(((rest - rest.mean()) ** 2).sum() / (d**2).sum())
    limits = grubbs_double_critical(d.size, STRAGGLER), grubbs_double_critical(d.size, OUTLIER)
    return _judged(name, rows, ratio, limits, d.size, None, small=True)


def _turned(x: Any, side: Side) -> FloatArray:
    """Deviations from the mean, turned so that the suspected side is the high one; noise counts as zero."""
    if side not in ("high", "low"):
        raise InputError("side", f"{side!r} is no side", 'give "high" or "low"')
    d = as_centred(x).deviations
    scale = np.abs(d).max()
    d = d - d.mean()
    d[np.abs(d) < 8 * np.finfo(np.float64).eps * scale] = 0.0
    return d if side == "high" else -d


def _unfit(d: FloatArray, least: int) -> str | None:
    if d.size < least:
        return f"{d.size} values; the test needs {least}"
    return "all values are equal" if not d.any() else None


def not_applicable(test: str, p: int, n: int | None, reason: str) -> OutlierTest:
    return OutlierTest(test, (), None, None, None, p, n, "not applicable", reason)


def _judged(
    test: str,
    rows: tuple[int, ...],
    statistic: float,
    limits: tuple[float, float],
    p: int,
    n: int | None,
    *,
    small: bool = False,
) -> OutlierTest:
    beyond = [statistic < limit if small else statistic > limit for limit in limits]
    verdict: Verdict = "outlier" if beyond[1] else "straggler" if beyond[0] else "passed"
    return OutlierTest(test, rows, statistic, *limits, p, n, verdict)
