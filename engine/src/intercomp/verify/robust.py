"""Figures of robust estimation: kinds algorithm_a, robust_location_scale, trap_robust, bootstrap, univariate …"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from intercomp.algorithm_s import algorithm_s
from intercomp.anova import mean_sd
from intercomp.assigned_value import assigned_by
from intercomp.censored import parse_limits
from intercomp.inputs import FloatArray, as_centred
from intercomp.kernel_density import KernelDensity, kernel_density
from intercomp.m_estimates import huber, q_hampel
from intercomp.pairwise import q_method, qn, sn
from intercomp.resampling import Bootstrap, bootstrap
from intercomp.robust import RobustEstimate, Rule, algorithm_a, algorithm_a_iterations, mad_e, median, niqr
from intercomp.small_samples import mean_absolute_scale
from intercomp.verify.figures import Data, Figures, RowByRow, columns, numbered, written

X = "x x_as_strings values results averages cell_means y data measurements"
_MORE_REPLICATES = 20_000  # so that the engine's own Monte Carlo error decides nothing
_FACTOR_AS_PRINTED = 1.134


def results(data: Data, options: Data) -> list[Any]:
    """The results of a case; limits such as "<10" treated as the case says."""
    x = list(written(data.first(X)))
    if not any(isinstance(value, str) and value.strip()[:1] in "<>≤≥" for value in x):
        return x
    bare, side = parse_limits(x)
    treatment = str(options.get("treatment_of_censored", "deleted"))
    if re.search(r"delet|left out|omit", treatment):
        return [value for value, at in zip(bare, side, strict=True) if not at]
    if re.search(r"half|halved|/ ?2", treatment):
        return [float(value) / 2 if at < 0 else value for value, at in zip(bare, side, strict=True)]
    return bare


def robust(data: Data, options: Data) -> Figures:
    """All estimates of location and scale of one set of results."""
    shelf = Figures()
    _tagged(shelf, data)
    if not data.has(X):
        return shelf
    x = results(data, options)
    _classical(shelf, x)
    _order_statistics(shelf, x)
    _algorithm_a(shelf, x, options)
    _pairwise(shelf, x)
    shelf.put_pattern(r"trimmed(\d+)_(mean|sd|u)", lambda name: _trimmed(x, int(name[1]), name[2]))
    return shelf


def _classical(shelf: Figures, x: list[Any]) -> None:
    shelf.put_all(
        {
            "n p N n_results": lambda: len(x),
            "mean arithmetic_mean average x_bar": lambda: mean_sd(x).mean,
            "sd s stdev standard_deviation arithmetic_sd": lambda: mean_sd(x).sd,
            "variance": lambda: mean_sd(x).sd ** 2,
            "u_mean se_mean": lambda: assigned_by(x, "mean").u,
            "mean_absolute_scale": lambda: mean_absolute_scale(x),
        }
    )


def _order_statistics(shelf: Figures, x: list[Any]) -> None:
    shelf.put_all(
        {
            "median med": lambda: median(x),
            "MADe s_MAD MAD_e mad_e": lambda: mad_e(x),
            "nIQR NIQR niqr": lambda: niqr(x),
            "u_median_nIQR": lambda: assigned_by(x, "median-niqr").u,
            "u_median_MADe u_median median_u": lambda: assigned_by(x, "median").u,
        }
    )


_ALGORITHM_A = {
    "x_star algA_x algA_mu robust_mean A_x mean_algA mu": "mean",
    "s_star algA_s robust_sd A_s": "sd",
    "u_x_star u_xstar algA_u u": "u",
    "status algA_status": "status",
}


def _algorithm_a(shelf: Figures, x: list[Any], options: Data) -> None:
    """Without a word on stopping: to convergence; the tables of ISO 13528, annex E.1, stop by significant figures."""
    by = {"": algorithm_a_as_asked(x, options)}
    by |= {"_converged": lambda: algorithm_a(x), "_sig3": lambda: algorithm_a(x, rule="iso-sig3")}
    by |= {"_exact": lambda: algorithm_a(x, factors="exact"), "_iso_1.134": lambda: algorithm_a(x)}
    for ending, found in by.items():
        for names, field in _ALGORITHM_A.items():
            ended = " ".join(name + ending for name in names.split())
            shelf.put_fields(found, {ended: field})
        if ending == "_sig3" or (not ending and options.has("stop")):
            # a search that does not iterate to convergence has no number of iterations to compare
            shelf.put_fields(found, {f"iterations{ending} algA_iterations{ending}": "iterations"})
    shelf.put("huber2_mu hubers_mu huber_mu proposal2_mu", lambda: algorithm_a(x, factors="exact").mean)
    shelf.put("huber2_s hubers_s proposal2_s", lambda: algorithm_a(x, factors="exact").sd)
    shelf.put("huber_fixed_scale huber_MADe", lambda: huber(x, mad_e(x)))


def algorithm_a_as_asked(x: list[Any], options: Data) -> Callable[[], RobustEstimate]:
    """Algorithm A with the factors and the stopping rule that the options of the case tell."""
    rule = " ".join(str(options[key]) for key in ("rule", "stop", "stopping_rule", "convergence") if options.has(key))
    factor = options.get("factor", options.get("factors", _FACTOR_AS_PRINTED))
    exact = "exact" in str(factor) or numbered(factor) not in (None, _FACTOR_AS_PRINTED)
    own_rule = re.search(r"\|?dx\*?\|?\s*<\s*x\*?\s*/\s*([\d.eE+]+)", rule)
    if own_rule:
        return lambda: _stopped(x, float(own_rule[1]), exact)
    by_figures = "sig" in rule or (not rule and options.has("treatment_of_censored"))
    return lambda: algorithm_a(
        x, rule="iso-sig3" if by_figures else "converged", factors="exact" if exact else "printed"
    )


def _stopped(x: list[Any], share: float, exact: bool) -> RobustEstimate:
    """The iterate at which a program ends that stops when x* moves by less than x*/share."""
    means, sds = algorithm_a_iterations(x, factors="exact" if exact else "printed", limit=5000)
    at = 1 + int(np.argmax(np.abs(np.diff(means)) < means[1:] / share))
    return RobustEstimate(float(means[at]), float(sds[at]), len(x), at, "as that program stops")


def _pairwise(shelf: Figures, x: list[Any]) -> None:
    shelf.put_all(
        {
            "Q_s Q_method Q q_method s_Q": lambda: q_method(x),
            "QHampel_x Q_Hampel_x hampel hampel_x q_hampel": lambda: q_hampel(x).mean,
            "QHampel_s Q_Hampel_s": lambda: q_hampel(x).sd,
            "QHampel_u Q_Hampel_u": lambda: q_hampel(x).u,
            "Qn qn": lambda: qn(x),
            "Sn sn": lambda: sn(x),
        }
    )


def _trimmed(x: list[Any], count: int, figure: str) -> float:
    """Mean, SD or u of the mean without the `count` results that lie farthest from the median."""
    values = as_centred(x)
    away = np.abs(values.deviations - np.median(values.deviations))
    kept = np.sort(np.argsort(away, kind="stable")[: values.n - count])
    rest = mean_sd(values.values[kept])
    return {"mean": rest.mean, "sd": rest.sd, "u": rest.sd / rest.n**0.5}[figure]


_RULES: tuple[tuple[Rule, str], ...] = (("converged", "converged"), ("iso-sig3", "sig3"))


def _tagged(shelf: Figures, data: Data) -> None:
    """Several sets under x_celsius, x_kelvin …: s_converged_K is s* of the one whose tag begins with k."""
    for key, x in columns(data).items():
        if not key.startswith("x_"):
            continue
        for tag in {key[2:], key[2:3].upper()}:
            for rule, name in _RULES:
                ended = f"{name}_{tag}"
                shelf.put_fields(
                    partial(algorithm_a, x, rule=rule),
                    {
                        f"s_{ended} algA_s_{ended}": "sd",
                        f"x_{ended} algA_x_{ended}": "mean",
                    },
                )


def trace(data: Data, options: Data) -> Figures:
    """The iterates of Algorithm A from the start on."""
    x, shelf = results(data, options), Figures()
    factor = str(options.get("factor", _FACTOR_AS_PRINTED))
    exact = "exact" in factor or numbered(factor) not in (None, _FACTOR_AS_PRINTED)

    def path(which: int) -> RowByRow:
        iterates: FloatArray = algorithm_a_iterations(x, factors="exact" if exact else "printed", limit=5000)[which]
        return RowByRow(iterates.tolist())

    shelf.put("mu x_star x mean algA_x", lambda: path(0))
    shelf.put("s s_star sd algA_s", lambda: path(1))
    return shelf


def univariate(data: Data, options: Data) -> Figures:
    shelf = Figures()
    _classical(shelf, results(data, options))
    _order_statistics(shelf, results(data, options))
    return shelf


def algorithms_a_and_s(data: Data, options: Data) -> Figures:
    """Averages by Algorithm A, spreads by Algorithm S; factors as printed in Table C.1 unless the name says exact."""
    shelf = Figures()
    averages, sds = data.first("averages means x cell_means"), data.first("sds s w cell_sds")
    nu = int(options.get("nu") or int(data.first("replicates n")) - 1)
    _algorithm_a(shelf, averages, options)
    printed = nu <= 10 and "exact" not in str(options.get("factors", ""))
    shelf.put("w_star algS_w algS_s_r s_r", lambda: algorithm_s(sds, nu, factors="printed" if printed else "exact").sd)
    shelf.put("w_star_exact_factors w_star_exact", lambda: algorithm_s(sds, nu).sd)
    shelf.put("w_star_tableC1 w_star_printed", lambda: algorithm_s(sds, nu, factors="printed").sd)
    return shelf


def robust_precision_of_cells(data: Data, options: Data) -> Figures:
    """ISO 5725-5 from cell means and ranges (duplicates) or standard deviations; exact factors unless named."""
    shelf, means = Figures(), data.first("cell_means averages means")
    n = int(options.get("n") or data.get("n") or 2)
    spreads = np.asarray(data["cell_ranges"]) / np.sqrt(2) if data.has("cell_ranges") else data.first("cell_sds sds")
    location = lambda: algorithm_a(means, factors="exact")  # noqa: E731
    s_r = lambda: algorithm_s(spreads, n - 1).sd  # noqa: E731
    s_L = lambda: max(0.0, location().sd ** 2 - s_r() ** 2 / n) ** 0.5  # noqa: E731
    shelf.put("algA_mu algA_x m x_star", lambda: location().mean)
    shelf.put("algA_s s_star s_x", lambda: location().sd)
    shelf.put("algA_s_iso_1.134", lambda: algorithm_a(means).sd)
    shelf.put("algA_mu_iso_1.134", lambda: algorithm_a(means).mean)
    shelf.put("algS_s_r s_r w_star", s_r)
    shelf.put("algS_s_r_tableC1", lambda: algorithm_s(spreads, n - 1, factors="printed").sd)
    shelf.put("s_L", s_L)
    shelf.put("s_R", lambda: (s_L() ** 2 + s_r() ** 2) ** 0.5)
    return shelf


_STATISTICS = {"mean": "mean", "median": "median", "alg": "algorithm-a", "robust": "algorithm-a", "hampel": "q-hampel",
               "mad": "mad-e", "niqr": "niqr", "qn": "qn"}  # fmt: skip


def resampled(data: Data, options: Data) -> Figures:
    shelf, x = Figures(), results(data, options)
    asked = str(options.get("statistic", "mean")).lower()
    estimator = next((name for word, name in _STATISTICS.items() if word in asked and word != "mean"), "mean")
    replicates = max(int(options.get("replicates", 0)), _MORE_REPLICATES)
    found: Callable[[], Bootstrap] = lambda: bootstrap(x, estimator, replicates=replicates)  # noqa: E731
    shelf.put("bootstrap_mean mean estimate", lambda: found().mean)
    shelf.put("u bootstrap_u se u_bootstrap", lambda: found().u)
    shelf.put("bootstrap_scale scale bootstrap_sd", lambda: found().u * len(x) ** 0.5)
    return shelf


def density(data: Data, options: Data) -> Figures:
    shelf, x = Figures(), results(data, options)
    everything = Data({**data, **options})
    asked = everything.get("bandwidth")
    sigma, h = everything.get("sigma_pt"), float(asked) if isinstance(asked, (int, float)) else None
    if "s*" in str(asked) or "0.9" in str(asked):
        sigma = None
    found: Callable[[int], KernelDensity] = lambda replicates: kernel_density(  # noqa: E731
        x, sigma_pt=sigma, bandwidth=h, replicates=replicates
    )
    shelf.put("mode highest_mode main_mode", lambda: found(0).mode.place)
    shelf.put("modes all_modes", lambda: [mode.place for mode in found(0).modes])
    shelf.put("n_modes number_of_modes", lambda: len(found(0).modes))
    shelf.put("relative_heights heights", lambda: [mode.height for mode in found(0).modes])
    shelf.put("shares", lambda: [mode.share for mode in found(0).modes])
    shelf.put("bandwidth h", lambda: found(0).bandwidth)
    shelf.put("u_mode", lambda: found(max(int(everything.get("replicates") or 0), 1000)).u_mode)
    shelf.merge(robust(data, options))
    return shelf
