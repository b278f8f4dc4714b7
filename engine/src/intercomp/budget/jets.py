"""Derivatives up to the third along straight lines, carried through a formula exactly (no differences, no step size).

A jet holds g, g′, g″, g‴ at 0 of g(t) = f(x + t v), for many directions v at once. Mixed partial derivatives follow from
lines along v_i + v_j and v_i − v_j.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.inputs import FloatArray

Real = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one real number with its first three derivatives (each of the argument)."""

    value: Real
    first: Real
    second: Real
    third: Real


_LN_2, _LN_10 = float(np.log(2.0)), float(np.log(10.0))


def _logarithm(value: Real, ln_base: float) -> Function:
    return Function(value, lambda t: 1 / (ln_base * t), lambda t: -1 / (ln_base * t**2), lambda t: 2 / (ln_base * t**3))


_LOG = _logarithm(np.log, 1.0)
_ASIN = Function(
    np.arcsin,
    lambda t: (1 - t**2) ** -0.5,
    lambda t: t * (1 - t**2) ** -1.5,
    lambda t: (1 + 2 * t**2) * (1 - t**2) ** -2.5,
)
_ATAN = Function(
    np.arctan,
    lambda t: 1 / (1 + t**2),
    lambda t: -2 * t / (1 + t**2) ** 2,
    lambda t: (6 * t**2 - 2) / (1 + t**2) ** 3,
)
_TAN = Function(
    np.tan,
    lambda t: 1 / np.cos(t) ** 2,
    lambda t: 2 * np.tan(t) / np.cos(t) ** 2,
    lambda t: (2 + 6 * np.tan(t) ** 2) / np.cos(t) ** 2,
)
_TANH = Function(
    np.tanh,
    lambda t: 1 - np.tanh(t) ** 2,
    lambda t: -2 * np.tanh(t) * (1 - np.tanh(t) ** 2),
    lambda t: (6 * np.tanh(t) ** 2 - 2) * (1 - np.tanh(t) ** 2),
)
FUNCTIONS = {
    "sqrt": Function(np.sqrt, lambda t: 0.5 * t**-0.5, lambda t: -0.25 * t**-1.5, lambda t: 0.375 * t**-2.5),
    "exp": Function(np.exp, np.exp, np.exp, np.exp),
    "log": _LOG,
    "ln": _LOG,
    "log10": _logarithm(np.log10, _LN_10),
    "log2": _logarithm(np.log2, _LN_2),
    "sin": Function(np.sin, np.cos, lambda t: -np.sin(t), lambda t: -np.cos(t)),
    "cos": Function(np.cos, lambda t: -np.sin(t), lambda t: -np.cos(t), np.sin),
    "tan": _TAN,
    "asin": _ASIN,
    "acos": Function(np.arccos, lambda t: -_ASIN.first(t), lambda t: -_ASIN.second(t), lambda t: -_ASIN.third(t)),
    "atan": _ATAN,
    "sinh": Function(np.sinh, np.cosh, np.sinh, np.cosh),
    "cosh": Function(np.cosh, np.sinh, np.cosh, np.sinh),
    "tanh": _TANH,
    "abs": Function(np.abs, np.sign, lambda t: 0.0 * t, lambda t: 0.0 * t),
}


@dataclass(frozen=True, slots=True, eq=False)
class Jet:
    """g and its first three derivatives, each an array over the directions."""

    g0: Any
    g1: Any
    g2: Any
    g3: Any

    # NumPy's scalars must leave arithmetic with a jet to the jet.
    __array_ufunc__ = None

    @classmethod
    def line(cls, start: float, direction: FloatArray) -> Jet:
        zero = np.zeros(direction.shape)
        return cls(np.full(direction.shape, float(start)), np.asarray(direction, dtype=np.float64), zero, zero)

    @classmethod
    def of(cls, value: Any, directions: int) -> Jet:
        """A jet as it is; a constant as a jet that does not change."""
        return value if isinstance(value, Jet) else cls.line(value, np.zeros(directions))

    def __add__(self, other: Any) -> Jet:
        if isinstance(other, Jet):
            return Jet(self.g0 + other.g0, self.g1 + other.g1, self.g2 + other.g2, self.g3 + other.g3)
        return Jet(self.g0 + other, self.g1, self.g2, self.g3)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.g0, -self.g1, -self.g2, -self.g3)

    def __sub__(self, other: Any) -> Jet:
        return self + (-other)

    def __rsub__(self, other: Any) -> Jet:
        return -self + other

    def __mul__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.g0 * other, self.g1 * other, self.g2 * other, self.g3 * other)
        f0, f1, f2, f3 = other.g0, other.g1, other.g2, other.g3
        return Jet(
            self.g0 * f0,
            self.g1 * f0 + self.g0 * f1,
            self.g2 * f0 + 2 * self.g1 * f1 + self.g0 * f2,
            self.g3 * f0 + 3 * self.g2 * f1 + 3 * self.g1 * f2 + self.g0 * f3,
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Jet:
        return self * power(other, -1.0)

    def __rtruediv__(self, other: Any) -> Jet:
        return power(self, -1.0) * other

    def through(self, function: Function) -> Jet:
        """φ(g), by the chain rule three times."""
        d1, d2, d3 = function.first(self.g0), function.second(self.g0), function.third(self.g0)
        return Jet(
            function.value(self.g0),
            d1 * self.g1,
            d2 * self.g1**2 + d1 * self.g2,
            d3 * self.g1**3 + 3 * d2 * self.g1 * self.g2 + d1 * self.g3,
        )


def apply(function: Function, argument: Any) -> Any:
    """The function of a number, an array or a jet."""
    return argument.through(function) if isinstance(argument, Jet) else function.value(argument)


def power(base: Any, exponent: Any) -> Any:
    """base ** exponent; a whole-number exponent serves every base, any other only positive ones."""
    if isinstance(exponent, Jet):
        logarithm = base.through(_LOG) if isinstance(base, Jet) else np.log(base)
        return (exponent * logarithm).through(FUNCTIONS["exp"])
    if isinstance(base, Jet):
        return base.through(_power_function(float(exponent)))
    return _real_power(base, exponent)


def _power_function(n: float) -> Function:
    def derivative(order: int) -> Real:
        factor = float(np.prod([n - k for k in range(order)]))
        return lambda t: factor * _real_power(t, n - order) if factor else 0.0 * t

    return Function(derivative(0), derivative(1), derivative(2), derivative(3))


def _real_power(base: Any, exponent: Any) -> Any:
    """NumPy's power; small whole exponents as products, which are faster and exact where the power is."""
    if exponent == 2:
        return base * base
    if exponent == -1:
        return np.divide(1.0, base)
    return np.power(np.asarray(base, dtype=np.float64), exponent)[()]
