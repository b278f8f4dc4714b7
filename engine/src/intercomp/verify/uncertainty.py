"""Figures of uncertainty budgets and of travelling standards: kinds gum, gum_mc, gum_multivariate, type_a, drift …"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from intercomp.budget import Budget, MonteCarlo, budget, calibration_line, monte_carlo, observed, type_a
from intercomp.budget.quantities import Quantity, quantities
from intercomp.drift import Drift, linear_drift, loop_drift
from intercomp.verify.figures import Data, Figures, MissingData, columns, numbered

_DRAWS = 4_000_000  # so that the error of the draws lies below what printed results of a Monte Carlo allow
_PREFIX = {"n": "1e-9", "u": "1e-6", "m": "1e-3", "k": "1e3", "M": "1e6", "G": "1e9"}


def law_of_propagation(data: Data, options: Data) -> Figures:
    """First and second order; U99 asks for p = 0.99, U_k2 for k = 2, u_V for the uncertainty of input V."""
    shelf, model, inputs = Figures(), options.first("model formula"), data.first("inputs")
    R = options.get("correlation", data.get("correlation"))
    k, p = numbered(options.get("k")), numbered(options.get("p", 0.95))
    found: Callable[[], Budget] = cache(lambda: budget(model, inputs, correlation=R, p=None if k else p, k=k))
    _put_budget(shelf, found)
    shelf.put_pattern(r"U_?(\d{2,3})", lambda name: budget(model, inputs, correlation=R, p=float(f"0.{name[1]}")).U)
    shelf.put_pattern(r"U_k(?:=)?([\d.]+)", lambda name: budget(model, inputs, correlation=R, k=float(name[1])).U)
    shelf.put_pattern(
        r"[ut]?_?k_?(\d{2,3})", lambda name: budget(model, inputs, correlation=R, p=float(f"0.{name[1]}")).k
    )
    _put_inputs(shelf, inputs, found)
    return shelf


def _put_budget(shelf: Figures, found: Callable[[], Budget]) -> None:
    shelf.put_fields(
        found,
        {
        "y value": "y", "u u_c u_y": "u", "nu_eff veff": "nu_eff", "U": "U", "k": "k", "lwr": "lwr", "upr": "upr",
        "u_second_order u2": "u_second_order", "y_second_order": "y_second_order", "contributions": "contributions",
        "sensitivities c_i": "sensitivities", "shares": "shares",
    },
    )  # fmt: skip
    shelf.put("u_rel u_relative", lambda: found().u / abs(found().y))


def _put_inputs(shelf: Figures, inputs: Any, found: Callable[[], Budget]) -> None:
    for place, quantity in enumerate(quantities(inputs)):
        shelf.put_fields(partial(_itself, quantity), {f"u_{quantity.name} u({quantity.name})": "u"})
        shelf.put_item(f"c_{quantity.name}", lambda: found().sensitivities, place)
        shelf.put_item(f"contribution_{quantity.name}", lambda: found().contributions, place)


def _itself(quantity: Quantity) -> Quantity:
    return quantity


def distributions(data: Data, options: Data) -> Figures:
    """Monte Carlo beside the law of propagation; intervals symmetric in probability unless the options say shortest."""
    shelf, model, inputs = Figures(), options.first("model formula"), data.first("inputs")
    R, p = options.get("correlation", data.get("correlation")), numbered(options.get("p", 0.95))
    first: Callable[[], Budget] = cache(lambda: budget(model, inputs, correlation=R, p=p))
    # quantiles of Student's t are slow to compute, its draws are not
    sampling = "random" if any(quantity.dist == "t" for quantity in quantities(inputs)) else "lattice"
    drawn: Callable[[], MonteCarlo] = cache(
        lambda: monte_carlo(model, inputs, correlation=R, p=p or 0.95, draws=_DRAWS, sampling=sampling)
    )
    which = "shortest" if "short" in str(options.get("interval", "")) else "symmetric"
    shelf.put_fields(
        first,
        {
        "y_guf y_guf1 y_gum": "y", "u_guf u_guf1 u_gum": "u", "guf_lwr guf1_lwr lwr_guf": "lwr",
        "guf_upr guf1_upr upr_guf": "upr", "u_guf_second_order u_guf2": "u_second_order", "nu_eff": "nu_eff",
        "y_guf_second_order y_guf2": "y_second_order",
    },
    )  # fmt: skip
    for side, ending in enumerate(("lwr", "upr")):
        shelf.put_item(f"mcm_{ending} {ending} {ending}_mcm", lambda: np.array(getattr(drawn(), which)), side)
        shelf.put_item(f"sym_{ending} mcm_{ending}_symmetric", lambda: np.array(drawn().symmetric), side)
        shelf.put_item(f"shortest_{ending} mcm_{ending}_shortest", lambda: np.array(drawn().shortest), side)
    shelf.put("y_mcm y mean_mcm", lambda: drawn().y)
    shelf.put("u_mcm u", lambda: drawn().u)
    shelf.put("validated validates", lambda: drawn().validates(first()))
    return shelf


# --- several measurands, observed together ----------------------------------------------------------------------------


def several(data: Data, options: Data) -> Figures:
    """Measurands from quantities observed together; the model is a list of equations, its symbols columns of data."""
    seen = cache(lambda: observed(columns(data)))
    names = {_symbol(column): place for place, column in enumerate(columns(data))}
    formulas = _formulas(options.first("model formula"), list(columns(data)))
    found = cache(lambda: budget(formulas, seen().inputs, correlation=seen().correlation))
    shelf = Figures()
    shelf.put("means", lambda: seen().means)
    shelf.put("u_means", lambda: seen().u)
    shelf.put("correlation", lambda: found().correlation)
    _put_correlations(shelf, names, lambda: seen().correlation)
    _put_correlations(shelf, {name: place for place, name in enumerate(formulas)}, lambda: found().correlation)
    for place, name in enumerate(formulas):
        shelf.put_item(name, lambda: found().values, place)
        shelf.put_item(f"u_{name}", lambda: found().u, place)
    for name, place in names.items():
        shelf.put_item(f"mean_{name}", lambda: seen().means, place)
        shelf.put_item(f"u_mean_{name} u_{name}", lambda: seen().u, place)
    return shelf


def _put_correlations(shelf: Figures, names: dict[str, int], matrix: Callable[[], Any]) -> None:
    for one, i in names.items():
        for other, j in names.items():
            if i != j:
                shelf.put_item(f"r_{one}{other} r_{one}_{other}", matrix, i, j)


def _symbol(column: str) -> str:
    """The symbol of a column named by symbol and unit: I of I_mA."""
    return column.rsplit("_", 1)[0] if _factor(column) else column


def _factor(column: str) -> str | None:
    """What a column's prefixed unit is worth in the unit itself, as text for a formula: 1e-3 for I_mA."""
    matched = re.fullmatch(r"\w+_([numkMG])(?:A|V|W|ohm|Hz|s|g|m|Pa|L)", column)
    return _PREFIX[matched[1]] if matched else None


