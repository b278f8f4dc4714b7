"""Figures of measurement comparisons: degrees of equivalence, E_n of every pair, exact medians."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from intercomp.comparison_median import ComparisonMedian, comparison_median, weighted_median
from intercomp.consensus import Consensus
from intercomp.equivalence import bilateral_degrees, degrees_of_equivalence, e_n_matrix, leave_one_out
from intercomp.verify.comparisons import ESTIMATOR_NAMES, Comparison, consensus
from intercomp.verify.figures import Data, Figures, numbered


def degrees(data: Data, options: Data) -> Figures:
    """Degrees of equivalence with the reference value of the included laboratories, unilateral and bilateral."""
    at, shelf = Comparison(data, options), Figures()
    reference: Callable[[], Consensus] = cache(lambda: at.fit(at.chosen("FE")))
    k = float(options.get("k", 2))
    u, V = (None, data["covariance"]) if data.has("covariance") else (at.u(), None)
    dark = bool(options.get("dark", False))
    found = cache(lambda: degrees_of_equivalence(at.x, u, reference(), k=k, covariance=V, dark=dark))
    shelf.put("KCRV x_ref x_R", lambda: reference().value)
    shelf.put("u_KCRV u_naive u_ref u_xref", lambda: reference().u)
    shelf.put("U_KCRV", lambda: k * reference().u)
    shelf.put("tau", lambda: reference().tau)
    shelf.put_fields(
        found,
        {
            "D d": "D",
            "U_D U_d": "U",
            "u_D u_d": "u",
            "E_n En": "En",
            "equivalent": "equivalent",
        },
        row_by_row=True,
    )
    shelf.merge(bilateral(data, options))
    shelf.merge(consensus(data, options, "FE"))
    return shelf


def bilateral(data: Data, options: Data) -> Figures:
    """Bilateral degrees under names such as D_12, U_12, U_D_12, En_12."""
    at, shelf = Comparison(data, options), Figures()
    u, V = (None, data["covariance"]) if data.has("covariance") else (at.u(), None)
    k, tau = float(options.get("k", 2)), options.get("tau", 0.0)
    found = cache(lambda: bilateral_degrees(at.x, u, k=k, tau=tau, covariance=V))
    fields = {"D": "D", "u": "u", "U": "U", "En": "En", "E_n": "En", "u_D": "u", "U_D": "U"}
    shelf.put_pattern(
        r"(D|u|U|En|E_n|u_D|U_D)_(\d)_?(\d)",
        lambda name: getattr(found(), fields[name[1]])[int(name[2]) - 1, int(name[3]) - 1],
    )
    shelf.put_pattern(r"(D|u|U|En)_matrix", lambda name: getattr(found(), name[1]))
    return shelf


def alone(data: Data, options: Data) -> Figures:
    at, shelf = Comparison(data, options), Figures()
    estimator = ESTIMATOR_NAMES[at.chosen("DL")]
    k, dark = float(options.get("k", 2)), bool(options.get("dark", False))
    found = cache(lambda: leave_one_out(at.x, at.u(), estimator=estimator, k=k, dark=dark))
    shelf.put_fields(
        found, {"D": "D", "U_D": "U", "u_D": "u", "E_n En": "En", "reference": "reference"}, row_by_row=True
    )
    return shelf


def every_pair(data: Data, options: Data) -> Figures:
    shelf = Figures()
    shelf.put("E E_n En e_n", lambda: e_n_matrix(data.first("x y"), data.first("U")))
    return shelf


def exact_median(data: Data, options: Data) -> Figures:
    at, shelf = Comparison(data, options), Figures()
    level = numbered(options.get("p", options.get("level", 0.95)))
    _put_median(shelf, cache(lambda: comparison_median(at.x, at.u(), level=level or 0.95)), "KCRV_mean_of_medians KCRV")
    return shelf


def median_by_weight(data: Data, options: Data) -> Figures:
    at, shelf = Comparison(data, options), Figures()
    level = numbered(options.get("p", options.get("level", 0.95)))
    _put_median(shelf, cache(lambda: weighted_median(at.x, at.u(), level=level or 0.95)), "weighted_median")
    return shelf


def _put_median(shelf: Figures, found: Callable[[], ComparisonMedian], value: str) -> None:
    shelf.put_fields(
        found,
        {
        f"{value} value mu": "value", "u u_KCRV": "u", "lwr": "lwr", "upr": "upr", "median_of_x median": "of_results",
    },
    )  # fmt: skip
