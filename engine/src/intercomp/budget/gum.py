"""The law of propagation of uncertainty, first and second order, for one measurand or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from intercomp.budget.formula import Formula, check_names, derivatives
from intercomp.budget.quantities import Quantity, quantities
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_scalar, as_square

_NOTABLE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Budget:
    """One measurand: y ± u, U = k u, and a line per input.

    sensitivities   c_i = ∂f/∂x_i        contributions   c_i u_i, with sign        shares   part of u², they sum to 1
    nu_eff          effective degrees of freedom; inf where every ν is        u_second_order   u with the terms of GUM 5.1.2
    y_second_order  y + ½ Σ ∂²f/∂x_i² u_i², the mean as far as second order sees it
    """

    formula: str
    names: tuple[str, ...]
    y: float
    u: float
    sensitivities: FloatArray
    contributions: FloatArray
    shares: FloatArray
    nu_eff: float
    k: float
    U: float
    p: float | None
    lwr: float
    upr: float
    u_second_order: float | None
    y_second_order: float
    n: int
    method: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateBudget:
    """Several measurands of the same inputs: values and u (m,), covariance and correlation (m, m), sensitivities (m, n)."""

    formulas: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    values: FloatArray
    u: FloatArray
    covariance: FloatArray
    correlation: FloatArray
    sensitivities: FloatArray
    n: int
    method: str = "GUM, first order, multivariate (JCGM 102)"

    def value(self, name: str) -> tuple[float, float]:
        """(y, u) of the measurand of that name."""
        names = [formula_name for formula_name, _ in self.formulas]
        if name not in names:
            raise InputError("name", f"{name!r} is no measurand", f"choose one of {', '.join(names)}")
        return float(self.values[names.index(name)]), float(self.u[names.index(name)])


def budget(
    formula: str | Mapping[str, str],
    inputs: Sequence[Any] | Mapping[str, Any],
    *,
    correlation: Any = None,
    p: float | None = 0.95,
    k: Any = None,
) -> Any:
    """u²(y) = Σ_i Σ_j c_i c_j u_i u_j r_ij with c_i = ∂f/∂x_i exact; a Budget, or for {name: formula} a MultivariateBudget.

    formula      text over the names of the inputs, with explicit * and ** (see `formula`); never executed as Python
    inputs       mappings {"name", "dist", …} (see `Quantity`); correlation   (n, n) in the order of the inputs
    p, k         U = k u with k = t_p(ν_eff), ν_eff by Welch-Satterthwaite (correlated inputs count as one source) and
                 cut to a whole number for t (G.4.1), or with the k given (then p is None)
    Second order adds Σ_i Σ_j [½ (∂²f/∂x_i∂x_j)² + ∂f/∂x_i ∂³f/∂x_i∂x_j²] u_i² u_j², for independent inputs.
    InputError: a formula that is no arithmetic, a name without an input, no finite value at the estimates.
    Source: JCGM 100:2008, eqs. 10, 13, 16, G.2b and 5.1.2 note; JCGM 102:2011, 6.2.
    """
    given = quantities(inputs)
    R = as_correlation(correlation, len(given))
    if not isinstance(formula, str):
        return _multivariate(dict(formula), given, R)
    parsed = Formula.parse(formula)
    check_names(parsed, tuple(quantity.name for quantity in given))
    y, contributions, second_y, second_u2 = _expanded(parsed, given)
    variance = float(contributions @ R @ contributions)
    independent = bool(np.all(np.eye(len(given)) == R))
    return _told(parsed, given, R, y, contributions, variance, second_y, second_u2 if independent else None, p, k)


def _told(
    formula: Formula,
    given: tuple[Quantity, ...],
    R: FloatArray,
    y: float,
    contributions: FloatArray,
    variance: float,
    second_y: float,
    second_u2: float | None,
    p: float | None,
    k: Any,
) -> Budget:
    u = max(variance, 0.0) ** 0.5
    nu_eff, notes = _effective(contributions, R, np.array([quantity.nu for quantity in given]), variance)
    factor = _coverage(p, k, nu_eff)
    scale = np.array([quantity.u for quantity in given])
    sensitivities = np.divide(contributions, scale, out=_sensitivities(formula, given), where=scale > 0)
    second = None if second_u2 is None else max(variance + second_u2, 0.0) ** 0.5
    if second is not None and abs(second - u) > _NOTABLE * u:
        notes.append(
            f"the model is not linear over the uncertainties: with second order u = {second:.4g}; use monte_carlo"
        )
    shares = contributions * (R @ contributions) / variance if variance > 0 else np.zeros(len(given))
    return Budget(
        formula.text, tuple(quantity.name for quantity in given), y, u, sensitivities, contributions, shares, nu_eff,
        factor, factor * u, None if k is not None else p, y - factor * u, y + factor * u,
        second, y + second_y, len(given),
        "GUM, first order", tuple(notes),
    )  # fmt: skip


def _expanded(formula: Formula, given: tuple[Quantity, ...]) -> tuple[float, FloatArray, float, float]:
    """y, the contributions c_i u_i, ½ Σ f_ii u_i² and the second-order part of u², from lines along u_i, u_i ± u_j."""
    n, at = len(given), {quantity.name: quantity.mean for quantity in given}
    axes = np.diag([quantity.u for quantity in given])
    i, j = np.triu_indices(n, 1)
    jet = derivatives(formula, at, np.concatenate([axes, axes[i] + axes[j], axes[i] - axes[j]]))
    _refuse_not_finite(formula, at, jet.g0[:1], jet.g1[:n])
    first, second, third = jet.g1[:n], jet.g2[:n], jet.g3[:n]
    plus, minus = slice(n, n + i.size), slice(n + i.size, None)
    mixed = (jet.g2[plus] - jet.g2[minus]) / 4
    f_ijj = (jet.g3[plus] + jet.g3[minus] - 2 * third[i]) / 6
    f_jii = (jet.g3[plus] - jet.g3[minus] - 2 * third[j]) / 6
    u2 = 0.5 * float(second @ second) + float(first @ third)
    u2 += float((mixed**2 + first[i] * f_ijj + first[j] * f_jii).sum())
    return float(jet.g0[0]), first, 0.5 * float(second.sum()), u2


def _sensitivities(formula: Formula, given: tuple[Quantity, ...]) -> FloatArray:
    at = {quantity.name: quantity.mean for quantity in given}
    slopes: FloatArray = derivatives(formula, at, np.eye(len(given))).g1.copy()
    return slopes


def _refuse_not_finite(formula: Formula, at: Mapping[str, float], value: FloatArray, slopes: FloatArray) -> None:
    if not np.all(np.isfinite(value)):
        raise InputError("formula", f"{formula.text} has no finite value at the estimates", "check the inputs' units")
    bad = np.flatnonzero(~np.isfinite(slopes))
    if bad.size:
        name = list(at)[int(bad[0])]
        raise InputError("formula", f"no derivative with respect to {name} at the estimate", "use monte_carlo instead")


def as_correlation(correlation: Any, n: int) -> FloatArray:
    """A correlation matrix (n, n), the identity where none is given; InputError where no such matrix can be."""
    if correlation is None:
        return np.eye(n)
    R = as_square(correlation, "correlation", size=n)
    if not np.allclose(np.diag(R), 1.0):
        raise InputError("correlation", "the diagonal is not 1", "give correlation coefficients, not covariances")
    if float(np.linalg.eigvalsh(R).min()) < -1e-9:
        raise InputError("correlation", "no such correlations exist together", "recompute them from the same data")
    return R


def _effective(contributions: FloatArray, R: FloatArray, nu: FloatArray, variance: float) -> tuple[float, list[str]]:
    """u⁴/Σ (u_g⁴/ν_g) over the groups of correlated inputs; a group has the smallest ν among its members."""
    total, notes = 0.0, []
    for group in _groups(R, contributions):
        part = float(contributions[group] @ R[np.ix_(group, group)] @ contributions[group])
        smallest = float(nu[group].min())
        total += part**2 / smallest
        if len(group) > 1 and smallest < nu[group].max():
            notes.append(f"correlated inputs with different degrees of freedom count with the smallest, {smallest:g}")
    return (variance**2 / total if total > 0 else np.inf), notes


def _groups(R: FloatArray, contributions: FloatArray) -> list[list[int]]:
    """Connected components of 'is correlated with', among the inputs that contribute."""
    left, groups = [i for i in range(len(contributions)) if contributions[i] != 0], []
    while left:
        group = [left.pop(0)]
        for member in group:
            joined = [j for j in left if R[member, j] != 0]
            group += joined
            left = [j for j in left if j not in joined]
        groups.append(group)
    return groups


def _coverage(p: float | None, k: Any, nu_eff: float) -> float:
    if k is not None:
        return as_scalar(k, "k", positive=True)
    if p is None or not 0 < p < 1:
        raise InputError("p", f"{p} is no coverage probability", "give one between 0 and 1, or k")
    level = 0.5 + p / 2
    if np.isinf(nu_eff):
        return float(special.ndtri(level))
    return float(special.stdtrit(max(np.floor(nu_eff), min(nu_eff, 1.0)), level))


def _multivariate(formulas: dict[str, str], given: tuple[Quantity, ...], R: FloatArray) -> MultivariateBudget:
    names = tuple(quantity.name for quantity in given)
    at = {quantity.name: quantity.mean for quantity in given}
    values, slopes = [], []
    for text in formulas.values():
        parsed = Formula.parse(text)
        check_names(parsed, names)
        jet = derivatives(parsed, at, np.eye(len(given)))
        _refuse_not_finite(parsed, at, jet.g0[:1], jet.g1)
        values.append(float(jet.g0[0]))
        slopes.append(jet.g1)
    J, scale = np.stack(slopes), np.array([quantity.u for quantity in given])
    C = J @ (R * np.outer(scale, scale)) @ J.T
    u = np.sqrt(np.diag(C))
    both = np.outer(u, u)
    correlation = np.divide(C, both, out=np.eye(len(u)), where=both > 0)
    return MultivariateBudget(tuple(formulas.items()), names, np.array(values), u, C, correlation, J, len(given))
