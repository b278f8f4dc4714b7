"""Precision, homogeneity and split level against the formulae written out naively, and critical values simulated."""

from __future__ import annotations

import statistics
from math import sqrt

import numpy as np
import pytest
from intercomp.homogeneity import homogeneity
from intercomp.precision import grubbs_double_critical, precision, scrutinise, split_level
from intercomp.precision.levels import complete, with_gaps


def naive(level: list[list[float]]) -> dict[str, float]:
    """ISO 5725-2, 7.4, one level, one cell after another."""
    cells = [cell for cell in level if cell]
    n, means = [len(cell) for cell in cells], [statistics.fmean(cell) for cell in cells]
    total, p = sum(n), len(cells)
    m = sum(k * mean for k, mean in zip(n, means, strict=True)) / total
    s_r2 = sum(sum((y - mean) ** 2 for y in cell) for cell, mean in zip(cells, means, strict=True)) / (total - p)
    s_d2 = sum(k * (mean - m) ** 2 for k, mean in zip(n, means, strict=True)) / (p - 1)
    typical = (total - sum(k * k for k in n) / total) / (p - 1)
    s_l2 = max(0.0, (s_d2 - s_r2) / typical)
    variances = [statistics.variance(cell) for cell in cells if len(cell) > 1]
    spread, centre = statistics.stdev(means), statistics.fmean(means)
    ordered = sorted(means)
    total_squares = sum((y - centre) ** 2 for y in ordered)
    return {
        "m": m,
        "s_r": sqrt(s_r2),
        "s_L": sqrt(s_l2),
        "s_R": sqrt(s_r2 + s_l2),
        "s_xbar": spread,
        "cochran_C": max(variances) / sum(variances),
        "grubbs_high": (max(means) - centre) / spread,
        "grubbs_low": (centre - min(means)) / spread,
        "grubbs_high_2": statistics.pvariance(ordered[:-2]) * (p - 2) / total_squares,
        "grubbs_low_2": statistics.pvariance(ordered[2:]) * (p - 2) / total_squares,
    }


def gappy(seed: int, levels: int = 6, p: int = 9) -> list[list[list[float]]]:
    random = np.random.default_rng(seed)
    laboratory = random.normal(0, 1, (levels, p))
    return [
        [list(50 + laboratory[j, i] + random.normal(0, 0.5, random.choice([0, 1, 2, 3, 4]))) for i in range(p)]
        for j in range(levels)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_cells_with_gaps_equal_the_formulae_of_the_standard(seed: int) -> None:
    levels = gappy(seed)
    found = precision(levels)
    for j, level in enumerate(levels):
        for name, value in naive(level).items():
            assert getattr(found, name)[j] == pytest.approx(value, rel=1e-9, abs=1e-11), (j, name)


def test_the_way_for_complete_cells_equals_the_way_for_cells_with_gaps() -> None:
    x = np.random.default_rng(11).normal(100, 1, (10, 30, 3))
    noise = np.zeros(10)
    first, second = complete(x, noise), with_gaps(x, noise)
    for name in ("m", "s_r", "s_l", "s_xbar", "h", "k", "cochran", "variances"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(first.extremes, second.extremes, rtol=1e-9)


def test_mandel_sums_of_squares() -> None:
    found = precision(np.random.default_rng(3).normal(7, 2, (4, 12, 3)))
    assert (found.h**2).sum(axis=1) == pytest.approx(11)
    assert (found.k**2).sum(axis=1) == pytest.approx(12)


@pytest.mark.parametrize(("p", "draws"), [(5, 200_000), (12, 200_000), (30, 100_000)])
def test_grubbs_double_critical_value_by_simulation(p: int, draws: int) -> None:
    x = np.sort(np.random.default_rng(p).standard_normal((draws, p)), axis=1)
    ratio = (p - 2) * x[:, :-2].var(axis=1) / (p * x.var(axis=1))
    for significance in (0.05, 0.01):
        share = float((ratio < grubbs_double_critical(p, significance)).mean())
        half = significance / 2
        assert share == pytest.approx(half, abs=4 * sqrt(half / draws))


def test_every_step_of_the_chain_leaves_out_what_it_says() -> None:
    random = np.random.default_rng(5)
    cells = random.normal(20, 1, (12, 1)) + random.normal(0, 0.2, (12, 3))
    cells[3] += [0, 4, -4]
    cells[7] += 15
    chain = scrutinise(cells)
    dropped = {cell.laboratory: cell.reason for cell in chain.left_out}
    assert dropped == {"4": "cochran at 1 %", "8": "grubbs-high at 1 %"}
    again = precision(np.delete(cells, [3, 7], axis=0))
    assert (chain.precision.s_r, chain.precision.s_R) == pytest.approx((again.s_r, again.s_R), rel=1e-12)
    assert chain.before.p == 12 and chain.precision.p == 10


def test_split_level_recovers_the_components_it_was_made_of() -> None:
    random = np.random.default_rng(17)
    laboratory = random.normal(0, 2.0, (4000, 1))
    pairs = np.array([40.0, 43.0]) + laboratory + random.normal(0, 0.7, (4000, 2))
    found = split_level(pairs)
    assert (found.s_r, found.s_L) == pytest.approx((0.7, 2.0), rel=0.04)
    assert found.mean_difference == pytest.approx(-3, abs=0.05)


def test_homogeneity_of_unequal_replicates_by_hand() -> None:
    items = [[10.0, 10.4], [10.2, 10.2, 10.5], [9.8, 10.0], [10.6, 10.2, 10.4]]
    found = homogeneity(items, 1.0)
    by_hand = naive(items)
    assert (found.s_w, found.s_s) == pytest.approx((by_hand["s_r"], by_hand["s_L"]), rel=1e-12)
    assert found.cochran_C == pytest.approx(by_hand["cochran_C"], rel=1e-12)
