"""Input quantities of a budget: a distribution, its mean, standard uncertainty and degrees of freedom, and its draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_scalar

_PARAMETERS = {
    "normal": (("mu", "sigma"),),
    "t": (("mu", "sigma", "nu"),),
    "rectangular": (("a", "b"), ("mu", "sigma")),
    "triangular": (("a", "b"), ("mu", "sigma")),
    "arcsine": (("a", "b"), ("mu", "sigma")),
    "trapezoidal": (("a", "b", "beta"),),
    "ctrap": (("a", "b", "d"),),
    "exponential": (("mu",),),
    "constant": (("mu",),),
}
_HALF_WIDTH_IN_SD = {"rectangular": 3**0.5, "triangular": 6**0.5, "arcsine": 2**0.5}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named input with what is known of it.

    dist         normal (mu, sigma) · t (mu, scale sigma, nu) · rectangular, triangular, arcsine (a, b or mu, sigma) ·
                 trapezoidal (a, b, beta = top/base) · ctrap (a, b, each limit known to ± d) · exponential (mu) · constant
    mean, u, nu  estimate, standard uncertainty and its degrees of freedom as the GUM takes them. For t, u is the scale:
                 the SD of the distribution is sigma √(ν/(ν − 2)), which Monte Carlo sees and the GUM leaves to ν_eff.
    """

    name: str
    dist: str
    mean: float
    u: float
    nu: float
    parameters: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, spec: Any, row: int = 1) -> Quantity:
        """From a mapping such as {"name": "m", "dist": "normal", "mu": 1, "sigma": 0.1}; InputError names row and key."""
        if isinstance(spec, Quantity):
            return spec
        if not isinstance(spec, Mapping):
            raise InputError("inputs", "not a mapping", "give name, dist and its parameters", row=row)
        name, dist = spec.get("name"), spec.get("dist", "normal")
        if not isinstance(name, str) or not name.isidentifier():
            raise InputError("inputs", f"{name!r} cannot be a name in a formula", "use letters, digits and _", row=row)
        if dist not in _PARAMETERS:
            raise InputError("inputs", f"{name}: dist {dist!r} is not known", f"use {', '.join(_PARAMETERS)}", row=row)
        values = _parameters(spec, name, dist, row)
        nu = as_scalar(spec["nu"], f"inputs, {name}: nu", positive=True) if spec.get("nu") is not None else np.inf
        return cls(name, dist, *_mean_and_u(dist, values, name, row), nu, tuple(values.items()))

    @property
    def dimensions(self) -> int:
        """How many uniform numbers one value takes in `placed`."""
        return 2 if self.dist in ("ctrap", "trapezoidal") else 1

    def draws(self, random: np.random.Generator, n: int) -> FloatArray:
        """n independent draws."""
        return _DRAWS[self.dist](random, n, dict(self.parameters))

    def placed(self, v: FloatArray) -> FloatArray:
        """The values at points v (dimensions, n) of the unit cube: uniform v give this distribution."""
        return _PLACED[self.dist](v, dict(self.parameters))


def quantities(inputs: Sequence[Any] | Mapping[str, Any]) -> tuple[Quantity, ...]:
    """The inputs in order, from a list of mappings or from {name: mapping}; InputError for a name given twice."""
    listed = [{"name": name, **spec} for name, spec in inputs.items()] if isinstance(inputs, Mapping) else list(inputs)
    found = tuple(Quantity.of(spec, row) for row, spec in enumerate(listed, start=1))
    if not found:
        raise InputError("inputs", "there are none", "give at least one")
    names = [quantity.name for quantity in found]
    for row, name in enumerate(names, start=1):
        if name in names[: row - 1]:
            raise InputError("inputs", f"{name} is given twice", "keep one", row=row)
    return found


def _parameters(spec: Mapping[str, Any], name: str, dist: str, row: int) -> dict[str, float]:
    for keys in _PARAMETERS[dist]:
        if all(spec.get(key) is not None for key in keys):
            return {key: as_scalar(spec[key], f"inputs, {name}: {key}") for key in keys}
    wanted = " or ".join(", ".join(keys) for keys in _PARAMETERS[dist])
    raise InputError("inputs", f"{name}: a parameter of {dist} is missing", f"give {wanted}", row=row)


def _mean_and_u(dist: str, values: dict[str, float], name: str, row: int) -> tuple[float, float]:
    if "a" in values:
        width = values["b"] - values["a"]
        if not width > 0:
            raise InputError("inputs", f"{name}: b is not above a", "give the lower limit as a", row=row)
        return 0.5 * (values["a"] + values["b"]), _u_between(dist, width, values, name, row)
    if dist in ("exponential", "constant"):
        return values["mu"], abs(values["mu"]) if dist == "exponential" else 0.0
    if values["sigma"] < 0:
        raise InputError("inputs", f"{name}: sigma is negative", "give zero or more", row=row)
    return values["mu"], values["sigma"]


