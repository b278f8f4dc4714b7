"""Pairwise scales and Hampel's roots against twins that write everything out."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest
from scipy.special import ndtri


def differences(x: np.ndarray) -> np.ndarray:
    return np.sort(np.abs(x[:, None] - x[None, :])[np.triu_indices(x.size, 1)])


def qn(x: np.ndarray) -> float:
    h = x.size // 2 + 1
    return 2.219144465985076 * float(intercomp.qn_correction(x.size)) * differences(x)[h * (h - 1) // 2 - 1]


def sn(x: np.ndarray) -> float:
    n = x.size
    distances = np.sort(np.abs(x[:, None] - x[None, :]), axis=1)[:, n // 2]
    return 1.1926 * float(intercomp.sn_correction(n)) * np.sort(distances)[(n + 1) // 2 - 1]


def q_method(x: np.ndarray) -> float:
    values, counts = np.unique(differences(x), return_counts=True)
    pairs, reached = counts.sum(), np.cumsum(counts)
    height = 0.5 * (reached + np.concatenate([[0], reached[:-1]]))
    ties = counts[0] if values[0] == 0 else 0
    if ties == pairs:
        return 0.0
    if ties:
        height[0] = 0
    else:
        values, height = np.concatenate([[0], values]), np.concatenate([[0], height])
    at = np.interp(0.25 * pairs + 0.75 * ties, height, values)
    return at / (np.sqrt(2) * ndtri(0.625 + 0.375 * ties / pairs))


def psi_sum(x: np.ndarray, t: float, s: float) -> float:
    q = (x - t) / s
    return float((np.sign(q) * np.minimum(np.minimum(np.abs(q), 1.5), np.maximum(4.5 - np.abs(q), 0))).sum())


def hampel(x: np.ndarray, s: float) -> float:
    middle = np.median(x)
    corners = np.unique((x[:, None] + s * np.array([-4.5, -3, -1.5, 1.5, 3, 4.5])).ravel())
    heights = np.array([psi_sum(x, t, s) for t in corners])
    heights[np.abs(heights) < 1e-9] = 0
    roots = []
    for a, b, f, g in zip(corners[:-1], corners[1:], heights[:-1], heights[1:], strict=True):
        if f == g == 0 and a <= middle <= b:
            return middle
        if f * g <= 0 and f != g:
            roots.append(a - f * (b - a) / (g - f))
    distance = np.abs(np.array(roots) - middle)
    nearest = np.array(roots)[distance <= distance.min() + 1e-9]
    return middle if np.ptp(nearest) > 1e-6 else nearest[0]


def samples():
    random = np.random.default_rng(11)
    for _ in range(120):
        n = int(random.choice([random.integers(2, 40), random.integers(129, 220)]))
        coarse = random.integers(0, random.integers(2, 300), n).astype(float)
        x = random.normal(0, 1, n) if random.random() < 0.4 else coarse
        x[: n // 3] += random.choice([0.0, 25.0])
        yield x


def test_qn_sn_and_q_method_equal_their_twins_with_and_without_ties() -> None:
    for x in samples():
        assert intercomp.qn(x) == pytest.approx(qn(x), abs=1e-12)
        assert intercomp.sn(x) == pytest.approx(sn(x), abs=1e-12)
        assert intercomp.q_method(x) == pytest.approx(q_method(x), abs=1e-10)


def test_hampel_takes_the_root_nearest_the_median() -> None:
    for x in samples():
        s = q_method(x)
        for scale in (s, 0.2 * s):
            if scale > 0:
                assert intercomp.hampel(x, scale) == pytest.approx(hampel(x, scale), abs=1e-8 * (1 + s))


def test_huber_solves_its_equation() -> None:
    for x in samples():
        location = intercomp.huber(x, 1.3)
        assert np.clip((x - location) / 1.3, -1.5, 1.5).sum() == pytest.approx(0, abs=1e-10)


def test_algorithm_s_rests_where_its_iteration_does() -> None:
    random = np.random.default_rng(5)
    table = np.abs(random.normal(0, 1, (40, 17)))
    table[:, :2] *= 9
    found = intercomp.algorithm_s(table, 3)
    for row, w in zip(table, found.sd, strict=True):
        scale = np.median(row)
        for _ in range(3000):
            scale = found.xi * np.sqrt(np.mean(np.minimum(row, found.eta * scale) ** 2))
        assert w == pytest.approx(scale, rel=1e-10)


def test_ties_are_ties_as_written_not_as_binary() -> None:
    # 0.3 − 0.2, 0.2 − 0.1 and 0.4 − 0.3 are three different float64
    x = [0.1, 0.2, 0.3, 0.4, 0.4, 0.7]
    assert intercomp.q_method(x) == pytest.approx(q_method(np.array([1.0, 2, 3, 4, 4, 7])) / 10, rel=1e-14)
    assert intercomp.q_method([str(value) for value in x]) == intercomp.q_method(x)


def test_counts_are_64_bit_where_the_pairs_pass_two_to_the_31() -> None:
    x = np.arange(70_001.0)
    h = 35_001
    k = h * (h - 1) // 2
    # differences d occur 70 001 − d times: the k-th is the least d with d·70 001 − d(d + 1)/2 ≥ k
    d = int(np.ceil((140_001 - np.sqrt(140_001.0**2 - 8 * k)) / 2))
    assert intercomp.qn(x) == pytest.approx(2.219144465985076 * float(intercomp.qn_correction(70_001)) * d, rel=1e-12)


def test_clusters_reach_the_same_rest_from_anywhere() -> None:
    random = np.random.default_rng(13)
    table = random.normal(0, 1, (2000, 23)) + random.choice([0.0, 5.0, 30.0], (2000, 23), p=[0.6, 0.25, 0.15])
    found = intercomp.algorithm_a(table)
    mean = np.median(table, axis=1)
    sd = 1.483 * np.median(np.abs(table - mean[:, None]), axis=1)
    for _ in range(1500):
        reach = 1.5 * sd
        drawn_in = np.clip(table, (mean - reach)[:, None], (mean + reach)[:, None])
        mean, sd = drawn_in.mean(axis=1), 1.134 * drawn_in.std(axis=1, ddof=1)
    assert found.mean == pytest.approx(mean, rel=1e-6, abs=1e-6)
    assert found.sd == pytest.approx(sd, rel=1e-6)
