"""T9: are reported figures possible at all? Exact arithmetic on the rounding intervals of what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor, isqrt

from intercomp.errors import InputError

Range = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Whether the written figures can belong together: "possible", "impossible" or "not applicable" (`reason`).

    No probability: no tie rule and no rounding of the readings could give an impossible figure. No honest figure is
    ever called impossible (measured: 0 of 26 000). nearest: the possible figures on either side, where there are any.
    """

    test: str
    verdict: str
    says: str
    reason: str | None = None
    nearest: tuple[str, ...] = ()
    innocent: tuple[str, ...] = (
        "n, the step or the unit is not what was stated",
        "a reading was left out or weighted",
        "the figure was computed from unrounded readings",
    )
    version: str = "1"


def mean_possible(mean: str, n: int, step: str, *, parts: int = 1) -> Arithmetic:
    """T9 (GRIM). Can n readings at a step r have this mean?

    Possible when ⌈(m - h)N/r⌉ ≤ ⌊(m + h)N/r⌋, N = n · parts, h half a unit of the last place written; the interval is
    closed, so that any tie rule is allowed. mean, step: text as received; parts: items averaged in each reading. Not
    applicable when N ≥ r · 10^d, where every figure is possible. Raises InputError on text that is no number.
    Share of invented means caught: 1 - N/(r · 10^d). Brown and Heathers, Soc. Psychol. Pers. Sci. 8 (2017) 363.
    """
    low, high, half = written_range(mean, "mean")
    r, total = as_fraction(step, "step"), _as_count(n, "n") * _as_count(parts, "parts")
    if r <= 0:
        raise InputError("step", f"{step!r} is no step", "give one greater than zero")
    if total * half * 2 >= r:
        return Arithmetic("T9 mean", "not applicable", "", f"{total} readings at {step} reach every written mean")
    first, last = ceil(low * total / r), floor(high * total / r)
    if first <= last:
        return Arithmetic("T9 mean", "possible", f"{total} readings at {step} can give {mean}")
    places = _places(mean) + 2
    around = tuple(f"{float(k * r / total):.{places}f}" for k in (last, first))
    return Arithmetic("T9 mean", "impossible", f"no {total} readings at {step} give {mean}", None, around)


def sd_possible(mean: str, sd: str, n: int, step: str) -> Arithmetic:
    """T9 (GRIMMER). Can n readings at a step r have this mean and this standard deviation?

    Looks for whole numbers with sum S and sum of squares Q, S in the interval of the mean, (Q - S²/n)/(n - 1) in that
    of the variance, Q ≡ S (mod 2), Q at least that of n equal parts; for n = 2 and 3 the readings themselves are
    sought. Shapes and errors as in `mean_possible`; n ≥ 2. Allard, Analytic-GRIMMER (2018).
    """
    low, high, _ = written_range(mean, "mean")
    s_low, s_high, _ = written_range(sd, "sd")
    r, count = as_fraction(step, "step"), _as_count(n, "n")
    if r <= 0 or count < 2 or s_high < 0:
        raise InputError("n, step, sd", "out of range", "give n ≥ 2, a step greater than zero and a sd not below zero")
    first, last = ceil(low * count / r), floor(high * count / r)
    variances = (max(s_low, Fraction(0)) / r) ** 2, (s_high / r) ** 2
    if last - first > 10_000:
        return Arithmetic("T9 sd", "not applicable", "", f"{count} readings at {step} reach every written figure")
    if any(_squares_exist(total, count, variances) for total in range(first, last + 1)):
        return Arithmetic("T9 sd", "possible", f"{count} readings at {step} can give {mean} and {sd}")
    return Arithmetic("T9 sd", "impossible", f"no {count} readings at {step} give mean {mean} with sd {sd}")


def _squares_exist(total: int, n: int, variances: Range) -> bool:
    """Whether some n whole numbers of this sum have a variance in the range (necessary conditions only for n > 3)."""
    centre = Fraction(total * total, n)
    first, last = (centre + (n - 1) * bound for bound in variances)
    part, rest = divmod(total, n)
    least = rest * (part + 1) ** 2 + (n - rest) * part**2
    start = max(ceil(first), least)
    start += (start - total) % 2
    if floor(last) - start > 20_000:
        return True
    return any(n > 3 or _readings_exist(total, n, squares) for squares in range(start, floor(last) + 1, 2))


