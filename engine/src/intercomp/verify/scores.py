"""Figures of scores and assigned values: kinds scores, uncertainty_screening, small_round, compare_reference …"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from intercomp.anova import mean_sd
from intercomp.assigned_value import assigned_by, by_comparison, compare_with_reference
from intercomp.m_estimates import q_hampel
from intercomp.pairwise import q_method
from intercomp.robust import algorithm_a, mad_e, median, niqr
from intercomp.scores import (
    deviation,
    deviation_percent,
    e_n,
    p_a,
    score_for,
    signals,
    u_is_negligible,
    uncertainty_flags,
    z,
    z_prime,
    zeta,
)
from intercomp.small_samples import mean_absolute_scale, score_ceiling
from intercomp.verify.figures import Data, Figures, MissingData, RowByRow, numbered
from intercomp.verify.homogeneity import homogeneity_of
from intercomp.verify.robust import results, robust

_NO_ROBUST_SCALE_BELOW = 6
_LOCATION: dict[str, Callable[[Any], float]] = {
    "hampel": lambda x: q_hampel(x).mean,
    "median": median,
    "alg": lambda x: algorithm_a(x).mean,
    "robust": lambda x: algorithm_a(x).mean,
    "mean": lambda x: mean_sd(x).mean,
}
_SCALE: dict[str, Callable[[Any], float]] = {
    "d.1": mean_absolute_scale,
    "niqr": niqr,
    "mad": mad_e,
    "hampel": q_method,
    "q method": q_method,
    "alg": lambda x: algorithm_a(x).sd,
    "s*": lambda x: algorithm_a(x).sd,
    "robust": lambda x: algorithm_a(x).sd,
    "sd": lambda x: mean_sd(x).sd,
    "standard deviation": lambda x: mean_sd(x).sd,
}


def _worded(words: str, table: dict[str, Callable[[Any], float]]) -> Callable[[Any], float] | None:
    return next((how for word, how in table.items() if word in words.lower()), None)


def _given(value: Any) -> float | None:
    """The value itself where it is a number, also a written one; None where it is a method in words."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


class Basis:
    """x_pt, u(x_pt), σ_pt and the results of a case: given as numbers, or made from the results as its options say."""

    def __init__(self, data: Data, options: Data):
        self.data, self.options = data, Data({**data, **options})
        self.x = results(data, options)

    def x_pt(self) -> float:
        asked = self.options.get("x_pt", self.options.get("assigned_value"))
        given = _given(asked)
        if given is not None:
            return given
        return self._by(f"{asked or ''} {self.options.get('assigned', '')} {self._consensus()}", _LOCATION, "x_pt")

    def sigma_pt(self) -> float:
        asked = self.options.get("sigma_pt", self.options.get("sigma_p"))
        given = _given(asked)
        if given is not None:
            return given
        return self._by(f"{asked or ''} {self.options.get('sigma', '')} {self._consensus()}", _SCALE, "sigma_pt")

    def _consensus(self) -> str:
        return str(self.options.get("consensus", ""))

    def _by(self, words: str, table: dict[str, Callable[[Any], float]], name: str) -> float:
        how = _worded(words, table)
        if how is None:
            raise MissingData(name)
        return how(self.x)

    def k_xpt(self) -> float:
        return float(self.options.get("k_xpt", 2))

    def u_xpt(self) -> float:
        if self.options.has("u_xpt u_x_pt"):
            given = _given(self.options.first("u_xpt u_x_pt"))
            if given is not None:
                return given
        if self.options.has("U_xpt U_x_pt"):
            return float(self.options.first("U_xpt U_x_pt")) / self.k_xpt()
        return self._u_of_consensus()

    def _u_of_consensus(self) -> float:
        words = f"{self.options.get('u', '')} {self.options.get('assigned', '')} {self._consensus()}"
        scale = _worded(words, {key: how for key, how in _SCALE.items() if key != "d.1"})
        if scale is None and "median" in words.lower():
            scale = mad_e
        if scale is None:
            raise MissingData("u_xpt")
        plain_mean = scale is _SCALE["sd"] or scale is _SCALE["standard deviation"]
        return (1.0 if plain_mean else 1.25) * scale(self.x) / len(self.x) ** 0.5

    def U_xpt(self) -> float:
        given = self.options.get("U_xpt", self.options.get("U_x_pt"))
        return float(given) if given is not None else self.k_xpt() * self.u_xpt()

    def k(self) -> Any:
        return np.asarray(self.data.get("k", self.options.get("k", 2)), dtype=float)

    def u(self) -> Any:
        if self.data.has("u u_lab"):
            return np.asarray(self.data.first("u u_lab"), dtype=float)
        return np.asarray(self.data.first("U U_lab"), dtype=float) / self.k()

    def U(self) -> Any:
        return np.asarray(self.data.first("U U_lab"), dtype=float) if self.data.has("U U_lab") else self.k() * self.u()

    def allowed_error(self) -> Any:
        """δ_E: a number, or a multiple of σ_pt in words ("3 sigma_pt", as a rule)."""
        asked = self.options.get("delta_E", self.options.get("allowed_error", "3 sigma_pt"))
        if isinstance(asked, (int, float)):
            return asked
        factor = numbered(asked)
        return (1.0 if factor is None else factor) * (self.sigma_pt() if "sigma" in str(asked) else 1.0)


