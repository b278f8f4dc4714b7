"""Where the values of a Monte Carlo calculation come from: random draws, or a shifted lattice of points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.budget.formula import Formula
from intercomp.budget.gum import as_correlation
from intercomp.budget.quantities import Quantity
from intercomp.errors import InputError
from intercomp.inputs import FloatArray

SAMPLING = ("random", "lattice")
_CHUNK = 1 << 14  # draws of all inputs and their intermediates stay in a core's cache

Points = Callable[[int, int], dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Blocks of values of a formula; blocks are independent of each other."""

    formula: Formula
    given: tuple[Quantity, ...]
    joined: tuple[int, ...]
    half: FloatArray
    sampling: str
    random: np.random.Generator

    @classmethod
    def of(cls, formula: Formula, given: tuple[Quantity, ...], correlation: Any, sampling: str, seed: int) -> Source:
        """InputError for a correlation that is not between normal inputs, or an unknown kind of sampling."""
        if sampling not in SAMPLING:
            raise InputError("sampling", f"{sampling!r}", f"choose one of {', '.join(SAMPLING)}")
        R = as_correlation(correlation, len(given))
        joined = tuple(int(row) for row in np.flatnonzero((np.abs(R) > 0).sum(1) > 1))
        for row in joined:
            if given[row].dist != "normal":
                told = f"{given[row].name} is correlated and {given[row].dist}"
                raise InputError("correlation", told, "only normal inputs can be drawn jointly", row=row + 1)
        random = np.random.Generator(np.random.SFC64(seed))
        return cls(formula, given, joined, _square_root(R[np.ix_(joined, joined)]), sampling, random)

    def fill(self, y: FloatArray) -> FloatArray:
        """Fill y with a new block; InputError where draws give no finite value."""
        points = self._drawn() if self.sampling == "random" else self._lattice()
        for start in range(0, y.size, _CHUNK):
            part = y[start : start + _CHUNK]
            part[:] = self.formula(points(start, part.size))
        bad = y.size - int(np.isfinite(y).sum())
        if bad:
            problem = f"{bad} of {y.size} draws give no finite value"
            raise InputError("formula", problem, "limit the inputs to where it has one")
        return y

    def _drawn(self) -> Points:
        alone = [quantity for row, quantity in enumerate(self.given) if row not in self.joined]

        def points(_start: int, n: int) -> dict[str, Any]:
            values: dict[str, Any] = {quantity.name: quantity.draws(self.random, n) for quantity in alone}
            if self.joined:
                values |= self._together(self.random.standard_normal((len(self.joined), n)))
            return values

        return points

    def _lattice(self) -> Points:
        """x_i = frac(i α + shift), folded by 1 − |2x − 1| so that its ends meet; α from the generalised golden ratio."""
        sizes = [quantity.dimensions for quantity in self.given]
        step = _golden(sum(sizes))[:, None]
        shift = self.random.random((sum(sizes), 1))
        ends = np.cumsum(sizes)

        def points(start: int, n: int) -> dict[str, Any]:
            v = 1 - np.abs(2 * ((step * np.arange(start, start + n) + shift) % 1.0) - 1)
            v = np.clip(v, 1e-16, 1 - 1e-16)
            parts = [v[end - size : end] for end, size in zip(ends, sizes, strict=True)]
            values = {q.name: q.placed(part) for q, part in zip(self.given, parts, strict=True)}
            if self.joined:
                values |= self._together(np.stack([special.ndtri(parts[row][0]) for row in self.joined]))
            return values

        return points

    def _together(self, z: FloatArray) -> dict[str, Any]:
        """The jointly normal inputs from independent standard normal rows."""
        named = [self.given[row] for row in self.joined]
        return {q.name: q.mean + q.u * row for q, row in zip(named, self.half @ z, strict=True)}


def _golden(dimensions: int) -> FloatArray:
    """1/φ, 1/φ², … with φ the root of φ^(d+1) = φ + 1 (Roberts 2018)."""
    phi = 2.0
    for _ in range(60):
        phi = (1 + phi) ** (1 / (dimensions + 1))
    powers: FloatArray = np.float64(1 / phi) ** np.arange(1, dimensions + 1)
    return powers


def _square_root(R: FloatArray) -> FloatArray:
    """A factor of R, also where it is singular (r = ±1)."""
    if not R.size:
        return R
    values, vectors = np.linalg.eigh(R)
    factor: FloatArray = vectors * np.sqrt(np.maximum(values, 0.0))
    return factor