def _readings_exist(total: int, n: int, squares: int) -> bool:
    """Two or three whole numbers with this sum and this sum of squares."""
    if n == 2:
        difference = 2 * squares - total * total
        return difference >= 0 and isqrt(difference) ** 2 == difference
    # about the mean: x = (total + y)/3, Σy = 0, Σy² = 9·squares - 3·total²
    about = 3 * squares - total * total
    reach = isqrt(max(0, 2 * about)) // 3 + 2
    middle = total // 3
    return any(_readings_exist(total - x, 2, squares - x * x) for x in range(middle - reach, middle + reach + 1))


FORMULAE: dict[str, tuple[tuple[str, ...], Callable[..., Fraction]]] = {
    "U = k u": (("k", "u"), lambda k, u: k * u),
    "RSD = 100 s / m": (("s", "m"), lambda s, m: 100 * s / m),
    "recovery = 100 (found - native) / added": (
        ("found", "native", "added"),
        lambda found, native, added: 100 * (found - native) / added,
    ),
    "z = (x - x_pt) / sigma_pt": (("x", "x_pt", "sigma_pt"), lambda x, x_pt, sigma_pt: (x - x_pt) / sigma_pt),
    "dry = 100 wet / (100 - moisture)": (("wet", "moisture"), lambda wet, moisture: 100 * wet / (100 - moisture)),
    "diluted = c v / V": (("c", "v", "V"), lambda c, v, V: c * v / V),
}


def formula_possible(reported: str, formula: str, inputs: Mapping[str, str]) -> Arithmetic:
    """T9. Can a reported figure follow from the reported figures it was computed from?

    Every figure stands for its rounding interval; the formulae (`FORMULAE`) are monotone in each input, so the result's
    interval lies between the corners. Impossible when it misses the interval of `reported`. inputs: text as received
    by the names in the formula; whole numbers known exactly may be written as "=2". Raises InputError on unknown
    formulae, missing inputs and a divisor whose interval holds zero.
    """
    if formula not in FORMULAE:
        raise InputError("formula", f"{formula!r} is unknown", f"use one of {', '.join(FORMULAE)}")
    wanted, compute = FORMULAE[formula]
    if missing := [name for name in wanted if name not in inputs]:
        raise InputError("inputs", f"{', '.join(missing)} missing", "give every input of the formula")
    ranges = [_input_range(inputs[name], name) for name in wanted]
    _refuse_sign_change(formula, dict(zip(wanted, ranges, strict=True)))
    corners = [compute(*corner) for corner in product(*ranges)]
    low, high, _ = written_range(reported, "reported")
    told = ", ".join(f"{name} {inputs[name]}" for name in wanted)
    if min(corners) <= high and low <= max(corners):
        return Arithmetic(f"T9 {formula}", "possible", f"{reported} can follow from {told}")
    around = tuple(f"{float(corner):.6g}" for corner in (min(corners), max(corners)))
    return Arithmetic(f"T9 {formula}", "impossible", f"{reported} does not follow from {told}", None, around)


_DIVISORS: dict[str, tuple[str, int]] = {
    "RSD = 100 s / m": ("m", 0),
    "recovery = 100 (found - native) / added": ("added", 0),
    "z = (x - x_pt) / sigma_pt": ("sigma_pt", 0),
    "dry = 100 wet / (100 - moisture)": ("moisture", 100),
    "diluted = c v / V": ("V", 0),
}


def _refuse_sign_change(formula: str, ranges: Mapping[str, Range]) -> None:
    name, pole = _DIVISORS.get(formula, ("", 0))
    if name and ranges[name][0] <= pole <= ranges[name][1]:
        raise InputError("inputs", f"{name} may be {pole}, which the formula divides by", "give more figures")


def _input_range(text: str, name: str) -> Range:
    if text.startswith("="):
        exact = as_fraction(text[1:], name)
        return exact, exact
    return written_range(text, name)[:2]


def written_range(text: str, name: str) -> tuple[Fraction, Fraction, Fraction]:
    """The closed interval of values that round to the written figure, and half a unit of its last place."""
    value = as_fraction(text, name)
    half = Fraction(1, 2) / 10 ** _places(text)
    return value - half, value + half, half


def _places(text: str) -> int:
    return len(text.strip().partition(".")[2])


def as_fraction(text: str, name: str) -> Fraction:
    """The exact value of a written decimal number; InputError on anything else."""
    try:
        if not isinstance(text, str) or "/" in text or "e" in text.lower() or "_" in text:
            raise ValueError(text)
        return Fraction(text.strip())
    except ValueError as error:
        raise InputError(name, f"{text!r} is not a plain decimal number", "give the text as received") from error


def _as_count(n: int, name: str) -> int:
    if int(n) != n or n < 1:
        raise InputError(name, f"{n!r} is no number of readings", "give a whole number from 1")
    return int(n)
