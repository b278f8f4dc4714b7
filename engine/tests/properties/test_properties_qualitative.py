"""Qualitative results and forensics: what must hold whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from intercomp import InputError, forensics
from intercomp.qualitative import (
    nominal,
    ordinal,
    ordinal_distances,
    proportion,
    sensitivity_specificity,
)
from intercomp.rater_agreement import accordance_concordance, agreement
from scipy import stats

COUNT = st.integers(0, 60)


@given(k=COUNT, more=COUNT, method=st.sampled_from(["wilson", "clopper-pearson"]))
def test_an_interval_holds_its_share_and_mirrors(k, more, method) -> None:
    n = k + more
    found = proportion(k, n, method=method)
    if n == 0:
        assert np.isnan([found.share, found.lower, found.upper]).all()
        return
    assert 0 <= found.lower <= found.share <= found.upper <= 1
    mirror = proportion(more, n, method=method)
    assert (1 - mirror.upper, 1 - mirror.lower) == pytest.approx((found.lower, found.upper), abs=1e-9)


@given(k=COUNT, more=COUNT)
def test_clopper_pearson_is_the_binomial_turned_round(k, more) -> None:
    n = k + more
    if n and k:
        found = proportion(k, n, method="clopper-pearson")
        assert stats.binom.sf(k - 1, n, found.lower) == pytest.approx(0.025, rel=1e-6)


@given(st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=8))
def test_screening_in_a_batch_equals_one_by_one(rows) -> None:
    batch = sensitivity_specificity(*np.array(rows).T)
    for i, row in enumerate(rows):
        alone = sensitivity_specificity(*row)
        for name in ("sensitivity", "specificity", "accuracy"):
            assert getattr(batch, name).lower[i] == pytest.approx(getattr(alone, name).lower, nan_ok=True)
        assert batch.kappa[i] == pytest.approx(alone.kappa, nan_ok=True)
        assert not np.isinf([alone.kappa, alone.youden_j]).any()


@given(results=st.lists(st.sampled_from("abcd"), min_size=1, max_size=40), seed=st.randoms())
def test_counts_do_not_depend_on_order_and_results_equal_their_counts(results, seed) -> None:
    shuffled = seed.sample(results, len(results))
    first = ordinal(results, "abcd")
    assert ordinal(shuffled, "abcd") == first
    assert ordinal({category: results.count(category) for category in "abcd"}) == first
    assert set(nominal(shuffled).modes) == set(first.modes)
    ranks = sorted("abcd".index(result) for result in results)
    assert {"abcd".index(str(m)) for m in first.medians} == {ranks[(len(ranks) - 1) // 2], ranks[len(ranks) // 2]}


@given(st.lists(st.lists(st.sampled_from("xyz"), min_size=4, max_size=4), min_size=2, max_size=12), st.randoms())
def test_agreement_does_not_depend_on_the_order_of_raters(ratings, seed) -> None:
    found = agreement(ratings)
    again = agreement([seed.sample(row, 4) for row in ratings])
    assert found.kappa == pytest.approx(again.kappa) if found.kappa is not None else again.kappa is None
    assert 0 <= found.observed <= 1


@given(st.lists(st.integers(0, 6), min_size=2, max_size=8))
def test_accordance_is_one_only_without_disagreement_within(positives) -> None:
    found = accordance_concordance(positives, [6] * len(positives))
    assert 0 <= found.concordance <= 1 and 0 < found.accordance <= 1
    assert (found.accordance == 1) == all(k in (0, 6) for k in positives)


def test_faults_name_the_argument_and_the_row() -> None:
    with pytest.raises(InputError, match=r"results, row 2: 'e' is not on the scale"):
        ordinal(["a", "e"], "abcd")
    with pytest.raises(InputError, match="scale"):
        ordinal(["a"])
    with pytest.raises(InputError, match="k and n"):
        proportion(5, 4)
    with pytest.raises(InputError, match="assigned"):
        ordinal_distances(["a"], "e", "abcd")
    assert ordinal_distances(["a", "d"], "b", "abcd").tolist() == [-1, 2]
    assert nominal(["a", "", None, "b"]).left_out == ((2, "no result"), (3, "no result"))


@given(seed=st.integers(0, 10_000), a=st.sampled_from([0.5, 8.0, 1024.0]))
def test_equal_spreads_ignore_scale_shift_and_order(seed, a) -> None:
    x = np.random.default_rng(seed).integers(-64, 64, (24, 3)) / 8.0 + np.arange(24)[:, None] * 16
    x[:, 2] += 9.0
    assume((x.std(axis=1) > 0).all())  # sets without spread ask for a step
    first = forensics.spreads_too_equal(x)
    second = forensics.spreads_too_equal(a * x[::-1] + 512.0)
    assert first.p == pytest.approx(second.p, abs=2e-4)
    assert first.effect == pytest.approx(second.effect, rel=1e-9)


@given(seed=st.integers(0, 10_000), shift=st.sampled_from([0.0, 100.0, -3.5]))
def test_copying_ignores_shift_and_the_order_of_laboratories(seed, shift) -> None:
    random = np.random.default_rng(seed)
    values = np.rint(random.normal(0, 2, (25, 8)) * 10) / 10
    order = random.permutation(25)
    first = forensics.copied_results(values, 0.1, 1.0)
    second = forensics.copied_results(np.round(values[order] + shift, 1), 0.1, 1.0)
    table = np.ones((2, 25, 25))
    for k, (found, places) in enumerate(((first, np.arange(25)), (second, order))):
        i, j = places[found.first], places[found.second]
        table[k, np.minimum(i, j), np.maximum(i, j)] = found.p
    np.testing.assert_allclose(table[0], table[1], rtol=1e-6)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.sampled_from([0.01, 0.05, 0.2]))
def test_e_bh_rejects_the_largest_that_meet_the_threshold(e, rate) -> None:
    found = forensics.e_bh(e, rate)
    passing = [k for k in range(1, len(e) + 1) if sorted(e, reverse=True)[k - 1] * k * rate >= len(e)]
    expected = sorted(e, reverse=True)[max(passing) - 1] if passing else np.inf
    assert found.rejected.tolist() == [value >= expected for value in e]
