"""What precision, homogeneity, stability and forensics refuse: the message names the argument, the place and the mend."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from intercomp import (
    InputError,
    anova,
    cusum,
    forensics,
    grubbs_test,
    homogeneity,
    homogeneity_factors,
    mandel_h_critical,
    mean_sd,
    nested_anova,
    precision,
    robust_precision,
    scrutinise,
    split_level,
    stability,
    stability_trend,
    youden,
)

NO_SIDE: Any = "left"
GOOD = [[1.0, 1.1], [1.2, 1.3], [1.1, 1.4]]
REFUSED = {
    "text": (lambda: precision([[[1, 2], [3, "n.d."]]]), "cells, level 1, laboratory 2, row 2: 'n.d.' is not a number"),
    "censored": (lambda: homogeneity([["1.0", "<0.5"], [1, 2]], 1), "items, item 1, row 2: '<0.5' is not a number"),
    "infinity": (
        lambda: precision(np.array([[1, np.inf], [1, 2]])),
        "cells, level 1, laboratory 1, row 2: an infinity",
    ),
    "depth": (lambda: precision([1.0, 2.0]), "cells: lists 1 deep"),
    "nothing": (lambda: precision([[], []]), "cells: no result"),
    "dimensions": (lambda: anova(np.zeros(4)), "groups: 1 dimensions"),
    "unknown laboratory": (lambda: precision(GOOD, exclude={"1": ["9"]}), "exclude: '9' is not among 1, 2, 3"),
    "names": (lambda: scrutinise(GOOD, laboratories=["a", "a", "b"]), "laboratories: 2 different names for 3"),
    "one item": (lambda: homogeneity([[1, 2]], 1), "items, measurand 1: fewer than two items"),
    "no replicates": (lambda: homogeneity([[1], [2]], 1), "items, measurand 1: no item was measured twice"),
    "sigma": (lambda: homogeneity(GOOD, 0), "sigma_pt: 0 is no standard deviation"),
    "sigmas": (lambda: homogeneity(GOOD, [1, 2]), "sigma_pt: 2 values for 1 measurands"),
    "factors": (lambda: homogeneity(GOOD, 1, factors="printed"), "factors: Table B.1 has g from 7 to 20"),
    "factor g": (lambda: homogeneity_factors([1, 8]), "g and m: fewer than two"),
    "left out": (lambda: homogeneity(GOOD, 1, leave_out=[4]), "leave_out: there is no item 4"),
    "measurands": (
        lambda: stability(GOOD, [GOOD, GOOD], 1),
        "homogeneity_items and stability_items: 1 and 2 measurands",
    ),
    "times": (lambda: stability_trend([0, 1, 2], [1, 2]), "times and values: 3 times"),
    "points": (lambda: stability_trend([1, 1, 1], [1, 2, 3]), "values, measurand 1: fewer than three points"),
    "pairs": (lambda: split_level(GOOD[:2]), "pairs, level 1: 2 whole pairs"),
    "three of a pair": (lambda: split_level([[1, 2, 3]] * 4), "pairs: 3 results to a laboratory"),
    "lengths": (lambda: youden([1, 2, 3], [1, 2, 3, 4]), "x1 and x2: unequal lengths"),
    "side": (lambda: grubbs_test([1, 2, 3], NO_SIDE), "side: 'left' is no side"),
    "p": (lambda: mandel_h_critical(2), "p: 2 is not a whole number of at least 3"),
    "significance": (lambda: mandel_h_critical(5, 5), "significance: 5 does not lie between 0 and 1"),
    "one result": (lambda: mean_sd(["1.0"]), "x: one result"),
    "nested": (lambda: nested_anova([1, 2], [1, -1], 3), "sds, row 2: -1 is no uncertainty"),
    "robust": (lambda: robust_precision([[1, 2], [3], [4, 5]]), "cells: unequal numbers of replicates"),
    "scores": (lambda: cusum(np.zeros((2, 2, 2))), "z: scores of shape (2, 2, 2)"),
    "step": (lambda: forensics.mean_possible("3.3", 3, "1/3"), "step: '1/3' is not a plain decimal number"),
    "divisor": (
        lambda: forensics.formula_possible("1", "RSD = 100 s / m", {"s": "1", "m": "0"}),
        "inputs: m may be 0, which the formula divides by",
    ),
    "copy": (lambda: forensics.copied_results([["1", "x"]] * 25, 0.1, 1.0), "values, row 1: 'x' for item 2"),
    "e": (lambda: forensics.e_bh([-1.0]), "e: a negative e value"),
    "between steps": (
        lambda: forensics.mean_in_triple([[1, 2.5, 4]], kind="counts"),
        "triples, row 1: a result between",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_message_that_helps(name: str) -> None:
    call, message = REFUSED[name]
    with pytest.raises(InputError, match="^" + re.escape(message)) as told:
        call()
    assert told.value.mend


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ([[1.1, 1.1], [1.3, 1.3], [1.2, 1.2]], "no spread within laboratories"),
        ([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.2, 0.1, 0.3]], "no spread between laboratories"),
        ([[0.1], [0.3], [0.2]], "no replicates"),
        ([[0.1, 0.2], [], []], "fewer than two laboratories"),
        ([[0.7, 0.7], [0.7, 0.7]], "no spread within laboratories"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_degenerate_cells_have_a_name_and_no_infinity(cells: list[list[float]], status: str) -> None:
    found = precision(cells)
    assert found.status == status
    scalars = [found.s_r, found.s_L, found.s_R, found.cochran_C, found.grubbs_high, found.grubbs_low_2]
    assert not np.isinf(scalars).any() and not np.isinf(found.h).any() and not np.isinf(found.k).any()
    assert all(step.test.verdict in {"passed", "not applicable"} for step in scrutinise(cells).steps)


@pytest.mark.filterwarnings("error")
def test_equal_differences_in_print_are_no_spread() -> None:
    found = split_level([["10.1", "10.2"], ["9.7", "9.8"], ["11.3", "11.4"], ["10.6", "10.7"]])
    assert found.s_r == 0 and found.outlier_tests[0].verdict == "not applicable"
    assert np.isnan(found.h_difference).all()


@pytest.mark.filterwarnings("error")
def test_identical_items_and_a_flat_trend() -> None:
    items = homogeneity([[2.5, 2.5]] * 10, 1.0)
    assert (items.s_s, items.verdict, items.status) == (0.0, "sufficient", "no spread within groups")
    assert np.isnan([items.f, items.p, items.cochran_C]).all()
    flat = stability_trend([0, 1, 2, 3], [5.0, 5.0, 5.0, 5.0])
    assert (flat.slope, flat.status, bool(flat.significant)) == (0.0, "points on a line", False)
    assert np.isnan(flat.t)
