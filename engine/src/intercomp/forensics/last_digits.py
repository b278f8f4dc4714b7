"""T1: are some last digits preferred? Honest last digits of a fine enough reading are uniform."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import scipy
from scipy import special

from intercomp.errors import InputError
from intercomp.forensics.finding import Finding, not_applicable
from intercomp.inputs import FloatArray

LEAST_VALUES = 100
LEAST_SD_IN_STEPS = 5.0
_CONCENTRATION = 10.0
_INNOCENT = (
    "a person reads an analogue scale between its marks",
    "the instrument rounds to 2, 5 or another step",
    "values were averaged, converted or copied from rounded ones",
)


def last_digits(values: Sequence[str], *, step: str | None = None) -> Finding:
    """T1. Are the last written digits uniform?

    χ²₉ against uniform; e = Γ(10a)/Γ(a)¹⁰ ΠΓ(a + c_k)/Γ(10a + n) 10ⁿ with a = 10, an e-process that may be looked at
    after every value; effect: total variation distance from uniform. values: strings as received, one analyst, method
    and step. Not applicable below 100 values (p; e is always given), for unequal decimals, when `step` is not a unit
    of the last place, and when the sd is below 5 steps (measured: at 3 steps 38 % of honest sets flagged at 0.01).
    False alarms measured on honest data with sd 5 to 50 steps, n = 200: 0.047 at 0.05, 0.009 at 0.01, 0.0011 at 0.001;
    e ≥ 20 ever within 2000 digits: 0.040. Raises InputError on text that is no number.
    """
    decimals = [_as_written(value, row) for row, value in enumerate(values, start=1)]
    places = {-int(number.as_tuple().exponent) for number in decimals}
    if reason := _unfit(decimals, places, step):
        return not_applicable("T1 last digits", len(decimals), reason)
    place = places.pop()
    digits = np.array([int(abs(number).scaleb(place)) % 10 for number in decimals])
    return last_digit_counts(np.bincount(digits, minlength=10), sd_in_steps=_sd(decimals, place))


def last_digit_counts(counts: Sequence[int] | Any, *, sd_in_steps: float) -> Finding:
    """T1 from the counts of the digits 0 to 9 and the standard deviation of the values in steps of the last place.

    As `last_digits`. Raises InputError unless there are ten counts.
    """
    c = np.asarray(counts)
    if c.shape != (10,) or np.any(c < 0) or np.any(c % 1 != 0):
        raise InputError("counts", "not ten whole numbers", "count the digits 0 to 9")
    n = int(c.sum())
    if n < 1 or sd_in_steps < LEAST_SD_IN_STEPS:
        reason = "no value" if n < 1 else f"sd of {sd_in_steps:.2g} steps; last digits are uniform only from 5 steps"
        return not_applicable("T1 last digits", n, reason)
    chi2 = float(((c - n / 10) ** 2).sum() / (n / 10))
    enough = n >= LEAST_VALUES
    log10_e = float(log10_e_values(c[None])[0])
    zero_five = int(c[0] + c[5])
    detail = {
        "counts": tuple(int(k) for k in c),
        "log10_e": log10_e,
        "zero_and_five": zero_five,
        "p_zero_and_five": float(scipy.stats.binom.sf(zero_five - 1, n, 0.2)) if enough else None,
    }
    return Finding(
        "T1 last digits",
        applicable=True,
        n=n,
        statistic=chi2,
        p=float(scipy.stats.chi2.sf(chi2, 9)) if enough else None,
        e=float(10.0 ** min(log10_e, 300.0)),
        effect=float(np.abs(c / n - 0.1).sum() / 2),
        effect_name="share of last digits that would have to change",
        says="some last digits occur more often than reading an instrument allows",
        innocent=_INNOCENT,
        reason=None if enough else f"{n} values: too few for a p value, the e value holds",
        detail=detail,
    )


def log10_e_values(counts: Any) -> FloatArray:
    """log₁₀ of the T1 evidence for digit counts (…, 10): one data set, many, or the running counts of one."""
    c = np.asarray(counts, dtype=np.float64)
    n, a = c.sum(axis=-1), _CONCENTRATION
    log_e = special.gammaln(10 * a) - special.gammaln(10 * a + n) + n * np.log(10)
    log_e += (special.gammaln(a + c) - special.gammaln(a)).sum(axis=-1)
    return np.asarray(log_e / np.log(10))


def e_process(digits: Sequence[int]) -> FloatArray:
    """log₁₀ of the T1 evidence after each digit, in the order received: it ever reaches log₁₀(1/α) with chance ≤ α.

    digits: (n,) of 0 to 9. Raises InputError on others.
    """
    d = np.asarray(digits)
    if d.ndim != 1 or np.any((d < 0) | (d > 9) | (d % 1 != 0)):
        raise InputError("digits", "not a list of digits", "give whole numbers 0 to 9")
    running = np.zeros((d.size, 10))
    running[np.arange(d.size), d.astype(int)] = 1
    return log10_e_values(np.cumsum(running, axis=0))


def _as_written(value: str, row: int) -> Decimal:
    if not isinstance(value, (str, Decimal)):
        raise InputError("values", f"{value!r} has lost its trailing zeros", "give the text as received", row=row)
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation as error:
        raise InputError("values", f"{value!r} is not a number", "leave the row out", row=row) from error
    if not number.is_finite():
        raise InputError("values", f"{value!r} is not a number", "leave the row out", row=row)
    return number


def _unfit(decimals: list[Decimal], places: set[int], step: str | None) -> str | None:
    if not decimals:
        return "no value"
    if len(places) > 1:
        return "values with different numbers of decimals: not one reporting step"
    place = next(iter(places))
    if step is not None and Decimal(step) != Decimal(1).scaleb(-place):
        return f"reporting step {step} is not one unit of the last place written"
    return None


def _sd(decimals: list[Decimal], place: int) -> float:
    first = decimals[0]
    return float(np.std([float((number - first).scaleb(place)) for number in decimals]))
