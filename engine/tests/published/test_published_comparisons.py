"""Worked cases of measurement comparisons and uncertainty budgets, shipped and constructed, each by its identity."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from intercomp.bayes import hierarchical_bayes
from intercomp.bootstrap_consensus import dersimonian_laird_bootstrap
from intercomp.budget import budget, calibration_line, monte_carlo, observed, type_a
from intercomp.comparison_median import comparison_median, weighted_median
from intercomp.consensus import dersimonian_laird, hartung_knapp, mandel_paule, reml, weighted_mean
from intercomp.decision_tree import decision_tree
from intercomp.drift import Drift, linear_drift, loop_drift
from intercomp.equivalence import bilateral_degrees, degrees_of_equivalence, e_n_matrix, leave_one_out
from intercomp.pool import linear_pool
from intercomp.subset import largest_consistent_subset

Data = dict[str, Any]
Figures = dict[str, Any]


def cases() -> list[Data]:
    shelves = ("cases.json", "constructed_comparisons.json")
    found = [case for shelf in shelves for case in json.loads(files("intercomp").joinpath("cases", shelf).read_text())]
    return [case for case in found if case["kind"] in KINDS]


def consensus(data: Data, options: Data) -> Figures:
    """Every random-effects figure by its name in the cases; repeated measurements enter with u = s/√n."""
    x, u = data.get("x", data.get("y")), data.get("u", data.get("se"))
    if "s" in data:
        u = np.array(data["s"]) / np.sqrt(data["n"])
    include = data.get("include") if options.get("subset") == "include" else None
    mean, moments = weighted_mean(x, u, include=include), dersimonian_laird(x, u, include=include)
    paule, likelihood = mandel_paule(x, u, include=include), reml(x, u, include=include)
    return {
        "wmean": mean.value, "wmean_u": mean.u, "FE_mu": mean.value, "chi2_obs": mean.Q, "Q": mean.Q, "p_Q": mean.p,
        "p": mean.p, "Q_exact": mean.Q, "DL_mu": moments.value, "DL_u": moments.u, "DL_u_naive": moments.u,
        "DL_se": moments.u, "DL_tau": moments.tau, "DL_tau2": moments.tau**2, "MP_mu": paule.value, "MP_u": paule.u,
        "MP_tau": paule.tau, "PM_tau2": paule.tau**2, "mu": paule.value, "u": paule.u, "tau": paule.tau,
        "REML_mu": likelihood.value, "REML_se": likelihood.u, "REML_tau2": likelihood.tau**2,
    }  # fmt: skip


def key_comparison(data: Data, options: Data) -> Figures:
    return consensus(data, options) | {"LCS_all11": list(largest_consistent_subset(data["x"], data["u"]).rows)}


def with_bayes(data: Data, options: Data) -> Figures:
    posterior = hierarchical_bayes(data["x"], data["u"], data["nu"])
    pool = linear_pool(data["x"], data["u"], data["nu"])
    return consensus(data, options) | {
        "HB_mu": posterior.value, "HB_u": posterior.u, "HB_lwr": posterior.lwr, "HB_upr": posterior.upr,
        "HB_tau_mean": posterior.tau_mean, "LP_mu": pool.value, "LP_u": pool.u, "LP_lwr": pool.lwr, "LP_upr": pool.upr,
    }  # fmt: skip


def decision_tree_posterior(data: Data, _options: Data) -> Figures:
    posterior = hierarchical_bayes(data["x"], data["u"], data["nu"], prior="ndt")
    return {"mu": posterior.value, "u": posterior.u, "tau": posterior.tau_median}


def degrees(data: Data, options: Data) -> Figures:
    x, V = data["x"], data.get("covariance")
    u = None if V is not None else data.get("u") or (np.array(data["U"]) / options["k"])
    estimator = dersimonian_laird if "DL" in options.get("method", "") else weighted_mean
    reference = weighted_mean(x, None, covariance=V) if V else estimator(x, u, include=data.get("in_KCRV"))
    found = degrees_of_equivalence(x, u, reference, k=options["k"], covariance=V)
    figures = {"KCRV": reference.value, "u_KCRV": reference.u, "p": reference.p, "tau": reference.tau}
    return figures | {"D": found.D.tolist(), "U_D": found.U.tolist()}


def subset(data: Data, options: Data) -> Figures:
    found = largest_consistent_subset(data["x"], data["u"], significance=options["p"])
    excluded = ", ".join(data["lab"][row - 1] for row, _ in found.left_out)
    return {
        "chi2_all": found.chi2_all, "consistent_all": found.consistent_all, "LCS_excludes": excluded,
        "LCS_mu": found.value, "LCS_u": found.u,
    }  # fmt: skip


def exact_median(data: Data, options: Data) -> Figures:
    found = comparison_median(data["x"], data["u"], level=options["p"])
    return {
        "KCRV_mean_of_medians": found.value, "u": found.u, "lwr": found.lwr, "upr": found.upr,
        "median_of_x": found.of_results,
    }  # fmt: skip


def bilateral(data: Data, options: Data) -> Figures:
    found = bilateral_degrees(data["x"], data.get("u"), covariance=data.get("covariance"), **options)
    return {
        "D_12": found.D[0, 1], "D_21": found.D[1, 0], "u_12": found.u[0, 1], "U_12": found.U[0, 1],
        "En_12": found.En[0, 1],
    }  # fmt: skip


def alone(data: Data, options: Data) -> Figures:
    found = leave_one_out(data["x"], data["u"], **options)
    return {"D": found.D.tolist(), "U_D": found.U.tolist()}


def correlated(data: Data, _options: Data) -> Figures:
    found = weighted_mean(data["x"], None, covariance=data["covariance"])
    return {"value": found.value, "u": found.u, "chi2": found.Q, "weights": found.weights.tolist()}


def drifted(drift: Drift, options: Data) -> Figures:
    values, C = drift.at(options["at"])
    add, V = drift.corrections(options["from"], options["to"])
    return {
        "slope": drift.slope, "u_slope": drift.u_slope, "chi2": drift.chi2, "significant": drift.significant,
        "value_at": values.tolist(), "u_at": np.sqrt(np.diag(C)).tolist(), "covariance_at": C[0, -1],
        "correction": add.tolist(), "u_correction": np.sqrt(np.diag(V)).tolist(),
    }  # fmt: skip


def on_line(data: Data, options: Data) -> Figures:
    return drifted(linear_drift(**data, u_common=options.get("u_common", 0.0)), options)


def in_loops(data: Data, options: Data) -> Figures:
    return drifted(loop_drift(**data), options)


def gum(data: Data, options: Data) -> Figures:
    model, inputs, R = options["model"], data["inputs"], options.get("correlation")
    found, at_99, doubled = (budget(model, inputs, correlation=R, **how) for how in ({}, {"p": 0.99}, {"k": 2}))
    return {
        "y": found.y, "u": found.u, "nu_eff": found.nu_eff, "U99": at_99.U, "U_k2": doubled.U,
        "u_second_order": found.u_second_order,
    }  # fmt: skip


def gum_mc(data: Data, options: Data) -> Figures:
    p = options["p"]
    first = budget(options["model"], data["inputs"], p=p)
    drawn = monte_carlo(
        options["model"], data["inputs"], p=p, draws=4_000_000 // len(data["inputs"]), sampling="lattice"
    )
    low, high = drawn.shortest if options.get("interval") == "shortest" else drawn.symmetric
    return {
        "y_guf": first.y, "u_guf": first.u, "guf_lwr": first.lwr, "guf_upr": first.upr,
        "u_guf_second_order": first.u_second_order, "y_mcm": drawn.y, "u_mcm": drawn.u, "mcm_lwr": low, "mcm_upr": high,
    }  # fmt: skip


def several(data: Data, _options: Data) -> Figures:
    """GUM H.2: the model of the case is prose, so the formulas stand here."""
    seen = observed(data)
    formulas = {"R": "V/(I_mA/1000)*cos(phi)", "X": "V/(I_mA/1000)*sin(phi)", "Z": "V/(I_mA/1000)"}
    found = budget(formulas, seen.inputs, correlation=seen.correlation)
    r, q = found.correlation, seen.correlation
    values = {name: found.value(name)[0] for name in formulas}
    return values | {f"u_{name}": found.value(name)[1] for name in formulas} | {
        "means": seen.means.tolist(), "u_means": seen.u.tolist(), "r_VI": q[0, 1], "r_Vphi": q[0, 2], "r_Iphi": q[1, 2],
        "r_RX": r[0, 1], "r_RZ": r[0, 2], "r_XZ": r[1, 2],
    }  # fmt: skip


def line(data: Data, options: Data) -> Figures:
    found = calibration_line(data["t"], data["b"], t0=options["t0"])
    b30, u_b30 = found.at(options["predict_at"])
    figures = {name: getattr(found, name) for name in ("y1", "u_y1", "y2", "u_y2", "r", "s")}
    return figures | {"b30": b30, "u_b30": u_b30}


def repeated(data: Data, options: Data) -> Figures:
    found = type_a(data["x"], **options)
    return {name: getattr(found, name) for name in ("n", "mean", "sd", "u", "lwr", "upr")}


def pool(data: Data, _options: Data) -> Figures:
    found = linear_pool(**data)
    return {"value": found.value, "u": found.u, "median": found.median}


def knapp(data: Data, _options: Data) -> Figures:
    found = hartung_knapp(**data)
    return {name: getattr(found, name) for name in ("value", "tau", "u", "lwr", "upr")}


KINDS: dict[str, Callable[[Data, Data], Figures]] = {
    "key_comparison": key_comparison,
    "consensus": consensus,
    "consistency_test": consensus,
    "trap_consensus": consensus,
    "numerical_trap": consensus,
    "consensus_key_comparison": with_bayes,
    "hierarchical_bayes": decision_tree_posterior,
    "degrees_of_equivalence": degrees,
    "largest_consistent_subset": subset,
    "key_comparison_median": exact_median,
    "bilateral_degrees": bilateral,
    "leave_one_out": alone,
    "consensus_correlated": correlated,
    "drift_linear": on_line,
    "drift_loops": in_loops,
    "e_n_matrix": lambda data, _options: {"E": e_n_matrix(**data).tolist()},
    "weighted_median": lambda data, _options: {"value": weighted_median(**data).value},
    "hartung_knapp": knapp,
    "linear_pool": pool,
    "gum": gum,
    "gum_mc": gum_mc,
    "gum_multivariate": several,
    "gum_regression": line,
    "type_a": repeated,
}


def allowed(case: Data, name: str) -> tuple[float, float]:
    """(relative, absolute) tolerance of a figure; a whole number of decimals allows half a unit."""
    granted = case["printed_precision"].get(name, case["printed_precision"].get("*"))
    if isinstance(granted, str):
        kind, size = granted.split()
        return (float(size), 0.0) if kind == "rel" else (0.0, float(size))
    return 0.0, 0.5 * 10.0**-granted * (1 + 1e-9)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['id']}: {case['source']}") for case in cases()])
def test_every_figure_of_the_case(case: Data) -> None:
    got = KINDS[case["kind"]](case["data"], case["options"])
    for name, expected in case["expected"].items():
        if isinstance(expected, (str, bool)):
            assert got[name] == expected, name
            continue
        relative, absolute = allowed(case, name)
        found = np.asarray(got[name], dtype=float)
        if name == "D" and case["id"] == "nicob-lead-solder-ccqm-k88":
            found = found[: len(expected)]  # the case prints the first seven laboratories
        np.testing.assert_allclose(found, expected, rtol=relative, atol=absolute, err_msg=name)


def shipped(identity: str) -> Data:
    return next(case for case in cases() if case["id"] == identity)


def test_ndt_planck_cancellation_gives_the_exact_q_for_every_order() -> None:
    case = shipped("ndt-planck-cancellation")
    x, u = case["data"]["x"], case["data"]["u"]
    for order in permutations(range(3)):
        found = weighted_mean([x[i] for i in order], [u[i] for i in order]).Q
        assert found == pytest.approx(case["expected"]["Q_exact"], rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("identity", "u", "low", "high"),
    [("nicob-pcb28-ccqm-k25", 0.77, None, None), ("nicob-carotid", 0.21, -0.83, 0.012)],
)
def test_nicob_manual_prints_the_bootstrap_of_dersimonian_laird(
    identity: str, u: float, low: float | None, high: float | None
) -> None:
    data = shipped(identity)["data"]
    found = dersimonian_laird_bootstrap(data["x"], data["u"], data["nu"])
    assert found.u == pytest.approx(u, abs=0.005 + 3 * found.u_error)
    if low is not None:
        assert (found.lwr, found.upr) == (pytest.approx(low, abs=0.02), pytest.approx(high, abs=0.02))


def test_hierarchical_bayes_agrees_with_an_independent_quadrature() -> None:
    """The `computed` full-precision figures of the cases, to the accuracy that their own grid had."""
    for identity in ("nicob-pcb28-ccqm-k25", "nicob-rf-power-ccem-rf-k25w", "ndt-example-dataset"):
        case = shipped(identity)
        found = hierarchical_bayes(case["data"]["x"], case["data"]["u"], case["data"]["nu"])
        computed = case["computed"]
        assert found.value == pytest.approx(computed["HB_mu"], abs=1e-7 * computed["HB_u"])
        assert found.u == pytest.approx(computed["HB_u"], rel=1e-7)
        assert found.tau_mean == pytest.approx(computed["HB_tau_mean"], rel=1e-7)


@pytest.mark.parametrize(
    ("identity", "procedure"),
    [
        ("nicob-pcb28-ccqm-k25", "HGG"),
        ("nicob-rf-power-ccem-rf-k25w", "AWA"),
        ("nicob-carotid", "AWA"),
    ],
)
def test_the_decision_tree_of_possolo_2021_takes_its_branch(identity: str, procedure: str) -> None:
    data = shipped(identity)["data"]
    assert decision_tree(data["x"], data["u"], data["nu"], fit=False).procedure == procedure
