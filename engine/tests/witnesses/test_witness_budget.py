"""Budgets against naive twins: differences for derivatives, closed forms for distributions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from intercomp.budget import Quantity, budget, monte_carlo
from intercomp.budget.formula import Formula, derivatives
from intercomp.budget.intervals import tails
from intercomp.budget.jets import FUNCTIONS
from intercomp.budget.monte_carlo import tolerance
from intercomp.errors import InputError, NotConverged
from scipy import stats

NORMAL = {"name": "x", "dist": "normal", "mu": 0.4, "sigma": 0.1}


@pytest.mark.parametrize("function", [*FUNCTIONS, "x**2.5", "1/x", "x**x", "2**x", "x**-2", "x*x-3/x+x**3"])
def test_three_derivatives_by_differences(function: str) -> None:
    """Central differences in long double, of orders 1 to 3, along one line."""
    formula = Formula.parse(f"{function}(x)" if function in FUNCTIONS else function)
    jet = derivatives(formula, {"x": 0.4}, np.array([[1.0]]))
    h = np.longdouble(2e-3)
    f = [formula({"x": np.longdouble("0.4") + k * h}) for k in range(-3, 4)]
    first = (45 * (f[4] - f[2]) - 9 * (f[5] - f[1]) + f[6] - f[0]) / (60 * h)
    second = (270 * (f[4] + f[2]) - 27 * (f[5] + f[1]) + 2 * (f[6] + f[0]) - 490 * f[3]) / (180 * h**2)
    third = (-13 * (f[4] - f[2]) + 8 * (f[5] - f[1]) - (f[6] - f[0])) / (8 * h**3)
    assert float(jet.g1[0]) == pytest.approx(float(first), rel=1e-7, abs=1e-9)
    assert float(jet.g2[0]) == pytest.approx(float(second), rel=1e-6, abs=1e-7)
    assert float(jet.g3[0]) == pytest.approx(float(third), rel=1e-3, abs=1e-4)


def test_second_order_with_every_term_by_hand() -> None:
    """y = a² b: f_aa = 2b, f_ab = 2a, f_aab = 2, f_abb = 0, f_aaa = 0."""
    found = budget("a**2*b", {"a": {"mu": 3, "sigma": 0.2}, "b": {"mu": 5, "sigma": 0.3}})
    a, b, ua, ub = 3, 5, 0.2, 0.3
    first = (2 * a * b * ua) ** 2 + (a**2 * ub) ** 2
    second = 0.5 * (2 * b) ** 2 * ua**4 + (2 * a * ua * ub) ** 2 + a**2 * 2 * ua**2 * ub**2
    assert found.u == pytest.approx(first**0.5)
    assert found.u_second_order == pytest.approx((first + second) ** 0.5)
    assert found.y_second_order == pytest.approx(45 + b * ua**2)


DISTRIBUTIONS: dict[str, tuple[dict[str, float], Any]] = {
    "normal": ({"mu": 1, "sigma": 2}, stats.norm(1, 2)),
    "t": ({"mu": 1, "sigma": 2, "nu": 5}, stats.t(5, 1, 2)),
    "rectangular": ({"a": -1, "b": 3}, stats.uniform(-1, 4)),
    "triangular": ({"a": -1, "b": 3}, stats.triang(0.5, -1, 4)),
    "arcsine": ({"a": -1, "b": 3}, stats.arcsine(-1, 4)),
    "trapezoidal": ({"a": -1, "b": 3, "beta": 0.4}, stats.trapezoid(0.3, 0.7, -1, 4)),
    "exponential": ({"mu": 2}, stats.expon(0, 2)),
}


@pytest.mark.parametrize("dist", DISTRIBUTIONS)
def test_draws_and_lattice_points_follow_the_distribution(dist: str) -> None:
    parameters, expected = DISTRIBUTIONS[dist]
    quantity = Quantity.of({"name": "x", "dist": dist, **parameters})
    random = np.random.default_rng(1)
    draws = quantity.draws(random, 20_000)
    placed = quantity.placed(random.random((quantity.dimensions, 20_000)))
    for values in (draws, placed):
        assert stats.kstest(values, expected.cdf).pvalue > 1e-3
    assert quantity.mean == pytest.approx(expected.mean())
    if dist != "t":  # of a t distribution the GUM takes the scale, and ν apart
        assert quantity.u == pytest.approx(expected.std())


def test_the_curvilinear_trapezoid_has_the_variance_of_its_clause() -> None:
    quantity = Quantity.of({"name": "x", "dist": "ctrap", "a": -1, "b": 1, "d": 0.5})
    random = np.random.default_rng(2)
    for values in (quantity.draws(random, 200_000), quantity.placed(random.random((2, 200_000)))):
        assert values.std() == pytest.approx(quantity.u, rel=0.01)
    assert quantity.u == pytest.approx((4 / 12 + 0.25 / 9) ** 0.5)


@pytest.mark.parametrize("sampling", ["random", "lattice"])
def test_the_errors_that_monte_carlo_reports_are_those_it_makes(sampling: str) -> None:
    """Twelve seeds: figures scatter about the truth by what each run says."""
    runs = [
        monte_carlo("x", [{**NORMAL, "mu": 0, "sigma": 1}], draws=20_000, seed=s, sampling=sampling) for s in range(12)
    ]
    for figures, errors, truth in (
        ([r.y for r in runs], [r.y_error for r in runs], 0.0),
        ([r.u for r in runs], [r.u_error for r in runs], 1.0),
        ([r.symmetric[1] for r in runs], [r.symmetric_error[1] for r in runs], 1.959964),
        ([r.shortest[0] for r in runs], [r.shortest_error[0] for r in runs], -1.959964),
    ):
        squares = (np.array(figures) - truth) ** 2 / np.mean(np.square(errors))
        assert 0.15 < squares.mean() < 4


def test_jointly_normal_inputs_keep_their_correlation() -> None:
    inputs = [{"name": name, "dist": "normal", "mu": 0, "sigma": s} for name, s in (("a", 1), ("b", 2), ("c", 3))]
    R = [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]
    found = monte_carlo("a+b+c", inputs, correlation=R, draws=400_000)
    assert found.u == pytest.approx((1 + 4 + 9 + 2) ** 0.5, abs=5 * found.u_error)
    assert monte_carlo("a-b", inputs[:2], correlation=[[1, 1], [1, 1]], draws=4000).u == pytest.approx(1, rel=0.05)


def test_adaptive_monte_carlo_stops_when_its_digits_stand() -> None:
    found = monte_carlo("x*y", [NORMAL, {**NORMAL, "name": "y"}], digits=2)
    assert found.tolerance == pytest.approx(0.0005)
    assert 2 * max(found.y_error, found.u_error, *found.symmetric_error) <= found.tolerance
    with pytest.raises(NotConverged) as stopped:
        monte_carlo("x*y", [NORMAL, {**NORMAL, "name": "y"}], digits=2, most_draws=20_000)
    assert stopped.value.estimate.draws == 20_000


@pytest.mark.parametrize(
    ("u", "digits", "expected"), [(0.075, 2, 5e-4), (0.075, 1, 5e-3), (0.0996, 1, 5e-2), (36, 2, 0.5)]
)
def test_the_tolerance_of_jcgm_101_7_9_2(u: float, digits: int, expected: float) -> None:
    assert tolerance(u, digits) == pytest.approx(expected)


def test_the_gum_is_validated_where_the_model_is_linear_and_not_where_it_is_not() -> None:
    linear = [NORMAL, {**NORMAL, "name": "y"}]
    assert monte_carlo("x+y", linear, sampling="lattice").validates(budget("x+y", linear))
    curved = [{**NORMAL, "mu": 0}, {**NORMAL, "mu": 0, "name": "y"}]
    assert not monte_carlo("x**2+y**2", curved).validates(budget("x**2+y**2+0*x", [{**NORMAL}, curved[1]]))


def test_the_tails_of_unequal_rows_are_those_of_all_draws() -> None:
    random = np.random.default_rng(3)
    for spread in (0.0, 50.0):  # with rows far apart the lowest draws all come from one
        rows = np.sort(random.normal(size=(6, 400)) + spread * np.arange(6)[:, None], axis=1)
        below, above = tails(rows, 0.9)
        everything = np.sort(rows, axis=None)
        np.testing.assert_array_equal(below, everything[: below.size])
        np.testing.assert_array_equal(above, everything[-above.size :])


def test_a_t_without_variance_gives_no_u() -> None:
    found = monte_carlo("x", [{"name": "x", "dist": "t", "mu": 0, "sigma": 1, "nu": 2}], draws=4000)
    assert found.u is None and "no standard uncertainty" in found.status
    assert all(map(math.isfinite, found.symmetric))


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("x^2", "write \\*\\* for a power"), ("2 x", "every multiplication"), ("__import__('os')", "no function"),
        ("x.real", "no arithmetic"), ("[x for x in x]", "no arithmetic"), ("sin", "without brackets"),
        ("sin(x, x)", "one argument"), ("'x'", "no number"), ("True", "no number"), ("", "empty"),
        ("x if x else 1", "no arithmetic"),
        ("9" * 400, "too large"), ("(" * 300 + "x" + ")" * 300, "not understood|too deeply"),
        ("-" * 400 + "x", "too deeply"), ("x" + "+x" * 400, "too deeply"),
        ("y", "not among them"), ("1/0*x", "no finite value"), ("log(x-5)", "no finite value"), ("x" * 10_001, "characters"),
        ("x//2", "no arithmetic"), ("x@x", "no arithmetic"), ("~x", "neither a plus"),
        ("2j*x", "no number"), ("lambda: x", "no arithmetic"),
    ],
)  # fmt: skip
def test_a_formula_that_is_no_arithmetic_is_refused_with_a_mend(formula: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        budget(formula, [NORMAL])


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"dist": "normal"}, "row 1"), ({"name": "x y"}, "cannot be a name"), ({"name": "x", "dist": "cauchy"}, "not known"),
        ({"name": "x", "dist": "normal", "mu": 1}, "missing"), ({"name": "x", "mu": "one", "sigma": 1}, "not a number"),
        ({"name": "x", "mu": 1, "sigma": -1}, "negative"), ({"name": "x", "dist": "rectangular", "a": 2, "b": 1}, "not above"),
        ({"name": "x", "dist": "ctrap", "a": 0, "b": 1, "d": 2}, "does not fit"), ({"name": "x", "mu": 1, "sigma": 1, "nu": 0}, "nu"),
        ({"name": "x", "mu": float("nan"), "sigma": 1}, "nan"), ("x", "not a mapping"),
    ],
)  # fmt: skip
def test_an_input_that_is_none_is_refused_by_name(spec: object, told: str) -> None:
    with pytest.raises(InputError, match=told):
        budget("x", [spec])


def test_what_cannot_be_drawn_or_correlated_is_refused() -> None:
    box = {"name": "y", "dist": "rectangular", "a": 0, "b": 1}
    with pytest.raises(InputError, match="only normal"):
        monte_carlo("x+y", [NORMAL, box], correlation=[[1, 0.5], [0.5, 1]])
    with pytest.raises(InputError, match="no finite value"):
        monte_carlo("log(x)", [NORMAL | {"sigma": 1}], draws=2000)
    with pytest.raises(InputError, match="no such correlations"):
        budget("x+y+z", [NORMAL, NORMAL | {"name": "y"}, NORMAL | {"name": "z"}], correlation=_IMPOSSIBLE)
    with pytest.raises(InputError, match="twice"):
        budget("x", [NORMAL, NORMAL])
    with pytest.raises(InputError, match="no derivative"):
        budget("sqrt(x)", [NORMAL | {"mu": 0}])


_IMPOSSIBLE = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
