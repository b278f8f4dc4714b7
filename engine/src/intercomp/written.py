"""Written numbers (text, Decimals, long integers): what they are, exactly, or an InputError that says how to mend them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.errors import InputError

DECIMAL_DIGITS = 100
_EXACT_BINARY_INTEGER = 2**53


def is_written(x: Any) -> bool:
    """Whether the data are written numbers, to be centred in decimal arithmetic (text, Decimals, long integers)."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "OUS" or (x.dtype.kind in "iu" and bool(np.any(np.abs(x) > _EXACT_BINARY_INTEGER)))
    if isinstance(x, (str, bytes)):
        return True
    if not isinstance(x, (list, tuple)):
        return False
    return any(isinstance(value, (str, Decimal)) or _is_long(value) for value in x)


def _is_long(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > _EXACT_BINARY_INTEGER


def is_missing(value: Any) -> bool:
    """Whether an entry of a table says that there is no result."""
    return value is None or (isinstance(value, float) and value != value) or value == ""


def as_decimal(value: Any, name: str, row: int | None) -> Decimal:
    """The written value itself; a float stands for its exact binary value."""
    try:
        number = _exact(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise InputError(name, f"{_shown(value)} is not a number", _mend_text(value), row=row) from error
    if not number.is_finite():
        raise InputError(name, f"{_shown(value)} is not a result", "leave the row out or correct it", row=row)
    return number


def _exact(value: Any) -> Decimal:
    if isinstance(value, str):
        if "_" in value:
            raise ValueError(value)
        return Decimal(value.strip().replace("\N{MINUS SIGN}", "-"))
    if isinstance(value, Decimal):
        return value
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(value)
    if isinstance(value, Integral):
        return Decimal(int(value))
    if isinstance(value, (Real, Fraction)):
        return Decimal(float(value))
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return _exact(value.item())
    raise TypeError(value)


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _mend_text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith(("<", ">", "≤", "≥", "＜", "＞")):
        return "censored results are evaluated by `censored`; leave the row out here"
    if "," in text or "，" in text:
        return "write the decimal mark as a point and no thousands separator"
    return "give a number or leave the row out"


def centre_decimals(decimals: list[Decimal]) -> tuple[NDArray[np.float64], float]:
    """Exact decimal differences from the middle value, so that equal steps as written stay equal as float64."""
    if not decimals:
        return np.empty(0), 0.0
    with localcontext() as context:
        context.prec = DECIMAL_DIGITS
        origin = sorted(decimals)[len(decimals) // 2]
        return np.array([float(value - origin) for value in decimals], dtype=np.float64), float(origin)
