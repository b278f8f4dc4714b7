"""Figures of measurement comparisons: consensus values, pools, posteriors and consistent subsets."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from itertools import islice, permutations
from typing import Any

import numpy as np

from intercomp.bayes import HierarchicalBayes, hierarchical_bayes
from intercomp.bootstrap_consensus import dersimonian_laird_bootstrap
from intercomp.comparison_median import weighted_median
from intercomp.consensus import Consensus, dersimonian_laird, hartung_knapp, mandel_paule, reml, weighted_mean
from intercomp.decision_tree import decision_tree
from intercomp.pool import LinearPool, linear_pool
from intercomp.subset import LargestConsistentSubset, largest_consistent_subset
from intercomp.verify.figures import Data, Figures, MissingData, numbered

_ESTIMATORS: dict[str, tuple[str, Callable[..., Consensus]]] = {
    "DL": ("DL", dersimonian_laird),
    "PM": ("MP PM", mandel_paule),
    "REML": ("REML", reml),
}
_METHOD_WORDS = {
    r"mandel|paule|\bmp\b|\bpm\b": "PM", r"dersimonian|laird|\bdl\b|moment": "DL", r"reml|restricted": "REML",
    r"weighted.?mean|\bfe\b|fixed|procedure a": "FE",
}  # fmt: skip
_MOST_ORDERS = 720


class Comparison:
    """Results with their uncertainties as a case gives them: u, se, U with k, or s with n; all or a chosen subset."""

    def __init__(self, data: Data, options: Data):
        self.data, self.options = data, options
        self.x = data.first("x y values")

    def u(self) -> Any:
        if self.data.has("u se u_x"):
            return self.data.first("u se u_x")
        if self.data.has("s sd") and self.data.has("n"):
            return (np.asarray(self.data.first("s sd"), dtype=float) / np.sqrt(self.data["n"])).tolist()
        k = self.data.get("k", self.options.get("k", 2))
        return (np.asarray(self.data.first("U"), dtype=float) / np.asarray(k, dtype=float)).tolist()

    def nu(self) -> Any:
        return self.data.get("nu", self.data.get("dof"))

    def include(self) -> Any:
        for key in ("in_KCRV", "include", "in_reference"):
            if self.data.get(key) is not None:
                return self.data[key]
        return None

    def fit(self, method: str, **how: Any) -> Consensus:
        if self.data.has("covariance"):
            return weighted_mean(self.x, None, covariance=self.data["covariance"], include=self.include())
        estimator = weighted_mean if method == "FE" else _ESTIMATORS[method][1]
        return estimator(self.x, self.u(), include=self.include(), **how)

    def chosen(self, default: str) -> str:
        """The estimator that the options name in words."""
        words = " ".join(str(self.options.get(key, "")) for key in ("method", "estimator", "model")).lower()
        return next((method for pattern, method in _METHOD_WORDS.items() if re.search(pattern, words)), default)


def consensus(data: Data, options: Data, default: str = "PM") -> Figures:
    """Every consensus estimate by name; mu, u and tau alone are those of the method that the options name."""
    at, shelf = Comparison(data, options), Figures()
    _fixed(shelf, at)
    for method, (prefixes, _) in _ESTIMATORS.items():
        _random_effects(shelf, prefixes, cache(partial(at.fit, method)), at, method)
    _bare(shelf, cache(lambda: at.fit(at.chosen(default))))
    _bayes_and_pool(shelf, at)
    _subsets(shelf, at, 0.05)
    shelf.put("median median_of_x", lambda: float(np.median(np.asarray(at.x, dtype=float))))
    shelf.put("weighted_median WM_mu", lambda: weighted_median(at.x, at.u()).value)
    shelf.put("WM_u", lambda: weighted_median(at.x, at.u()).u)
    shelf.put("arithmetic_mean mean", lambda: float(np.mean(np.asarray(at.x, dtype=float))))
    shelf.put("n p_labs", lambda: at.fit("FE").n)
    shelf.put("decision_tree procedure", lambda: decision_tree(at.x, at.u(), at.nu(), fit=False).procedure)
    return shelf


def _fixed(shelf: Figures, at: Comparison) -> None:
    found: Callable[[], Consensus] = cache(lambda: at.fit("FE"))
    shelf.put_fields(
        found,
        {
        "wmean FE_mu weighted_mean wmean_mu": "value", "wmean_u FE_u FE_se u_wmean": "u", "birge Birge R_B": "birge",
        "Q chi2_obs chi2 Q_obs": "Q", "p_Q p P p_chi2": "p", "nu df": "nu", "weights": "weights",
        "consistent": "consistent",
    },
    )  # fmt: skip
    shelf.put("I2 I_squared", lambda: max(0.0, 1 - found().nu / found().Q) if found().Q > 0 else 0.0)
    shelf.put("Q_exact", lambda: _of_every_order(at))
    shelf.put("wmean_exact", lambda: found().value)


def _of_every_order(at: Comparison) -> float:
    """Q as given, or, where another order of the rows gives another Q, the one that lies farthest from it."""
    first, u = at.fit("FE").Q, at.u()
    if not at.options.has("permutations"):
        return first
    orders = islice(permutations(range(len(at.x))), _MOST_ORDERS)
    found = [weighted_mean([at.x[i] for i in order], [u[i] for i in order]).Q for order in orders]
    return max(found, key=lambda Q: abs(Q - first))


def _random_effects(shelf: Figures, prefixes: str, found: Callable[[], Consensus], at: Comparison, method: str) -> None:
    tau = {"DL": "dersimonian-laird", "PM": "mandel-paule", "REML": "reml"}[method]

    def knapp(modified: bool) -> Consensus:
        return hartung_knapp(at.x, at.u(), tau=tau, modified=modified, include=at.include())

    for prefix in prefixes.split():
        shelf.put(f"{prefix}_mu {prefix}_value {prefix}.mu {prefix}_mean", lambda: found().value)
        shelf.put(f"{prefix}_u {prefix}_u_naive {prefix}_se {prefix}.u", lambda: found().u)
        shelf.put(f"{prefix}_tau {prefix}.tau", lambda: found().tau)
        shelf.put(f"{prefix}_tau2", lambda: found().tau ** 2)
        shelf.put(f"{prefix}_lwr", lambda: found().lwr)
        shelf.put(f"{prefix}_upr", lambda: found().upr)
        shelf.put(f"{prefix}.Q", lambda: found().Q)
        shelf.put(f"{prefix}.p", lambda: found().p)
        shelf.put(f"{prefix}_u_HK HK_se_{prefix} {prefix}.u_HK HK_u_{prefix}", lambda: knapp(False).u)
        shelf.put(f"{prefix}_u_HKmod {prefix}.u_HKmod HKmod_u_{prefix}", lambda: knapp(True).u)
    if method == "DL":
        shelf.put("DL_u_bootstrap", lambda: dersimonian_laird_bootstrap(at.x, at.u(), at.nu()).u)


def _bare(shelf: Figures, found: Callable[[], Consensus]) -> None:
    shelf.put_fields(
        found,
        {"mu value consensus": "value", "u se": "u", "tau": "tau", "lwr": "lwr", "upr": "upr"},
    )
    shelf.put("tau2", lambda: found().tau ** 2)


def _posterior(at: Comparison, default: str) -> HierarchicalBayes:
    words = " ".join(str(at.options.get(key, "")) for key in ("mu_prior", "HB_prior", "prior")).lower()
    prior = "nicob" if "flat" in words or "nicob" in words else "ndt" if re.search(r"\bt_?3|ndt", words) else default
    effects = "laplace" if "laplace" in str(at.options.get("effects", "")).lower() else "normal"
    level = numbered(at.options.get("level", at.options.get("p", 0.95))) or 0.95
    return hierarchical_bayes(at.x, at.u(), at.nu(), prior=prior, effects=effects, level=level)


_POSTERIOR = {
    "mu value mean": "value", "u sd": "u", "median mu_median": "median", "lwr": "lwr", "upr": "upr",
    "tau_mean": "tau_mean", "tau tau_median": "tau_median", "tau_lwr": "tau_lwr", "tau_upr": "tau_upr",
    "weights": "weights",
}  # fmt: skip


def _put_posterior(shelf: Figures, found: Callable[[], HierarchicalBayes], before: str) -> None:
    prefixed = {" ".join(before + name for name in names.split()): field for names, field in _POSTERIOR.items()}
    shelf.put_fields(found, prefixed)


def _bayes_and_pool(shelf: Figures, at: Comparison) -> None:
    posterior: Callable[[], HierarchicalBayes] = cache(lambda: _posterior(at, "nicob"))
    for before in ("HB_", "HB.", "HB_flat.", "HB_flat_"):
        _put_posterior(shelf, posterior, before)
    pool: Callable[[], LinearPool] = cache(lambda: linear_pool(at.x, at.u(), at.nu()))
    shelf.put_fields(
        pool,
        {
        "LP_mu LP_value LP_mean": "value", "LP_u LP_sd": "u", "LP_lwr": "lwr", "LP_upr": "upr", "LP_median": "median",
    },
    )  # fmt: skip


def _subsets(shelf: Figures, at: Comparison, default: float) -> None:
    """The largest consistent subset is sought among all laboratories, whatever the case includes elsewhere."""
    significance = numbered(at.options.get("significance", at.options.get("p", default))) or default
    level = significance if significance < 0.5 else 1 - significance
    found: Callable[[], LargestConsistentSubset] = cache(
        lambda: largest_consistent_subset(at.x, at.u(), significance=level)
    )
    shelf.put_fields(
        found,
        {
        "LCS_mu": "value", "LCS_u": "u", "chi2_all": "chi2_all", "p_all": "p_all", "consistent_all": "consistent_all",
        "LCS_chi2": "chi2", "LCS_p": "p", "LCS LCS_rows": "rows",
    },
    )  # fmt: skip
    shelf.put_pattern(r"LCS_all\d*", lambda _name: found().rows)
    shelf.put("LCS_n LCS_size", lambda: len(found().rows))
    shelf.put("n_max_subsets n_LCS", lambda: len(found().subsets))
    shelf.put("LCS_excludes LCS_excluded", lambda: ", ".join(_names(at, [row for row, _ in found().left_out])))
    shelf.put("LCS_includes LCS_labs", lambda: _names(at, list(found().rows)))


def _names(at: Comparison, rows: list[int]) -> list[str]:
    laboratories = at.data.first("lab labs laboratory")
    return [str(laboratories[row - 1]) for row in rows]


def posterior(data: Data, options: Data) -> Figures:
    """Hierarchical Bayes; without a word on the prior of μ that of the NIST decision tree, whose cases these are."""
    at, shelf = Comparison(data, options), Figures()
    _put_posterior(shelf, cache(lambda: _posterior(at, "ndt")), "")
    _put_posterior(shelf, cache(lambda: _posterior(at, "ndt")), "HB_")
    shelf.merge(consensus(data, options))
    return shelf


def subset(data: Data, options: Data) -> Figures:
    return consensus(data, options, "FE")


ESTIMATOR_NAMES = {"FE": "weighted-mean", "DL": "dersimonian-laird", "PM": "mandel-paule", "REML": "reml"}


def knapp(data: Data, options: Data) -> Figures:
    at, shelf = Comparison(data, options), Figures()
    tau = {**ESTIMATOR_NAMES, "FE": "dersimonian-laird"}[at.chosen("DL")]
    tau = str(options.get("tau", tau))
    modified = bool(options.get("modified", False))
    _bare(shelf, cache(lambda: hartung_knapp(at.x, at.u(), tau=tau, modified=modified, include=at.include())))
    shelf.merge(consensus(data, options))
    return shelf


def correlated(data: Data, options: Data) -> Figures:
    if not data.has("covariance"):
        raise MissingData("covariance")
    shelf = Figures()
    _bare(shelf, cache(lambda: weighted_mean(data.first("x y"), None, covariance=data["covariance"])))
    shelf.merge(consensus(data, options, "FE"))
    return shelf


def pool(data: Data, options: Data) -> Figures:
    at, shelf = Comparison(data, options), Figures()
    weights, level = data.get("weights", options.get("weights")), float(options.get("level", options.get("p", 0.95)))
    found = cache(lambda: linear_pool(at.x, at.u(), at.nu(), weights=weights, level=level))
    shelf.put_fields(
        found,
        {
        "value mu mean LP_mu": "value", "u sd LP_u": "u", "median LP_median": "median", "lwr LP_lwr": "lwr",
        "upr LP_upr": "upr",
    },
    )  # fmt: skip
    return shelf
