"""One laboratory's rows for one measurand made into one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

ASSUMED_K = "2"


class ReportedRow(NamedTuple):
    """One row that carries a number: the texts as reported, and the same as plain numbers."""

    row: int
    result: str
    number: str
    uncertainty: str | None
    uncertainty_number: str | None
    k: str | None
    k_number: str | None
    method: str | None


@dataclass(frozen=True, slots=True)
class LaboratoryResult:
    """What one laboratory reported for one measurand; `result` is the mean where there are replicates.

    U is the expanded uncertainty as reported, u = U/k the standard uncertainty.
    """

    laboratory: str
    code: str | None
    rows: tuple[int, ...]
    result: str
    replicates: tuple[str, ...] | None
    uncertainty: str | None
    k: str | None
    k_assumed: bool
    method: str | None
    value: float
    U: float | None
    u: float | None
    pooled: bool = False


def combine(laboratory: str, code: str | None, rows: Sequence[ReportedRow]) -> LaboratoryResult:
    """One result of a laboratory from its rows.

    The mean of replicates is exact in decimal and rounded once. Their uncertainties: the common one where all agree;
    otherwise u = √(Σ u²/m), u = U/k, over the replicates that have one. It is not divided by √m, since what replicates
    of one laboratory share (calibration, bias) does not average out; pooled is then True.
    """
    if len(rows) == 1:
        return _single(laboratory, code, rows[0])
    mean = sum((Fraction(row.number) for row in rows), Fraction(0)) / len(rows)
    joint = _uncertainty(rows)
    return LaboratoryResult(
        laboratory=laboratory,
        code=code,
        rows=tuple(row.row for row in rows),
        result=written(mean, max(_places(row.number) for row in rows)),
        replicates=tuple(row.result for row in rows),
        uncertainty=joint.text,
        k=joint.k,
        k_assumed=joint.k_assumed,
        method="; ".join(dict.fromkeys(row.method for row in rows if row.method)) or None,
        value=float(mean),
        U=joint.U,
        u=joint.u,
        pooled=joint.pooled,
    )


def _single(laboratory: str, code: str | None, row: ReportedRow) -> LaboratoryResult:
    U = u = None
    k, assumed = row.k, False
    if row.uncertainty_number is not None:
        assumed = row.k_number is None
        k = ASSUMED_K if assumed else row.k
        U = float(row.uncertainty_number)
        u = U / float(row.k_number or ASSUMED_K)
    return LaboratoryResult(
        laboratory, code, (row.row,), row.result, None, row.uncertainty, k, assumed, row.method, float(row.number), U, u
    )


@dataclass(frozen=True, slots=True)
class _Uncertainty:
    """What replicates say together; `pooled` where each said something else."""

    text: str | None = None
    k: str | None = None
    U: float | None = None
    u: float | None = None
    k_assumed: bool = False
    pooled: bool = False


def _uncertainty(rows: Sequence[ReportedRow]) -> _Uncertainty:
    given = [row for row in rows if row.uncertainty_number is not None]
    if not given:
        return _Uncertainty(k=rows[0].k)
    assumed = any(row.k_number is None for row in given)
    pairs = [(Fraction(row.uncertainty_number or 0), Fraction(row.k_number or ASSUMED_K)) for row in given]
    if len(set(pairs)) > 1:
        return _pooled(pairs, assumed, max(_places(row.uncertainty_number or "0") for row in given))
    U, k = pairs[0]
    return _Uncertainty(given[0].uncertainty, given[0].k or ASSUMED_K, float(U), float(U / k), assumed)


def _pooled(pairs: Sequence[tuple[Fraction, Fraction]], assumed: bool, places: int) -> _Uncertainty:
    """The root mean square of U/k; expanded by the common factor where there is one, else by 2."""
    factors = {k for _, k in pairs}
    factor = factors.pop() if len(factors) == 1 else Fraction(ASSUMED_K)
    u = float(sum(((U / k) ** 2 for U, k in pairs), Fraction(0)) / len(pairs)) ** 0.5
    U = u * float(factor)
    return _Uncertainty(written(Fraction(U), places), written(factor, 0), U, u, assumed, pooled=True)


def written(number: Fraction, places: int) -> str:
    """A computed mean as text: two decimals more than its parts had, trailing zeros beyond theirs left off."""
    with localcontext(prec=400):
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        text = f"{exact:.{places + 2}f}"
    for _ in range(2):
        text = text.removesuffix("0")
    return text.removesuffix(".")


def _places(number: str) -> int:
    exponent = Decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
