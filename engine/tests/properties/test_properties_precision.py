"""What precision, homogeneity, stability and analysis of variance must keep, whatever the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intercomp.anova import anova
from intercomp.homogeneity import homogeneity
from intercomp.precision import precision, scrutinise, split_level, youden
from intercomp.stability import stability, stability_trend

NUMBER = st.integers(-160, 160).map(lambda k: k / 8)
CELL = st.lists(NUMBER, min_size=1, max_size=4)
LEVEL = st.lists(CELL, min_size=4, max_size=8).filter(lambda cells: any(len(cell) > 1 for cell in cells))
SCALARS = ("m", "s_r", "s_L", "s_R", "s_xbar", "cochran_C", "grubbs_high", "grubbs_low", "grubbs_high_2")
SPREADS = ("s_r", "s_L", "s_R", "s_xbar")
RATIOS = ("cochran_C", "grubbs_high", "grubbs_low", "grubbs_high_2", "grubbs_low_2")
CLOSE: dict[str, Any] = {"rel": 1e-9, "abs": 1e-9, "nan_ok": True}


@given(level=LEVEL, seed=st.randoms())
def test_the_order_of_laboratories_and_replicates_does_not_matter(level, seed) -> None:
    shuffled = [seed.sample(cell, len(cell)) for cell in level]
    seed.shuffle(shuffled)
    first, second = precision(level), precision(shuffled)
    assert [getattr(first, name) for name in SCALARS] == pytest.approx(
        [getattr(second, name) for name in SCALARS], **CLOSE
    )
    assert first.status == second.status


@given(level=LEVEL, a=st.sampled_from([0.125, 8.0, 1024.0]), b=st.sampled_from([0.0, 273.0, -1e6, 1e12]))
def test_precision_follows_scale_and_shift_also_far_from_the_origin(level, a, b) -> None:
    # multiples of 1/64 up to 1e12 are exact in float64, so nothing but the arithmetic can blur the answer
    first, second = precision(level), precision([[a * y + b for y in cell] for cell in level])
    for name in SPREADS:
        assert getattr(second, name) == pytest.approx(a * getattr(first, name), **CLOSE), name
    for name in RATIOS:
        assert getattr(second, name) == pytest.approx(getattr(first, name), **CLOSE), name
    assert second.m == pytest.approx(a * first.m + b, rel=1e-12, abs=1e-9)


@given(levels=st.lists(LEVEL, min_size=1, max_size=4))
def test_batch_ragged_padded_and_one_by_one_agree(levels) -> None:
    p, n = max(map(len, levels)), max(len(cell) for level in levels for cell in level)
    table = np.full((len(levels), p, n), np.nan)
    for j, level in enumerate(levels):
        for i, cell in enumerate(level):
            table[j, i, : len(cell)] = cell
    ragged, padded, alone = precision(levels), precision(table), [precision(level) for level in levels]
    for name in SCALARS:
        singly = [getattr(one, name) for one in alone]
        assert getattr(ragged, name).tolist() == pytest.approx(singly, **CLOSE)
        assert getattr(padded, name).tolist() == pytest.approx(singly, **CLOSE)
    assert ragged.status.tolist() == padded.status.tolist() == [one.status for one in alone]


@given(level=LEVEL)
def test_reproducibility_is_never_below_repeatability_and_nothing_is_infinite(level) -> None:
    found = precision(level)
    assert not np.isfinite(found.s_R) or found.s_R >= found.s_r
    figures = [getattr(found, name) for name in (*SCALARS, *RATIOS)]
    assert not np.isinf(figures).any() and not np.isinf(found.h).any() and not np.isinf(found.k).any()


@given(level=LEVEL, seed=st.randoms())
def test_the_chain_names_the_same_laboratories_in_any_order(level, seed) -> None:
    # ties may be broken by order, so every result gets its own last digit
    level = [[y + 1e-4 * (i + 1) ** 1.5 + 1e-5 * r for r, y in enumerate(cell)] for i, cell in enumerate(level)]
    order = list(range(len(level)))
    seed.shuffle(order)
    names = [f"L{i}" for i in range(len(level))]
    first = scrutinise(level, laboratories=names)
    second = scrutinise([level[i] for i in order], laboratories=[names[i] for i in order])
    assert {cell.laboratory for cell in first.left_out} == {cell.laboratory for cell in second.left_out}


@given(level=LEVEL)
def test_homogeneity_and_anova_are_the_components_of_precision(level) -> None:
    items, table, same = homogeneity(level, 1.0), anova(level), precision(level)
    assert (items.s_w, items.s_s) == pytest.approx((same.s_r, same.s_L), **CLOSE)
    assert table.s == pytest.approx(same.s_r, **CLOSE)
    assert items.verdict in {"sufficient", "sufficient by the expanded criterion", "not sufficient"}


@given(level=LEVEL, a=st.sampled_from([0.125, 8.0]), b=st.sampled_from([0.0, 1e6]))
def test_the_homogeneity_verdict_does_not_depend_on_the_unit(level, a, b) -> None:
    moved = [[a * y + b for y in cell] for cell in level]
    first, second = homogeneity(level, 1.5), homogeneity(moved, 1.5 * a)
    assert first.verdict == second.verdict or first.s_s == pytest.approx(first.limit, rel=1e-9)
    assert second.sqrt_c == pytest.approx(a * first.sqrt_c, rel=1e-9)


@given(first=LEVEL, second=LEVEL, b=st.sampled_from([0.0, 1e9]))
def test_stability_ignores_the_origin_and_the_side(first, second, b) -> None:
    here = stability(first, second, 1.0)
    there = stability([[y + b for y in cell] for cell in second], [[y + b for y in cell] for cell in first], 1.0)
    assert there.difference == pytest.approx(here.difference, abs=1e-9)
    assert there.criterion_expanded == pytest.approx(here.criterion_expanded, nan_ok=True)


@given(y=st.lists(NUMBER, min_size=4, max_size=12), a=st.sampled_from([0.5, -4.0]), b=st.sampled_from([0.0, 1e6]))
def test_a_trend_follows_scale_and_shift(y, a, b) -> None:
    t = np.arange(len(y)) * 30.0
    first, second = stability_trend(t, y), stability_trend(t, a * np.array(y) + b)
    assert second.slope == pytest.approx(a * first.slope, rel=1e-9, abs=1e-12)
    assert second.p == pytest.approx(first.p, rel=1e-6, nan_ok=True)
    assert not np.isinf([first.t, first.p, first.se_slope]).any()


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=3, max_size=15))
def test_split_level_and_youden_are_two_readings_of_one_pair(pairs) -> None:
    found, plot = split_level(pairs), youden(*zip(*pairs, strict=True))
    assert plot.s_random == pytest.approx(found.s_r, abs=1e-9)
    assert found.s_R >= found.s_r
    assert plot.pearson is None or -1 <= plot.pearson <= 1