def scores(data: Data, options: Data) -> Figures:
    """Every score of every laboratory, and the figures of the consensus where the options ask for one."""
    shelf, basis = Figures(), Basis(data, options)
    _scores(shelf, basis)
    _scores_by_consensus(shelf, basis)
    shelf.merge(robust(data, options))
    return shelf


def _scores(shelf: Figures, at: Basis) -> None:
    def prime() -> Any:
        return z_prime(at.x, at.x_pt(), at.sigma_pt(), at.u_xpt())

    def used() -> Any:
        return z(at.x, at.x_pt(), at.sigma_pt()) if score_for(at.u_xpt(), at.sigma_pt()) == "z" else prime()

    makers = {
        "D difference": lambda: deviation(at.x, at.x_pt()),
        "D_percent D% percent_difference": lambda: deviation_percent(at.x, at.x_pt()),
        "PA P_A": lambda: p_a(at.x, at.x_pt(), at.allowed_error()),
        "z z_score z_scores": lambda: z(at.x, at.x_pt(), at.sigma_pt()),
        "z_prime z' zprime": prime,
        "zeta": lambda: zeta(at.x, at.u(), at.x_pt(), at.u_xpt()),
        "E_n En": lambda: e_n(at.x, at.U(), at.x_pt(), at.U_xpt()),
        "signals": lambda: signals(used()),
        "signals_z": lambda: signals(z(at.x, at.x_pt(), at.sigma_pt())),
    }
    for names, maker in makers.items():
        shelf.put(names, partial(_row_by_row, maker))
    shelf.put("x_pt assigned_value", at.x_pt)
    shelf.put("sigma_pt sigma sigma_p", at.sigma_pt)
    shelf.put("u_xpt u_x_pt", at.u_xpt)
    shelf.put("U_xpt U_x_pt", at.U_xpt)
    shelf.put("u_limit", lambda: 0.3 * at.sigma_pt())
    shelf.put("u_is_negligible u_negligible", lambda: u_is_negligible(at.u_xpt(), at.sigma_pt()))
    shelf.put("score_used", lambda: score_for(at.u_xpt(), at.sigma_pt()))
    shelf.put("max_possible_z z_ceiling", lambda: score_ceiling(len(at.x)))
    shelf.put("n_needed_for_z3", lambda: next(n for n in range(2, 100) if score_ceiling(n) >= 3))