def _formulas(model: Any, given: list[str]) -> dict[str, str]:
    """Equations "R=V/I cos(phi), X=…" as formulas over the columns, with explicit multiplication and plain units."""
    listed = model.items() if isinstance(model, dict) else _equations(str(model))
    formulas = {}
    for name, text in listed:
        text = re.sub(r"(?<=[\w)])\s+(?=[A-Za-z(])", "*", text.strip())
        for column in given:
            scaled = f"({column}*{_factor(column)})" if _factor(column) else column
            text = re.sub(rf"\b{re.escape(_symbol(column))}\b", scaled, text)
        formulas[name] = text
    if not formulas:
        raise MissingData("model")
    return formulas


def _equations(model: str) -> list[tuple[str, str]]:
    """The equations in a text; what a semicolon sets off are remarks, unless it is an equation over a formula too."""
    first = model.split(";")[0]
    return [(name, text) for name, text in re.findall(r"(\w+)\s*=\s*([^,=]+?)\s*(?=,\s*\w+\s*=|$)", first)]


def calibration(data: Data, options: Data) -> Figures:
    """The straight line through pairs (GUM H.3); b30 and u_b30 are its value at 30."""
    pair = list(columns(data).items())[:2]
    if len(pair) < 2:
        raise MissingData("two columns")
    (_, t), (name, b) = pair
    found = cache(lambda: calibration_line(t, b, t0=options.get("t0", 0)))
    shelf = Figures()
    shelf.put_fields(
        found,
        {
        "y1 intercept a": "y1", "u_y1 u_intercept u_a": "u_y1", "y2 slope b1": "y2", "u_y2 u_slope": "u_y2",
        "r r_y1y2": "r", "s residual_sd": "s", "nu df": "nu", "n": "n",
    },
    )  # fmt: skip
    shelf.put_pattern(rf"{re.escape(name)}_?([\d.]+)", lambda place: found().at(float(place[1]))[0])
    shelf.put_pattern(rf"u_{re.escape(name)}_?([\d.]+)", lambda place: found().at(float(place[1]))[1])
    at = lambda: options.first("predict_at at t")  # noqa: E731
    shelf.put("predicted prediction", lambda: found().at(at())[0])
    shelf.put("u_predicted u_prediction", lambda: found().at(at())[1])
    return shelf


def repeated(data: Data, options: Data) -> Figures:
    shelf, p = Figures(), numbered(options.get("p", options.get("level", 0.95))) or 0.95
    found = cache(lambda: type_a(data.first("x values y"), p=p))
    shelf.put_fields(
        found,
        {
        "n": "n", "mean y": "mean", "sd s": "sd", "u u_mean": "u", "nu df": "nu", "lwr": "lwr", "upr": "upr",
    },
    )  # fmt: skip
    shelf.put("U", lambda: found().upr - found().mean)
    return shelf


# --- drift of a travelling standard -----------------------------------------------------------------------------------


def drift_on_a_line(data: Data, options: Data) -> Figures:
    return _drift(cache(lambda: linear_drift(*_pilot(data), **_further(data, options))), options)


def drift_in_loops(data: Data, options: Data) -> Figures:
    return _drift(cache(lambda: loop_drift(*_pilot(data), **_further(data, options))), options)


def _pilot(data: Data) -> tuple[Any, Any, Any]:
    return data.first("t times"), data.first("values x y"), data.first("u")


def _further(data: Data, options: Data) -> dict[str, Any]:
    given = {**data, **options}
    return {name: given[name] for name in ("u_common", "u_model") if given.get(name) is not None}


def _drift(found: Callable[[], Drift], options: Data) -> Figures:
    shelf = Figures()
    names = ("slope", "u_slope", "chi2", "significant", "nu", "p")
    shelf.put_fields(found, {name: name for name in names})
    at = lambda: found().at(options.first("at"))  # noqa: E731
    corrections = lambda: found().corrections(options.first("from"), options.first("to"))  # noqa: E731
    shelf.put("value_at values_at", lambda: at()[0])
    shelf.put("u_at", lambda: np.sqrt(np.diag(at()[1])))
    shelf.put("covariance_at", lambda: at()[1][0, -1])
    shelf.put("correction corrections", lambda: corrections()[0])
    shelf.put("u_correction u_corrections", lambda: np.sqrt(np.diag(corrections()[1])))
    return shelf
