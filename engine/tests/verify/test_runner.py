"""What verification says: passed only what was computed from the data and holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intercomp.verify import KINDS, Case, Tolerance, shipped_cases, verify, verify_case
from intercomp.verify.figures import Figures

SHIPPED = {case.id: case for case in shipped_cases()}
QUICK = [
    case
    for case in SHIPPED.values()
    if case.kind not in ("gum_mc", "consensus_key_comparison", "hierarchical_bayes", "grubbs_double", "bootstrap")
]


def changed(case: Case, **fields: Any) -> Case:
    return Case(**{name: getattr(case, name) for name in Case.__slots__} | fields)


def made(
    kind: str, data: Mapping[str, Any], expected: Mapping[str, Any], granted: Any = "rel 1e-9", **options: Any
) -> Case:
    return Case("made", "", kind, data, options, expected, {"*": Tolerance.of(granted)}, (), "", "made.json")


def moved(value: Any, tolerance: Tolerance, up: bool) -> Any:
    """The figure changed by clearly more than its tolerance, whatever its type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, list):
        return [*value[:-1], moved(value[-1], tolerance, up)]
    by = 2 * max(tolerance.absolute, tolerance.relative * abs(value)) + 1e-9 * max(abs(value), 1.0)
    return value + by if up else value - by


@given(case=st.sampled_from(QUICK), place=st.integers(0, 100), up=st.booleans())
@settings(max_examples=60, deadline=None)
def test_an_expected_value_changed_by_more_than_its_tolerance_is_caught(case: Case, place: int, up: bool) -> None:
    name = list(case.expected)[place % len(case.expected)]
    truth = {figure.name: figure.got for figure in verify_case(case).figures}[name]
    if isinstance(truth, list):
        truth = truth[: len(case.expected[name])]
    wrong = changed(case, expected={**case.expected, name: moved(truth, case.tolerance(name), up)})
    failed = [figure.name for figure in verify_case(wrong).figures if not figure.ok]
    assert failed == [name]


@pytest.mark.parametrize("case", QUICK[::6], ids=lambda case: case.id)
def test_an_unknown_figure_is_uncovered_never_passed(case: Case) -> None:
    strange = "figure_of_another_world"
    record = verify_case(changed(case, expected={**case.expected, strange: 1.0}))
    assert record.uncovered == (strange,)
    assert strange not in [figure.name for figure in record.figures]


@pytest.mark.parametrize("case", QUICK[::4], ids=lambda case: case.id)
def test_neither_identity_nor_expected_values_decide_what_is_computed(case: Case) -> None:
    nonsense = dict.fromkeys(case.expected, "?")
    plain = {figure.name: figure.got for figure in verify_case(case).figures if not isinstance(figure.got, list)}
    blind = {figure.name: figure.got for figure in verify_case(changed(case, id="x", expected=nonsense)).figures}
    assert {name: blind[name] for name in plain} == plain


def test_a_kind_the_engine_does_not_know_is_uncovered_throughout() -> None:
    record = verify_case(made("astrology", {"x": [1, 2]}, {"mean": 1.5, "sd": 0.7}))
    assert (record.figures, record.uncovered) == ((), ("mean", "sd"))


def test_a_figure_without_its_data_is_uncovered() -> None:
    record = verify_case(made("scores", {"x": [1.0, 2.0], "x_pt": 1.0, "sigma_pt": 0.5}, {"z": [0, 2], "zeta": [0, 1]}))
    assert [figure.ok for figure in record.figures] == [True]
    assert record.uncovered == ("zeta",)


def test_data_the_engine_refuses_fail_with_its_message() -> None:
    record = verify_case(made("consensus", {"x": [1.0, 2.0], "u": [0.1, -0.2]}, {"DL_mu": 1.5}))
    (figure,) = record.figures
    assert not figure.ok
    assert "refused: u, row 2" in figure.got


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("data", [{}, {"x": None}, {"x": "text"}, {"x": [[1]], "levels": 3, "items": {}, "inputs": 1}])
def test_strange_data_break_no_family(kind: str, data: dict[str, Any]) -> None:
    record = verify_case(made(kind, data, {"mean": 7.7, "u": 2.2, "F_crit": 1.1, "D_12": 3.3}))
    assert not any(figure.ok for figure in record.figures)