def _scores_by_consensus(shelf: Figures, at: Basis) -> None:
    by: dict[str, Callable[[], tuple[float, float]]] = {
        "algA": lambda: (algorithm_a(at.x).mean, algorithm_a(at.x).sd),
        "median_MADe": lambda: (median(at.x), mad_e(at.x)),
        "median_nIQR": lambda: (median(at.x), niqr(at.x)),
        "QHampel": lambda: (q_hampel(at.x).mean, q_hampel(at.x).sd),
        "mean_sd": lambda: (mean_sd(at.x).mean, mean_sd(at.x).sd),
    }
    for name, basis in by.items():
        shelf.put(f"z_{name}", partial(_z_from, at.x, basis))


def _row_by_row(maker: Callable[[], Any]) -> RowByRow:
    return RowByRow(np.asarray(maker()).tolist())


def _z_from(x: Any, basis: Callable[[], tuple[float, float]]) -> RowByRow:
    return RowByRow(z(x, *basis()).tolist())


def small_round(data: Data, options: Data) -> Figures:
    """A round of few laboratories with its homogeneity check on σ_pt of the round."""
    if not options.has("sigma sigma_pt") and len(results(data, options)) < _NO_ROBUST_SCALE_BELOW:
        options = Data({**options, "sigma": "D.1.4.2"})
    shelf, basis = scores(data, options), Basis(data, options)
    items = data.get("homogeneity", data.get("items"))
    if items is None:
        return shelf
    together = Figures()
    for name in ("z", "z_prime", "x_pt", "u_xpt", "sigma", "sigma_pt", "zeta", "E_n", "n", "p"):
        maker = shelf.maker(name)
        if maker is not None:
            together.put(name, maker)
    together.merge(homogeneity_of(items, basis.sigma_pt, options))
    together.merge(shelf)
    return together


def screening(data: Data, options: Data) -> Figures:
    """Flags of reported uncertainties; Table E.6 compares expanded ones, clause 9.8 speaks of standard ones."""
    shelf, basis = Figures(), Basis(Data({"x": [], **data}), options)
    expanded = "expanded" in str(options.get("compared", "")) or (not data.has("u") and not data.has("k"))

    def flags() -> str:
        u_max = basis.options.get("u_max")
        high = 1.5 * float(basis.options.first("s_star s* robust_sd")) if u_max is None else float(u_max)
        low = basis.options.get("u_min")
        given = basis.U() if expanded else basis.u()
        return "".join(uncertainty_flags(given, basis.u_xpt() if low is None else float(low), high))

    shelf.put("flags uncertainty_flags", flags)
    return shelf


def compared_with_material(data: Data, options: Data) -> Figures:
    shelf = Figures()
    found = lambda: by_comparison(  # noqa: E731
        data.first("d differences"), data.first("x_crm x_CRM"), data.first("u_crm u_CRM")
    )
    shelf.put("mean_d d_mean", lambda: found().mean_difference)
    shelf.put("sd_d s_d", lambda: found().sd_difference)
    shelf.put("u_d", lambda: found().u_difference)
    shelf.put("x_pt value", lambda: found().value)
    shelf.put("u_xpt u_x_pt u", lambda: found().u)
    return shelf


def consensus_beside_reference(data: Data, options: Data) -> Figures:
    shelf, x = robust(data, options), results(data, options)
    words = str(options.get("consensus", options.get("method", "algorithm-a"))).lower()
    method = next((name for name in ("median", "hampel", "mean") if name in words), "algorithm-a")
    assigned = lambda: assigned_by(x, "q-hampel" if method == "hampel" else method)  # noqa: E731
    found = lambda: compare_with_reference(assigned(), data.first("x_ref"), data.first("u_ref"))  # noqa: E731
    shelf.put("x_pt", lambda: assigned().value)
    shelf.put("u_xpt", lambda: assigned().u)
    shelf.put("x_diff difference", lambda: found().difference)
    shelf.put("u_diff", lambda: found().u)
    shelf.put("agrees consistent", lambda: found().agrees)
    return shelf
