"""The one gate through which data enter: strings, Decimals, lists and arrays become finite float64 or an InputError.

Written numbers (str, Decimal) are centred in decimal arithmetic before they become binary, so that a result of
1000000000000.4 keeps the 0.4 that a float64 would blur. Rows and measurands are counted from 1 in messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from intercomp.errors import InputError
from intercomp.written import DECIMAL_DIGITS, as_decimal, centre_decimals, is_missing, is_written

FloatArray = NDArray[np.float64]

_MISSING = Decimal("NaN")
_BLOCK_VALUES = 1 << 18  # one block and its temporaries stay near the cache of a core


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """A 1-D data set as deviations (float64, exact where the data were written numbers) from one of its own values."""

    deviations: FloatArray
    origin: float

    @property
    def n(self) -> int:
        return self.deviations.size

    @property
    def values(self) -> FloatArray:
        """The results themselves, rounded once more by the addition; `as_values` gives them as they came."""
        return self.deviations + self.origin


def as_values(x: Any, name: str = "x", *, minimum: int = 1) -> FloatArray:
    """A 1-D float64 array of finite results; InputError on text that is no number, NaN, infinities, too few."""
    if not is_written(x):
        return _finite_vector(x, name, minimum)
    decimals = _decimals(x, name, minimum)
    return np.array([float(value) for value in decimals], dtype=np.float64)


def as_centred(x: Any, name: str = "x", *, minimum: int = 1) -> Centred:
    """A 1-D data set as deviations from its middle value (an order statistic, so the order does not matter)."""
    if not is_written(x):
        values = _finite_vector(x, name, minimum)
        origin = float(np.partition(values, values.size // 2)[values.size // 2])
        return Centred(values - origin, origin)
    deviations, origin = centre_decimals(_decimals(x, name, minimum))
    return Centred(deviations, origin)


def _decimals(x: Any, name: str, minimum: int) -> list[Decimal]:
    decimals = [as_decimal(value, name, row) for row, value in enumerate(_flat(x, name), start=1)]
    _enough(len(decimals), name, minimum)
    return decimals


def as_uncertainties(u: Any, name: str = "u", *, length: int | None = None, zero: bool = False) -> FloatArray:
    """Uncertainties as a 1-D float64 array, every one > 0 (or ≥ 0 with `zero`), of the given length."""
    values = as_values(u, name)
    if length is not None and values.size != length:
        raise InputError(name, f"{values.size} uncertainties for {length} results", "give one uncertainty per result")
    bad = np.flatnonzero(values < 0 if zero else values <= 0)
    if bad.size:
        least = "zero or more" if zero else "greater than zero"
        raise InputError(
            name, f"{values[bad[0]]:g} is no uncertainty", f"give one {least} or leave the row out", row=int(bad[0]) + 1
        )
    return values


def as_scalar(value: Any, name: str, *, positive: bool = False, zero: bool = False) -> float:
    """One finite number; `positive` asks for > 0, `zero` for ≥ 0."""
    if not isinstance(value, (str, Decimal)) and np.ndim(value) != 0:
        raise InputError(name, "one number is wanted, not an array", "give a single number")
    number = float(as_decimal(value, name, None))
    if (positive and number <= 0) or (zero and number < 0):
        mend = "give a number greater than zero" if positive else "give zero or more"
        raise InputError(name, f"{number:g} is too small", mend)
    return number


def as_broadcast(values: Any, name: str) -> FloatArray:
    """A finite float64 array of any shape (a 2-D array may hold NaN as padding), for arithmetic result by result."""
    array = _plain(values, name)
    if array.dtype.kind in "OUS":
        return as_decimals(array, name).astype(np.float64)
    array = _as_float(values, array, name)
    _refuse_not_finite(array, name, padding=array.ndim >= 2)
    return array


def as_decimals(values: Any, name: str) -> NDArray[np.object_]:
    """An array of Decimals of the same shape; in a table None, "" and NaN are missing and become Decimal("NaN")."""
    array = _plain(values, name)
    padding = array.ndim >= 2
    flat = [
        _MISSING if padding and is_missing(value) else as_decimal(value, name, row)
        for row, value in enumerate(array.ravel().tolist(), start=1)
    ]
    decimals = np.empty(array.size, dtype=object)
    decimals[:] = flat
    return decimals.reshape(array.shape)


def exact_difference(minuend: Any, subtrahend: Any, names: tuple[str, str]) -> FloatArray | None:
    """minuend − subtrahend in decimal arithmetic where the minuend are written numbers; None where they are floats."""
    array = _plain(minuend, names[0])
    if array.dtype.kind not in "OUS":
        return None
    with localcontext() as context:
        context.prec = DECIMAL_DIGITS
        reference = as_decimals(subtrahend, names[1])
        if array.ndim == 2 and reference.ndim == 1:
            reference = reference[:, None]
        return np.asarray(as_decimals(array, names[0]) - reference, dtype=np.float64)


def same_length(**arrays: Sequence[Any] | FloatArray) -> None:
    """InputError unless all the named arrays have one length."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise InputError(" and ".join(lengths), f"unequal lengths ({told})", "give one entry per result in each")