def _u_between(dist: str, width: float, values: dict[str, float], name: str, row: int) -> float:
    """Standard uncertainty of the distributions between two limits (JCGM 101, 6.4.2-6.4.6)."""
    if dist == "ctrap":
        if not 0 <= values["d"] <= width / 2:
            raise InputError("inputs", f"{name}: d does not fit between a and b", "give 0 ≤ d ≤ (b − a)/2", row=row)
        return (width**2 / 12 + values["d"] ** 2 / 9) ** 0.5
    if dist == "trapezoidal":
        if not 0 <= values["beta"] <= 1:
            raise InputError("inputs", f"{name}: beta is no ratio", "give 0 (triangle) to 1 (rectangle)", row=row)
        return width / 2 * ((1 + values["beta"] ** 2) / 6) ** 0.5
    return width / 2 / _HALF_WIDTH_IN_SD[dist]


def _limits(dist: str, p: dict[str, float]) -> tuple[float, float]:
    if "a" in p:
        return p["a"], p["b"]
    half = p["sigma"] * _HALF_WIDTH_IN_SD[dist]
    return p["mu"] - half, p["mu"] + half


def _normal(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    draws = random.standard_normal(n)
    draws *= p["sigma"]
    draws += p["mu"]
    return draws


def _student(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    return p["mu"] + p["sigma"] * random.standard_t(p["nu"], n)


def _rectangular(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    a, b = _limits("rectangular", p)
    draws = random.random(n)
    draws *= b - a
    draws += a
    return draws


def _triangular(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    a, b = _limits("triangular", p)
    return a + 0.5 * (b - a) * (random.random(n) + random.random(n))


def _arcsine(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    a, b = _limits("arcsine", p)
    return 0.5 * (a + b) + 0.5 * (b - a) * np.sin(2 * np.pi * random.random(n))


def _trapezoidal(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    wide, narrow = (1 + p["beta"]) * random.random(n), (1 - p["beta"]) * random.random(n)
    return p["a"] + 0.5 * (p["b"] - p["a"]) * (wide + narrow)


def _curvilinear(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    low = p["a"] - p["d"] + 2 * p["d"] * random.random(n)
    return low + (p["a"] + p["b"] - 2 * low) * random.random(n)


def _exponential(random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    return p["mu"] * random.standard_exponential(n)


def _constant(_random: np.random.Generator, n: int, p: dict[str, float]) -> FloatArray:
    return np.full(n, p["mu"])


_DRAWS: dict[str, Callable[[np.random.Generator, int, dict[str, float]], FloatArray]] = {
    "normal": _normal,
    "t": _student,
    "rectangular": _rectangular,
    "triangular": _triangular,
    "arcsine": _arcsine,
    "trapezoidal": _trapezoidal,
    "ctrap": _curvilinear,
    "exponential": _exponential,
    "constant": _constant,
}


def _between(dist: str, share: FloatArray, p: dict[str, float]) -> FloatArray:
    a, b = _limits(dist, p)
    return a + (b - a) * share


def _placed_triangular(v: FloatArray, p: dict[str, float]) -> FloatArray:
    rising, falling = np.sqrt(v[0] / 2), 1 - np.sqrt((1 - v[0]) / 2)
    return _between("triangular", np.where(v[0] < 0.5, rising, falling), p)


def _placed_trapezoidal(v: FloatArray, p: dict[str, float]) -> FloatArray:
    return p["a"] + 0.5 * (p["b"] - p["a"]) * ((1 + p["beta"]) * v[0] + (1 - p["beta"]) * v[1])


def _placed_curvilinear(v: FloatArray, p: dict[str, float]) -> FloatArray:
    low = p["a"] - p["d"] + 2 * p["d"] * v[0]
    return low + (p["a"] + p["b"] - 2 * low) * v[1]


_PLACED: dict[str, Callable[[FloatArray, dict[str, float]], FloatArray]] = {
    "normal": lambda v, p: p["mu"] + p["sigma"] * special.ndtri(v[0]),
    "t": lambda v, p: p["mu"] + p["sigma"] * special.stdtrit(p["nu"], v[0]),
    "rectangular": lambda v, p: _between("rectangular", v[0], p),
    "triangular": _placed_triangular,
    "arcsine": lambda v, p: _between("arcsine", 0.5 - 0.5 * np.cos(np.pi * v[0]), p),
    "trapezoidal": _placed_trapezoidal,
    "ctrap": _placed_curvilinear,
    "exponential": lambda v, p: -p["mu"] * np.log1p(-v[0]),
    "constant": lambda v, p: np.full(v.shape[1], p["mu"]),
}