def test_a_truncated_print_of_values_per_laboratory_is_compared_as_far_as_it_goes() -> None:
    data, full = {"x": [1.0, 2.0, 3.0], "x_pt": 2.0, "sigma_pt": 1.0}, [-1.0, 0.0, 1.0]
    assert verify_case(made("scores", data, {"z": full[:2]})).figures[0].got == full[:2]
    assert not verify_case(made("scores", data, {"z": [*full, 2.0]})).figures[0].ok
    subset = verify_case(made("key_comparison", {"x": [1, 1, 1], "u": [1, 1, 1]}, {"LCS_all3": [1, 2]}))
    assert not subset.figures[0].ok


def test_the_counts_are_of_figures_and_strictness_counts_the_uncovered() -> None:
    x = {"x": [1.0, 2.0, 4.0]}
    record = verify([made("algorithm_a", x, {"median": 2.0, "mean": 9.0}), made("algorithm_a", x, {"strange": 1})])
    assert (record.passed, record.failed, record.uncovered) == (1, 1, 1)
    alone = verify([made("algorithm_a", x, {"median": 2.0, "strange": 1})])
    assert alone.holds()
    assert not alone.holds(strict=True)


def test_figures_are_found_by_spelling_and_symbols_by_case() -> None:
    shelf = Figures()
    shelf.put("x_star", lambda: 1)
    shelf.put("s_r", lambda: 2)
    shelf.put("s_R", lambda: 3)
    shelf.put("u_KCRV", lambda: 4)
    shelf.put_pattern(r"U(\d\d)", lambda name: int(name[1]))
    found = {
        name: shelf.maker(name) for name in ("X-Star", "xstar", "s_r", "sR", "S_R", "U_KCRV", "U99", "s_r_mg", "u_V")
    }
    got = {name: maker() for name, maker in found.items() if maker is not None}
    assert got == {"xstar": 1, "s_r": 2, "sR": 3, "U99": 99, "s_r_mg": 2}


# --- the same kinds with other data: each against a twin written out here --------------------------------------------


def ok(case: Case) -> None:
    record = verify_case(case)
    assert [figure for figure in record.figures if not figure.ok] == []
    assert record.uncovered == ()


def test_other_data_scores() -> None:
    x, U, k = np.array([9.0, 10.5, 14.0]), np.array([0.5, 1.0, 0.8]), np.array([2.0, 3.0, 1.732])
    D, u = x - 10, U / k
    expected = {
        "D_percent": (10 * D).tolist(),
        "PA": (100 * D / 2).tolist(),
        "z": (D / 0.9).tolist(),
        "z_prime": (D / np.hypot(0.9, 0.2)).tolist(),
        "zeta": (D / np.hypot(u, 0.2)).tolist(),
        "E_n": (D / np.hypot(U, 0.5)).tolist(),
        "signals": ["acceptable", "acceptable", "action"],
    }
    data = {"x": x.tolist(), "U": U.tolist(), "k": k.tolist(), "x_pt": 10, "U_xpt": 0.5, "sigma_pt": 0.9}
    ok(made("scores", data, expected, delta_E=2.0, k_xpt=2.5))


def test_other_data_correlated_quantities_with_units() -> None:
    V, I_mA = [5.0, 5.1, 4.9, 5.05], [20.0, 20.2, 19.9, 20.05]
    u = np.sqrt(np.diag(C := np.cov(V, I_mA) / 4))
    r, current = C[0, 1] / u.prod(), np.mean(I_mA) / 1e3
    R = np.mean(V) / current
    u_R = R * np.sqrt(
        (u[0] / np.mean(V)) ** 2 + (u[1] / np.mean(I_mA)) ** 2 - 2 * r * u.prod() / np.mean(V) / np.mean(I_mA)
    )
    expected = {"R": R, "u_R": u_R, "r_VI": r, "P": np.mean(V) * current, "u_means": u.tolist()}
    ok(made("gum_multivariate", {"V": V, "I_mA": I_mA}, expected, model="R=V/I, P=V I; type A"))


