"""Bad input is refused by a ValueError that names the argument, the row and the mend."""

from __future__ import annotations

from decimal import Decimal

import intercomp
import numpy as np
import pytest
from intercomp import inputs


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ([1.0, float("nan"), 2.0], "x, row 2: NaN is not a result"),
        ([1.0, 2.0, float("inf")], "x, row 3: an infinity is not a result"),
        (["1.2", "<0.5"], "x, row 2: '<0.5' is not a number; censored results"),
        (["1,2", "1.3"], "x, row 1: '1,2' is not a number; write the decimal mark as a point"),
        (["1.2", "n.d."], "x, row 2: 'n.d.' is not a number"),
        (["1.2", "NaN"], "x, row 2: 'NaN' is not a result"),
        ([1.0, None], "x, row 2: None is not a number"),
        ([True, False], "x: entries of type bool"),
        ([], "x: no result; give at least 2"),
        ([1.0], "x: one result; give at least 2"),
        ("1.2", "x: one text is not a list"),
        ([[[1.0]]], "x: 3 dimensions"),
        (([1.0, 2.0, 3.0], [0, 2]), "offsets: they do not run from 0 to 3"),
    ],
)
def test_results_that_are_none(x, told: str) -> None:
    with pytest.raises(intercomp.InputError) as refusal:
        intercomp.algorithm_a(x)
    assert told in str(refusal.value)
    assert isinstance(refusal.value, ValueError)


def test_a_table_names_the_measurand_and_the_row() -> None:
    with pytest.raises(intercomp.InputError, match="x, measurand 2, row 1: an infinity"):
        intercomp.median(np.array([[1.0, 2.0], [np.inf, 3.0]]))


@pytest.mark.parametrize("u", [[0.1, -0.2], [0.1, 0.0]])
def test_uncertainties_are_positive(u) -> None:
    with pytest.raises(intercomp.InputError, match="u, row 2"):
        intercomp.zeta([1.0, 2.0], u, 1.0, 0.1)


def test_sigma_pt_is_positive() -> None:
    with pytest.raises(intercomp.InputError, match="sigma_pt"):
        intercomp.z([1.0], 1.0, 0.0)


def test_unequal_lengths() -> None:
    with pytest.raises(intercomp.InputError, match=r"u: shape \(3,\) beside results of shape \(2,\)"):
        intercomp.zeta([1.0, 2.0], [0.1, 0.1, 0.1], 1.0, 0.1)


@pytest.mark.parametrize("method", sorted(intercomp.SIGMA_METHODS.keys() - {"horwitz"}))
def test_sigma_pt_is_never_taken_from_results_without_spread(method: str) -> None:
    with pytest.raises(intercomp.Degenerate) as refusal:
        intercomp.sigma_from([1.0, 1.0, 1.0, 1.0], method)
    assert refusal.value.estimate.value == 0.0


@pytest.mark.parametrize("method", intercomp.ASSIGNED_METHODS)
def test_a_consensus_without_spread_has_no_uncertainty(method: str) -> None:
    with pytest.raises(intercomp.Degenerate):
        intercomp.assigned_by([7.0, 7.0, 7.0], method)


def test_strings_decimals_and_numbers_are_one_input() -> None:
    written, decimals, numbers = ["1.5", " 2.25 ", "-3e0"], [Decimal("1.5"), Decimal("2.25"), -3], [1.5, 2.25, -3.0]
    assert intercomp.algorithm_a(written).mean == intercomp.algorithm_a(numbers).mean
    assert inputs.as_values(decimals).tolist() == numbers
    assert inputs.as_values(["0.1", "0.3", "0.7"]).tolist() == [0.1, 0.3, 0.7]


def test_a_laboratory_without_uncertainty_has_no_zeta_and_no_signal() -> None:
    scores = intercomp.zeta([1.0, 2.0], [0.1, None], 1.0, 0.1)
    assert np.isnan(scores).tolist() == [False, True]
    assert intercomp.signals(scores).tolist() == ["acceptable", ""]


@pytest.mark.parametrize(("value", "told"), [(np.inf, "an infinity"), (np.float64("nan"), "NaN")])
def test_a_single_number_that_is_not_finite_is_named_without_a_row(value: float, told: str) -> None:
    with pytest.raises(intercomp.InputError, match=f"^x: {told} is not a result"):
        intercomp.z(value, 1.0, 1.0)
