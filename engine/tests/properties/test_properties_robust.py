"""What every estimator of location and scale must keep, whatever the data."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

RESULTS = st.lists(st.integers(-400, 400).map(lambda k: k / 8), min_size=3, max_size=40)
LOCATIONS = {
    "median": intercomp.median,
    "algorithm-a": lambda x: intercomp.algorithm_a(x).mean,
    "hampel": intercomp.hampel,
}
SCALES = {
    "mad-e": intercomp.mad_e,
    "niqr": intercomp.niqr,
    "algorithm-a": lambda x: intercomp.algorithm_a(x).sd,
    "qn": intercomp.qn,
    "sn": intercomp.sn,
    "q": intercomp.q_method,
    "mean-absolute": intercomp.mean_absolute_scale,
}
BOTH = [*LOCATIONS.values(), *SCALES.values()]


@pytest.mark.parametrize("estimate", BOTH)
@settings(max_examples=40)
@given(x=RESULTS, seed=st.randoms())
def test_the_order_of_results_does_not_matter(estimate, x, seed) -> None:
    shuffled = list(x)
    seed.shuffle(shuffled)
    assert estimate(shuffled) == pytest.approx(estimate(x), rel=1e-14, abs=1e-14)


MOVES = [(0.001, 0.0), (0.001, 273.15), (1.0, 273.15), (-1.0, -1e6), (64.0, 1e9), (1.0, 1e12)]


@pytest.mark.parametrize("name", LOCATIONS)
@settings(max_examples=60)
@given(x=RESULTS, move=st.sampled_from(MOVES))
def test_location_follows_shift_and_scale(name, x, move) -> None:
    a, b = move
    expected = a * LOCATIONS[name](x) + b
    # one unit in the last place of the origin is all that float64 can keep of the sum
    assert LOCATIONS[name](a * np.array(x) + b) == pytest.approx(
        expected, rel=1e-14, abs=1e-9 * abs(a) + 4e-16 * abs(b)
    )


@pytest.mark.parametrize("name", SCALES)
@settings(max_examples=60)
@given(x=RESULTS, a=st.sampled_from([0.125, 1.0, -1.0, 64.0]), b=st.sampled_from([0.0, 273.0, -1e6, 1e12]))
def test_scale_follows_scale_and_ignores_shift_also_far_from_the_origin(name, x, a, b) -> None:
    # multiples of 1/64 up to 1e12 are exact in float64, so nothing but the estimator can blur the answer
    assert SCALES[name](a * np.array(x) + b) == pytest.approx(abs(a) * SCALES[name](x), rel=1e-10, abs=1e-12)


@given(x=st.lists(st.floats(-2, 2), min_size=12, max_size=30), wild=st.sampled_from([1e3, -1e9, 1e200]))
def test_one_wild_result_moves_algorithm_a_by_no_more_than_its_spread(x, wild) -> None:
    x = np.array(x) + np.linspace(-1, 1, len(x))
    clean, soiled = intercomp.algorithm_a(x), intercomp.algorithm_a([*x, wild])
    if clean.status == "converged":
        assert soiled.status == "converged"
        assert abs(soiled.mean - clean.mean) < clean.sd
        assert soiled.sd < 2 * clean.sd


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=20), min_size=1, max_size=12))
def test_table_ragged_and_one_by_one_agree_to_the_last_bit(rows) -> None:
    width = max(map(len, rows))
    table = np.array([row + [np.nan] * (width - len(row)) for row in rows])
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    padded, ragged = intercomp.algorithm_a(table), intercomp.algorithm_a((np.concatenate(rows), offsets))
    alone = [intercomp.algorithm_a(row) for row in rows]
    for scale in (intercomp.qn, intercomp.sn, intercomp.q_method, intercomp.hampel, intercomp.niqr, intercomp.mad_e):
        singly = [scale(row) for row in rows]
        assert scale(table) == pytest.approx(singly, rel=1e-13, abs=1e-13)
        assert scale((np.concatenate(rows), offsets)) == pytest.approx(singly, rel=1e-13, abs=1e-13)
    for figure in ("mean", "sd", "n", "status", "iterations"):
        singly = [getattr(one, figure) for one in alone]
        assert getattr(padded, figure).tolist() == singly
        assert getattr(ragged, figure).tolist() == singly


@given(x=st.lists(st.integers(0, 999), min_size=3, max_size=25))
def test_written_results_far_from_the_origin_keep_their_digits(x) -> None:
    far = [f"1000000000000.{digits:03d}" for digits in x]
    near = [f"0.{digits:03d}" for digits in x]
    assert intercomp.algorithm_a(far).sd == pytest.approx(intercomp.algorithm_a(near).sd, rel=1e-9, abs=1e-12)


def test_a_measurand_with_one_result_gets_its_status_and_spoils_no_other() -> None:
    table = np.array([[1.0, 2.0, 3.0, 9.0], [5.0, np.nan, np.nan, np.nan], [np.nan] * 4])
    found = intercomp.algorithm_a(table)
    assert found.status.tolist() == ["converged", "too-few", "too-few"]
    assert found.n.tolist() == [4, 1, 0]
    assert np.isnan(found.mean[1:]).all()
