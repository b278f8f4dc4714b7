"""Many measurands at once give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intercomp.anova import anova
from intercomp.homogeneity import homogeneity, homogeneity_guide35
from intercomp.stability import stability_trend, transport

FIGURES = {
    homogeneity: (
        "mean",
        "s_x",
        "s_w",
        "s_s",
        "f_crit",
        "cochran_C",
        "cochran_critical_1",
        "sqrt_c",
        "sigma_pt_expanded",
    ),
    homogeneity_guide35: ("ms_between", "ms_within", "p", "s_bb", "u_bb_star", "u_hom"),
    anova: ("ss_between", "ss_within", "f", "p", "r2", "n_typical"),
}


def ragged(seed: int) -> list[list[list[float]]]:
    random = np.random.default_rng(seed)
    return [
        [list(np.round(100 + random.normal(0, 2, random.integers(2, 5)), 1)) for _ in range(random.integers(3, 12))]
        for _ in range(4)
    ]


@pytest.mark.parametrize("judge", FIGURES)
@given(seed=st.integers(0, 10_000))
def test_a_batch_of_measurands_equals_one_by_one(judge, seed) -> None:
    measurands = ragged(seed)
    width = max(len(items) for items in measurands)
    padded = np.full((4, width, 4), np.nan)
    for j, items in enumerate(measurands):
        for i, item in enumerate(items):
            padded[j, i, : len(item)] = item
    given_sigma = ([1.0, 2.0, 3.0, 4.0],) if judge is homogeneity else ()
    first, second = judge(measurands, *given_sigma), judge(padded, *given_sigma)
    for j, items in enumerate(measurands):
        alone = judge(items, *(sigma[j] for sigma in given_sigma))
        for name in FIGURES[judge]:
            expected = pytest.approx(getattr(alone, name), rel=1e-8, abs=1e-12)
            assert getattr(first, name)[j] == expected and getattr(second, name)[j] == expected, name


@given(seed=st.integers(0, 10_000), shift=st.sampled_from([0.0, 0.5, -2.0]))
def test_transport_sees_the_shift_of_the_shipped_items(seed, shift) -> None:
    held = np.random.default_rng(seed).integers(-40, 40, (3, 5, 2)) / 8.0
    found = transport(held, held + shift, [1.0, 2.0, 10.0])
    assert found.difference == pytest.approx(abs(shift), abs=1e-12)
    assert found.stable.tolist() == [abs(shift) <= limit for limit in (0.3, 0.6, 3.0)]
    assert np.all(found.criterion_expanded >= found.criterion) and found.method == "transport"


@given(seed=st.integers(0, 10_000))
def test_trends_of_many_properties_equal_one_by_one(seed) -> None:
    random = np.random.default_rng(seed)
    t, y = np.arange(9) * 30.0, np.round(random.normal(5, 0.1, (3, 9)), 2)
    y[1, 4] = np.nan
    found = stability_trend(t, y, t_cert=730)
    for j, row in enumerate(y):
        kept = ~np.isnan(row)
        alone = stability_trend(t[kept], row[kept], t_cert=730)
        for name in ("n", "slope", "se_slope", "intercept", "p", "u_lts"):
            assert getattr(found, name)[j] == pytest.approx(getattr(alone, name), rel=1e-7, abs=1e-14), name