# --- many measurands at once ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One or many measurands: `form` tells whether results leave as scalars ("one") or arrays ("table", "ragged").

    table    (m, p) float64, NaN where a laboratory has no result; None for ragged data
    values, offsets   the results of measurand i are values[offsets[i]:offsets[i + 1]]; None for a table
    origins  (m,) what was subtracted from each measurand, exactly, before it became float64
    """

    form: Literal["one", "table", "ragged"]
    name: str
    table: FloatArray | None
    values: FloatArray | None
    offsets: NDArray[np.int64] | None
    origins: FloatArray

    @property
    def measurands(self) -> int:
        return self.origins.size

    def blocks(self) -> Iterator[tuple[NDArray[np.int64] | slice, FloatArray]]:
        """Pairs (measurands, NaN-padded 2-D array of theirs), each small enough for the cache."""
        if self.table is not None:
            step = max(1, _BLOCK_VALUES // max(1, self.table.shape[1]))
            for start in range(0, len(self.table), step):
                yield slice(start, min(start + step, len(self.table))), self.table[start : start + step]
        else:
            yield from self._ragged_blocks()

    def _ragged_blocks(self) -> Iterator[tuple[NDArray[np.int64], FloatArray]]:
        """Measurands of like size (within a factor of two) share a block, so padding never doubles the data."""
        assert self.values is not None and self.offsets is not None
        lengths = np.diff(self.offsets)
        sizes = np.frexp(lengths.astype(np.float64))[1]
        for size in np.unique(sizes):
            members = np.flatnonzero(sizes == size)
            width = int(lengths[members].max())
            step = max(1, _BLOCK_VALUES // max(1, width))
            for start in range(0, members.size, step):
                chosen = members[start : start + step]
                yield chosen, self._padded(chosen, lengths[chosen])

    def _padded(self, chosen: NDArray[np.int64], lengths: NDArray[np.int64]) -> FloatArray:
        assert self.values is not None and self.offsets is not None
        within = np.arange(int(lengths.max(initial=0)))
        inside = within < lengths[:, None]
        padded = np.full(inside.shape, np.nan)
        padded[inside] = self.values[(self.offsets[chosen][:, None] + within)[inside]]
        return padded

    def shaped(self, per_measurand: NDArray[Any]) -> Any:
        """The figure of the one measurand as a Python scalar, or the array of all."""
        return per_measurand[0].item() if self.form == "one" else per_measurand


def as_batch(x: Any, name: str = "x", *, minimum: int = 1) -> Batch:
    """Take x as one measurand (1-D), a table (2-D, NaN or masked = no result), or ragged: (values, offsets) or lists.

    `minimum` results are asked of a single measurand; in a batch a measurand with fewer gets its status instead.
    """
    if isinstance(x, tuple) and len(x) == 2 and _is_list_of_lists(x):
        return _ragged(x[0], x[1], name)
    if isinstance(x, np.ma.MaskedArray):
        x = np.ma.filled(x.astype(np.float64), np.nan)
    if _is_list_of_lists(x) and len({len(row) for row in x}) > 1:
        return _ragged_lists(x, name)
    if _plain(x, name).ndim <= 1:
        one = as_centred(x, name, minimum=minimum) if is_written(x) else None
        values = one.deviations if one else _finite_vector(x, name, minimum)
        return Batch("one", name, values[None, :], None, None, np.array([one.origin if one else 0.0]))
    return _table(x, name)


def _table(x: Any, name: str) -> Batch:
    array = _plain(x, name)
    if array.ndim != 2:
        raise InputError(name, f"{array.ndim} dimensions", "give one row per measurand, one column per laboratory")
    if array.dtype.kind in "OUS":
        batch = _ragged_lists([[value for value in row if not is_missing(value)] for row in array], name)
        assert batch.values is not None and batch.offsets is not None
        return Batch("table", name, None, batch.values, batch.offsets, batch.origins)
    table = _as_float(x, array, name)
    _refuse_not_finite(table, name, padding=True)
    return Batch("table", name, table, None, None, np.zeros(len(table)))


def _ragged(values: Any, offsets: Any, name: str) -> Batch:
    bounds = np.asarray(offsets)
    if bounds.ndim != 1 or bounds.size < 2 or bounds.dtype.kind not in "iu":
        raise InputError("offsets", "not a list of whole numbers", "give 0, then the end of each measurand in values")
    bounds = bounds.astype(np.int64)
    if bounds[0] != 0 or bounds[-1] != len(values) or np.any(np.diff(bounds) < 0):
        raise InputError("offsets", f"they do not run from 0 to {len(values)} without falling back", "count them anew")
    if is_written(values):
        return _ragged_lists([values[a:b] for a, b in pairwise(bounds)], name)
    flat = _finite_vector(values, name, 0)
    return Batch("ragged", name, None, flat, bounds, np.zeros(bounds.size - 1))


def _ragged_lists(rows: Sequence[Any], name: str) -> Batch:
    parts, origins = [], np.zeros(len(rows))
    for index, row in enumerate(rows):
        one = as_centred(row, f"{name}, measurand {index + 1}", minimum=0) if len(row) else None
        parts.append(one.deviations if one else np.empty(0))
        origins[index] = one.origin if one else 0.0
    offsets = np.concatenate([[0], np.cumsum([part.size for part in parts])]).astype(np.int64)
    flat = np.concatenate(parts) if parts else np.empty(0)
    return Batch("ragged", name, None, flat, offsets, origins)


# --- single values --------------------------------------------------------------------------------------------------


def _is_list_of_lists(x: Any) -> bool:
    return isinstance(x, (list, tuple)) and len(x) > 0 and all(isinstance(row, (list, tuple, np.ndarray)) for row in x)


def _plain(x: Any, name: str) -> NDArray[Any]:
    try:
        return np.asarray(x)
    except ValueError as error:
        raise InputError(name, "rows of unequal lengths", "give one list of results") from error


def _flat(x: Any, name: str) -> list[Any]:
    if isinstance(x, (str, bytes)):
        raise InputError(name, "one text is not a list of results", "give the results as separate entries")
    array = x.tolist() if isinstance(x, np.ndarray) else list(x)
    if any(isinstance(value, (list, tuple, np.ndarray)) for value in array):
        raise InputError(name, "more than one dimension", "give one list of results")
    return array


def _finite_vector(x: Any, name: str, minimum: int) -> FloatArray:
    array = _as_float(x, _plain(x, name), name)
    if array.ndim != 1:
        raise InputError(name, f"{array.ndim} dimensions", "give one list of results")
    _enough(array.size, name, minimum)
    _refuse_not_finite(array, name, padding=False)
    return array


def _as_float(x: Any, array: NDArray[Any], name: str) -> FloatArray:
    if array.dtype.kind == "O":
        return np.array([float(as_decimal(v, name, row)) for row, v in enumerate(_flat(x, name), start=1)])
    if array.dtype.kind not in "iuf":
        raise InputError(name, f"entries of type {array.dtype} are no results", "give real numbers")
    return array.astype(np.float64, copy=False)


def _refuse_not_finite(array: FloatArray, name: str, *, padding: bool) -> None:
    bad = np.isinf(array) if padding else ~np.isfinite(array)
    if not bad.any():
        return
    where = np.argwhere(bad)[0]
    told = "NaN" if np.isnan(array[tuple(where)]) else "an infinity"
    measurand = int(where[0]) + 1 if array.ndim > 1 else None
    mend = "leave the row out or correct it"
    row = int(where[-1]) + 1 if array.ndim else None
    raise InputError(name, f"{told} is not a result", mend, row=row, measurand=measurand)


def _enough(found: int, name: str, minimum: int) -> None:
    if found < minimum:
        told = "no result" if found == 0 else "one result" if found == 1 else f"{found} results"
        raise InputError(name, told, f"give at least {minimum}")


def as_square(matrix: ArrayLike, name: str, *, size: int) -> FloatArray:
    """A finite symmetric (size, size) matrix, such as a covariance or correlation matrix."""
    array = as_broadcast(matrix, name)
    if array.shape != (size, size):
        raise InputError(name, f"shape {array.shape}", f"give a {size} × {size} matrix")
    if not np.all(np.isfinite(array)):
        raise InputError(name, "NaN in the matrix", "fill every entry")
    if not np.allclose(array, array.T, rtol=1e-9, atol=1e-12 * float(np.abs(array).max(initial=0.0))):
        raise InputError(name, "not symmetric", "make entry (i, j) equal to entry (j, i)")
    return array
