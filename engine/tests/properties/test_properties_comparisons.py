"""What every estimate of a comparison owes to any data: order, unit and origin do not matter, batches are rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from intercomp.bayes import hierarchical_bayes
from intercomp.bootstrap_consensus import dersimonian_laird_bootstrap
from intercomp.budget import budget, monte_carlo
from intercomp.comparison_median import comparison_median, weighted_median
from intercomp.consensus import dersimonian_laird, hartung_knapp, mandel_paule, reml, weighted_mean
from intercomp.drift import linear_drift, loop_drift
from intercomp.equivalence import bilateral_degrees, degrees_of_equivalence, leave_one_out
from intercomp.errors import InputError
from intercomp.pool import linear_pool
from intercomp.subset import largest_consistent_subset

Results = tuple[list[float], list[float]]
CONSENSUS: list[Callable[..., Any]] = [weighted_mean, mandel_paule, dersimonian_laird, reml, hartung_knapp]
ESTIMATORS: list[Callable[..., Any]] = [*CONSENSUS, hierarchical_bayes, linear_pool, comparison_median]
FEW = settings(max_examples=25)


@st.composite
def comparisons(draw: st.DrawFn, least: int = 3, most: int = 8) -> Results:
    n = draw(st.integers(least, most))
    x = draw(st.lists(st.integers(-400, 400), min_size=n, max_size=n))
    u = draw(st.lists(st.integers(5, 200), min_size=n, max_size=n))
    return [value / 16 for value in x], [value / 16 for value in u]


def ends(found: Any) -> np.ndarray:
    return np.array([found.value, found.u, found.lwr, found.upr])


@FEW
@pytest.mark.parametrize("estimator", ESTIMATORS)
@given(data=comparisons(), seed=st.integers(0, 100))
def test_the_order_of_the_laboratories_does_not_matter(estimator: Callable[..., Any], data: Results, seed: int) -> None:
    x, u = data
    order = np.random.default_rng(seed).permutation(len(x))
    found, again = estimator(x, u), estimator(np.array(x)[order], np.array(u)[order])
    np.testing.assert_allclose(ends(again), ends(found), rtol=1e-6, atol=1e-6 * found.u)
    np.testing.assert_allclose(again.weights, found.weights[order], atol=1e-6)


@FEW
@pytest.mark.parametrize("estimator", ESTIMATORS)
@given(data=comparisons(), shift=st.sampled_from([-3.0, 1e6, 2.0**40]), scale=st.sampled_from([1e-9, -2.0, 1e7]))
def test_unit_and_origin_do_not_matter(
    estimator: Callable[..., Any], data: Results, shift: float, scale: float
) -> None:
    x, u = np.array(data[0]), np.array(data[1])
    found, moved, turned = estimator(x, u), estimator(x + shift, u), estimator(scale * x, abs(scale) * u)
    tolerance = 1e-6 * found.u + 1e-15 * abs(shift)
    np.testing.assert_allclose(ends(moved) - [shift, 0, shift, shift], ends(found), atol=tolerance)
    mirrored = sorted([scale * found.lwr, scale * found.upr])
    expected = [scale * found.value, abs(scale) * found.u, *mirrored]
    np.testing.assert_allclose(ends(turned), expected, rtol=1e-6, atol=2e-6 * abs(scale) * found.u)


@FEW
@pytest.mark.parametrize("estimator", CONSENSUS)
@given(data=st.lists(comparisons(least=2), min_size=2, max_size=5))
def test_a_batch_padded_or_ragged_is_its_rows(estimator: Callable[..., Any], data: list[Results]) -> None:
    width = max(len(x) for x, _ in data)
    padded = [[row + [np.nan] * (width - len(row)) for row in column] for column in zip(*data, strict=True)]
    offsets = np.cumsum([0] + [len(x) for x, _ in data])
    flat = [np.concatenate(column) for column in zip(*data, strict=True)]
    together = estimator(np.array(padded[0]), np.array(padded[1]))
    ragged = estimator((flat[0].tolist(), offsets.tolist()), (flat[1].tolist(), offsets.tolist()))
    for row, (x, u) in enumerate(data):
        alone = estimator(x, u)
        for field in ("value", "u", "tau", "Q", "p", "lwr", "upr"):
            expected = getattr(alone, field)
            assert getattr(together, field)[row] == pytest.approx(expected, rel=1e-9, abs=1e-12)
            assert getattr(ragged, field)[row] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@FEW
@given(comparisons())
def test_consensus_weights_sum_to_one_and_the_mean_lies_among_the_results(data: Results) -> None:
    for estimator in CONSENSUS:
        found = estimator(*data)
        assert found.weights.sum() == pytest.approx(1)
        assert min(data[0]) - 1e-9 <= found.value <= max(data[0]) + 1e-9


@FEW
@given(comparisons())
def test_mandel_paule_uses_up_the_degrees_of_freedom_or_says_zero(data: Results) -> None:
    found = mandel_paule(*data)
    x, v = np.array(data[0]), np.array(data[1]) ** 2 + found.tau**2
    q = float(np.sum((x - found.value) ** 2 / v))
    assert q == pytest.approx(len(x) - 1, rel=1e-9) if found.tau > 0 else q <= len(x) - 1 + 1e-9


@FEW
@given(comparisons())
def test_degrees_of_equivalence_weighted_as_the_reference_cancel(data: Results) -> None:
    x, u = data
    reference = weighted_mean(x, u)
    found = degrees_of_equivalence(x, u, reference)
    assert float(reference.weights @ found.D) == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(found.u**2, np.array(u) ** 2 - reference.u**2, rtol=1e-6, atol=1e-9)
    assert np.linalg.eigvalsh(found.covariance).min() >= -1e-9
    pairs = bilateral_degrees(x, u)
    np.testing.assert_allclose(pairs.D, found.D[:, None] - found.D, atol=1e-9)


@FEW
@given(comparisons())
def test_a_subset_is_consistent_and_every_larger_one_was_not(data: Results) -> None:
    found = largest_consistent_subset(*data)
    assert found.p >= 0.05 and len(found.rows) + len(found.left_out) == found.n
    assert found.consistent_all == (len(found.rows) == found.n)


@FEW
@given(comparisons(least=2), st.integers(0, 5))
def test_the_same_seed_gives_the_same_bits(data: Results, seed: int) -> None:
    first, again = (dersimonian_laird_bootstrap(*data, replicates=200, seed=seed) for _ in range(2))
    assert asdict(first) == asdict(again)
    posterior, repeated = (hierarchical_bayes(*data) for _ in range(2))
    assert (posterior.value, posterior.median, posterior.tau_mean) == (
        repeated.value,
        repeated.median,
        repeated.tau_mean,
    )
    inputs = [{"name": "x", "dist": "normal", "mu": data[0][0], "sigma": data[1][0]}]
    drawn, redrawn = (monte_carlo("x", inputs, draws=1000, seed=seed) for _ in range(2))
    assert asdict(drawn) == asdict(redrawn)


@FEW
@given(comparisons())
def test_posterior_quantiles_are_in_order_and_tau_is_positive(data: Results) -> None:
    for effects in ("normal", "laplace"):
        found = hierarchical_bayes(*data, effects=effects)
        assert found.lwr < found.median < found.upr and 0 < found.tau_lwr < found.tau_median < found.tau_upr
        assert found.lwr < found.value < found.upr and found.tau_mean > found.tau_lwr


@FEW
@given(comparisons())
def test_one_wild_result_cannot_carry_the_robust_consensus_away(data: Results) -> None:
    x, u = data
    wild, wide = [*x, x[0] + 1e7], [*u, u[0]]
    assert comparison_median(wild, wide).of_results <= max(x)
    assert len(wild) in dict(largest_consistent_subset(wild, wide).left_out)


@FEW
@given(comparisons(), st.floats(-50, 50), st.floats(-2, 2))
def test_a_line_drifts_as_a_line(data: Results, start: float, slope: float) -> None:
    t = np.cumsum(1 + np.abs(data[0]))
    values = start + slope * t
    middle = 0.5 * (t[0] + t[1])
    for drift in (linear_drift(t, values, data[1]), loop_drift(t, values, data[1])):
        found, C = drift.at([middle])
        assert found[0] == pytest.approx(start + slope * middle, rel=1e-6, abs=1e-6) and C[0, 0] > 0
        add, _ = drift.corrections([middle], t[0])
        assert add[0] == pytest.approx(slope * (t[0] - middle), rel=1e-6, abs=1e-6)


@FEW
@given(comparisons(most=5), st.floats(0.01, 100))
def test_a_budget_scales_with_its_unit_and_forgets_the_order(data: Results, factor: float) -> None:
    assume(all(abs(value) > 0.1 for value in data[0]))
    names = [f"q{i}" for i in range(len(data[0]))]
    inputs = [{"name": n, "dist": "normal", "mu": m, "sigma": 1e-3 * s} for n, m, s in zip(names, *data, strict=True)]
    formula = "*".join(names)
    found = budget(formula, inputs)
    assert budget(f"{factor!r}*{formula}", inputs[::-1]).u == pytest.approx(factor * found.u, rel=1e-9)
    relative = sum((1e-3 * s / m) ** 2 for m, s in zip(*data, strict=True)) ** 0.5
    assert found.u == pytest.approx(abs(found.y) * relative, rel=1e-9)
    assert found.shares.sum() == pytest.approx(1)


BAD: list[tuple[Any, Any, str]] = [
    ([1.0, 2.0], [0.1, 0.0], "u, row 2"),
    ([1.0, 2.0], [0.1, -1.0], "u, row 2"),
    ([1.0, float("nan")], [0.1, 0.1], "x, row 2"),
    ([1.0, 2.0], [0.1], "x and u"),
    ([1.0], [0.1], "one result"),
    ([], [], "no result"),
    (["1.0", "<2"], [0.1, 0.1], "x, row 2"),
    ([[1.0, 2.0], [3.0, np.nan]], [[0.1, 0.1], [0.1, np.nan]], "measurand 2"),
]


@pytest.mark.parametrize("estimator", CONSENSUS)
@pytest.mark.parametrize(("x", "u", "told"), BAD)
def test_bad_input_is_refused_by_row_with_a_mend(estimator: Callable[..., Any], x: Any, u: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        estimator(x, u)


@pytest.mark.parametrize("estimator", [hierarchical_bayes, largest_consistent_subset, weighted_median, leave_one_out])
def test_one_measurand_at_a_time_refuses_zero_uncertainty(estimator: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="u, row 3"):
        estimator([1.0, 2.0, 3.0], [0.1, 0.2, 0.0])


def test_written_results_keep_their_digits_far_from_the_origin() -> None:
    near = weighted_mean([0.1, 0.2, 0.4], [0.1, 0.2, 0.1])
    far = weighted_mean(["1000000000000.1", "1000000000000.2", "1000000000000.4"], ["0.1", "0.2", "0.1"])
    assert pytest.approx(near.Q, rel=1e-12) == far.Q


def test_two_results_have_quantiles_but_no_standard_deviation() -> None:
    found = hierarchical_bayes([1.0, 2.0], [0.1, 0.2])
    assert found.u is None and "no variance" in found.status and found.lwr < found.median < found.upr


def test_a_pool_with_two_degrees_of_freedom_has_no_standard_deviation() -> None:
    found = linear_pool([1.0, 2.0, 3.0], [0.1, 0.2, 0.3], [10, 2, None])
    assert found.u is None and "row 2" in found.status and found.lwr < found.median < found.upr


def test_zero_dark_uncertainty_is_explained_with_q_and_p() -> None:
    told = mandel_paule([1.0, 1.1], [1.0, 1.0]).explain()
    assert "τ = 0" in told and "Q = 0.005" in told and "p = 0.944" in told
