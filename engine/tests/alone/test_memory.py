"""Estimates and scores stay below three times their input, also in one long measurand."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import intercomp
import numpy as np
import pytest

ESTIMATORS: dict[str, Callable[[np.ndarray], Any]] = {
    "median": intercomp.median,
    "mad_e": intercomp.mad_e,
    "niqr": intercomp.niqr,
    "algorithm_a": intercomp.algorithm_a,
    "qn": intercomp.qn,
    "sn": intercomp.sn,
    "q_method": intercomp.q_method,
    "q_hampel": intercomp.q_hampel,
    "huber": lambda x: intercomp.huber(x, 1.0),
    "z": lambda x: intercomp.z(x, 0.5, 2.0),
}


@pytest.mark.parametrize("shape", [(1, 400_000), (12_000, 50), (100, 4000)])
@pytest.mark.parametrize("name", ESTIMATORS)
def test_peak_memory_stays_below_three_times_the_input(name: str, shape: tuple[int, int]) -> None:
    x = np.random.default_rng(1).normal(size=shape)
    x = x[0] if shape[0] == 1 else x
    ESTIMATORS[name](x[:40])
    tracemalloc.start()
    ESTIMATORS[name](x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * x.nbytes
