"""The closed-form search of Algorithm A against the iteration written out naively."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest


def iterated(x: np.ndarray, factor: float = 1.134) -> tuple[float, float]:
    mean, sd = np.median(x), 1.483 * np.median(np.abs(x - np.median(x)))
    sd = sd or np.std(x, ddof=1)
    for _ in range(50_000):
        drawn_in = np.clip(x, mean - 1.5 * sd, mean + 1.5 * sd)
        before, (mean, sd) = (mean, sd), (drawn_in.mean(), factor * drawn_in.std(ddof=1))
        if abs(mean - before[0]) <= 1e-15 * sd and abs(sd - before[1]) <= 1e-15 * sd:
            break
    return mean, sd


@pytest.mark.parametrize("wild_share", [0.0, 0.08, 0.25])
def test_closed_form_equals_the_limit_of_the_iteration(wild_share: float) -> None:
    random = np.random.default_rng(20260101)
    table = random.normal(50, 2, (150, 31))
    wild = random.random(table.shape) < wild_share
    table[wild] += random.normal(0, 40, wild.sum())
    found = intercomp.algorithm_a(table)
    naive = np.array([iterated(row) for row in table])
    assert found.mean == pytest.approx(naive[:, 0], rel=1e-12)
    assert found.sd == pytest.approx(naive[:, 1], rel=1e-11)


def test_closed_form_equals_the_limit_of_the_iteration_on_heavy_ties() -> None:
    random = np.random.default_rng(7)
    for _ in range(400):
        x = random.integers(0, random.integers(2, 9), random.integers(2, 15)).astype(float)
        mean, sd = iterated(x)
        found = intercomp.algorithm_a(x)
        assert (found.mean, found.sd) == pytest.approx((mean, sd), abs=1e-7)
        assert (found.status == "degenerate") == (sd < 1e-6)


def test_x30o50_of_robustbase_is_reached_where_25_or_30_iterations_give_up() -> None:
    # 30 results within ±1 and 20 far away: the iteration needs hundreds of steps
    random = np.random.default_rng(3)
    x = np.concatenate([random.normal(0, 0.05, 30), 10 + random.normal(0, 0.05, 13)])
    assert intercomp.algorithm_a(x).sd == pytest.approx(iterated(x)[1], rel=1e-9)