def test_other_data_budget_with_its_coverage_by_name() -> None:
    inputs = [
        {"name": "a", "dist": "normal", "mu": 4, "sigma": 0.1},
        {"name": "b", "dist": "rectangular", "a": 1, "b": 3},
    ]
    u = np.hypot(0.1 * 2, 4 / np.sqrt(3))
    expected = {"y": 8.0, "u_c": u, "U_k2": 2 * u, "U95": 1.959963984540054 * u, "u_b": 1 / np.sqrt(3), "c_a": 2.0}
    ok(made("gum", {"inputs": inputs}, expected, model="a*b"))


def test_other_data_homogeneity_with_its_factors() -> None:
    items = np.array([[1.0, 1.2], [1.4, 1.1], [0.9, 1.0], [1.3, 1.3]])
    within, between = items.var(axis=1, ddof=1).mean(), items.mean(axis=1).var(ddof=1)
    s2 = max(0.0, between - within / 2)
    expected = {"s_w": within**0.5, "s_s": s2**0.5, "s2_an": within, "s2_sam": s2, "c": 1.5 * 0.09 + 0.8 * within}
    ok(made("homogeneity", {"items": items.tolist()}, expected, sigma_p=1.0, table_factors="F1=1.5, F2=0.8"))


def test_other_data_stopping_rules_of_algorithm_a() -> None:
    x = SHIPPED["workbook-algA-84-results"].data["x"]
    mean, sd, factor, steps = np.median(x), 1.483 * np.median(np.abs(np.array(x) - np.median(x))), 1.134, 0
    while True:
        steps += 1
        drawn_in = np.clip(x, mean - 1.5 * sd, mean + 1.5 * sd)
        before, mean, sd = mean, drawn_in.mean(), factor * drawn_in.std(ddof=1)
        if abs(mean - before) < mean / 1e4:
            break
    ok(made("algorithm_a", {"x": x}, {"x_star": mean, "s_star": sd, "iterations": steps}, stop="|dx*|<x*/1e4"))


def test_other_data_tables_of_other_sizes() -> None:
    from scipy import stats

    f = stats.f.isf(0.05 / 12, 3, 11 * 3)
    expected = {"cochran_p_n4_5": [1 / (1 + 11 / f)], "F95_3_7": stats.f.ppf(0.95, 3, 7)}
    ok(made("table", {"cochran_p": [12]}, expected))


def test_other_data_bilateral_and_excluded_laboratories() -> None:
    data = {"x": [1.0, 2.0, 6.0], "U": [0.2, 0.2, 0.4], "in_KCRV": [True, True, False], "lab": ["A", "B", "C"]}
    expected = {"KCRV": 1.5, "D": [-0.5, 0.5, 4.5], "u_KCRV": 0.1 / 2**0.5, "D_13": -5.0, "U_D_13": 2 * 0.05**0.5}
    ok(made("degrees_of_equivalence", data, expected, k=2, method="weighted mean"))


def test_other_data_in_strings_far_from_the_origin() -> None:
    data = {"rule": "y(t,r)=offset+b(t)+b(r), b(1)=0.5, b(even)=0.1, b(odd>1)=0.9", "offset": "1000000000000"}
    steps_t, steps_r = np.array([0.5, 0.1, 0.9]), np.array([0.5, 0.1, 0.9, 0.1])
    y = steps_t[:, None] + steps_r
    within = ((y - y.mean(axis=1, keepdims=True)) ** 2).sum()
    between = 4 * ((y.mean(axis=1) - y.mean()) ** 2).sum()
    expected = {"SSB": between, "SSW": within, "F": (between / 2) / (within / 9)}
    ok(made("anova", data | {"treatments": 3, "replicates": 4}, expected, granted="rel 1e-11"))
